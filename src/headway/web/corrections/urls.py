"""Addresses of the family `corrections`."""

from __future__ import annotations

from django.urls import path

from headway.web.corrections import ending, views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/looks/", views.looks, name="findings_looks"),
    path("findings/ended/", views.ended, name="findings_ended"),
    path("findings/corrections/<str:key>/open/", ending.open_again, name="open_finding"),
    path("findings/deals/<str:key>/<str:mark>/", ending.end, name="end_finding"),
]
