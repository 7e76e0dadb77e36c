"""Addresses of: my deals, the seller's first page, and the ten-minute pass."""

from __future__ import annotations

from django.urls import path

from headway.web.mine import views

urlpatterns = [
    path("mine/", views.my_deals, name="my_deals"),
    path("mine/who/", views.i_am, name="who_i_am"),
]
