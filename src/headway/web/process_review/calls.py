"""What one foretold of single deals, scored: for oneself only."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from headway.charts.calibration import said_and_won
from headway.forecast.value import CalibrationBin
from headway.reviews.deal_calls import Beside, OwnCalls, own_calls
from headway.store.queries.deal_calls import list_own_deal_calls
from headway.verdict.value import Interval
from headway.web.requests import Inside, inside

LISTED = 50


@dataclass(frozen=True, slots=True)
class BesideShown:
    """A row of the table of ways to foretell."""

    name: str
    n: int
    other: str
    own: str
    says: str


@inside()
def my_deal_calls(request: Inside) -> HttpResponse:
    """Brier score, calibration in the five steps, beside the model and one chance for all."""
    calls = list_own_deal_calls(request.access, request.now)
    scored = own_calls(calls)
    decided = [call for call in calls if call.came is not None]
    context = {
        "scored": scored,
        "picture": picture_of(scored),
        "beside": [_row(one) for one in scored.beside],
        "brier": f"{scored.brier:.3f}" if scored.brier is not None else "",
        "decided": decided[:LISTED],
        "more": max(0, len(decided) - LISTED),
    }
    return render(request, "process_review/my_calls.html", context)


def picture_of(scored: OwnCalls) -> SafeString:
    """Calibration in the five steps; empty where too little is known."""
    if not scored.steps:
        return SafeString("")
    bins = [CalibrationBin(one.said, Interval(one.share, one.low, one.high, one.deals)) for one in scored.steps]
    desc = "; ".join(f"said {100 * one.said:.0f} %, {one.came} of {one.n} came true" for one in scored.steps)
    return SafeString(said_and_won(bins, title="What you said, and what came true", desc=desc))


def _row(one: Beside) -> BesideShown:
    low, high = (f"{value:+.3f}".replace("-", "−") for value in (one.difference.low, one.difference.high))
    says = {"closer": "You were closer", "further off": "It was closer", "not told apart": "Not told apart"}[one.word]
    return BesideShown(one.name, one.n, f"{one.other:.3f}", f"{one.own:.3f}", f"{says} ({low} to {high})")
