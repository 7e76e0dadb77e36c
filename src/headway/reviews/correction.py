"""How findings end: the four ways, what each needs, and whether the next deals changed after somebody was coached.

Method page: docs/methods/correction.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from headway.basics.figures import counted
from headway.conformance.shares import Share, share, share_difference, square_and_add

AGE_EDGES = (7, 14, 28, 90)  # days at which an open finding comes into the next band of age
LOOK_DAYS = 28  # when to look again where nobody says
MOST_LOOK_DAYS = 366
MARGIN = 0.10  # a fall by less than this is no change
MOST_NEEDED = 1_000  # deals; beyond that counting does not tell
LEAST_FOLLOW, MOST_FOLLOW = 3, 28  # days


class How(StrEnum):
    """How people end a finding."""

    COACHED = "coached"
    PROCESS = "process"
    EXCEPTION = "exception"
    DATA = "data"


class Changed(StrEnum):
    """Whether the next deals changed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to end a finding, in words. `ask`: what its note says; `hint`: an example."""

    how: How
    title: str
    meaning: str
    ask: str
    hint: str


WAYS = (
    Way(How.COACHED, "Coached", "We talked, and agreed what to do next time.", "What did you agree?",
        "Ask who else signs before the offer goes out"),
    Way(How.PROCESS, "Process to change", "The process asks for the wrong thing here.", "What should change?",
        "Small renewals need no risk assessment"),
    Way(How.EXCEPTION, "Exception", "This deal may go another way, until a day.", "Why does this buyer go another way?",
        "Their board meets in May, and nobody can sign before it"),
    Way(How.DATA, "Data fixed", "The record was wrong, and now it is right.", "What was wrong?",
        "The buyer's mail of 3 March was never recorded"),
)  # fmt: skip
ASKED = {
    How.COACHED: "Write what you agreed, so that you both know what to look for.",
    How.PROCESS: "Write what should change, so that the process review can decide it.",
    How.EXCEPTION: "An exception needs a reason: write why the buyer goes another way.",
    How.DATA: "Write what was wrong, or choose the record that set it straight.",
}


def way_of(how: str) -> Way | None:
    """The way of this name; None for what is no way."""
    return next((way for way in WAYS if way.how == how), None)


def field_faults(
    how: How, note: str, look_again_on: date | None, today: date, *, has_event: bool = False
) -> dict[str, str]:
    """What is missing or cannot be, by field (`note`, `look_again_on`). `today`: where the workspace is."""
    faults: dict[str, str] = {}
    if not note.strip() and not (how is How.DATA and has_event):
        faults["note"] = ASKED[how]
    if how is How.COACHED:
        if look_again_on is None:
            faults["look_again_on"] = "Pick the day to look again: that is when you see whether the next deals changed."
        elif look_again_on <= today:
            faults["look_again_on"] = "Pick a day from tomorrow on: there is nothing to see yet."
        elif look_again_on > today + timedelta(days=MOST_LOOK_DAYS):
            faults["look_again_on"] = "Pick a day within a year: later nobody remembers what was agreed."
    return faults


@dataclass(frozen=True, slots=True)
class Reaching:
    """One deal of the owner that came to the point where the finding may arise. `found_at`: when it first did there."""

    reached_at: datetime
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How many of the owner's deals had the finding, before they were coached and after.

    `low`, `high`: of after minus before, at 95 %. `more`: about so many deals more that would tell; None where it is
    told, or where more than `MOST_NEEDED` would be needed. `follow_days`: how long every deal was watched.
    """

    before: int
    before_n: int
    after: int
    after_n: int
    low: float
    high: float
    changed: Changed
    more: int | None
    follow_days: int

    @property
    def shares(self) -> tuple[Share, Share]:
        """Before and after, with Wilson's intervals."""
        return share(self.before, self.before_n), share(self.after, self.after_n)


def follow_days(coached_at: datetime, at: datetime) -> int:
    """How long every deal is watched from the point on: half the time since, so that the first half of it counts."""
    return max(LEAST_FOLLOW, min(MOST_FOLLOW, (at - coached_at).days // 2))


def look_again(reached: Iterable[Reaching], *, coached_at: datetime, at: datetime) -> Look:
    """Compare the owner's deals that came to the point after the coaching with those before it.

    Every deal is watched for the same number of days, before and after alike; one that came too lately to have been
    watched so long counts in neither. Interval: Newcombe (1998), method 10. Surely fewer: changed. Surely not fewer by
    `MARGIN`: not changed. Else unknown.
    """
    days = follow_days(coached_at, at)
    watched = timedelta(days=days)
    counts = {True: [0, 0], False: [0, 0]}
    for one in reached:
        is_after = one.reached_at >= coached_at
        if one.reached_at + watched > (at if is_after else coached_at):
            continue
        counts[is_after][1] += 1
        counts[is_after][0] += one.found_at is not None and one.found_at <= one.reached_at + watched
    (after, after_n), (before, before_n) = counts[True], counts[False]
    compared = share_difference(after, after_n, before, before_n)
    changed = _changed(compared.low, compared.high) if compared.value is not None else Changed.UNKNOWN
    more = more_needed(before, before_n, after, after_n) if changed is Changed.UNKNOWN else None
    return Look(before, before_n, after, after_n, compared.low, compared.high, changed, more, days)


def more_needed(before: int, before_n: int, after: int, after_n: int) -> int | None:
    """How many deals more after the coaching would tell, if they go on as they did. None: more than can be waited for.

    Where none came yet, as if the share were to be halved.
    """
    first = share(before, before_n)
    if first.value is None:
        return None
    rate = after / after_n if after_n else first.value / 2
    for more in range(1, MOST_NEEDED + 1):
        n = after_n + more
        low, high = square_and_add(share(min(n, max(after, round(rate * n))), n), first)
        if _changed(low, high) is not Changed.UNKNOWN:
            return more
    return None


def _changed(low: float, high: float) -> Changed:
    if high < 0:
        return Changed.YES
    return Changed.NO if low > -MARGIN else Changed.UNKNOWN


def look_words(look: Look) -> str:
    """What was found, in one or two sentences."""
    if not look.before_n:
        return "Too early to tell: no deal came this far before, so there is nothing to compare with."
    said = f"{look.after} of {counted(look.after_n, 'deal')} since, {look.before} of {look.before_n} before."
    if not look.after_n:
        watched = counted(look.follow_days, "day")
        said = f"None came this far since and was watched {watched}; {look.before} of {look.before_n} before."
    if look.changed is Changed.YES:
        return f"The next deals changed. {said}"
    if look.changed is Changed.NO:
        return f"The next deals did not change. {said}"
    more = f"about {counted(look.more, 'more deal')} would tell" if look.more else "counting deals will not tell"
    return f"Unknown: {more}. {said}"


def facts_of(look: Look) -> dict[str, Any]:
    """As JSON."""
    return asdict(look)


def look_from(facts: dict[str, Any]) -> Look:
    """The look that `facts_of` wrote."""
    return Look(**{**facts, "changed": Changed(facts["changed"])})
