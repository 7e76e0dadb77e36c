"""The forecast's model: counts by what the buyer has shown and how long he is silent, and a ridge regression, averaged.

Where there are too few decided deals there is none, and the base rate speaks. See docs/methods/forecast-model.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri
from threadpoolctl import threadpool_limits

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.forecast import hazard, regression
from headway.forecast.baselines import base_rate
from headway.forecast.hazard import Hazards, hazards_of
from headway.forecast.method import Chances
from headway.forecast.regression import Regression, levelled, regression_of
from headway.forecast.snapshots import OPEN, WON, KnownAt, Snapshots
from headway.forecast.value import LEVEL, Cell, Weight

FEWEST_DECIDED = 20
FEWEST_EACH = 3  # won, and ended otherwise
FULL_SAY = 0.7  # of the regression, of 1
HALF_DEALS = 60.0  # deals among its landmarks at which it has half of that
RECENT = 30  # days back, over which the regression is set to the level of the counts
WITHIN = 91  # days within which a decision is timed: the 13 weeks that are shown
SHARES = (0.1, 0.5, 0.9)
SUREST = 1e-9
_AT_ONCE = 20_000  # rows, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class TooFew:
    """Why there is no model, in one sentence."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Both parts. `say`: the regression's share in the mean, 0 to 1; `stages`: names per process."""

    hazards: Hazards
    regression: Regression | None
    say: float
    stages: tuple[tuple[str, ...], ...]

    def chances(self, rows: Snapshots, horizons: Sequence[int], *, interval: bool = True) -> Chances:
        """Chances (n, h, 3) with their 80 % intervals of any deals, as they are or as they might be.

        interval: left out, which is several times as fast, where false. ValueError for a horizon below 1 day.
        """
        asked = tuple(int(days) for days in horizons)
        if any(days < 1 for days in asked):
            raise ValueError("a horizon is at least 1 day")
        interval = interval and (self.regression is None or bool(self.regression.fits[0].cov.size))
        value, low, high = (np.zeros((len(rows), len(asked), 3)) for _ in range(3))
        unsure = hazard.spread(self.hazards, *_where(self.hazards, rows), asked) if interval else None
        for part in _parts(len(rows)):
            some = rows.take(part)
            counted, fitted = self._both(some, asked)
            value[part] = self._mean(counted, fitted)
            if unsure is None:
                continue
            with threadpool_limits(1):  # small matrices: threads would wait for each other longer than they work
                reach = ndtri(0.5 + LEVEL / 2) * self._spread(some, asked, unsure[part], counted, fitted)
            middle = _odds(value[part])
            low[part] = np.minimum(expit(middle - reach), value[part])
            high[part] = np.maximum(expit(middle + reach), value[part])
        return Chances(asked, value, low, high) if interval else Chances(asked, value, value, value)

    def decision_days(self, rows: Snapshots) -> FloatArray:
        """(n, 3): days by which 10, 50 and 90 % of the decisions within 13 weeks on such deals are taken."""
        found = np.zeros((len(rows), len(SHARES)))
        for part in _parts(len(rows)):
            ended = self._mean(*self._both(rows.take(part), range(1, WITHIN + 1))).sum(axis=2)
            ended = np.column_stack([np.zeros(len(ended)), ended])
            for place, share in enumerate(SHARES):
                found[part, place] = _crossing(ended, share * ended[:, -1])
        return found

    def seen(self, rows: Snapshots) -> BoolArray:
        """Whether any past deal was ever where each of these is; else only the average of its process speaks of it."""
        return self.hazards.seen(rows)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The counted part: each daily chance with the days and events it rests on."""
        return hazard.cells(self.hazards, self.stages)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The fitted part: what each column does to the odds of being won, the strongest first."""
        return regression.weights(self.regression) if self.regression is not None else ()

    def _both(self, rows: Snapshots, asked: Sequence[int]) -> tuple[FloatArray, FloatArray | None]:
        """Chances (n, h, 3) of the counted and of the fitted part."""
        anchors = [] if self.regression is None else [fit.days for fit in self.regression.fits]
        days = (*asked, *anchors)
        counted = hazard.ended_within(self.hazards, *_where(self.hazards, rows), days)
        if self.regression is None:
            return counted, None
        matrix = self.regression.design.matrix(rows)
        told = np.stack([regression.chances_of(fit, matrix) for fit in self.regression.fits], axis=1)
        here = counted[:, : len(asked)]
        return here, _along(np.asarray(asked), here, np.asarray(anchors), counted[:, len(asked) :], told)

    def _mean(self, counted: FloatArray, fitted: FloatArray | None) -> FloatArray:
        return counted if fitted is None else self.say * fitted + (1 - self.say) * counted

    def _spread(
        self, rows: Snapshots, asked: Sequence[int], own: FloatArray, counted: FloatArray, fitted: FloatArray | None
    ) -> FloatArray:
        """Standard deviation (n, h, 3) of the log-odds: both parts err together, and may differ from each other.

        own: of the counted part.
        """
        if self.regression is None or fitted is None:
            return own
        matrix = self.regression.design.matrix(rows)
        anchors = [float(fit.days) for fit in self.regression.fits]
        told = np.stack([regression.spread_of(fit, matrix) for fit in self.regression.fits], axis=1)
        parts = np.stack([np.interp(asked, anchors, one) for one in np.eye(len(anchors))])  # (a, h)
        told = np.einsum("nac,ah->nhc", told, parts)
        apart = self.say * (1 - self.say) * (_odds(fitted) - _odds(counted)) ** 2
        found: FloatArray = np.sqrt((self.say * told + (1 - self.say) * own) ** 2 + apart)
        return found


