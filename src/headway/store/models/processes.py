"""Processes and their versions. A published version never changes; a draft is the one that may."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Process(models.Model):
    """A process of a workspace: what stays the same over its versions."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class ProcessVersion(models.Model):
    """A version as process-file text (docs/generated/process-format.md).

    `number` null: the draft, of which a process has at most one. `revision` counts a draft's saves, so that of two
    people editing the second sees both. `form`: the draft as typed, kept even where it is not sound yet.
    `mapping`: old stage to new stage, of the deals moved at publishing. `withdrawn_at`: publishing it was undone; it
    stays, because the history of deals says that they were set against it for a while.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    process = models.ForeignKey(Process, models.CASCADE, related_name="versions")
    number = models.IntegerField(null=True)
    text = models.TextField(default="", blank=True)
    form = models.JSONField(default=dict)
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["process"], condition=models.Q(number=None), name="one_draft"),
        ]


class Pin(models.Model):
    """History: from `at` on this deal is set against this version (kept or moved when a version was published)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    deal = models.ForeignKey("store.Deal", models.CASCADE, related_name="pins")
    version = models.ForeignKey(ProcessVersion, models.PROTECT)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
