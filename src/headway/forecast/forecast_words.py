"""The number in one sentence, with how far it can be trusted."""

from __future__ import annotations

from headway.basics.figures import percent_figure
from headway.basics.money import money_text
from headway.forecast.value import BASE_RATE, NOTHING, Backtest, Period, Total


def forecast_sentence(basis: str, period: Period, total: Total, backtest: Backtest | None, currency: str | None) -> str:
    """`Q4 2026 brings 1.2 M EUR, ...`: the middle, the range, what is booked of it, and how often ranges held."""
    if basis == NOTHING:
        return "No deal has been decided yet, so nothing can be forecast."

    def money(amount: float) -> str:
        return money_text(amount, currency)

    if not total.open_deals:
        return f"{period.name}: {money(total.booked)} is booked, and no deal is open."
    if total.without_amount == total.open_deals:
        return f"{period.name}: no open deal has an amount, so there is no sum; the chances per deal stand below."
    if total.low == total.high and total.booked:
        return f"{period.name} brings {money(total.middle)}, all of it booked."
    said = (
        f"{period.name} brings {money(total.middle)}, 8 times in 10 between {money(total.low)} and {money(total.high)}"
    )
    if total.booked:
        said += f"; {money(total.booked)} of it is booked"
    if basis == BASE_RATE:
        return f"{said}. This is the base rate: every open deal gets the same chance."
    if backtest and backtest.covered:
        held = percent_figure(backtest.covered.value)
        said += f". In {backtest.covered.n} past weeks such a range held {held} % of the time"
    return f"{said}."
