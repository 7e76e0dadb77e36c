"""Addresses of: first page, diagnosis, rewind."""

from __future__ import annotations

from django.urls import path

from headway.web.overview import views

urlpatterns = [
    path("", views.home, name="home"),
]
