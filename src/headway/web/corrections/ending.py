"""End a finding in one of the four ways, on a page of its own or in a sheet; and open it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.reviews.correction import LOOK_DAYS, MOST_LOOK_DAYS, WAYS, How, field_faults
from headway.store.actions.corrections import Allowed, Predicted, correct_finding, take_back_correction
from headway.store.queries.access import NotAllowedError, get_correction
from headway.store.queries.clock import shown_at
from headway.store.queries.corrections import TITLES, FindingRow, get_open_finding, sees_all
from headway.store.queries.ended_findings import find_mender, list_menders, story_of
from headway.web.corrections.shown import SELLERS_WAYS, age_line, age_words, ended_rows, ways_for
from headway.web.exception_words import KEPT_TO, PREDICTIONS
from headway.web.requests import Inside, inside
from headway.web.typed import day_of
from headway.web.undo import done, way_back

LONGEST = {"note": 2_000, "owner": 200, "back": 500}
USUAL_DAYS = 30
FIELDS = ("how", "note", "look_again_on", "event", "owner", "expires_on", "predicted", "back")
SAID = {
    How.PROCESS: "It is said that the process is to change: the process review takes it from here.",
    How.EXCEPTION: "Allowed. You will see whether it came true.",
    How.DATA: "Ended: the data was fixed.",
}


@dataclass(slots=True)
class Typed:
    """What stands in the form; `problems`: field -> sentence."""

    how: str = ""
    note: str = ""
    look_again_on: str = ""
    event: str = ""
    owner: str = ""
    expires_on: str = ""
    predicted: str = ""
    back: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@inside()
def end(request: Inside, key: str, mark: str) -> HttpResponse:
    """GET how, back: the form; POST the fields of `Typed`."""
    finding = get_open_finding(request.access, key, mark)
    ways = ways_for(request.access, finding)
    today = request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
    typed = _typed(request, finding, ways, today)
    is_open = finding.state == "open" and not finding.deal.outcome
    if request.method == "POST":
        if How(typed.how) not in ways:
            raise NotAllowedError("You may say that the data was wrong, or allow an exception, on deals of your own.")
        made = _made(request, finding, typed, today)
        if made is not None:
            return made
    alone = request.headers.get("X-Sheet") == "yes"
    moment = shown_at(request.access.workspace, request.now)
    days = max(0, (moment - finding.first_seen_at).days) if finding.first_seen_at else 0
    context: dict[str, Any] = {
        "frame": "deals/bare.html" if alone else "corrections/sheet_page.html", "h": "h2" if alone else "h1",
        "finding": finding, "title": TITLES.get(finding.rule, finding.rule), "typed": typed, "is_open": is_open,
        "ways": [way for way in WAYS if way.how in ways], "age": age_words(days), "line": age_line(days),
        "today": today, "latest": today + timedelta(days=MOST_LOOK_DAYS), "near": near_days(today),
        "menders": list_menders(finding) if is_open and ways else (), "predictions": PREDICTIONS,
        "kept_to": KEPT_TO.get(finding.rule, finding.rule), "story": ended_rows(request, story_of(finding)),
    }  # fmt: skip
    return render(request, "corrections/end.html", context, status=422 if typed.problems else 200)


@require_POST
@inside("correct")
def open_again(request: Inside, key: str) -> HttpResponse:
    """What was said of it counts no more."""
    _take_back(request, key)
    done(request, "The finding is open again.")
    return _back(request, request.POST.get("back", ""))


@way_back("correction")
def not_ended(request: Inside, about: dict[str, Any]) -> str:
    """Undo of ending it."""
    _take_back(request, about["key"])
    return "The finding is open again."


def near_days(today: date) -> tuple[tuple[str, date], ...]:
    """Days for one press."""
    return tuple((f"In {weeks} weeks", today + timedelta(weeks=weeks)) for weeks in (2, 4, 8))


def _take_back(request: Inside, key: str) -> None:
    correction = get_correction(request.access, key)
    access = request.access
    access.need("correct")
    if not sees_all(access) and not (correction.how in SELLERS_WAYS and access.owns(correction.deal)):
        raise NotAllowedError("Who leads said so: ask them to open it again.")
    take_back_correction(correction=correction, by=access.person, at=request.now)


def _typed(request: Inside, finding: FindingRow, ways: tuple[How, ...], today: date) -> Typed:
    given = request.POST if request.method == "POST" else request.GET
    typed = Typed()
    for name in FIELDS:
        setattr(typed, name, given.get(name, "").strip()[: LONGEST.get(name, 120)])
    if typed.how not in set(How):
        typed.how = (ways[0] if ways else How.COACHED).value
    if request.method != "POST":
        typed.look_again_on = (today + timedelta(days=LOOK_DAYS)).isoformat()
        typed.expires_on = (today + timedelta(days=USUAL_DAYS)).isoformat()
        typed.owner = finding.deal.owner.name if finding.deal.owner else request.access.person.name
    return typed


def _made(request: Inside, finding: FindingRow, typed: Typed, today: date) -> HttpResponse | None:
    """The answer once it has ended; None where something is missing, which `typed.problems` then says."""
    how = How(typed.how)
    look_on = _day(typed, "look_again_on") if how is How.COACHED else None
    allowed = _allowed(typed, today) if how is How.EXCEPTION else None
    event = find_mender(finding, int(typed.event)) if how is How.DATA and _is_number(typed.event) else None
    faults = field_faults(how, typed.note, look_on, today, has_event=event is not None)
    typed.problems = faults | typed.problems
    if typed.problems:
        return None
    try:
        made = correct_finding(
            finding=finding, how=how, by=request.access.person, at=request.now, note=typed.note, look_again_on=look_on,
            event=event, allowed=allowed,
        )  # fmt: skip
    except UserError as error:
        typed.problems["how"] = str(error)
        return None
    said = f"Coached. You see on {look_on.day} {look_on:%b} whether the next deals changed." if look_on else SAID[how]
    done(request, said, way="correction", about={"key": made.key})
    return _back(request, typed.back)


def _day(typed: Typed, name: str) -> date | None:
    try:
        return day_of(getattr(typed, name))
    except UserError as error:
        typed.problems[name] = str(error)
        return None


def _allowed(typed: Typed, today: date) -> Allowed | None:
    until = _day(typed, "expires_on")
    if until is None:
        typed.problems.setdefault("expires_on", "An exception ends: pick the day.")
    elif until < today:
        typed.problems["expires_on"] = "An exception ends in the future: give a day from today on."
    if not typed.owner:
        typed.problems["owner"] = "An exception needs somebody who answers for it: write a name."
    if typed.predicted not in PREDICTIONS:
        typed.problems["predicted"] = "Choose what you expect to happen, so that it can be seen whether you were right."
    if until is None or typed.problems:
        return None
    return Allowed(typed.owner, until, Predicted(typed.predicted))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _back(request: Inside, back: str) -> HttpResponse:
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("findings", w=request.access.workspace.key)
