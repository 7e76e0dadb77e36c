"""What a mail leads to, without logging in: one button each. Opening a page changes nothing: mail scanners open all."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from headway.reviews.quiet import zone_of
from headway.reviews.reminders import Reply
from headway.store.actions.notice_choices import choose_channel
from headway.store.actions.reminders import end_reminder, snooze_reminder
from headway.store.notice_links import find_replied, find_stopper
from headway.store.queries.access import NotFoundError
from headway.store.queries.outbox import choice_of, find_reader
from headway.store.queries.reminders import Reminded, get_reminded
from headway.web.requests import Request
from headway.web.tries import try_link


@csrf_exempt  # the signed address is the proof; mailboxes that press for somebody have no cookie (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Every message to the person of the link ends; POST `on` begins them again."""
    tried = try_link(request, token)
    person = find_reader(find_stopper(token) or "")
    if person is None:
        tried.was_wrong()
        raise NotFoundError("notices off")
    tried.was_right()
    if request.method == "POST":
        choose_channel(person=person, channel="mail" if "on" in request.POST else "none")
    context = {"off": choice_of(person).channel == "none", "answered": request.method == "POST", "token": token}
    return render(request, "notices/stop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str, reply: str) -> HttpResponse:
    """Snooze a reminder or end it."""
    if reply not in list(Reply):
        raise NotFoundError(reply)
    tried = try_link(request, token)
    about = find_replied(token)
    if about is None:
        tried.was_wrong()
        context: dict[str, Any] = {"title": "Too old", "sentence": "This link is too old: look at your week instead."}
        return render(request, "web/sentence.html", context, status=410)
    tried.was_right()
    reminded = get_reminded(about)
    context = {"reminded": reminded, "reply": reply, "words": ASKED[Reply(reply)], "told": ""}
    if request.method == "POST":
        context["told"] = answer(reminded, Reply(reply), cast(Request, request))
    return render(request, "notices/reply.html", context)


ASKED = {
    Reply.SNOOZE: ("Remind me in a week", "No digest tells this before."),
    Reply.ENOUGH: (
        "No more reminders",
        "No digest tells this again. It stays where it is, and nothing is closed by it.",
    ),
}


def answer(reminded: Reminded, given: Reply, request: Request) -> str:
    """Do what was answered; what to say about it."""
    who: dict[str, Any] = {"workspace": reminded.workspace, "person": reminded.person, "about": reminded.about}
    if given is Reply.ENOUGH:
        end_reminder(**who, at=request.now)
        return "You are not reminded of it any more."
    today = request.now.astimezone(zone_of(reminded.person.zone)).date()
    until = snooze_reminder(**who, on=today)
    return f"You are not reminded of it before {until:%A}, {until.day} {until:%B}."
