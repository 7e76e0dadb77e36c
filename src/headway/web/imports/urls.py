"""Addresses of: the import wizard."""

from __future__ import annotations

from django.urls import URLPattern, path

from headway.web.imports import answering, finishing, views

urlpatterns: list[URLPattern] = [
    path("imports/", views.imports, name="imports"),
    path("imports/upload/", views.upload, name="upload_import"),
    path("imports/<slug:key>/", views.import_batch, name="import_batch"),
    path("imports/<slug:key>/part/", views.import_part, name="import_part"),
    path("imports/<slug:key>/state/", views.import_state, name="import_state"),
    path("imports/<slug:key>/answer/", answering.answer_import, name="answer_import"),
    path("imports/<slug:key>/again/", answering.check_again, name="check_import"),
    path("imports/<slug:key>/columns/", answering.map_import, name="map_import"),
    path("imports/<slug:key>/leave-out/", answering.leave_out, name="leave_out_file"),
    path("imports/<slug:key>/run/", finishing.run_import, name="run_import"),
    path("imports/<slug:key>/drop/", finishing.drop_import, name="drop_import"),
    path("imports/<slug:key>/undo/", finishing.undo_import, name="undo_import"),
    path("imports/<slug:key>/problems/", finishing.problem_rows, name="problem_rows"),
]
