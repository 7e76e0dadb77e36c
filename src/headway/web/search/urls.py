"""Addresses of: search, command palette, what changed."""

from __future__ import annotations

from django.urls import path

from headway.web.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/palette/", views.palette, name="search_palette"),
    path("changes/", views.changes, name="changes"),
]
