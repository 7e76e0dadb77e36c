"""One's own choices: when and how one is told, drawn as a week, with the last messages and one to try it out."""

from __future__ import annotations

from datetime import time
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from headway.basics.figures import listed
from headway.charts.notice_week import notice_week
from headway.store.actions.notice_choices import choose_notices
from headway.store.actions.outbox import Letter, put_out
from headway.store.actions.sending import replay_message
from headway.store.guards import ALL, entered
from headway.store.queries.outbox import NoticeChoiceRow, choice_of, get_own_message, list_own_messages
from headway.store.queries.people import PersonRow
from headway.web.notices.forms import Choices
from headway.web.notices.rows import message_row
from headway.web.requests import Request

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TRIED = "This is what a message from Headway looks like. You asked for it on your page of notices."


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """GET, POST: when, how, quiet hours."""
    person = cast(PersonRow, request.user)
    choice = choice_of(person)
    form = Choices(
        request.POST or None, initial=initial_of(choice), has_hook=bool(choice.slack_hook),
        mail_works=settings.MAIL_WORKS,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        choose_notices(person=person, choice=form.choice)
        messages.success(request, "Saved.")
        return redirect("notices")
    context = {"form": form, "choice": choice, "picture": picture_of(choice), **_lately(request)}
    return render(request, "notices/choices.html", context, status=422 if form.errors else 200)


def initial_of(choice: NoticeChoiceRow) -> dict[str, Any]:
    """What the form shows; never the hook."""
    names = ("channel", "digest_at", "quiet_from", "quiet_until", "slack_member")
    return {"weekdays": list(choice.weekdays), **{name: getattr(choice, name) for name in names}}


@login_required
@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """The picture of what stands in the form just now, saved or not; as it is saved where that is no answer."""
    choice = choice_of(cast(PersonRow, request.user))
    form = Choices(request.GET, has_hook=True, mail_works=True)
    form.is_valid()
    for name in ("channel", "digest_at", "quiet_from", "quiet_until"):
        setattr(choice, name, form.cleaned_data.get(name) or getattr(choice, name))
    choice.weekdays = "".join(form.cleaned_data.get("weekdays", []))
    return render(request, "notices/_week.html", {"picture": picture_of(choice)})


def picture_of(choice: NoticeChoiceRow) -> dict[str, SafeString | str]:
    """The drawn week, and the same in a sentence."""
    said = sentence_of(choice)
    drawn = notice_week(
        quiet_from=choice.quiet_from, quiet_until=choice.quiet_until, weekdays=choice.weekdays,
        digest_at=None if choice.channel == "none" else choice.digest_at, title="Your week", desc=said,
    )  # fmt: skip
    return {"drawn": mark_safe(drawn), "said": said}  # noqa: S308 (our own picture; its words are escaped there)


def sentence_of(choice: NoticeChoiceRow) -> str:
    """One digest at 08:00, Monday to Friday. Quiet from 19:00 until 07:00."""
    if choice.channel == "none":
        return "Nothing is sent to you."
    days = f", {days_words(choice.weekdays)}" if choice.weekdays else ""
    digest = f"The digest at {choice.digest_at:%H:%M}{days}." if days else "No digest."
    if choice.quiet_from == choice.quiet_until:
        return f"{digest} Everything else at once, at any hour."
    return f"{digest} Everything else at once, but not from {hours_words(choice.quiet_from, choice.quiet_until)}."


def hours_words(begins: time, ends: time) -> str:
    """19:00 to 07:00."""
    return f"{begins:%H:%M} to {ends:%H:%M}"


def days_words(weekdays: str) -> str:
    """Monday to Friday; every day; Monday, Wednesday and Sunday."""
    days = sorted({int(day) for day in weekdays})
    if len(days) == 7:
        return "every day"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAY_NAMES[days[0]]} to {DAY_NAMES[days[-1]]}"
    return listed(DAY_NAMES[day] for day in days)


@login_required
@require_GET
def lately(request: HttpRequest) -> HttpResponse:
    """The last messages to oneself; asked again while one is on its way."""
    return render(request, "notices/_lately.html", _lately(request))


def _lately(request: HttpRequest) -> dict[str, Any]:
    now = cast(Request, request).now
    rows = [message_row(message, now) for message in list_own_messages(cast(PersonRow, request.user))]
    return {"rows": rows, "moving": any(row.state in ("waiting", "sending") and row.is_due for row in rows)}


@login_required
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """POST key: send a message to oneself again that failed or of which nobody is sure."""
    person, now = cast(PersonRow, request.user), cast(Request, request).now
    with entered(ALL):
        message = get_own_message(person, request.POST.get("key", ""))
        replay_message(message=message, by=person, at=now)
    messages.success(request, f"“{message.subject}” is sent again.")
    return redirect("notices")


@login_required
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """A message to oneself, now; at most one a minute."""
    person, now = cast(PersonRow, request.user), cast(Request, request).now
    choice = choice_of(person)
    if choice.channel == "none":
        messages.error(request, "You chose to be told nothing: choose mail or Slack first.")
        return redirect("notices")
    with entered(ALL):  # a message of no one workspace stands behind every wall
        new = put_out(
            workspace=None, person=person, channel=choice.channel, kind="test", at=now,
            letter=Letter("Headway reaches you", TRIED), once=f"test {person.key} {now:%Y-%m-%dT%H:%M}",
        )  # fmt: skip
    messages.success(request, "It is on its way." if new else "One is on its way already: wait a minute.")
    return redirect("notices")
