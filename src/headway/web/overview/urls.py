"""Addresses of: first page, diagnosis, rewind."""

from __future__ import annotations

from django.urls import path

from headway.web.overview import views

urlpatterns = [
    path("", views.home, name="home"),
    path("diagnosis/", views.diagnosis, name="diagnosis"),
    path("diagnosis/file/", views.report_file, name="report_file"),
    path("rewind/", views.rewind, name="rewind"),
    path("analyse/", views.analyse, name="analyse"),
    path("analyse/state/", views.analysis_state, name="analysis_state"),
]
