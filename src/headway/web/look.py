"""How the application looks and listens for one person: the appearance, and keys on or off."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from headway.store.actions.preferences import set_keys, set_theme
from headway.store.queries.people import PersonRow


@require_POST
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """POST theme (empty, light or dark) or keys (on or off); back to where one was."""
    person = cast(PersonRow, request.user)
    if "theme" in request.POST:
        set_theme(by=person, theme=request.POST["theme"])
    if "keys" in request.POST:
        set_keys(by=person, on=request.POST["keys"] == "on")
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("start")
