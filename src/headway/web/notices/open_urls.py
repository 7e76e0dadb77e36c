"""Addresses of notices outside a workspace: one's own choices, and what a message leads to."""

from __future__ import annotations

from django.urls import path

from headway.web.notices import choices, interactions, replies

urlpatterns = [
    path("", choices.notices, name="notices"),
    path("week/", choices.week, name="notices_week"),
    path("lately/", choices.lately, name="notices_lately"),
    path("test/", choices.try_out, name="notices_test"),
    path("again/", choices.again, name="notices_again"),
    path("off/<str:token>/", replies.stop, name="notices_off"),
    path("reply/<str:token>/<str:reply>/", replies.reply, name="notices_reply"),
    path("slack/", interactions.interactions, name="notices_slack"),
]
