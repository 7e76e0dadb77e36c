"""Addresses of: the deals: list, one deal, evidence, claims."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
