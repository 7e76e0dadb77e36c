"""From what is judged to its charts: which numbers go into which picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from headway.charts import marks, order, reinforcement, verdicts
from headway.diagnosis.value import ProcessSummary
from headway.report import words
from headway.verdict.value import BuyersOrder, Interval, Reinforcement, Verdict

ORDERED = 20  # milestones drawn; the table has all


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart drawn for wide and for narrow boxes, and how many things found no place in it."""

    wide: Markup
    narrow: Markup
    left_out: int = 0


def verdict_picture(steps: Sequence[Verdict], margin: float) -> Drawn | None:
    """Each step where its figures put it, numbered as in `steps`; None where no step has figures."""
    spots = [
        verdicts.Spot(
            number, step.label, step.word, step.left_out.value, -step.effect.value, -step.effect.high,
            -step.effect.low, step.truth.cost if step.truth else None,
        )
        for number, step in enumerate(steps, 1)
        if step.word and step.left_out is not None and step.effect is not None
    ]  # fmt: skip
    if not spots:
        return None
    title = "What leaving each step out costs"
    desc = (
        f"{words.counted(len(spots), 'step')}. Across: how often a step is left out. Up: how many fewer of 100 deals "
        "are won without it. Lines are 90 % intervals. The table below has all figures."
    )
    wide, narrow = (
        Markup(verdicts.verdict_map(spots, margin=margin, width=width, title=title, desc=desc))  # noqa: S704
        for width in (verdicts.WIDE, verdicts.NARROW)
    )
    return Drawn(wide, narrow, sum(bool(step.word) for step in steps) - len(spots))


def difference_picture(value: float, reach: float, interval: Interval | None, css: str) -> Markup:
    """A difference from zero, beside its figure."""
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Markup(marks.difference_mark(value, reach, low=low, high=high, css=css))  # noqa: S704


def order_picture(found: BuyersOrder, processes: Sequence[ProcessSummary]) -> Drawn | None:
    """The documented order and the one proposed; None where it stays as it is or is not known."""
    documented = documented_order(found, processes)
    if not documented:
        return None
    names = [buyer for _, buyer in documented[:ORDERED]]
    kept = [one for one in found.proposed if one in documented[:ORDERED]]
    gone = [documented.index(one) for one in kept]
    title = f"The order of milestones in {found.process}"
    desc = f"As documented, and as {words.counted(found.won, 'won deal')} went it. The table below has the pairs."
    wide, narrow = (
        Markup(order.two_orders(names, gone, width=width, title=title, desc=desc))  # noqa: S704
        for width in (order.WIDE, order.NARROW)
    )
    return Drawn(wide, narrow, len(documented) - len(names))


def documented_order(found: BuyersOrder, processes: Sequence[ProcessSummary]) -> tuple[tuple[str, str], ...]:
    """The milestones of the proposed order as the process has them; empty where nothing else is proposed."""
    own = (process for process in processes if process.name == found.process)
    texts = [text for process in own for stage in process.stages for text in stage.milestones]
    places = {text: place for place, text in reversed(list(enumerate(texts)))}
    if any(buyer not in places for _, buyer in found.proposed):
        return ()
    documented = tuple(sorted(found.proposed, key=lambda one: places[one[1]]))
    return () if documented == found.proposed else documented


def reinforcement_picture(found: Reinforcement) -> Markup | None:
    """Adherence by weeks after a review; None where it is not known for two weeks at least."""
    held, missed = (
        [
            reinforcement.AfterReview(week.weeks, one.value, one.low, one.high, one.n)
            for week in found.curve
            if (one := week.held if side == "held" else week.missed) is not None
        ]
        for side in ("held", "missed")
    )
    if max(len(held), len(missed)) < 2:
        return None
    desc = "The share of what fell due that was done, by weeks after a review. Bands are 90 % intervals."
    return Markup(reinforcement.after_reviews(held, missed, title="What is left of a review", desc=desc))  # noqa: S704
