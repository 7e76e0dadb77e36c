"""How well the rhythm is kept: reviews held, the pipeline looked at, deviations named and corrected, promises kept.

Pure: from plain values as of a moment to one frozen `Health`. It is about the meeting and about whoever leads it, never
about a seller. Method page: docs/methods/rhythm-health.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from scipy.special import gammaincinv

from headway.conformance.estimate import LEVEL
from headway.conformance.shares import MoneyShare, Share, money_share, share
from headway.conformance.survival import CurveResult, TimeToShare, kaplan_meier, time_to_share
from headway.reviews.kept import Fate, KeptRate, kept_rate
from headway.reviews.kinds import Held

LOOKED_WITHIN_DAYS = 30
CAME = (Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One review as it went. `talked`: deals talked about; `decided`: decisions that stand, on deals;

    `named`, `present`: deviations on deals talked about, and on all deals of its agenda.
    """

    key: str
    rhythm: str
    name: str
    due_at: datetime
    state: Held
    talked: int = 0
    decided: int = 0
    named: int = 0
    present: int = 0


@dataclass(frozen=True, slots=True)
class PipelineDeal:
    """An open deal. `looked_at`: when a review last talked about it; `deviations`: open ones, allowed ones left out;

    `unnamed`: those of them that arose since no review has talked about the deal. `amount` None where unknown or in
    another currency than the workspace's main one.
    """

    key: str
    name: str
    amount: float | None
    owner: str = ""
    looked_at: datetime | None = None
    deviations: int = 0
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation that a review named. `corrected_at` None: it stood when last seen, at `seen_at`."""

    deal: str
    what: str
    named_at: datetime
    corrected_at: datetime | None
    seen_at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` over `of`, as `value` with its exact Poisson interval; None where `of` is 0."""

    value: float | None
    low: float
    high: float
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Month:
    """Decisions per deal talked about in the four weeks that ended at `until`."""

    until: datetime
    rate: Rate


@dataclass(frozen=True, slots=True)
class Correction:
    """`half`: days until half of the deviations were corrected; `curve`: share not yet corrected; None without any."""

    half: TimeToShare | None
    curve: CurveResult | None
    corrected: int
    n: int


@dataclass(frozen=True, slots=True)
class Health:
    """Shares are of occurrences that came in the window, and add up to one: `on_time`, `late`, `empty`, `skipped`.

    `looked`, `looked_money`: open deals, and open money, that a review talked about in the last 30 days; `overlooked`:
    the others, the largest first. `named`: open deviations whose deal a review talked about since they arose;
    `named_of_agenda`: deviations of agendas that were talked about. `kept`: promises of whoever leads, by their day;
    `streak`: occurrences in a row, up to now, that were held on time and decided something.
    """

    as_of: datetime
    days: int
    on_time: Share
    late: Share
    empty: Share
    skipped: Share
    looked: Share
    looked_money: MoneyShare
    overlooked: tuple[PipelineDeal, ...]
    decisions: Rate
    months: tuple[Month, ...]
    named: Share
    named_of_agenda: Share
    unnamed: tuple[PipelineDeal, ...]
    correction: Correction
    kept: KeptRate
    streak: int


