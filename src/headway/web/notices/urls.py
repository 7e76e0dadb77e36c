"""Addresses of notices inside a workspace: its outbox, and its Slack hook."""

from __future__ import annotations

from django.urls import path

from headway.web.notices import hook, outbox

urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<str:key>/replay/", outbox.replay, name="outbox_replay"),
    path("outbox/<str:key>/drop/", outbox.drop, name="outbox_drop"),
    path("slack/", hook.hook, name="workspace_slack"),
    path("slack/remove/", hook.remove, name="workspace_slack_remove"),
    path("slack/test/", hook.try_out, name="workspace_slack_test"),
]
