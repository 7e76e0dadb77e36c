"""Addresses of: people, workspaces, invitations, the audit."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
