"""Addresses of: trials."""

from __future__ import annotations

from django.urls import path

from headway.web.trials import beginning, ending, views

urlpatterns = [
    path("trials/", views.trials, name="trials"),
    path("trials/new/", beginning.new_trial, name="trial_new"),
    path("trials/<str:key>/", views.trial, name="trial"),
    path("trials/<str:key>/end/", ending.end, name="trial_end"),
]
