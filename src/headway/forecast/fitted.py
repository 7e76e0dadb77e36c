"""Models of past days, each fitted once however often it is asked: for the fan, the back-test and what moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.conformance.arrays import FloatArray
from headway.forecast.baselines import base_rate
from headway.forecast.known_at import MOST_WEEKLY, Past
from headway.forecast.method import Chances, Method
from headway.forecast.model import Model, TooFew, model_of
from headway.forecast.snapshots import WON, KnownAt, Snapshots
from headway.forecast.why_pieces import Days

MOST_WEEKLY_BEFORE = 100_000
"""Weekly snapshots of a past day: many days are asked, and a fit needs no more."""


class Fitted:
    """The models of a past. What was known of a day is read again each time: it is large, and quickly had."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self._models: dict[int, Model | TooFew] = {}

    def at(self, day: int) -> KnownAt:
        """What was known at the end of a day; of past days in very large logs, a smaller sample of their weeks."""
        most = MOST_WEEKLY if day == self.past.last_day else MOST_WEEKLY_BEFORE
        return self.past.at(day, most_weekly=most)

    def model(self, known: KnownAt) -> Model | TooFew:
        """The model of all that was known at the end of its day; with intervals for the last day only."""
        if known.day not in self._models:
            self._models[known.day] = model_of(known, interval=known.day == self.past.last_day)
        return self._models[known.day]

    def by_model(self, known: KnownAt, horizons: Sequence[int]) -> Chances:
        """A `Method` for what `Past.at` gave, of all deals."""
        model = self.model(known)
        if isinstance(model, TooFew):
            return base_rate(known, horizons)
        return model.chances(known.now, horizons, interval=known.day == self.past.last_day)


class Shared:
    """The base rate as something that can be asked like a model: one chance for every deal."""

    def __init__(self, known: KnownAt) -> None:
        self._known = known

    def chances(
        self,
        rows: Snapshots,
        horizons: Sequence[int],
        *,
        interval: bool = True,  # noqa: ARG002 (every model is asked so)
    ) -> Chances:
        """The same for each of `rows`; its interval costs nothing, so it is always given."""
        asked = base_rate(_one_row(self._known), horizons)
        many = (np.repeat(one[:1], len(rows), axis=0) for one in (asked.value, asked.low, asked.high))
        return Chances(asked.horizons, *many)


def _one_row(known: KnownAt) -> KnownAt:
    """With one deal in `now`, so that a method has somebody to speak of; any snapshot will do."""
    from dataclasses import replace

    rows = known.now if len(known.now) else known.weekly
    return replace(known, now=rows.take(np.arange(min(1, len(rows)))))


def won_in(method: Method, known: KnownAt, period: Days) -> Chances | None:
    """Chances to be won within the period, one horizon; None once it is over.

    Of a period yet to begin, what is won before it is taken off; the interval is that of the end, moved along.
    """
    last, before = period.last - known.day, period.first - 1 - known.day
    if last <= 0:
        return None
    if before <= 0:
        return method(known, (last,))
    said = method(known, (before, last))
    taken = said.value[:, :1]
    value = said.value[:, 1:] - taken
    low, high = (np.clip(one[:, 1:] - taken, 0.0, 1.0) for one in (said.low, said.high))
    return Chances((last,), value, np.minimum(low, value), np.maximum(high, value))


def won_of(chances: Chances | None, rows: int) -> FloatArray:
    """(n,) the chance to be won; 0 once the period is over."""
    return np.zeros(rows) if chances is None else chances.value[:, 0, WON]
