"""A topic as its page shows it: figures drawn, what was decided last time beside what stands now."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from headway.basics.figures import count_text, percent_figure, points_text
from headway.basics.money import money_text
from headway.charts.marks import difference_mark, share_mark
from headway.reviews.kinds import DECIDED, What
from headway.reviews.process_change import WAYS
from headway.reviews.process_topics import About, Figure, Topic
from headway.store.queries.process_topics import Before, RoomTopic

KINDS = {
    About.STEP: "Step",
    About.RULE: "Rule",
    About.WAY: "Exception",
    About.MILESTONE: "Milestone",
    About.FIELD: "Field",
    About.STAGE: "Stage",
    About.WISH: "Asked for",
    About.HABIT: "Our reviews",
}
TONES = {
    "process": "warn", "practice": "warn", "rhythm": "warn", "costly": "bad", "helps": "good", "keeps winning": "good",
    "comes true": "good",
}  # fmt: skip
REACH = 0.30  # points, half the width of a difference's mark


@dataclass(frozen=True, slots=True)
class FigureShown:
    """`value` with its unit, `range` as text (empty for a count), `mark`: drawn, empty for a count."""

    words: str
    value: str
    range: str
    n: int
    mark: SafeString


@dataclass(frozen=True, slots=True)
class ThenNow:
    """One figure of the last time and of now; empty texts where it was or is not known."""

    words: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic with everything its page says; `ends`: (value, words, proposed, refused because) of each end."""

    one: RoomTopic
    topic: Topic
    kind: str
    tone: str
    figures: tuple[FigureShown, ...]
    cost: str
    ways: tuple[tuple[str, str], ...]
    in_process: bool
    then_now: tuple[ThenNow, ...]
    decided: str

    @property
    def key(self) -> str:
        """Of the agenda item."""
        return self.one.item.key


def shown_topic(one: RoomTopic) -> TopicShown:
    """For its page."""
    topic = one.topic
    return TopicShown(
        one=one,
        topic=topic,
        kind=KINDS[topic.about],
        tone=TONES.get(topic.word, ""),
        figures=tuple(_figure(figure) for figure in topic.figures),
        cost=money_text(topic.cost_amount, topic.currency) if topic.cost_amount >= 1 else "",
        ways=WAYS.get(topic.about, ()),
        in_process=topic.about in WAYS,
        then_now=_then_now(one.before, topic) if one.before else (),
        decided=DECIDED[What(one.decision.what)] if one.decision else "",
    )


def figure_text(figure: Figure) -> str:
    """`46 %`, `+2 points`, `18`."""
    if figure.unit == "points":
        return f"{points_text(figure.value)} points"
    return count_text(figure.value) if figure.unit == "count" else f"{percent_figure(figure.value)} %"


def _figure(figure: Figure) -> FigureShown:
    if figure.low is None or figure.high is None or figure.unit == "count":
        return FigureShown(figure.words, figure_text(figure), "", figure.n, SafeString(""))
    if figure.unit == "points":
        reach = max(REACH, abs(figure.low), abs(figure.high))
        mark = difference_mark(figure.value, reach, low=figure.low, high=figure.high)
        between = f"{points_text(figure.low)} to {points_text(figure.high)}"
    else:
        mark = share_mark(figure.value, figure.low, figure.high)
        between = f"{percent_figure(figure.low)} to {percent_figure(figure.high)} %"
    return FigureShown(figure.words, figure_text(figure), between, figure.n, SafeString(mark))  # numbers only


def _then_now(before: Before, topic: Topic) -> tuple[ThenNow, ...]:
    then, now = ({figure.words: figure for figure in one.figures} for one in (before.then, topic))
    rows = [ThenNow("verdict", before.then.word, topic.word)]
    for words in dict.fromkeys((*then, *now)):
        sides = [_with_range(found[words]) if words in found else "" for found in (then, now)]
        rows.append(ThenNow(words, sides[0], sides[1]))
    return tuple(rows)


def _with_range(figure: Figure) -> str:
    shown = _figure(figure)
    return f"{shown.value} ({shown.range}; n {figure.n:,})" if shown.range else f"{shown.value} (n {figure.n:,})"
