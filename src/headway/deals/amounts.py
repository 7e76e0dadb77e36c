"""Amounts that may be summed: those in the log's main currency, and those for whose currency a rate was stated.

One rate per currency holds for all amounts of a log, whenever they were recorded: the one in force at the log's moment.
So a total moves because deals do, and not because rates do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite

from headway.basics.errors import UserError
from headway.deals.event_log import EventLog, sql_text

LOWEST, HIGHEST = 1e-8, 1e8


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` (ISO 4217) is worth `value` of the main one, since `valid_on` where that is known."""

    currency: str
    value: float
    valid_on: date | None = None


def check_rate(currency: str, value: float) -> None:
    """UserError unless it is a code of three letters and a rate that can be."""
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise UserError(f"{currency!r} is no code of a currency: write its three letters, as in USD.")
    if not isfinite(value) or not LOWEST <= value <= HIGHEST:
        raise UserError(
            f"The rate of {currency.upper()} must be above zero: write what one of it is worth, as in 0.92."
        )


def state_rates(log: EventLog, main: str, rates: Iterable[Rate]) -> None:
    """From now on amounts of the log are summed in `main`, those in other currencies at these rates."""
    rows = {rate.currency.upper(): (rate.value, False, rate.valid_on) for rate in rates} | {
        main.upper(): (1.0, True, None)
    }
    log.connection.execute("DELETE FROM source_rates")
    for currency, row in rows.items():
        log.connection.execute("INSERT INTO source_rates VALUES (?, ?, ?, ?)", [currency, *row])


def lay_out_money(log: EventLog) -> None:
    """Leave the table `money` behind: one row per deal, whether its amount counts, its rate, and the main currency."""
    log.connection.execute(sql_text(__package__, "money"))
