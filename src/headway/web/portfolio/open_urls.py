"""Addresses outside a workspace: all companies of one person."""

from __future__ import annotations

from django.urls import path

from headway.web.portfolio import views

urlpatterns = [path("", views.portfolio, name="portfolio")]
