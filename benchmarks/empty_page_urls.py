"""The application's addresses, and `w/<workspace>/empty/`: a page view that passes every door and shows nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from headway.web.requests import Inside, inside
from headway.web.urls import urlpatterns as ours


@inside()
def empty(_request: Inside) -> HttpResponse:
    """Nothing, for a member."""
    return HttpResponse(status=204)


urlpatterns = [*ours, path("w/<str:w>/empty/", empty)]
