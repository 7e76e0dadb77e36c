"""How good the forecast has been, in the terminal: scores beside others, calibration, ranges, settling, stalled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from headway.cli.terminal import DARK, FULL, LIGHT, MARK, MIDDLE, Bounded, Strip, headed, plain, printable, table
from headway.forecast.value import Backtest, CalibrationBin, Origin, Settled
from headway.report import forecast_words as tell
from headway.report import words

ORIGINS, PERIODS = 16, 8  # the newest are shown; the JSON has all


def forecast_backtest_text(
    found: Backtest, title: str, *, currency: str | None = None, json: Path | None = None
) -> RenderableType:
    """What `headway forecast backtest` prints, 60 to 120 columns wide; `json`: the file written."""
    return Bounded(Group(*_parts(found, title, currency, json)))


def _parts(found: Backtest, title: str, currency: str | None, json: Path | None) -> Iterator[RenderableType]:
    yield plain(title, "bold")
    weeks = words.counted(len(found.origins), "past week")
    yield plain(f"{weeks} forecast again, each with only what had been recorded then.", "dim")
    yield Text()
    yield plain(_verdict(found), "bold")
    if found.skill is not None:
        yield plain(f"{tell.skill_sentence(found)} {tell.time_sentence(found)}".rstrip())
    if found.scores:
        yield from headed(f"Won within {found.horizon_days} days, beside what others do")
        yield _scores(found)
        forecasts = words.counted(found.scores[0].deals, "forecast")
        yield plain(f"{forecasts}. Wrong: Brier score, 0 is perfect. Said–won: mean distance between the chance said "
                    "and the share won. Ranked: how often, of two deals, the one won had the higher chance. Off, "
                    "leans: of the sum of amounts won.", "dim")  # fmt: skip
    if found.calibration:
        yield from headed("Said, and won")
        yield _calibration(found.calibration)
        yield plain(f"{MARK} said, {MIDDLE} won, {LIGHT} 95 % interval, from 0 to 100 %", "dim")
    if found.origins:
        yield from headed("Stated ranges of 8 in 10, and what came true")
        yield plain(tell.covered_sentence(found.covered) or "How often they held is unknown.")
        yield _origins(found.origins[-ORIGINS:], currency)
        yield plain(f"{LIGHT} range, {MIDDLE} middle, {MARK} came true", "dim")
    yield from headed("When it settles")
    yield plain(tell.settled_sentence(found))
    if found.settled:
        yield _settled(tell.settled_periods(found, PERIODS), currency)
    yield from headed("Stalled deals")
    yield plain(tell.flagged_sentence(found) or "How early they are flagged is unknown: too few have ended.")
    if json is not None:
        yield Text()
        yield plain(f"All of it as JSON: {json}", "bold")


def _verdict(found: Backtest) -> str:
    """Whether the model's chances are shown, and why not where they are not."""
    if found.shown:
        return "The model has skill: its chances are shown."
    return words.sentence(found.reason or "the model has no skill that can be told from luck")


def _scores(found: Backtest) -> Table:
    rows = table()
    rows.add_column("Way", ratio=1, min_width=13)
    for heading in ("Wrong", "Log loss", "Said–won", "Ranked", "Off", "Leans"):
        rows.add_column(heading, justify="right", no_wrap=True)
    for way in tell.ways_of(found.scores):
        figures = (way.brier, way.log_loss, way.calibration, way.ranking, way.error, way.bias)
        rows.add_row(way.name, *figures, style="bold" if way.ours else "")
    return rows


def _calibration(bins: Sequence[CalibrationBin]) -> Table:
    rows = table()
    for heading in ("Said", "Won"):
        rows.add_column(heading, justify="right", no_wrap=True)
    rows.add_column("", ratio=1, min_width=20)
    rows.add_column("95 %", justify="right", no_wrap=True)
    rows.add_column("n", justify="right", no_wrap=True)
    for one in bins:
        strip = Strip([(one.won.low, one.won.high, LIGHT)], [(one.won.value, MIDDLE), (one.said, MARK)])
        between = printable(words.interval_text(one.won.low, one.won.high))
        shares = (words.percent_text(one.said), words.percent_text(one.won.value))
        rows.add_row(*shares, strip, between, words.count_text(one.won.n))
    return rows


def _origins(origins: Sequence[Origin], currency: str | None) -> Table:
    top = 1.02 * max(max(one.high, one.actual) for one in origins) or 1.0
    rows = table()
    rows.add_column("Week", no_wrap=True)
    rows.add_column("", ratio=1, min_width=16)
    rows.add_column("Stated", justify="right", no_wrap=True)
    rows.add_column("Came true", justify="right", no_wrap=True)
    rows.add_column("", no_wrap=True)
    for one in origins:
        points = [(one.middle / top, MIDDLE), (one.actual / top, MARK)]
        strip = Strip([(one.low / top, one.high / top, LIGHT)], points)
        stated, actual = tell.range_text(one.low, one.high, currency), words.worth(one.actual, currency)
        inside = "" if one.low <= one.actual <= one.high else "below" if one.actual < one.low else "above"
        rows.add_row(words.date_text(one.on), strip, stated, actual, inside)
    return rows


def _settled(periods: Sequence[Settled], currency: str | None) -> Table:
    rows = table()
    rows.add_column("Period", no_wrap=True)
    rows.add_column("", ratio=1, min_width=13)
    rows.add_column("Held", no_wrap=True)
    rows.add_column("Came true", justify="right", no_wrap=True)
    for one in periods:
        start = 1.0 if one.week is None else (one.week - 1) / max(one.weeks, 1)
        strip = Strip([(0.0, start, DARK), (start, 1.0, FULL)])
        rows.add_row(one.period.name, strip, tell.settled_text(one), words.worth(one.actual, currency))
    return rows
