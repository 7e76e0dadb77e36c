"""What leaves the house: every message a row with its state, and what each person wants to be told, when and where."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class OutMessage(models.Model):
    """One message to one receiver. `once`: no second is ever made with the same mark.

    `workspace` null: a digest over all of a person's workspaces. `channel`: mail or slack; `address`: of a mail, empty
    for Slack (then the person's own hook, or without a person the workspace's). `blocks`: Slack's; `files`: [{name,
    media_type, text}]. `state`: waiting, sending (leased), sent, unsure (handed over, and the answer was lost), failed
    (given up), dropped (no longer wanted). `error`: one sentence.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=300, default="", blank=True)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)
    html = models.TextField(default="", blank=True)
    blocks = models.JSONField(default=list)
    files = models.JSONField(default=list)
    once = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    lease = models.CharField(max_length=12, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="message_due"),
            models.Index(fields=["workspace", "-created_at"], name="message_of_workspace"),
        ]


class NoticeChoice(models.Model):
    """What a person wants: one digest a day at `digest_at` in their zone, on `weekdays` (0 Monday ... 6), and silence
    from `quiet_from` until `quiet_until`. `channel`: mail, slack or none. `slack_hook` stands sealed. `digest_on`: the
    local day on which it was last settled whether there is anything to tell, so that a day is looked at once."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=8, default="mail")
    digest_at = models.TimeField(default=time(8))
    weekdays = models.CharField(max_length=7, default="01234")
    quiet_from = models.TimeField(default=time(19))
    quiet_until = models.TimeField(default=time(7))
    slack_hook = models.TextField(default="", blank=True)
    slack_member = models.CharField(max_length=40, default="", blank=True)
    digest_on = models.DateField(null=True)


class SlackHook(models.Model):
    """Where a workspace's minutes go: an incoming webhook, sealed."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="+")
    hook = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Reminder(models.Model):
    """How often somebody was reminded of one thing. `about`: as in "commitment KEY"; at most two, then the agenda.

    `told_on`: the local day of the last digest that held it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    about = models.CharField(max_length=80)
    told = models.IntegerField(default=0)
    told_on = models.DateField(null=True)
    snoozed_until = models.DateField(null=True)
    not_needed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "person", "about"], name="one_reminder")]


class SeenRequest(models.Model):
    """A signed request from outside that was let in, by the hash of its signature: it is not let in a second time."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)
