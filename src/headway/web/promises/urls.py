"""Addresses of: promises, making one, saying how one ended, and those of one person."""

from __future__ import annotations

from django.urls import path

from headway.web.promises import ending, making, views

urlpatterns = [
    path("promises/", views.promises, name="promises"),
    path("promises/new/", making.make, name="make_promise"),
    path("promises/<str:key>/end/", ending.end, name="end_promise"),
    path("promises/<str:key>/open/", ending.open_again, name="open_promise"),
    path("people/<str:key>/promises/", views.of_person, name="promises_of_person"),
]
