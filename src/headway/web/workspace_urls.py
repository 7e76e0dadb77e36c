"""Addresses inside a workspace, one list per screen family."""

from __future__ import annotations

from django.urls import include, path

from headway.web import undo

urlpatterns = [
    path("undo/", undo.undo, name="undo"),
    path("", include("headway.web.overview.urls")),
    path("", include("headway.web.mine.urls")),
    path("", include("headway.web.deals.urls")),
    path("", include("headway.web.forecast.urls")),
    path("", include("headway.web.imports.urls")),
    path("", include("headway.web.processes.urls")),
    path("", include("headway.web.trials.urls")),
    path("", include("headway.web.rhythm.urls")),
    path("", include("headway.web.reviews.urls")),
    path("", include("headway.web.promises.urls")),
    path("", include("headway.web.process_review.urls")),
    path("", include("headway.web.health.urls")),
    path("", include("headway.web.notices.urls")),
    path("", include("headway.web.board.urls")),
    path("", include("headway.web.team.urls")),
    path("", include("headway.web.corrections.urls")),
    path("", include("headway.web.placings.urls")),
    path("", include("headway.web.gates.urls")),
    path("", include("headway.web.keeping.urls")),
    path("", include("headway.web.people.urls")),
    path("", include("headway.web.search.urls")),
]
