"""How good the forecast has been: a replay of past weeks, scored, and whether chances may be shown because of it.

Method page: docs/methods/forecast.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray
from headway.conformance.shares import share
from headway.forecast import scores
from headway.forecast.baselines import BASELINES, base_rate
from headway.forecast.method import Method
from headway.forecast.replay import HORIZON_DAYS, MOST_ORIGINS, WEEK, Past, Replay, replay, weekly_origins
from headway.forecast.rollup import total_of
from headway.forecast.shock import Shock, shock_of
from headway.forecast.snapshots import WON
from headway.forecast.value import MODEL, Backtest, Origin, Score
from headway.verdict.value import Interval

LEAST_ORIGINS = 6
BASE, STAGE_WEIGHTED = "base rate", "stage-weighted"
MONEY_TOLERANCE = 0.10
EPOCH = date(1970, 1, 1)


def score(replayed: Replay, method: str, *, name: str | None = None) -> Score:
    """One method over all origins of a replay; `name` under which it is shown."""
    chance, won = replayed.chances[method][:, WON], replayed.won
    money = scores.bookings(replayed.expected(method), replayed.booked)
    likely = replayed.likely.get(method)
    return Score(
        method=name or method,
        deals=int(won.size),
        brier=scores.brier(chance, won),
        log_loss=scores.log_loss(chance, won),
        calibration=scores.calibration_error(chance, won),
        ranking=scores.ranking(chance, won, replayed.origin),
        bookings_bias=money.bias,
        bookings_error=money.error,
        time_ranking=None if likely is None else _time_ranking(replayed, likely[:, 1]),
    )


def _time_ranking(replayed: Replay, expected: FloatArray) -> float | None:
    told = ~np.isnan(expected)
    return scores.time_ranking(expected[told], replayed.to_go[told], replayed.decided[told], replayed.origin[told])


def shock_on(replayed: Replay, method: str, day: int) -> Shock:
    """The common shock as it could be known at the end of `day`: from origins whose horizon had passed by then."""
    chance, days = replayed.chances[method][:, WON], np.array(replayed.days, dtype=np.int64)
    passed = days + replayed.horizon_days <= day
    variance = scores.totals(chance * (1 - chance) * replayed.amount**2, replayed.origin, days.size)
    each = min(1.0, WEEK / replayed.horizon_days)  # weekly horizons overlap
    return shock_of(replayed.booked[passed], replayed.expected(method)[passed], variance[passed], each=each)


def origins_of(replayed: Replay, method: str, *, seed: int = 0) -> tuple[Origin, ...]:
    """What was stated for each origin, by a method whose chances it has, and what came true."""
    booked = replayed.booked
    crm = replayed.expected(STAGE_WEIGHTED) if STAGE_WEIGHTED in replayed.chances else None
    found = []
    for place, day in enumerate(replayed.days):
        here = replayed.origin == place
        chance, amount = replayed.chances[method][here, WON], replayed.amount[here]
        said = total_of(chance, amount, shock=shock_on(replayed, method, day), seed=seed)
        found.append(
            Origin(
                on=EPOCH + timedelta(days=int(day)),
                open_deals=int(here.sum()),
                low=said.low,
                middle=said.middle,
                high=said.high,
                mean=said.mean,
                actual=float(booked[place]),
                stage_weighted=None if crm is None else float(crm[place]),
            )
        )
    return tuple(found)


def covered(origins: Sequence[Origin]) -> Interval | None:
    """How often the stated 80 % range held what came true, with Wilson's 95 % interval; None without origins."""
    inside = sum(one.low <= one.actual <= one.high for one in origins)
    found = share(inside, len(origins))
    return None if found.value is None else Interval(found.value, found.low, found.high, found.n)


def time_errors(replayed: Replay, method: str) -> tuple[float | None, float | None]:
    """Mean error of the days to a decision, over deals since decided: of the method's middle, and of the usual time."""
    said = replayed.likely[method][:, 1]
    told = replayed.decided & ~np.isnan(said) & ~np.isnan(replayed.usual)
    if not told.any():
        return None, None
    errors = [float(np.abs(days[told] - replayed.to_go[told]).mean()) for days in (said, replayed.usual)]
    return errors[0], errors[1]


def replay_before(
    past: Past,
    day: int,
    method: Method,
    *,
    beside: Mapping[str, Method] = BASELINES,
    horizon_days: int = HORIZON_DAYS,
    most_origins: int = MOST_ORIGINS,
    deals: BoolArray | None = None,
) -> Replay:
    """The last weeks whose horizon has passed at the end of `day`, by the model and what it is scored beside.

    method: the model, MODEL in what comes back. beside: the base rate always is. deals: of one team or segment only,
    fitted and forecast.
    """
    methods = {MODEL: method, BASE: base_rate, **beside}
    return replay(
        past, methods, weekly_origins(day, horizon_days, most_origins), horizon_days,
        deals=deals, timed=(MODEL,), until=day,
    )  # fmt: skip


def scored(replayed: Replay, *, seed: int = 0) -> Backtest:
    """How good the forecast has been over a replay.

    How early stalled deals were flagged and when periods settled is added by who assembles.
    """
    chance, won = replayed.chances[MODEL][:, WON], replayed.won
    usual = scores.brier_losses(replayed.chances[BASE][:, WON], won)
    better = scores.skill(scores.brier_losses(chance, won), usual, replayed.origin, replayed.deal, seed=seed)
    stated = origins_of(replayed, MODEL, seed=seed)
    errors = time_errors(replayed, MODEL)
    reason = why_not_shown(replayed, better)
    return Backtest(
        horizon_days=replayed.horizon_days,
        origins=stated,
        scores=tuple(score(replayed, name) for name in replayed.chances) if won.size else (),
        calibration=scores.calibration_bins(chance, won, replayed.deal),
        skill=better,
        covered=covered(stated),
        time_error_days=errors[0],
        time_error_usual=errors[1],
        flagged=None,
        settled=(),
        tolerance=MONEY_TOLERANCE,
        shown=not reason,
        reason=reason,
    )


def backtest_of(
    past: Past,
    day: int,
    method: Method,
    *,
    beside: Mapping[str, Method] = BASELINES,
    horizon_days: int = HORIZON_DAYS,
    most_origins: int = MOST_ORIGINS,
    deals: BoolArray | None = None,
    seed: int = 0,
) -> Backtest:
    """How good the forecast has been over the last weeks before `day`: a replay, scored."""
    replayed = replay_before(
        past, day, method, beside=beside, horizon_days=horizon_days, most_origins=most_origins, deals=deals
    )
    return scored(replayed, seed=seed)


def why_not_shown(replayed: Replay, better: Interval | None) -> str:
    """Why the model's chances are not shown, in a sentence; empty where they are: surely better over six origins."""
    weeks = len(replayed.days)
    if weeks < LEAST_ORIGINS:
        had = {0: "no past week", 1: "only 1 past week"}.get(weeks, f"only {weeks} past weeks")
        return (
            f"Chances per deal are not shown yet: {had} could be forecast again and checked, and it takes "
            f"{LEAST_ORIGINS} with deals open, deals decided before and {replayed.horizon_days} days followed since."
        )
    if better is None or not replayed.won.any():
        return f"Chances per deal are not shown: nothing was won in the {weeks} past weeks that were forecast again."
    if better.low <= 0:
        return (
            f"Chances per deal are not shown: over {weeks} past weeks they were not surely better than giving every "
            "deal the same chance, the share of past deals won."
        )
    return ""
