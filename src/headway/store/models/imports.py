"""Imports: files handed in, batches of what they held, and the tombstones of those undone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class ImportBatch(models.Model):
    """One import, from the files handed in to the events in the history.

    `state`: uploaded, asking (a question is open), ready (checked, mapping shown), running, done, failed, dropped.
    `answers`: what the user chose; `report`: layout, mapping with samples, errors with their rows, counts.
    `known_at`: the moment from which the export's values are known.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="uploaded")
    answers = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    title = models.CharField(max_length=300, default="", blank=True)
    known_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    deals_made = models.IntegerField(default=0)
    deals_changed = models.IntegerField(default=0)
    events_made = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)  # follows from BatchUndone, for lists


class Upload(models.Model):
    """A file of an import, on disk under HEADWAY_HOME until the batch is done or dropped."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="uploads")
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)


class BatchUndone(models.Model):
    """The tombstone of an import: none of its events count from `at` on, but those of `BatchKept` deals."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    batch = models.OneToOneField(ImportBatch, models.CASCADE)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")


class BatchKept(models.Model):
    """A deal that somebody touched since, which an undone import leaves as it is."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    batch = models.ForeignKey(ImportBatch, models.CASCADE)
    deal = models.ForeignKey("store.Deal", models.CASCADE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "deal"], name="one_kept")]
