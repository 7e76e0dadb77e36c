"""What reviews do to adherence, how long it lasts, and what the leader's absence does, said in words.

Method page: docs/methods/reinforcement.md.
"""

from __future__ import annotations

from headway.basics.figures import counted
from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.meetings import lay_out_meetings
from headway.conformance.reinforcement import Reinforced, reinforced
from headway.conformance.shares import Share
from headway.deals.event_log import EventLog
from headway.verdict.theatre_words import between, points
from headway.verdict.value import Interval, Reinforcement, WeekAfter


def reinforcement_of(log: EventLog, *, seed: int = 0) -> Reinforcement:
    """The effect of reviews in a log in which what fell due (`checks`) is laid out. `n` counts what fell due."""
    found = reinforced(log, lay_out_meetings(log), seed=seed)
    if isinstance(found, Unknown):
        said = "What reviews do cannot be told: no review was recorded, held or missed."
        return Reinforcement(said, 0, 0, None, None, None, "", reason=found.reason)
    difference = found.difference
    return Reinforcement(
        sentence=_sentence(found),
        reviews_held=found.reviews_held,
        reviews_missed=found.reviews_missed,
        difference=_interval(difference),
        half_life_days=_interval(found.half_life),
        absence=_interval(found.absence),
        absence_sentence=_absence(found),
        curve=tuple(WeekAfter(week.weeks, _share(week.held), _share(week.missed)) for week in found.curve),
        reason=difference.reason if isinstance(difference, Unknown) else None,
    )


def _sentence(found: Reinforced) -> str:
    difference = found.difference
    if isinstance(difference, Unknown):
        return f"What reviews do cannot be told: {difference.reason}."
    reviews = f"{counted(found.reviews_held, 'review')} held, {found.reviews_missed:,} missed"
    fell_due = f"{difference.n:,} expectations that fell due"
    figures = f"(90 % interval {between(difference.low, difference.high)}; {fell_due}, {reviews})"
    much = points(abs(difference.value))
    if difference.low > 0:
        return (
            f"What the process asks is kept more often after a review that was held than after one that was missed: "
            f"{much} more {figures}. {_fading(found.half_life)}"
        )
    if difference.high < 0:
        return (
            f"What the process asks is kept less often after a review that was held than after one that was missed: "
            f"{much} less {figures}. These reviews do not reinforce the process."
        )
    word = "more" if difference.value >= 0 else "less"
    return (
        f"Whether reviews reinforce the process cannot be told: what it asks was kept {much} {word} often after a "
        f"review that was held than after one that was missed {figures}."
    )


def _fading(half_life: Estimate | Unknown) -> str:
    if isinstance(half_life, Unknown):
        return f"How long it lasts is not known: {half_life.reason}."
    days = counted(round(half_life.value), "day")
    return f"Half of it is gone {days} after a review ({half_life.low:.0f} to {half_life.high:.0f})."


def _absence(found: Reinforced) -> str:
    one = found.absence
    if isinstance(one, Unknown):
        return f"What the leader's absence does cannot be told: {one.reason}."
    times = "a stretch" if found.stretches == 1 else f"{found.stretches} stretches"
    figures = f"(90 % interval {between(one.low, one.high)}, {one.n:,} expectations that fell due)"
    when = f"In {times} of two weeks or more without a review of any team"
    around = "than in the six weeks before and after"
    if one.low <= 0 <= one.high:
        return f"{when}, no difference can be told from the six weeks before and after: {points(one.value)} {figures}."
    word = "less" if one.value < 0 else "more"
    return f"{when}, what the process asks was kept {points(abs(one.value))} {word} often {around} {figures}."


def _interval(one: Estimate | Unknown) -> Interval | None:
    return None if isinstance(one, Unknown) else Interval(one.value, one.low, one.high, one.n)


def _share(one: Share | None) -> Interval | None:
    return None if one is None or one.value is None else Interval(one.value, one.low, one.high, one.n)
