"""One's own calendar subscription: its address is made, shown once, and revoked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from headway.store.actions.calendar_links import make_calendar_link, restore_calendar_link, revoke_calendar_link
from headway.store.queries.rhythms import find_link
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back


@inside()
def subscription(request: Inside) -> HttpResponse:
    """Whether there is an address. POST makes one and shows it, this once: the answer itself holds it, for a redirect
    would have to keep it somewhere."""
    access, address = request.access, ""
    if request.method == "POST":
        token = make_calendar_link(workspace=access.workspace, person=access.person, at=request.now)
        address = f"{settings.ADDRESS}{reverse('calendar_feed', kwargs={'token': token})}"
    context = {
        "link": find_link(access),
        "address": address,
        "is_local": settings.ADDRESS.startswith("http:"),
    }
    return render(request, "rhythm/calendar.html", context)


@require_POST
@inside()
def revoke(request: Inside) -> HttpResponse:
    """The address stops working."""
    access = request.access
    link = revoke_calendar_link(workspace=access.workspace, person=access.person, by=access.person, at=request.now)
    if link is not None:
        done(request, "Your calendar address no longer works.", way="calendar link", about={"link": link.pk})
    return redirect("rhythm_calendar", w=access.workspace.key)


@way_back("calendar link")
def restore(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a revoking."""
    access = request.access
    works = restore_calendar_link(
        workspace=access.workspace, person=access.person, link=about["link"], by=access.person, at=request.now
    )
    return "Your calendar address works again." if works else "You have made a newer address: that one works."
