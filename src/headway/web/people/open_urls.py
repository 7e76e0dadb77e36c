"""Addresses for people outside a workspace: set-up link, invitation, their own settings."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
