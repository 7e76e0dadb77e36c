"""Addresses of the family `corrections`."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
