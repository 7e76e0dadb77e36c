"""From a forecast to its charts: which numbers go into which picture."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from headway.charts import calibration, fan, marks, waterfall, weeks_ahead
from headway.forecast.value import Backtest, Chance, DealForecast, Forecast, Moved, Settled, Total
from headway.report import forecast_words as tell
from headway.report import words


def fan_picture(forecast: Forecast) -> Markup:
    """The period's total as it was forecast week by week; empty where fewer than two weeks are known."""
    if len(forecast.fan) < 2:
        return Markup("")
    total = forecast.total
    money = forecast.currency
    desc = (
        f"{words.worth(total.booked, money)} booked so far; the total is forecast at "
        f"{tell.range_text(total.low, total.high, money)}, middle {words.worth(total.middle, money)}. The band is the "
        "range of 8 in 10 as it was forecast at the end of each week. The table has every figure."
    )
    return _drawn(
        fan.period_fan(
            forecast.fan, forecast.period, amount_text=lambda amount: words.worth(amount, money),
            title=f"{forecast.period.name}: the total as forecast week by week", desc=desc,
        )
    )  # fmt: skip


def total_picture(total: Total, top: float) -> Markup:
    """What is booked and the range of the total on a scale from 0 to `top`; its numbers stand beside it."""
    return _drawn(fan.total_mark(total.low, total.middle, total.high, top, booked=total.booked))


def point_picture(value: float, top: float, css: str) -> Markup:
    """One number on the same scale."""
    return _drawn(marks.amount_mark(max(value, 0.0), top, css=css))


def chance_picture(chance: Chance) -> Markup:
    """A chance with its range."""
    return _drawn(marks.share_mark(chance.value, chance.low, chance.high))


def weeks_picture(deal: DealForecast, forecast: Forecast) -> Markup:
    """What becomes of one deal in the weeks ahead."""
    last = deal.weeks[-1]
    desc = (
        f"By {words.date_text(last.ends_on)}: won {words.percent_text(last.won.value)}, lost "
        f"{words.percent_text(last.lost)}, no decision {words.percent_text(last.no_decision)}. The table has each week."
    )
    title = f"Chances of {deal.name} in the weeks ahead"
    ends = forecast.period.ends_on
    return _drawn(weeks_ahead.weeks_ahead(deal.weeks, forecast.as_of.date(), ends_on=ends, title=title, desc=desc))


def moved_picture(moved: Moved, currency: str | None) -> Markup:
    """From the number then to the number now, cause by cause."""
    steps = [
        waterfall.Change(
            tell.cause_text(cause), amount, f"{words.counted(deals, 'deal')}: {tell.signed(amount, currency)}"
        )
        for cause, amount, deals in moved.causes
    ]
    return _drawn(
        waterfall.changes(
            (tell.day_month(moved.from_on), moved.before), steps, (tell.day_month(moved.to_on), moved.after),
            amount_text=lambda amount: words.worth(amount, currency),
            title="What changed the expected total",
            desc="Each cause with what it added or took away; the table has the deals.",
        )
    )  # fmt: skip


def calibration_picture(backtest: Backtest) -> Markup:
    """What was said against what was won; empty where no chance was ever said."""
    if not backtest.calibration:
        return Markup("")
    return _drawn(
        calibration.said_and_won(
            backtest.calibration,
            title="Chances said, and deals won",
            desc="On the broken line as many were won as was said. Lines: 95 % intervals. The table has every figure.",
        )
    )


def settled_picture(settled: Settled) -> Markup:
    """The weeks of a past period, filled from the one on from which the number held."""
    return _drawn(weeks_ahead.settling_mark(settled.week, settled.weeks))


def scale_of(totals: Sequence[Total]) -> float:
    """The end of a scale on which all of these fit."""
    ends = (
        max(total.high, total.booked, total.stage_weighted or 0.0, total.base_rate or 0.0) for total in totals
    )  # fmt: skip
    return 1.02 * max(ends, default=0.0)


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - charts escape every word
