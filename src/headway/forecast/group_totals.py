"""Totals of all open deals and of every team, owner and segment, from chances and what is booked already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headway.deals.event_log import EventLog
from headway.forecast.baselines import base_rate, stage_weighted
from headway.forecast.booked import Won, won_by
from headway.forecast.fitted import Fitted, won_in, won_of
from headway.forecast.method import Method
from headway.forecast.rollup import Booked, OpenDeals, groups_of, whole_of
from headway.forecast.said_before import days_of
from headway.forecast.shock import Shock
from headway.forecast.snapshots import KnownAt
from headway.forecast.value import Period, Total
from headway.verdict.value import Interval


@dataclass(frozen=True, slots=True)
class TotalsAsked:
    """Of which period, with which common shock; `covered`: how often past ranges held what came true, None: unknown."""

    period: Period
    shock: Shock
    covered: Interval | None
    seed: int


def totals_of(
    log: EventLog, fitted: Fitted, known: KnownAt, method: Method | None, asked: TotalsAsked
) -> tuple[Total, ...]:
    """All deals first, then every team, owner and segment. `method` None: nothing is known of any deal's chance."""
    past, rows, period = fitted.past, len(known.now), days_of(asked.period)
    open_deals = OpenDeals(
        chance=won_of(won_in(method or base_rate, known, period), rows),
        amount=known.now.amount,
        stage_weighted=None if method is None else won_of(won_in(stage_weighted, known, period), rows),
        base_rate=None if method is None else won_of(won_in(base_rate, known, period), rows),
    )
    won = won_by(past, known.day, period)
    whole = whole_of(
        open_deals, shock=asked.shock, booked=Booked(won.sum, won.deal.size), covered=asked.covered, seed=asked.seed
    )
    named = _names(log, fitted)
    names = {kind: [of.get(int(deal)) for deal in known.now.deal] for kind, of in named.items()}
    booked = _booked_by(won, named)
    return (whole, *groups_of(open_deals, names, shock=asked.shock, booked=booked, seed=asked.seed))


def _names(log: EventLog, fitted: Fitted) -> dict[str, Mapping[int, str | None]]:
    read = fitted.past.read
    return {
        "team": {deal: team for deal, team in enumerate(read.teams) if team},
        "owner": {row["deal"]: row["owner"] for row in log.rows("SELECT deal, owner FROM deals")},
        "segment": {deal: read.segments[code] for deal, code in enumerate(read.segment.tolist()) if code >= 0},
    }


def _booked_by(won: Won, named: Mapping[str, Mapping[int, str | None]]) -> dict[tuple[str, str], Booked]:
    found: dict[tuple[str, str], Booked] = {}
    for deal, amount in zip(won.deal.tolist(), won.amount.tolist(), strict=True):
        for kind, of in named.items():
            name = of.get(deal)
            if name:
                had = found.get((kind, name), Booked())
                found[kind, name] = Booked(had.amount + (amount if amount > 0 else 0.0), had.deals + 1)
    return found
