"""Addresses of the family `gates`."""

from __future__ import annotations

from django.urls import path

from headway.web.gates import moving, views

urlpatterns = [
    path("gates/", views.gates, name="gates"),
    path("gates/set/", moving.set_one, name="set_gate"),
    path("gates/<str:key>/", views.gate, name="gate"),
    path("gates/<str:key>/move/<str:how>/", moving.move, name="move_gate"),
    path("gates/<str:key>/end/", moving.end, name="end_gate"),
]
