"""The workspace's Slack hook: where its minutes go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from headway.store.actions.notice_choices import remove_hook, restore_hook, set_hook
from headway.store.actions.outbox import SLACK, Letter, put_out
from headway.store.queries.outbox import find_hook
from headway.web.notices.forms import WorkspaceHook
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

TRIED = "Headway reaches this channel. The minutes of {name} will come here."


@inside("rhythm")
def hook(request: Inside) -> HttpResponse:
    """GET, POST hook."""
    workspace = request.access.workspace
    form = WorkspaceHook(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_hook(workspace=workspace, hook=form.cleaned_data["hook"], by=request.access.person, at=request.now)
        messages.success(request, "Minutes go to this channel from now on. Send a test message to see it.")
        return redirect("workspace_slack", w=workspace.key)
    context = {"form": form, "hook": find_hook(workspace)}
    return render(request, "notices/hook.html", context, status=422 if form.errors else 200)


@require_POST
@inside("rhythm")
def remove(request: Inside) -> HttpResponse:
    """No channel any more."""
    workspace = request.access.workspace
    was = remove_hook(workspace=workspace, by=request.access.person, at=request.now)
    if was:  # sealed, as it stood in the table: the way back opens nothing to who reads it
        done(request, "Minutes go to no channel any more.", way="slack hook", about={"hook": was})
    return redirect("workspace_slack", w=workspace.key)


@way_back("slack hook")
def hook_as_before(request: Inside, about: dict[str, Any]) -> str:
    """Undo of `remove`."""
    request.access.need("rhythm")
    restore_hook(workspace=request.access.workspace, hook=about["hook"], by=request.access.person, at=request.now)
    return "Minutes go to the channel again."


@require_POST
@inside("rhythm")
def try_out(request: Inside) -> HttpResponse:
    """A message to the channel, now; at most one a minute."""
    workspace = request.access.workspace
    once = f"test {workspace.key} {request.now:%Y-%m-%dT%H:%M}"
    letter = Letter("Headway reaches this channel", TRIED.format(name=workspace.name))
    new = put_out(
        workspace=workspace, person=None, channel=SLACK, kind="test", letter=letter, once=once, at=request.now
    )  # fmt: skip
    messages.success(request, "It is on its way: look at the channel." if new else "One is on its way: wait a minute.")
    return redirect("outbox", w=workspace.key)
