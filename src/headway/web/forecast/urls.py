"""Addresses of: the forecast."""

from __future__ import annotations

from django.urls import path

from headway.web.forecast import deal_rows, moving, past, views

urlpatterns = [
    path("forecast/", views.forecast, name="forecast"),
    path("forecast/call/", views.call, name="forecast_call"),
    path("forecast/show/", views.show_without, name="forecast_show"),
    path("forecast/deals/", deal_rows.deals, name="forecast_deals"),
    path("forecast/why/", moving.why, name="forecast_why"),
    path("forecast/past/", past.past, name="forecast_past"),
]
