"""Gates: rules that may warn, ask for a reason or block, one rung at a time; and what passing them cost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal
from headway.store.models.history import Event, Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace
from headway.store.models.processes import Process


class Gate(models.Model):
    """Who claims `stage` of `process` without what it requires meets this gate.

    `rung`: observe, warn, ask or block, as the newest `GateChange` says. `ended_at`: no gate any more.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="gates")
    stage = models.CharField(max_length=300)
    rung = models.CharField(max_length=7, default="observe")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "process", "stage"], condition=models.Q(ended_at=None), name="one_gate"
            )
        ]


class GateChange(models.Model):
    """History: a gate goes one rung up or down. `by` null: it stepped down by itself; `facts`: the figures behind."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="changes")
    before = models.CharField(max_length=7)
    rung = models.CharField(max_length=7)
    why = models.CharField(max_length=300, default="", blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class GatePassing(models.Model):
    """History: a claim met a gate. `path`: form, board, bulk or import.

    `ended`: passed, warned, reasoned, asked (a reason was asked for, none given) or blocked; of the last two nothing
    was claimed and `event` is null. `missing`: ids of the milestones that were not proven.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="passings")
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    rung = models.CharField(max_length=7)
    path = models.CharField(max_length=6)
    ended = models.CharField(max_length=8)
    missing = models.JSONField(default=list)
    reason = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "gate", "at"], name="passings_of_gate")]
