"""Addresses outside a workspace: the installs somebody leads, over all their companies."""

from __future__ import annotations

from django.urls import path

from headway.web.health import installs

urlpatterns = [path("", installs.installs, name="installs")]
