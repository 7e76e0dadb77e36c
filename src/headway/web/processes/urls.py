"""Addresses of: the process editor."""

from __future__ import annotations

from django.urls import path

from headway.web.processes import editing, publishing, starting, views

urlpatterns = [
    path("processes/", views.processes, name="processes"),
    path("processes/new/", starting.new_process, name="process_new"),
    path("processes/<str:key>/", views.process, name="process"),
    path("processes/<str:key>/versions/", views.versions, name="process_versions"),
    path("processes/<str:key>/file/", views.file, name="process_file"),
    path("processes/<str:key>/edit/", editing.edit, name="process_edit"),
    path("processes/<str:key>/edit/save/", editing.save, name="process_save"),
    path("processes/<str:key>/publish/", publishing.review, name="process_publish"),
    path("processes/<str:key>/drop/", publishing.drop, name="process_drop"),
    path("processes/<str:key>/stages/<int:rank>/", views.expected, name="expectation"),
]
