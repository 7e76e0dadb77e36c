"""Addresses without login of: rhythm. docs/decisions/0006-calendar-address.md."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from headway.web.rhythm import feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>.ics", feed.feed, name="calendar_feed"),
]
