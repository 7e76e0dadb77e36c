"""Addresses of: paste your own stages, no account needed."""

from __future__ import annotations

from django.urls import path

from headway.web.paste import views

urlpatterns = [
    path("", views.paste, name="paste"),
]
