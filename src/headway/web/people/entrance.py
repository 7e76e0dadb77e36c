"""The two ways in for somebody without a session: the set-up link of an installation, and an invitation."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from headway.basics.errors import UserError
from headway.store.actions.invitations import STALE, join_anew
from headway.store.actions.invitations import join as join_workspace
from headway.store.actions.workspaces import use_setup_link
from headway.store.queries.access import list_memberships
from headway.store.queries.people import InvitationRow, PersonRow, find_open_invitation, has_account, is_set_up
from headway.web.people.forms import NewAccount, SetUp, TokenForm
from headway.web.requests import OPENED, Request
from headway.web.tries import try_link


def set_up(request: HttpRequest) -> HttpResponse:
    """The first account of an installation, by the link that `headway serve` printed."""
    if is_set_up():
        return render(request, "people/set_up_done.html", status=200 if request.method == "GET" else 409)
    form = SetUp(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("token", "email", "name", "password", "workspace")}
        tried = try_link(request, given["token"])
        try:
            person = use_setup_link(at=cast(Request, request).now, **given)
            tried.was_right()
        except UserError as problem:
            form.add_error("token", str(problem))
        else:
            enter_as(request, person)
            return redirect("home", w=list_memberships(person)[0].workspace.key)
    return render(request, "people/set_up.html", {"form": form}, status=422 if form.errors else 200)


def join(request: HttpRequest) -> HttpResponse:
    """An invitation: first its link is opened (token, by POST), then somebody joins (anew, or as who they are)."""
    now = cast(Request, request).now
    key = request.session.get(OPENED, "")
    invitation = find_open_invitation(now, key=key) if key else None
    if request.method == "POST" and "token" in request.POST:
        return open_invitation(request)
    if invitation is None:
        sentence = STALE if key else ""
        return render(request, "people/join_open.html", {"form": TokenForm(), "sentence": sentence})
    if request.user.is_authenticated:
        if request.method == "POST":
            return joined(request, invitation, request.user)
        return show(request, invitation)
    if has_account(invitation.email):
        return show(request, invitation, has_account=True)
    form = NewAccount(request.POST or None)
    form.email = invitation.email
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "password")}
        person = join_anew(invitation=invitation, at=now, **given)
        enter_as(request, person)
        return redirect("home", w=invitation.workspace.key)
    return show(request, invitation, form=form)


def open_invitation(request: HttpRequest) -> HttpResponse:
    """From the token to a page that says where one was invited. Nothing is used up by it."""
    form = TokenForm(request.POST)
    if form.is_valid():
        tried = try_link(request, form.cleaned_data["token"])
        found = find_open_invitation(cast(Request, request).now, token=form.cleaned_data["token"])
        if found:
            tried.was_right()
            request.session[OPENED] = found.key
            return redirect("join")
        tried.was_wrong()
        form.add_error("token", STALE)
    return render(request, "people/join_open.html", {"form": form}, status=422)


def joined(request: HttpRequest, invitation: InvitationRow, person: PersonRow) -> HttpResponse:
    """They become a member, and stand in the workspace."""
    join_workspace(invitation=invitation, person=person, at=cast(Request, request).now)
    request.session.pop(OPENED, None)
    return redirect("home", w=invitation.workspace.key)


def show(request: HttpRequest, invitation: InvitationRow, **context: Any) -> HttpResponse:
    """The page of an opened invitation."""
    form = context.get("form")
    context |= {"invitation": invitation}
    return render(request, "people/join.html", context, status=422 if form and form.errors else 200)


def enter_as(request: HttpRequest, person: PersonRow) -> None:
    """Log in whoever just made their account, in a session with a new id."""
    request.session.pop(OPENED, None)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
