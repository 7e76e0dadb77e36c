"""Addresses of: rhythm."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from headway.web.rhythm import calendar, holding, holidays, setting, single, views

RHYTHM = "rhythm/<str:key>/"
ONE = f"{RHYTHM}occurrences/<str:review>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rhythm/", views.rhythms, name="rhythm"),
    path("rhythm/new/", setting.new, name="rhythm_new"),
    path("rhythm/now/", holding.now, name="rhythm_now"),
    path("rhythm/holidays/", holidays.holidays, name="rhythm_holidays"),
    path("rhythm/holidays/remove/", holidays.remove, name="rhythm_holiday_remove"),
    path("rhythm/calendar/", calendar.subscription, name="rhythm_calendar"),
    path("rhythm/calendar/revoke/", calendar.revoke, name="rhythm_calendar_revoke"),
    path(RHYTHM, views.one, name="rhythm_one"),
    path(f"{RHYTHM}change/", setting.change, name="rhythm_change"),
    path(f"{RHYTHM}end/", setting.end, name="rhythm_end"),
    path(f"{ONE}skip/", single.skip, name="rhythm_skip"),
    path(f"{ONE}move/", single.move, name="rhythm_move"),
]
