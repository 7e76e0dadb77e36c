"""Who did and who saw what: a hash chain per workspace, append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.people import Person, Workspace


class Entry(models.Model):
    """One link. `digest` = HMAC over the link before and the canonical bytes of everything else."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    number = models.BigIntegerField()  # 1, 2, 3 ... without holes
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    target = models.CharField(max_length=80, default="", blank=True)  # "deal abc123", never a name
    detail = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "number"], name="one_link")]
        indexes: ClassVar = [models.Index(fields=["workspace", "target", "number"], name="entry_by_target")]


class Head(models.Model):
    """Where a chain ends: the row that is locked while a link is added."""

    workspace = models.OneToOneField(Workspace, models.CASCADE)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)
