"""Several currencies in one pipeline: at stated rates they sum like one, without them they are in no sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from headway.basics.errors import UserError
from headway.deals.amounts import Rate, check_rate, lay_out_money, state_rates
from headway.deals.event_log import EventLog
from headway.demo.company import Company, simulate
from headway.demo.export import process_text
from headway.demo.log_rows import fill_log
from headway.diagnosis.build import diagnosis_of
from headway.diagnosis.rewind import rewind, usual_days
from headway.diagnosis.rewind_value import RewindDay
from headway.diagnosis.study import begin_study
from headway.diagnosis.value import CurrencyRead, Diagnosis
from headway.forecast.forecasting import forecast_log
from headway.forecast.value import Total
from headway.process.loader import parse_process

# A milestone's bound is a number in the deal's own currency: without one both firms are asked alike.
UNBOUND = process_text().replace("amount_from: 75000", "amount_from: 1")
HALF = Rate("USD", 0.5, date(2026, 1, 1))


def in_dollars(log: EventLog) -> None:
    """Every third deal in dollars, of which two make a euro: the same worth."""
    third = "hash(deal) % 3 = 0"
    log.connection.execute("UPDATE source_deals SET currency = 'EUR'")
    log.connection.execute(f"UPDATE source_deals SET currency = 'USD' WHERE {third}")
    log.connection.execute(f"UPDATE source_events SET amount = amount * 2 WHERE {third}")


def in_euros(log: EventLog) -> None:
    log.connection.execute("UPDATE source_deals SET currency = 'EUR'")


@dataclass(frozen=True, slots=True)
class Told:
    """A diagnosis, the days of its rewind, and what the forecast says of the period."""

    diagnosis: Diagnosis
    days: tuple[RewindDay, ...]
    total: Total | None


def told_of(
    change: Callable[[EventLog], None], rates: tuple[Rate, ...], company: Company, *, ahead: bool = True
) -> Told:
    """All that is told of the firm in money; what lies `ahead` takes long."""
    with EventLog(in_memory=True) as log:
        moment = fill_log(company, log)
        change(log)
        if rates:
            state_rates(log, "EUR", rates)
        log.build(moment)
        study = begin_study(log, [parse_process(UNBOUND, "process.yaml")])
        found = diagnosis_of(study)
        days = rewind(log, study.processes, usual_days(log)).days
        return Told(found, days, forecast_log(log, study.processes).total if ahead else None)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(5, date(2026, 6, 30), sellers=8, months=12)


def test_a_firm_of_two_currencies_sums_like_the_same_firm_in_one(company: Company) -> None:
    one, two = told_of(in_euros, (), company), told_of(in_dollars, (HALF,), company)
    assert two.diagnosis.gap == one.diagnosis.gap
    assert two.diagnosis.log.open_amount == pytest.approx(one.diagnosis.log.open_amount)
    assert [row.amount for row in two.diagnosis.findings] == pytest.approx([r.amount for r in one.diagnosis.findings])
    assert two.days == one.days
    assert one.total is not None
    assert two.total == one.total
    dollars = sum(deal.currency == "USD" for deal in two.diagnosis.open_deals)
    assert dollars
    assert [deal.worth for deal in two.diagnosis.open_deals] == [deal.amount for deal in one.diagnosis.open_deals]
    assert two.diagnosis.log.other_currency_deals == 0
    [read] = two.diagnosis.log.currencies
    assert read == CurrencyRead("USD", read.deals, 0.5, date(2026, 1, 1))
    assert read.deals > dollars


def test_without_a_rate_a_deal_is_in_no_sum_and_is_told(company: Company) -> None:
    found = told_of(in_dollars, (), company, ahead=False).diagnosis
    [read] = found.log.currencies
    assert (read.currency, read.rate) == ("USD", None)
    assert found.log.other_currency_deals == read.deals > 0
    assert all(deal.worth is None for deal in found.open_deals if deal.currency == "USD")
    assert found.log.open_amount == pytest.approx(sum(d.worth or 0 for d in found.open_deals), rel=1e-9)


def test_the_main_currency_is_the_one_of_the_rates_however_rare(company: Company) -> None:
    with EventLog(in_memory=True) as log:
        moment = fill_log(company, log)
        in_dollars(log)
        state_rates(log, "USD", [replace(HALF, currency="EUR", value=2.0)])
        log.build(moment)
        lay_out_money(log)
        rows = log.rows(
            "SELECT DISTINCT d.currency, m.rate, m.main_currency FROM money AS m JOIN deals AS d USING (deal)"
        )
    assert sorted((row["currency"], row["rate"], row["main_currency"]) for row in rows) == [
        ("EUR", 2.0, "USD"), ("USD", 1.0, "USD"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value"),
    [("US", 1.0), ("U5D", 1.0), ("ÜSD", 1.0), ("USD", 0.0), ("USD", float("nan")), ("USD", -1.0), ("USD", 1e12)],
)
def test_what_is_no_rate_is_refused(code: str, value: float) -> None:
    with pytest.raises(UserError):
        check_rate(code, value)
