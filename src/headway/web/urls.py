"""Every address of the application."""

from __future__ import annotations

from django.urls import include, path

from headway.web import doors, look

urlpatterns = [
    path("", doors.start, name="start"),
    path("healthy", doors.healthy, name="healthy"),
    path("look/", look.look, name="look"),
    path("account/", include("headway.web.people.account_urls")),
    path("paste/", include("headway.web.paste.urls")),
    path("people/", include("headway.web.people.open_urls")),
    path("calendars/", include("headway.web.rhythm.open_urls")),
    path("notices/", include("headway.web.notices.open_urls")),
    path("installs/", include("headway.web.health.open_urls")),
    path("portfolio/", include("headway.web.portfolio.open_urls")),
    path("w/<str:w>/", include("headway.web.workspace_urls")),
]
