"""A forecast and its JSON are the same thing twice, whatever stands in it; older and newer texts are read too."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.forecast.forecast_json import deal_from_json, deal_to_json, from_json, to_json
from headway.forecast.value import DealForecast, Forecast
from tests.forecast.sample import empty_forecast, huge_forecast, sample_forecast, without_model

FINITE = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, FINITE)
MOMENTS = st.datetimes(timezones=st.just(UTC))  # a moment is in UTC everywhere


@pytest.mark.parametrize("forecast", [sample_forecast(), without_model(), empty_forecast(), huge_forecast()])
def test_what_was_written_is_read_again(forecast: Forecast) -> None:
    assert from_json(to_json(forecast)) == forecast
    for deal in forecast.deals:
        assert deal_from_json(deal_to_json(deal)) == deal


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)
@given(st.builds(DealForecast))
def test_any_deal_is_read_as_it_was_written(deal: DealForecast) -> None:
    assert deal_from_json(deal_to_json(deal)) == deal


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40)
@given(st.builds(Forecast, as_of=MOMENTS, deals=st.just(())))
def test_any_forecast_is_read_as_it_was_written(forecast: Forecast) -> None:
    assert from_json(to_json(forecast)) == forecast


def test_a_text_of_before_a_field_was_added_gets_its_default() -> None:
    forecast = sample_forecast()
    data = json.loads(to_json(forecast))
    for name in ("cells", "weights", "other_currency_deals", "without_process", "limits"):
        del data[name]
    del data["total"]["limits"], data["deals"][0]["limits"]
    read = from_json(json.dumps(data))
    assert (read.cells, read.other_currency_deals, read.limits, read.total.limits) == ((), 0, (), ())
    assert read.deals[0] == replace(forecast.deals[0], limits=())


def test_a_text_of_after_a_field_was_added_is_read_without_it() -> None:
    forecast = sample_forecast()
    data = json.loads(to_json(forecast)) | {"mood": "good"}
    data["deals"][0]["mood"] = {"of": "the buyer"}
    data["deals"][0]["weeks"][0].append(0.5)
    assert from_json(json.dumps(data)) == forecast


@pytest.mark.parametrize("name", [field.name for field in fields(Forecast)][:12])
def test_a_text_that_lacks_what_it_needs_is_refused(name: str) -> None:
    data = json.loads(to_json(sample_forecast()))
    del data[name]
    with pytest.raises(ValueError, match=f"lacks {name}"):
        from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', "null", "nonsense", '{"version": 1, "total": 3}'])
def test_any_other_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="not a forecast that can be shown"):
        from_json(text)
    with pytest.raises(ValueError, match="not a deal's forecast that can be shown"):
        deal_from_json(text)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_figure_that_is_not_finite_is_refused(wrong: float) -> None:
    forecast = sample_forecast()
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(replace(forecast, total=replace(forecast.total, mean=wrong)))
    with pytest.raises(ValueError, match="JSON compliant"):
        deal_to_json(replace(forecast.deals[0], amount=wrong))
