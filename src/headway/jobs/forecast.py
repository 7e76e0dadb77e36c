"""The forecast of an analysis as it is stored; an analysis goes on without one where none can be made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

import pyarrow as pa

from headway.forecast.forecast_json import deal_to_json, to_json
from headway.forecast.period import key_of
from headway.forecast.value import Chance, DealForecast, Forecast
from headway.store.actions.forecasts import DEAL_SCHEMA, ForecastTexts

AT_ONCE = 5_000
log = logging.getLogger(__name__)


def forecast_or_none(make: Callable[[], Forecast]) -> tuple[Forecast, ForecastTexts] | None:
    """The forecast that `make` gives, and as it is stored; None where that fails, which is logged with its cause.

    A forecast rests on fits, and the diagnosis does not rest on it: a fault in it must not keep the rest from people.
    """
    try:
        forecast = make()
        return forecast, texts_of(forecast)
    except Exception:
        log.exception("no forecast could be made; the analysis goes on without one")
        return None


def texts_of(forecast: Forecast) -> ForecastTexts:
    """The forecast as it is stored. ValueError for a figure that is not finite."""
    return ForecastTexts(
        text=to_json(replace(forecast, deals=())),
        period=key_of(forecast.period),
        on=forecast.as_of.date(),
        basis=forecast.basis,
        totals=(forecast.total, *forecast.groups),
        deals=pa.Table.from_batches(_batches(forecast.deals), DEAL_SCHEMA),
    )


def _batches(deals: tuple[DealForecast, ...]) -> Iterator[pa.RecordBatch]:
    left = iter(deals)
    while part := list(islice(left, AT_ONCE)):
        columns = zip(*map(_row, part), strict=True)
        yield pa.record_batch(
            [pa.array(values, field.type) for values, field in zip(columns, DEAL_SCHEMA, strict=True)],
            schema=DEAL_SCHEMA,
        )


def _row(deal: DealForecast) -> tuple[object, ...]:
    chances = [_value(chance) for chance in (deal.by_end, deal.won, deal.lost, deal.no_decision)]
    return deal.id, deal.basis, *chances, deal.expected, deal.stalled, deal_to_json(deal)


def _value(chance: Chance | None) -> float | None:
    return chance.value if chance else None
