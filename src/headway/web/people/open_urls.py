"""Addresses for people outside a workspace: set-up link, invitation, their workspaces, their own settings."""

from __future__ import annotations

from django.urls import path

from headway.web.people import entrance, workspaces

urlpatterns = [
    path("set-up/", entrance.set_up, name="set_up"),
    path("join/", entrance.join, name="join"),
    path("settings/", workspaces.person_settings, name="person_settings"),
    path("workspaces/", workspaces.workspaces, name="workspaces"),
    path("workspaces/new/", workspaces.make_workspace, name="make_workspace"),
]
