"""Addresses of: my deals, the seller's first page, my week, and the ten-minute pass."""

from __future__ import annotations

from django.urls import path

from headway.web.mine import ten_minutes, views, week

urlpatterns = [
    path("mine/", views.my_deals, name="my_deals"),
    path("mine/week/", week.my_week, name="my_week"),
    path("mine/due/", week.due_strip, name="my_due"),
    path("mine/who/", views.i_am, name="who_i_am"),
    path("ten-minutes/", ten_minutes.ten_minutes, name="ten_minutes"),
    path("deals/<str:key>/ten-minutes/", ten_minutes.answer, name="answer_ten_minutes"),
]
