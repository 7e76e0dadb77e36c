"""What would have been said on past days: the fan of a period, when it settled, and how early deals were flagged."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from headway.forecast.baselines import stage_weighted
from headway.forecast.booked import won_by
from headway.forecast.fitted import Fitted, won_in, won_of
from headway.forecast.known_at import day_number, day_of
from headway.forecast.period import previous
from headway.forecast.replay import Replay
from headway.forecast.rollup import total_of
from headway.forecast.settling import TOLERANCE, settled_of
from headway.forecast.shock import Shock
from headway.forecast.snapshots import NEVER, NO_DECISION, WON
from headway.forecast.stalled import Foretold, flagged_of, flags_of, margin_of
from headway.forecast.value import FanDay, Flagged, Period, Settled
from headway.forecast.why_pieces import Days

WEEK = 7
MOST_PERIODS = 2
LEAST_DECIDED = 20


def days_of(period: Period) -> Days:
    """The period as whole days since 1970-01-01."""
    return Days(day_number(period.starts_on), day_number(period.ends_on))


ShockOn = Callable[[int], Shock]
"""The common shock as it could be known at the end of a day."""


def fan_of(fitted: Fitted, period: Period, day: int, shock_on: ShockOn, *, seed: int = 0) -> tuple[FanDay, ...]:
    """The total as it would have been forecast each week of the period, counted back from `day`, and at its end."""
    days = days_of(period)
    last = min(day, days.last)
    asked = [on for on in range(last, days.first - 1, -WEEK) if on >= fitted.past.first_day]
    return tuple(_fan_day(fitted, days, on, shock_on(on), seed) for on in reversed(asked))


def _fan_day(fitted: Fitted, period: Days, on: int, shock: Shock, seed: int) -> FanDay:
    known = fitted.at(on)
    booked = won_by(fitted.past, on, period).sum
    if on >= period.last:
        return FanDay(day_of(on), booked, booked, booked, booked, booked)
    if known.decided < LEAST_DECIDED:
        return FanDay(day_of(on), booked, None, None, None, None)
    chance = won_of(won_in(fitted.by_model, known, period), len(known.now))
    said = total_of(chance, known.now.amount, booked=booked, shock=shock, seed=seed)
    crm = won_of(won_in(stage_weighted, known, period), len(known.now))
    weighted = booked + float(np.sum(np.nan_to_num(known.now.amount) * crm))
    return FanDay(day_of(on), booked, said.low, said.middle, said.high, weighted)


def settled_before(fitted: Fitted, period: Period, shock_on: ShockOn, *, seed: int = 0) -> tuple[Settled, ...]:
    """The last periods before this one that the log holds wholly, the latest first."""
    found = []
    for _ in range(MOST_PERIODS):
        period = previous(period)
        days = days_of(period)
        if days.first < fitted.past.first_day or days.last > fitted.past.last_day:
            break
        actual = won_by(fitted.past, days.last, days).sum
        said = [(one.on, one.middle) for one in fan_of(fitted, period, days.last, shock_on, seed=seed)]
        if actual > 0 and any(middle is not None for _, middle in said):
            found.append(settled_of(period, said, actual, tolerance=TOLERANCE))
    return tuple(found)


def foretold_of(replayed: Replay, method: str) -> Foretold:
    """What a replay said of each deal at each origin, and how it ended, as flags are learned from."""
    said = replayed.chances[method]
    day = np.array(replayed.days, dtype=np.int64)[replayed.origin] if replayed.days else replayed.origin
    ended = np.where(replayed.decided, day + replayed.to_go.astype(np.int64), NEVER)
    return Foretold(
        deal=replayed.deal,
        day=day,
        won=said[:, WON],
        no_decision=said[:, NO_DECISION],
        exit=replayed.how,
        exit_day=ended,
        due_day=replayed.due_day,
    )


def flags_before(replayed: Replay, method: str, day: int) -> tuple[float | None, Flagged]:
    """The margin by which deals are flagged as stalled at the end of `day`, and how early it was right."""
    foretold = foretold_of(replayed, method)
    return margin_of(foretold, by=day), flagged_of(foretold, flags_of(foretold), until=day)
