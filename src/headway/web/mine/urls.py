"""Addresses of: my deals, the seller's first page, and the ten-minute pass."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
