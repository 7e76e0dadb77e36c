"""A forecast in the terminal: its number beside others, its deals with their facts, what is stalled, why it moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from headway.cli.terminal import (
    DARK,
    FULL,
    LIGHT,
    MIDDLE,
    Bar,
    Bounded,
    Strip,
    headed,
    more,
    name_text,
    plain,
    printable,
)
from headway.forecast.value import BASE_RATE, MODEL, NOTHING, DealForecast, Forecast, Moved, Total
from headway.report import forecast_words as tell
from headway.report import words
from headway.report.forecast_pictures import scale_of

DEALS, STALLED, PARTS, CAUSES, FACTS = 6, 6, 8, 10, 3  # shown; the report and the JSON have all


def forecast_text(
    forecast: Forecast, title: str, *, every: bool = False, html: Path | None = None, json: Path | None = None
) -> RenderableType:
    """What `headway forecast` prints, 60 to 120 columns wide. `every`: all deals; `html`, `json`: the files written."""
    return Bounded(Group(*_parts(forecast, title, every), *_where(forecast, html, json)))


def _parts(forecast: Forecast, title: str, every: bool) -> Iterator[RenderableType]:
    yield plain(f"{title}, {forecast.period.name}, as of {words.date_text(forecast.as_of)}", "bold")
    total = forecast.total
    open_deals = f"{words.counted(total.open_deals, 'open deal')}"
    worth = words.total_worth(total.open_amount, total.open_deals, forecast.currency)
    yield plain(f"{open_deals}, {worth}; {words.counted(forecast.decided, 'decided deal')} to learn from.", "dim")
    yield Text()
    if forecast.basis == BASE_RATE:
        yield plain(f"No model: one chance for every deal. {forecast.reason}")
    yield plain(tell.spoken(forecast.sentence), "bold")
    if forecast.basis == NOTHING:
        if forecast.reason not in forecast.sentence:
            yield plain(forecast.reason)
        return
    yield Text()
    yield _beside(forecast)
    yield from _limits(forecast)
    for kind, heading in tell.GROUP_KINDS[:2]:
        rows = tell.groups_of(forecast, kind)
        if len(rows) > 1:
            yield from headed(heading)
            yield _totals(rows[:PARTS], forecast.currency)
            yield from more(len(rows) - PARTS, kind)
    if forecast.basis == MODEL:
        yield from _deals(forecast, every)
        yield from _stalled(forecast)
        yield from _moved(forecast.moved, forecast.currency)
    if forecast.backtest is not None:
        yield from headed("How good it has been")
        yield plain(f"{tell.skill_sentence(forecast.backtest)} {tell.time_sentence(forecast.backtest)}".rstrip())
        yield plain("More with headway forecast backtest and the same files.", "dim")


def total_strip(total: Total, top: float) -> Strip:
    """Booked full, the range light with its middle, on a scale from 0 to `top`."""
    low, middle, high, booked = (
        one / top if top > 0 else 0.0 for one in (total.low, total.middle, total.high, total.booked)
    )
    return Strip([(low, high, LIGHT), (0.0, booked, FULL)], [(middle, MIDDLE)])


def _beside(forecast: Forecast) -> Table:
    total, money = forecast.total, forecast.currency
    top = scale_of([total])
    rows = _with_strip("")
    rows.add_row(Text("Forecast", "bold"), total_strip(total, top), words.worth(total.middle, money),
                 plain(tell.range_text(total.low, total.high, money)))  # fmt: skip
    for name, amount in (("Stage-weighted", total.stage_weighted), ("Base rate", total.base_rate)):
        if amount is not None and (name, forecast.basis) != ("Base rate", BASE_RATE):
            strip = Strip([(0.0, amount / top if top > 0 else 0.0, DARK)])
            beside = plain(tell.beside_text(amount, total.middle), "dim")
            rows.add_row(name, strip, words.worth(amount, money), beside)
    strip = Strip([(0.0, total.booked / top if top > 0 else 0.0, FULL)])
    deals = plain(words.counted(total.booked_deals, "deal"), "dim")
    rows.add_row("Booked", strip, words.worth(total.booked, money), deals)
    return rows


def _limits(forecast: Forecast) -> Iterator[RenderableType]:
    yield plain(
        f"{MIDDLE} middle, {LIGHT} 8 in 10, {FULL} booked. {tell.covered_sentence(forecast.total.covered)}", "dim"
    )
    total = forecast.total
    if total.without_amount:
        yield plain(f"{words.counted(total.without_amount, 'open deal')} without an amount to sum.", "dim")
    for limit in dict.fromkeys((*total.limits, *forecast.limits)):
        yield plain(words.sentence(limit), "dim")


def _totals(rows: Sequence[Total], money: str | None) -> Table:
    top = scale_of(rows)
    drawn = _with_strip("")
    for total in rows:
        middle, between = words.worth(total.middle, money), tell.range_text(total.low, total.high, money)
        drawn.add_row(name_text(total.name), total_strip(total, top), middle, plain(between))
    return drawn


def _with_strip(heading: str) -> Table:
    rows = Table.grid(expand=True, padding=(0, 2, 0, 0))
    rows.add_column(heading, ratio=2, min_width=15, max_width=24, no_wrap=True)
    rows.add_column("", ratio=3, min_width=10)
    rows.add_column("", justify="right", no_wrap=True)
    rows.add_column("", no_wrap=True, min_width=16)
    return rows


def _deals(forecast: Forecast, every: bool) -> Iterator[RenderableType]:
    deals = tell.by_expected(forecast)
    if not deals:
        return
    ends = tell.day_month(forecast.period.ends_on)
    yield from headed(f"Deals, most expected first; chance to be won by {ends}")
    shown = deals if every else deals[:DEALS]
    for deal in shown:
        yield _deal_line(deal, forecast.currency)
        for said in _said(deal):
            yield Padding(said, (0, 0, 0, 2))
    yield from more(len(deals) - len(shown), "deal")


def _deal_line(deal: DealForecast, money: str | None) -> Table:
    row = Table.grid(expand=True, padding=(0, 1, 0, 0))
    row.add_column(ratio=1, min_width=14)
    row.add_column(justify="right", width=9, no_wrap=True)
    row.add_column(width=10)
    row.add_column(justify="right", width=5, no_wrap=True)
    row.add_column(width=9, no_wrap=True)
    name = name_text(deal.name)
    name.stylize("bold")
    chance = deal.by_end
    bar: RenderableType = Text("unknown", "dim") if chance is None else Bar(chance.value)
    share, between = ("", "") if chance is None else (tell.chance_text(chance), printable(tell.chance_range(chance)))
    row.add_row(name, printable(words.worth(deal.amount, money)), bar, share, Text(between, "dim"))
    return row


def _said(deal: DealForecast) -> Iterator[RenderableType]:
    """What is known of a deal, a line each: when, its facts, what has to come true next, what is odd."""
    parts = [one for one in (deal.claimed, deal.owner) if one]
    if deal.likely is not None:
        likely = f"decided about {tell.day_month(deal.likely.middle_on)} ({tell.likely_range(deal.likely)})"
        parts.insert(0, likely)
    if parts:
        yield plain(", ".join(parts), "dim")
    if deal.stalled:
        yield plain(f"Stalled: no decision is likelier ({tell.chance_text(deal.no_decision)}) than a win.")
    if deal.facts:
        facts = Table.grid(padding=(0, 2, 0, 0))
        facts.add_column(justify="right", width=10, no_wrap=True)
        facts.add_column(ratio=1)
        for fact in deal.facts[:FACTS]:
            facts.add_row(tell.points_of(fact.points), plain(tell.fact_text(fact.sentence)))
        yield facts
    if deal.to_come:
        first = deal.to_come[0]
        late = ", late" if first.late else ""
        yield plain(f"To come: {first.buyer} ({first.who}, by {tell.day_month(first.by_on)}{late}).")
    for limit in deal.limits:
        yield plain(f"Note: {words.sentence(limit)}", "dim")


def _stalled(forecast: Forecast) -> Iterator[RenderableType]:
    yield from headed("Stalled")
    yield plain(tell.stalled_sentence(forecast))
    found = tell.stalled_deals(forecast)
    if not found:
        return
    for deal in found[:STALLED]:
        row = Table.grid(expand=True, padding=(0, 2, 0, 0))
        row.add_column(ratio=1, min_width=14)
        row.add_column(justify="right", no_wrap=True)
        row.add_column(justify="right", no_wrap=True)
        chances = f"none {tell.chance_text(deal.no_decision)}, won {tell.chance_text(deal.won)}"
        row.add_row(name_text(deal.name), printable(words.worth(deal.amount, forecast.currency)), chances)
        yield row
        if deal.facts:
            yield Padding(plain(tell.fact_text(deal.facts[0].sentence), "dim"), (0, 0, 0, 2))
    yield from more(len(found) - STALLED, "deal")


def _moved(moved: Moved | None, money: str | None) -> Iterator[RenderableType]:
    if moved is None:
        return
    yield from headed("Why it moved")
    yield plain(tell.moved_sentence(moved, money))
    if not moved.causes:
        return
    levels = list(accumulate((amount for _, amount, _ in moved.causes), initial=moved.before))
    lowest, span = min(levels), max(levels) - min(levels)
    rows = _with_strip("")
    for place, (cause, amount, deals) in enumerate(moved.causes[:CAUSES]):
        start, end = sorted((level - lowest) / span if span > 0 else 0.0 for level in levels[place : place + 2])
        strip = Strip([(start, max(end, start + 0.01), FULL if amount > 0 else DARK)], rest=" ")
        counted = words.counted(deals, "deal") if deals else ""
        rows.add_row(
            name_text(tell.cause_text(cause)), strip, printable(tell.signed(amount, money)), plain(counted, "dim")
        )
    yield rows
    yield from more(len(moved.causes) - CAUSES, "cause")


def _where(forecast: Forecast, html: Path | None, json: Path | None) -> Iterator[RenderableType]:
    yield Text()
    if html is not None:
        yield plain(f"Pictures, and every deal with its weeks: {html}", "bold")
    elif forecast.basis == MODEL:
        yield plain("For pictures and each deal's weeks ahead add --html FILE.", "dim")
    if json is not None:
        yield plain(f"All of it as JSON: {json}", "bold")
