"""Addresses of the family `gates`."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
