"""Addresses of the family `placings`."""

from __future__ import annotations

from django.urls import path

from headway.web.placings import beginning, placing, views

urlpatterns = [
    path("placings/", views.placings, name="placings"),
    path("placings/new/", beginning.begin, name="placing_new"),
    path("placings/<str:key>/", views.placing, name="placing"),
    path("placings/<str:key>/place/<str:item>/", placing.place, name="placing_deal"),
    path("placings/<str:key>/done/", placing.done_with, name="placing_done"),
    path("placings/<str:key>/open/", placing.open_results, name="placing_open"),
]
