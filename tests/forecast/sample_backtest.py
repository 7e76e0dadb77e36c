# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""A back-test and a model's readable numbers made by hand, as part of `sample.sample_forecast`."""

from __future__ import annotations

import math
from datetime import date, timedelta

from headway.forecast.value import Backtest, CalibrationBin, Cell, Flagged, Origin, Period, Score, Settled, Weight
from headway.verdict.value import Interval

SCORES = (
    Score("model", 1_204, 0.158, 0.478, 0.031, 0.79, 0.03, 0.09),
    Score("base rate", 1_204, 0.197, 0.583, 0.044, 0.50, 0.12, 0.24),
    Score("stage-weighted", 1_204, 0.221, 0.640, 0.152, 0.64, 0.34, 0.35),
    Score("stage snapshot rate", 1_204, 0.184, 0.551, 0.052, 0.66, 0.09, 0.19),
    Score("naive Bayes", 1_204, 0.206, 0.655, 0.118, 0.68, -0.16, 0.27),
    Score("gradient boosting", 1_204, 0.171, 0.533, 0.061, 0.75, None, None),
)
BINS = ((0.03, 2, 141), (0.08, 10, 152), (0.14, 19, 139), (0.21, 24, 128), (0.29, 41, 122), (0.37, 44, 117),
        (0.46, 60, 113), (0.57, 54, 108), (0.71, 73, 99), (0.86, 74, 85))  # fmt: skip
CELLS = tuple(
    Cell(state, silence, to, daily, events, days)
    for state, silence, to, daily, events, days in (
        ("Discovery", "0–7 days", "further", 0.0312, 118, 3_782.0),
        ("Discovery", "0–7 days", "no decision", 0.0021, 8, 3_782.0),
        ("Discovery", "over 28 days", "no decision", 0.0164, 94, 5_731.0),
        ("Evaluation", "0–7 days", "further", 0.0288, 97, 3_368.0),
        ("Evaluation", "over 28 days", "no decision", 0.0139, 61, 4_388.0),
        ("Negotiation", "0–7 days", "won", 0.0241, 58, 2_406.0),
        ("Negotiation", "8–28 days", "won", 0.0093, 19, 2_043.0),
        ("Negotiation", "over 28 days", "lost", 0.0102, 22, 2_157.0),
        ("Signature", "0–7 days", "won", 0.0507, 71, 1_400.0),
        ("Signature", "over 28 days", "no decision", 0.0081, 5, 617.0),
    )
)
WEIGHTS = (
    Weight("silence", "twice as many days", 0.71, 0.62, 0.81),
    Weight("evidence", "one stage further", 1.94, 1.61, 2.33),
    Weight("claim ahead of the buyer", "one stage", 0.83, 0.70, 0.98),
    Weight("age", "twice as many days", 0.92, 0.80, 1.06),
    Weight("close date moved later", "once more", 0.78, 0.66, 0.92),
    Weight("amount", "twice as much", 0.95, 0.86, 1.05),
)


def wilson(won: int, n: int) -> Interval:
    """The share won with Wilson's 95 % interval."""
    z, share = 1.96, won / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0), n)


def sample_backtest() -> Backtest:
    """Eleven weekly origins; the model has skill and is shown."""
    return Backtest(
        horizon_days=90, origins=_origins(), scores=SCORES, calibration=tuple(CalibrationBin(said, wilson(won, n)) for said, won, n in BINS),
        skill=Interval(0.198, 0.121, 0.272, 11), covered=Interval(0.818, 0.523, 0.949, 11), time_error_days=11.4, time_error_usual=15.9,
        flagged=Flagged(187, 122, Interval(31.0, 24.0, 39.0, 122), Interval(0.082, 0.051, 0.129, 133)),
        settled=(
            Settled(Period("Q2 2025", date(2025, 4, 1), date(2025, 6, 30)), 9, 13, 1_210_000.0),
            Settled(Period("Q3 2025", date(2025, 7, 1), date(2025, 9, 30)), None, 13, 884_000.0),
            Settled(Period("Q4 2025", date(2025, 10, 1), date(2025, 12, 31)), 8, 13, 1_730_000.0),
            Settled(Period("Q1 2026", date(2026, 1, 1), date(2026, 3, 31)), 6, 13, 1_405_000.0),
        ),
        tolerance=0.10, shown=True, reason="",
    )  # fmt: skip


def without_skill() -> Backtest:
    """The same, but the model is no better than the base rate: its chances are not shown."""
    whole = sample_backtest()
    return Backtest(
        whole.horizon_days, whole.origins, whole.scores, whole.calibration, Interval(0.012, -0.061, 0.083, 11), whole.covered, 16.2, 15.9,
        None, (), whole.tolerance, False, "Over 11 past weeks the model was not surely better than the base rate, so the base rate is shown.",
    )  # fmt: skip


def _origins() -> tuple[Origin, ...]:
    made = []
    for place in range(11):
        mean = 910_000.0 + 34_000.0 * place + 60_000.0 * math.sin(1.7 * place)
        actual = mean * (1 + 0.19 * math.sin(2.9 * place + 0.4)) if place not in (3, 8) else mean * 1.41
        on = date(2025, 12, 7) + timedelta(weeks=place)
        made.append(Origin(on, 96 + 3 * place, 0.73 * mean, 0.98 * mean, 1.29 * mean, mean, actual, 1.36 * mean))
    return tuple(made)
