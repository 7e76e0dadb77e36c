"""How good the forecast has been: replayed over past weeks, beside what others do, and one's own calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from headway.basics.figures import percent_figure
from headway.charts.calibration import said_and_won
from headway.charts.weeks_ahead import settling_mark
from headway.forecast.value import Backtest, Score, Settled
from headway.web.forecast.head import asked_choice, head_of, nothing_of
from headway.web.forecast.opening import read_forecast
from headway.web.requests import Inside, inside

METHODS = {
    "model": ("Headway", "what buyers did, and for how long they were silent"),
    "base rate": ("Base rate", "one chance for every deal"),
    "stage-weighted": ("Stage-weighted", "the win rate of the claimed stage"),
    "stage snapshot rate": ("Stage, as open then", "the share won of deals open at the same stage"),
    "naive Bayes": ("Naive Bayes", "stage and amount, as open CRMs do it"),
    "gradient boosting": ("Gradient boosting", "the same facts, without readable numbers"),
}


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """One method's scores, as a row."""

    name: str
    about: str
    ours: bool
    miss: str
    pairs: str
    calibration: str
    error: str
    bias: str


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
    if back is not None:
        context |= {
            "verdict": verdict_of(back), "scores": [score_of(one) for one in back.scores],
            "calibration": calibration_of(back), "settled": [settled_of(one) for one in back.settled],
            "in_range": origins_within(back),
        }  # fmt: skip
    return render(request, "forecast/past.html", context)


def verdict_of(back: Backtest) -> tuple[str, str]:
    """The big word and its sentence: how much better than one chance for every deal."""
    if back.skill is None:
        return "Not known yet", back.reason
    value, low, high = (f"{100 * one:.0f}" for one in (back.skill.value, back.skill.low, back.skill.high))
    says = f"({low.replace('-', '−')} to {high.replace('-', '−')} %, over {back.skill.n} past weeks)"
    if not back.shown:
        return "Not surely better", f"{back.reason} {value.replace('-', '−')} % less wrong {says}."
    return f"{value} % less wrong", f"than giving every deal the same chance {says}."


def score_of(score: Score) -> ScoreShown:
    """In plain figures."""
    name, about = METHODS.get(score.method, (score.method.capitalize(), ""))
    bias = score.bookings_bias
    return ScoreShown(
        name, about, score.method == "model", f"{score.brier:.3f}",
        "–" if score.ranking is None else f"{percent_figure(score.ranking)} %",
        f"{100 * score.calibration:.0f} points",
        "–" if score.bookings_error is None else f"{percent_figure(score.bookings_error)} %",
        "–" if bias is None else f"{100 * bias:+.0f} %".replace("-", "−"),
    )  # fmt: skip


def calibration_of(back: Backtest) -> SafeString:
    """The picture; empty where no deal was given a chance."""
    if not back.calibration:
        return SafeString("")
    title = "What was said, and what share of those deals was won"
    desc = "; ".join(f"said {100 * one.said:.0f} %, won {100 * one.won.value:.0f} %" for one in back.calibration)
    return SafeString(said_and_won(back.calibration, title=title, desc=desc))


def settled_of(one: Settled) -> SettledShown:
    """A past period, and from which week on its number held."""
    words = f"from week {one.week} of {one.weeks}" if one.week is not None else f"not within its {one.weeks} weeks"
    return SettledShown(one.period.name, SafeString(settling_mark(one.week, one.weeks)), words)


def origins_within(back: Backtest) -> int:
    """Past weeks whose stated range held what came true."""
    return sum(one.low <= one.actual <= one.high for one in back.origins)
