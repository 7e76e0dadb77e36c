"""Paste your own stages: whose act is each line, and how does it read with the buyer as subject?

Nothing that is pasted is stored or logged.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from headway.basics.errors import UserError
from headway.process.linter import lint_text
from headway.store.queries.access import MAY, list_memberships
from headway.store.queries.people import PersonRow
from headway.web.pace import is_too_often
from headway.web.paste.verdict import Verdict, verdict_of
from headway.web.requests import Request

MOST_CHARACTERS = 20_000
SAMPLE = """\
Prospecting
Discovery call held
BANT qualified
Demo done
Proposal sent
Customer understands the value
Contract signed by their CFO
Closed won
"""


def paste(request: HttpRequest) -> HttpResponse:
    """The page; on POST with the stages marked. htmx asks for the marked part only."""
    here = cast(Request, request)
    known = here.user.is_authenticated
    if not known and not settings.PASTE_FOR_STRANGERS:
        return redirect_to_login(here.get_full_path())
    status, error, text = 200, "", ""
    verdict: Verdict | None = None
    if here.method == "POST":
        text = SAMPLE if "sample" in here.POST else here.POST.get("text", "")
        if is_too_often(here, "paste"):
            status, error = 429, "That was a lot in one minute: wait a little, then go on."
        elif len(text) > MOST_CHARACTERS:
            status, error = 422, f"This is longer than {MOST_CHARACTERS:,} characters: paste the part with the stages."
        elif text.strip():
            try:
                verdict = verdict_of(lint_text(text))
            except UserError as problem:
                status, error = 422, str(problem)
    context = {"verdict": verdict, "error": error, "text": text, "workspaces": _workspaces(here) if known else ()}
    part = "paste/verdict.html" if here.htmx else "paste/paste.html"
    response = render(here, part, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _workspaces(request: Request) -> list[str]:
    """Keys of the workspaces in which this person may begin a process, the last visited first."""
    memberships = list_memberships(cast(PersonRow, request.user))
    return [membership.workspace.key for membership in memberships if membership.role in MAY["process"]]
