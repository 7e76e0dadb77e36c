"""Export everything: asked for, written in the background, taken by who has just shown who they are."""

from __future__ import annotations

from typing import cast

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from headway.basics.errors import UserError
from headway.store.actions.exports import ask_for_export, drop_export, record_download
from headway.store.queries.access import get_export
from headway.store.queries.exports import can_be_fetched, file_of
from headway.web.requests import Inside, inside


@require_POST
@inside("keep")
def export_workspace(request: Inside) -> HttpResponse:
    """Ask for an export."""
    ask_for_export(workspace=request.access.workspace, by=request.access.person, at=request.now)
    return redirect(f"{reverse('data', kwargs={'w': request.access.workspace.key})}#exports")


@require_POST
@inside("keep")
def download(request: Inside, key: str) -> HttpResponse:
    """The file, for who typed their password within the last quarter of an hour; who took it is recorded."""
    export = get_export(request.access, key)
    if not _has_just_logged_in(request):
        back = f"{reverse('data', kwargs={'w': request.access.workspace.key})}?{urlencode({'take': export.key})}"
        messages.info(request, "It holds everything: type your password, then press Download again.")
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
    file = file_of(export)
    if not can_be_fetched(export, request.now) or not file.is_file():
        raise UserError("This export is no longer there: make a new one.")
    record_download(export=export, by=request.access.person, at=request.now)
    name = "".join(c if c.isalnum() else "-" for c in request.access.workspace.name).strip("-") or "workspace"
    answer = FileResponse(
        file.open("rb"), as_attachment=True, filename=f"{name}-{export.created_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )  # fmt: skip
    return cast(HttpResponse, answer)


@require_POST
@inside("keep")
def delete(request: Inside, key: str) -> HttpResponse:
    """Delete the file before its week is over."""
    drop_export(export=get_export(request.access, key), by=request.access.person, at=request.now)
    messages.success(request, "The file is deleted.")
    return redirect("data", w=request.access.workspace.key)


def _has_just_logged_in(request: Inside) -> bool:
    """Whether they typed a password or a code within the time that `settings` gives."""
    newest = max((one["at"] for one in get_authentication_records(request, request.access.person)), default=0)
    return bool(request.now.timestamp() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
