"""The second factor that a workspace asks of everybody: who passes, and what the others are told.

A session passes if a code was typed in it, or if the company's own login said that it asked for more than a password
(docs/how-to/application.md says how it says so). An account that has a factor, in a session from before, types a code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from headway.store.queries.access import NotAllowedError
from headway.store.queries.people import PersonRow, WorkspaceRow
from headway.store.queries.second_factor import asks_for_second_factor, has_second_factor

BY_COMPANY = "second factor by company"  # in the session: the company's login asked for one


class SecondFactorNeededError(NotAllowedError):
    """The workspace asks for a second factor, and this session passed none. `has`: whether the account has one."""

    def __init__(self, workspace: WorkspaceRow, has: bool) -> None:
        super().__init__(f"{workspace.name} asks everybody for a second factor: set yours up, then come back.")
        self.workspace = workspace
        self.has = has


def has_passed(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session, and the account still has it. At most one query."""
    if request.session.get(BY_COMPANY):
        return True
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" for one in records) and has_second_factor(cast(PersonRow, request.user))


def need_second_factor(request: HttpRequest, workspace: WorkspaceRow, at: datetime) -> None:
    """SecondFactorNeededError where the workspace asks for one by now. No query where it does not."""
    if asks_for_second_factor(workspace, at) and not has_passed(request):
        raise SecondFactorNeededError(workspace, has_second_factor(cast(PersonRow, request.user)))


def asked_from(request: HttpRequest, workspace: WorkspaceRow, at: datetime) -> datetime | None:
    """For the notice on pages: the day from which this person will need one, and has none yet; else None."""
    since = workspace.second_factor_from
    if since is None or since <= at or request.session.get(BY_COMPANY):
        return None
    return None if has_second_factor(cast(PersonRow, request.user)) else since


def page_to_set_one_up(request: HttpRequest, error: SecondFactorNeededError) -> HttpResponse:
    """The only page of the workspace that is left: it leads to the factor, and back."""
    context = {"asking": error.workspace, "has": error.has, "back": request.get_full_path()}
    if request.method != "GET":
        context["back"] = f"/w/{error.workspace.key}/"
    return render(request, "web/second_factor.html", context, status=403)


def closed_keys(request: HttpRequest, workspaces: Iterable[WorkspaceRow], at: datetime) -> set[str]:
    """Of workspaces that stand on one page together: the keys of those that this session may not enter."""
    asking = {one.key for one in workspaces if asks_for_second_factor(one, at)}
    return asking if asking and not has_passed(request) else set()
