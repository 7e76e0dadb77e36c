"""A rewind as people see it: the picture of one level of the pipeline, and one day of it in words."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from headway.basics.money import money_text
from headway.charts.rewind import RewindPoint, claimed_and_evidenced
from headway.diagnosis.rewind_value import LATE_STAGES, Level, Part, Rewind, RewindDay
from headway.report import words


def level_on(day: RewindDay, process: int | None = None, rank: int | None = None) -> Level:
    """The pipeline claimed at `rank` or beyond in one process (its number); without a rank, in the last two stages;
    without a process, in the last two stages of every process together. IndexError for what the rewind does not hold.
    """
    if process is None:
        return day.late
    return day.processes[process].late if rank is None else day.processes[process].levels[rank - 1]


def level_name(rewind: Rewind, process: int | None = None, rank: int | None = None) -> str:
    """`the last two stages`, `Proposal or beyond`; the name of the stage alone where it is the last."""
    if process is not None:
        stages = rewind.processes[process].stages
        if rank is not None or len(stages) < LATE_STAGES:
            name = stages[(rank or 1) - 1]
            return name if (rank or 1) == len(stages) else f"{name} or beyond"
    return "the last two stages"


def rewind_picture(
    rewind: Rewind,
    *,
    process: int | None = None,
    rank: int | None = None,
    cursor: date | None = None,
    height: float = 260,
) -> Markup:
    """Claimed and evidenced over the days, in money where amounts were known, else in deals.

    The claims alone where buyers are not observed widely enough.
    """
    name = level_name(rewind, process, rank)
    levels = [(day.on, level_on(day, process, rank)) for day in rewind.days]
    money, observed = rewind.in_money, rewind.observed  # each asks every day
    points = [
        RewindPoint(on, _size(level.claimed, money), _size(level.evidenced, money) if observed else None)
        for on, level in levels
    ]
    svg = claimed_and_evidenced(
        points,
        [(end, f"Q{(end.month + 2) // 3} {end.year}") for end in rewind.quarter_ends],
        cursor=cursor,
        amount_text=lambda value: money_text(value, rewind.currency) if money else words.count_text(value),
        title=f"Claimed and evidenced pipeline in {name}",
        desc="What was claimed at the end of each day, and how much of it buyers had shown by then. Broken lines: ends "
        "of quarters. The table has every figure.",
        height=height,
    )
    return Markup(svg)  # noqa: S704 - charts escape every word they are given


def rewind_sentences(
    rewind: Rewind, on: date, *, process: int | None = None, rank: int | None = None
) -> tuple[str, ...]:
    """One day in words: what was claimed and evidenced, how the evidenced and the other deals ended, what is open."""
    day = rewind.day(on)
    level, name = level_on(day, process, rank), level_name(rewind, process, rank)
    claimed, when = level.claimed, words.date_text(day.on)
    if not claimed.deals:
        return (f"On {when} nothing was claimed in {name}.",)
    was = "was" if rewind.in_money or claimed.deals == 1 else "were"
    told = [f"On {when}, {_worth(rewind, claimed)} {was} claimed in {name}; {_shown(rewind, level)}."]
    if rewind.in_money and claimed.without_amount:
        told.append(f"The amount of {words.counted(claimed.without_amount, 'deal')} was not known that day.")
    if not claimed.ended:
        return (*told, "None of these deals has ended yet.")
    if level.unobserved.deals == claimed.deals:
        told.append(_won(claimed, "claimed"))
    else:
        told += [_won(part, which) for part, which in _sides(level) if part.deals]
    still = claimed.deals - claimed.ended
    if still:
        told.append(
            f"{words.counted(still, 'deal')} {'is' if still == 1 else 'are'} still open, so these shares may rise."
        )
    return tuple(told)


def _shown(rewind: Rewind, level: Level) -> str:
    if level.unobserved.deals == level.claimed.deals:
        return "what buyers had done was not observed"
    if not level.evidenced.deals:
        return "buyers had shown none of it"
    return f"buyers had shown it for {_worth(rewind, level.evidenced)}"


def _sides(level: Level) -> tuple[tuple[Part, str], tuple[Part, str]]:
    unseen, rest = level.unobserved.deals, level.unevidenced
    aside = f" ({words.count_text(unseen)} of them not observed)" if unseen else ""
    which = "not observed" if unseen == rest.deals else f"not evidenced{aside}"
    return (level.evidenced, "evidenced"), (rest, which)


def _won(part: Part, which: str) -> str:
    share = part.share("won")
    if not part.ended or share is None:
        return f"Of the {words.counted(part.deals, 'deal')} {which}, none has ended yet."
    if part.deals == 1:
        return f"The one deal {which} was {'won' if share.value else 'not won'}."
    interval = words.interval_text(share.low, share.high)
    return (
        f"Of the {words.counted(part.deals, 'deal')} {which}, {words.percent_text(share.value)} ({interval}) were won."
    )


def _size(part: Part, money: bool) -> float:
    return max(part.amount, 0.0) if money else float(part.deals)


def _worth(rewind: Rewind, part: Part) -> str:
    return words.worth(part.amount, rewind.currency) if rewind.in_money else words.counted(part.deals, "deal")