def health_of(
    occurrences: Iterable[Occurrence], deals: Sequence[PipelineDeal], deviations: Sequence[Deviation],
    promises: Iterable[Fate], *, as_of: datetime, today: date, days: int = 90,
) -> Health:  # fmt: skip
    """The health over the `days` before `as_of`; coverage always over 30 days. Nothing of the future counts.

    `promises`: of whoever leads; `today`: the local day of `as_of`.
    """
    since = as_of - timedelta(days=days)
    past = sorted((one for one in occurrences if one.due_at <= as_of and one.state in CAME), key=lambda one: one.due_at)
    came = [one for one in past if one.due_at > since]
    counts = {state: sum(one.state is state for one in came) for state in CAME}
    on_time, late, empty, skipped = (share(counts[state], len(came)) for state in CAME)
    looked = [is_looked_at(deal, as_of) for deal in deals]
    owed = [one for one in promises if one.due_on >= today - timedelta(days=days)]
    open_deviations = sum(deal.deviations for deal in deals)
    recent = [one for one in deviations if since < one.named_at <= as_of]
    return Health(
        as_of=as_of, days=days, on_time=on_time, late=late, empty=empty, skipped=skipped,
        looked=share(sum(looked), len(deals)), looked_money=_money_looked_at(deals, looked),
        overlooked=tuple(_largest(deal for deal, seen in zip(deals, looked, strict=True) if not seen)),
        decisions=rate(sum(one.decided for one in came), sum(one.talked for one in came)),
        months=_months(past, as_of),
        named=share(open_deviations - sum(deal.unnamed for deal in deals), open_deviations),
        named_of_agenda=share(sum(one.named for one in came), sum(one.present for one in came)),
        unnamed=tuple(_largest(deal for deal in deals if deal.unnamed)),
        correction=correction_of(recent, as_of),
        kept=kept_rate(owed, today),
        streak=_streak(past),
    )  # fmt: skip


def is_looked_at(deal: PipelineDeal, as_of: datetime) -> bool:
    """Whether a review talked about it in the last 30 days."""
    return deal.looked_at is not None and as_of - timedelta(days=LOOKED_WITHIN_DAYS) < deal.looked_at <= as_of


def rate(count: int, of: int, *, level: float = LEVEL) -> Rate:
    """`count` over `of` with the exact interval of Garwood (1936); decisions vary less than Poisson, so it is wide."""
    if of == 0:
        return Rate(None, 0.0, float("inf"), count, 0)
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) / of if count else 0.0
    return Rate(count / of, low, float(gammaincinv(count + 1, 1 - tail)) / of, count, of)


def correction_of(deviations: Sequence[Deviation], as_of: datetime) -> Correction:
    """Kaplan-Meier from the day a review first named it; what still stands, or whose deal ended, is censored."""
    if not deviations:
        return Correction(None, None, 0, 0)
    ends = [min(one.corrected_at or one.seen_at, as_of) for one in deviations]
    spans = [max((end - one.named_at) / timedelta(days=1), 0.0) for end, one in zip(ends, deviations, strict=True)]
    ended = [one.corrected_at is not None and one.corrected_at <= as_of for one in deviations]
    curve = kaplan_meier(np.asarray(spans), np.asarray(ended, dtype=np.int64))
    return Correction(time_to_share(curve, 0.5, falling=True), curve, sum(ended), len(deviations))


def _money_looked_at(deals: Sequence[PipelineDeal], looked: Sequence[bool]) -> MoneyShare:
    known = [(deal.amount, seen) for deal, seen in zip(deals, looked, strict=True) if deal.amount and deal.amount > 0]
    return money_share([amount for amount, _ in known], [seen for _, seen in known])


def _largest(deals: Iterable[PipelineDeal]) -> list[PipelineDeal]:
    return sorted(deals, key=lambda deal: (-(deal.amount or 0), deal.name, deal.key))


def _months(past: Sequence[Occurrence], as_of: datetime) -> tuple[Month, ...]:
    """The last year in spans of four weeks, the oldest first; those in which no deal was talked about are left out."""
    found = []
    for back in range(12, -1, -1):
        until = as_of - timedelta(weeks=4 * back)
        held = [one for one in past if until - timedelta(weeks=4) < one.due_at <= until]
        talked = sum(one.talked for one in held)
        if talked:
            found.append(Month(until, rate(sum(one.decided for one in held), talked)))
    return tuple(found)


def _streak(past: Sequence[Occurrence]) -> int:
    return next((back for back, one in enumerate(reversed(past)) if one.state is not Held.HELD), len(past))
