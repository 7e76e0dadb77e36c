"""How many promises were kept in time, with n and interval; never compared between people (docs/methods/kept.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from headway.conformance.shares import share
from headway.reviews.kinds import Promise

LEAST = 5  # under so many promises a share says nothing: it is shown as unknown


@dataclass(frozen=True, slots=True)
class Fate:
    """One promise as it stands. `ended_on`: the local day it came to stand so, None while open.

    `shown`: a buyer's act decides it (it names a milestone, or evidence ended it); else somebody's word does.
    """

    due_on: date
    state: Promise
    ended_on: date | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class KeptRate:
    """`kept` of `n` in time, `late` kept after their day; `low`, `high`: the 95 % interval of Wilson."""

    kept: int
    n: int
    late: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share; None (unknown) under `LEAST`."""
        return self.kept / self.n if self.n >= LEAST else None

    @property
    def lacking(self) -> int:
        """How many more are needed until it is known."""
        return max(0, LEAST - self.n)


@dataclass(frozen=True, slots=True)
class KeptShares:
    """All together, and split by what decided them: a buyer's act, or somebody's word."""

    whole: KeptRate
    shown: KeptRate
    by_word: KeptRate


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """Of the promises due in one month: `month_on` is its first day."""

    month_on: date
    rate: KeptRate


def counts(fate: Fate, today: date) -> bool:
    """Whether it counts: its day is over, and it was not let go before that.

    What was kept ahead of its day waits for it as well: else early keepers would count before those still open, and
    the newest share would always look too good. Letting go after the day does not undo that it was broken.
    """
    if fate.due_on >= today:
        return False
    return fate.state is not Promise.LET_GO or fate.ended_on is None or fate.ended_on > fate.due_on


def kept_rate(fates: Iterable[Fate], today: date) -> KeptRate:
    """Kept in time, of those that count."""
    counted = [fate for fate in fates if counts(fate, today)]
    kept = sum(fate.state is Promise.KEPT for fate in counted)
    found = share(kept, len(counted))
    return KeptRate(kept, len(counted), sum(fate.state is Promise.LATE for fate in counted), found.low, found.high)


def kept_shares(fates: Iterable[Fate], today: date) -> KeptShares:
    """The same as a whole, and by what decided."""
    all_fates = list(fates)
    return KeptShares(
        whole=kept_rate(all_fates, today),
        shown=kept_rate([fate for fate in all_fates if fate.shown], today),
        by_word=kept_rate([fate for fate in all_fates if not fate.shown], today),
    )


def kept_by_month(fates: Iterable[Fate], today: date, months: int = 12, window: int = 1) -> tuple[KeptMonth, ...]:
    """By the month in which they were due, the last `months`, from the first that has any.

    `window`: each month together with those before it, so many in all, since one month alone is mostly too few.
    """
    found: dict[date, list[Fate]] = defaultdict(list)
    for fate in fates:
        if counts(fate, today):
            found[fate.due_on.replace(day=1)].append(fate)
    earliest = _months_before(today, months - 1)
    month = min((one for one in found if one >= earliest), default=None)
    shown: list[KeptMonth] = []
    if month is None:
        return ()
    while month <= today.replace(day=1):
        pooled = [fate for back in range(window) for fate in found.get(_months_before(month, back), ())]
        shown.append(KeptMonth(month, kept_rate(pooled, today)))
        month = _months_before(month, -1)
    return tuple(shown)


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(max(year, 1), month + 1, 1)
