"""What happens to a workspace as a whole: exports, erasures, rates of currencies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.history import Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class WorkspaceExport(models.Model):
    """A file with everything a workspace holds, below HEADWAY_HOME/exports, until `expires_at`. `counts`: rows."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    counts = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-created_at"], name="exports_newest")]


class Erasure(models.Model):
    """History: whose words and names were erased (by number, never by name), and how many rows lost them."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=8)  # contact, member, deal (by retention)
    target = models.CharField(max_length=80)  # "contact KEY", "person KEY"
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class HandOver(models.Model):
    """A workspace offered to a member, who leads it once they accept. `leaves`: the one who hands over goes then.

    `was`: the roles before, as {person's key: role}, for an undo; at most one waits (none of the last three set).
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, models.PROTECT, related_name="+")
    leaves = models.BooleanField(default=False)
    was = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # declined, or withdrawn
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(accepted_at=None, ended_at=None), name="one_hand_over"
            )
        ]


class CurrencyRate(models.Model):
    """History: one unit of `currency` is worth `rate` of the workspace's own from `valid_on` on, as `source` says."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    valid_on = models.DateField()
    source = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "currency", "-valid_on", "-id"], name="rate_in_force"),
        ]
