"""Addresses of: the health of the rhythm, before and after, the install, the playbook."""

from __future__ import annotations

from django.urls import path

from headway.web.health import before, install, playbook, views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/behind/<str:behind>/", views.behind, name="health_behind"),
    path("health/before-after/", before.before_after, name="before_after"),
    path("health/before-after/begin/", before.begin, name="baseline_begin"),
    path("health/before-after/end/", before.end, name="baseline_end"),
    path("health/install/", install.install, name="install"),
    path("health/install/begin/", install.begin, name="install_begin"),
    path("health/install/mark/", install.mark, name="install_mark"),
    path("health/playbook/", playbook.playbook, name="playbook"),
    path("health/playbook/file/", playbook.playbook_file, name="playbook_file"),
]