def model_of(known: KnownAt, *, interval: bool = True) -> Model | TooFew:
    """The model of what was known at the end of a day; a sentence where too few deals had been decided.

    interval: where false, it can give no intervals and no weights, and is had faster: for past days.
    """
    after = known.spans.after
    decided, won = int((after != OPEN).sum()), int((after == WON).sum())
    few = _too_few(decided, won)
    if few is not None:
        return few
    counted = hazards_of(known.spans)
    fitted = regression_of(known, spread=interval)
    if fitted is None:
        return Model(counted, None, 0.0, known.stages)
    recent = known.weekly.take(known.weekly.day > known.day - RECENT)
    level = hazard.ended_within(counted, *_where(counted, recent), [fit.days for fit in fitted.fits])
    say = FULL_SAY * fitted.fits[0].deals / (fitted.fits[0].deals + HALF_DEALS)
    return Model(counted, levelled(fitted, recent, level), say, known.stages)


def _too_few(decided: int, won: int) -> TooFew | None:
    if decided < FEWEST_DECIDED:
        said = {0: "No deal is decided yet", 1: "Only 1 deal is decided"}.get(
            decided, f"Only {decided} deals are decided"
        )
        return TooFew(f"{said}; a model needs {FEWEST_DECIDED}.")
    if FEWEST_EACH <= won <= decided - FEWEST_EACH:
        return None
    said = {0: "none was", 1: "1 was"}.get(won, f"{won} were")
    return TooFew(
        f"Of {decided} decided deals {said} won; a model needs {FEWEST_EACH} that were, and {FEWEST_EACH} not."
    )


def by_model(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """The model's chances of the deals open; the base rate's where there is no model. A `Method`."""
    model = model_of(known)
    return base_rate(known, horizons) if isinstance(model, TooFew) else model.chances(known.now, horizons)


def _along(
    asked: IntArray, counted: FloatArray, anchors: IntArray, counted_there: FloatArray, told: FloatArray
) -> FloatArray:
    """The fitted chances (n, a, 3) at `anchors`, between and beyond them along the counted ones: (n, h, 3).

    Between two anchors as much of the way is gone as the counted chances have gone; beyond the last, as large a part
    of what is still open ends. They grow from anchor to anchor and stay within 1.
    """
    reached = np.zeros((len(told), len(anchors) + 1, 3))
    for place in range(len(anchors)):
        left = 1 - reached[:, place].sum(axis=1, keepdims=True)
        step = np.maximum(told[:, place] - reached[:, place], 0.0)
        reached[:, place + 1] = reached[:, place] + step * np.minimum(
            1, left / np.maximum(step.sum(axis=1), 1e-12)[:, None]
        )
    there = np.concatenate([np.zeros((len(told), 1, 3)), counted_there], axis=1)
    ends = np.concatenate([[0], anchors])
    found = np.zeros_like(counted)
    for place, days in enumerate(asked.tolist()):
        after = int(np.searchsorted(anchors, days)) + 1
        before = after - 1
        if after < len(ends):
            even = (days - ends[before]) / (ends[after] - ends[before])
            way = there[:, after] - there[:, before]
            gone = np.where(way > 1e-12, (counted[:, place] - there[:, before]) / np.maximum(way, 1e-12), even)
            found[:, place] = reached[:, before] + np.clip(gone, 0, 1) * (reached[:, after] - reached[:, before])
        else:
            left = 1 - there[:, -1].sum(axis=1, keepdims=True)
            ended = np.clip((counted[:, place] - there[:, -1]) / np.maximum(left, 1e-12), 0, 1)
            found[:, place] = reached[:, -1] + (1 - reached[:, -1].sum(axis=1, keepdims=True)) * ended
    return found


def _where(hazards: Hazards, rows: Snapshots) -> tuple[IntArray, IntArray]:
    """State and clock of each row."""
    return hazards.state_of(rows.process, rows.level, rows.claimed), hazard.clock_of(rows)


def _crossing(curves: FloatArray, goal: FloatArray) -> FloatArray:
    """Where each growing curve (n, d), a value per day from 0 on, first reaches its goal (n,), between days too."""
    after = np.argmax(curves >= goal[:, None], axis=1)
    before = np.maximum(after - 1, 0)
    rows = np.arange(len(curves))
    rise = curves[rows, after] - curves[rows, before]
    part = np.where(rise > 0, (goal - curves[rows, before]) / np.where(rise > 0, rise, 1.0), 0.0)
    found: FloatArray = before + part
    return found


def _odds(chances: FloatArray) -> FloatArray:
    odds: FloatArray = logit(np.clip(chances, SUREST, 1 - SUREST))
    return odds


def _parts(rows: int) -> Iterator[IntArray]:
    for start in range(0, rows, _AT_ONCE):
        yield np.arange(start, min(start + _AT_ONCE, rows))
