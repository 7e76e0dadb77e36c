"""How good the forecast has been: replayed over past weeks, beside what others do, and one's own calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from headway.basics.figures import counted
from headway.charts.calibration import said_and_won
from headway.charts.weeks_ahead import settling_mark
from headway.forecast.value import Backtest, Settled
from headway.report.forecast_words import settled_text, skill_range, ways_of
from headway.web.forecast.head import asked_choice, currency_of, head_of, nothing_of, today_of
from headway.web.forecast.opening import read_forecast
from headway.web.forecast.own_calls import own_calls
from headway.web.requests import Inside, inside


@dataclass(frozen=True, slots=True)
class SettledShown:
    """When the number of one past period settled."""

    name: str
    mark: SafeString
    words: str


@inside()
def past(request: Inside) -> HttpResponse:
    """Scores, calibration, coverage, settling, stalled deals found early; and the model's readable numbers."""
    found = read_forecast(request)
    if found is None:
        return render(request, "forecast/nothing.html", nothing_of(request, "past"))
    back = found.backtest
    context: dict[str, Any] = {**head_of(request, asked_choice(request, ""), "past"), "forecast": found, "back": back}
    context["cells"] = [(cell, f"{100 * cell.daily:.1f} %") for cell in found.cells]
    context["calls"] = own_calls(request.access, today_of(request), currency_of(request, found))
    if back is not None:
        context |= {
            "verdict": verdict_of(back), "scores": ways_of(back.scores),
            "calibration": calibration_of(back), "settled": [settled_of(one) for one in back.settled],
            "in_range": origins_within(back),
        }  # fmt: skip
    return render(request, "forecast/past.html", context)


def verdict_of(back: Backtest) -> tuple[str, str]:
    """The big word and its sentence: how much better than one chance for every deal."""
    if back.skill is None:
        return "Not known yet", back.reason
    weeks = counted(len(back.origins), "past week")
    says = f"({skill_range(back.skill)}, over {weeks})"
    if not back.shown:
        return "Not surely better", f"{back.reason} {says}"
    return f"{100 * back.skill.value:.0f} % better", f"than giving every deal the same chance {says}."


def calibration_of(back: Backtest) -> SafeString:
    """The picture; empty where no deal was given a chance."""
    if not back.calibration:
        return SafeString("")
    title = "What was said, and what share of those deals was won"
    desc = "; ".join(f"said {100 * one.said:.0f} %, won {100 * one.won.value:.0f} %" for one in back.calibration)
    return SafeString(said_and_won(back.calibration, title=title, desc=desc))


def settled_of(one: Settled) -> SettledShown:
    """A past period, and from which week on its number held."""
    return SettledShown(one.period.name, SafeString(settling_mark(one.week, one.weeks)), settled_text(one))


def origins_within(back: Backtest) -> int:
    """Past weeks whose stated range held what came true."""
    return sum(one.low <= one.actual <= one.high for one in back.origins)
