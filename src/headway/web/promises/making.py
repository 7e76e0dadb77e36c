"""Make a promise without a meeting: what, on which deal, which act of whom at the buyer shows it, by when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from headway.basics.errors import UserError
from headway.evidence.shown import past_of
from headway.reviews.commitments import field_faults
from headway.store.actions.commitments import make_commitment, needs_no_buyer
from headway.store.queries.access import get_deal
from headway.store.queries.my_deals import DealRow
from headway.store.queries.people import MembershipRow, list_members
from headway.store.queries.promise_choices import Choices, choices_of
from headway.web.requests import Inside, inside
from headway.web.typed import day_of
from headway.web.undo import done

LONGEST = {"what": 300, "shows": 300, "contact": 200}
FIELDS = ("who", "what", "deal", "milestone", "shows", "contact", "due_on", "back")


@dataclass(slots=True)
class Typed:
    """What stands in the form; `problems`: field -> sentence."""

    who: str = ""
    what: str = ""
    deal: str = ""
    milestone: str = ""
    shows: str = ""
    contact: str = ""
    due_on: str = ""
    back: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@inside("review")
def make(request: Inside) -> HttpResponse:
    """GET deal (a key), who (a person's key); POST the form. With `choose`, the form again for the deal chosen."""
    typed = _typed(request)
    members = [member for member in list_members(request.access) if member.role != "viewer"]
    deal = get_deal(request.access, typed.deal) if typed.deal else None
    choices = choices_of(request.access, deal)
    if request.method == "POST" and "choose" not in request.POST:
        made = _made(request, typed, members, deal)
        if made is not None:
            return made
    today = request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()
    context = {
        "typed": typed, "members": members, "chosen": deal, "choices": choices, "milestones": _milestones(choices),
        "today": today, "latest": today + timedelta(days=366), "near": _near_days(today),
    }  # fmt: skip
    template = "promises/_buyer.html" if request.htmx else "promises/make.html"
    return render(request, template, context, status=422 if typed.problems else 200)


def _typed(request: Inside) -> Typed:
    given = request.POST if request.method == "POST" else request.GET
    typed = Typed()
    for name in FIELDS:
        setattr(typed, name, given.get(name, "").strip()[: LONGEST.get(name, 120)])
    typed.who = typed.who or request.access.person.key
    typed.back = given.get("back", "")[:500]
    return typed


def _made(request: Inside, typed: Typed, members: list[MembershipRow], deal: DealRow | None) -> HttpResponse | None:
    """The answer after it was made; None where something is missing, which then stands in `typed.problems`."""
    access = request.access
    member = next((one for one in members if one.person.key == typed.who), None)
    if member is None:
        typed.problems["who"] = "Choose whose promise it is."
        return None
    try:
        due_on = day_of(typed.due_on)
    except UserError as error:
        typed.problems["due_on"] = str(error)
        due_on = None
    today = request.now.astimezone(ZoneInfo(access.workspace.zone)).date()
    typed.problems = {
        **field_faults(
            what=typed.what, shows="" if typed.milestone else typed.shows, contact=typed.contact, due_on=due_on,
            today=today, leader=needs_no_buyer(access.workspace, member.person, deal),
        ),
        **typed.problems,
    }  # fmt: skip
    if typed.milestone:
        typed.problems.pop("shows", None)
    if typed.problems or due_on is None:
        return None
    try:
        made = make_commitment(
            workspace=access.workspace, owner=member.person.name, person=member.person, what=typed.what,
            shows="" if typed.milestone else typed.shows, contact=typed.contact, milestone=typed.milestone,
            due_on=due_on, by=access.person, at=request.now, deal=deal,
        )  # fmt: skip
    except UserError as error:
        typed.problems["what"] = str(error)
        return None
    done(request, "Promised.", way="promise", about={"key": made.key})
    if url_has_allowed_host_and_scheme(typed.back, {request.get_host()}, require_https=request.is_secure()):
        return redirect(typed.back)
    return redirect("promises", w=access.workspace.key)


def _milestones(choices: Choices) -> list[tuple[str, str]]:
    """(id, what the buyer will have done), those that hold already left out."""
    return [(one.id, _capital(past_of(one.buyer) or one.buyer)) for one in choices.milestones]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _near_days(today: date) -> list[tuple[str, date]]:
    """The next two Fridays and two weeks from now, for one press."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    found = [("Today" if friday == today else "This Friday", friday)]
    return [*found, ("Next Friday", friday + timedelta(days=7)), ("In two weeks", today + timedelta(days=14))]
