"""What a forecast says, as frozen plain values: the diagnosis carries them, reports and screens show them.

Chances are 0 to 1. Amounts are floats in the log's main currency; deals in another one are counted and never summed.
Intervals of chances and totals are 80 %: one in ten lies below, one in ten above. None means unknown and stands beside
a reason. `no_decision` holds deals that went quiet and those that the seller left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.forecast.value.deals import (
    BASE_RATE,
    EXITS,
    LEVEL,
    MODEL,
    NOTHING,
    Chance,
    DealForecast,
    Fact,
    LikelyWeek,
    ToCome,
    Week,
)
from headway.forecast.value.model import Cell, Weight
from headway.forecast.value.past import Backtest, CalibrationBin, Flagged, Origin, Score, Settled
from headway.forecast.value.totals import FanDay, Moved, Period, Piece, Total

__all__ = [
    "BASE_RATE",
    "EXITS",
    "LEVEL",
    "MODEL",
    "NOTHING",
    "Backtest",
    "CalibrationBin",
    "Cell",
    "Chance",
    "DealForecast",
    "Fact",
    "FanDay",
    "Flagged",
    "Forecast",
    "LikelyWeek",
    "Moved",
    "Origin",
    "Period",
    "Piece",
    "Score",
    "Settled",
    "ToCome",
    "Total",
    "Week",
    "Weight",
]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Everything a forecast says as of a moment."""

    as_of: datetime
    period: Period
    currency: str | None
    basis: str
    sentence: str  # the number, and how far it can be trusted, in one sentence
    reason: str  # why there is no model; empty where there is one
    decided: int
    total: Total
    groups: tuple[Total, ...]
    deals: tuple[DealForecast, ...]
    fan: tuple[FanDay, ...]
    moved: Moved | None
    backtest: Backtest | None
    cells: tuple[Cell, ...] = ()
    weights: tuple[Weight, ...] = ()
    other_currency_deals: int = 0
    without_process: int = 0
    limits: tuple[str, ...] = ()
    moved_longer: tuple[Moved, ...] = ()  # the same since four weeks ago, and since the period's first week
