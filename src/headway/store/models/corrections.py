"""What became of findings: what people agreed about them, and what mended them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal
from headway.store.models.history import Event, Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Correction(models.Model):
    """History: how people ended a finding. `mark`: which one of the deal's, as in `DealFinding.mark`.

    `how`: coached (`note`: what was agreed; `look_again_on`: when to look whether the next deals changed), process
    (the process is to change), exception (`event` allowed it), data (`event` set the record straight).
    `owner`: whose deals are looked at again, as the deal's owner was named then.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="corrections")
    mark = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    stage = models.CharField(max_length=300, default="", blank=True)
    how = models.CharField(max_length=9)
    note = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    look_again_on = models.DateField(null=True)
    owner = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "deal", "mark"], name="correction_of_finding"),
            models.Index(fields=["workspace", "look_again_on"], name="correction_to_look_at"),
            models.Index(fields=["workspace", "-at", "-id"], name="corrections_made"),
        ]


class CorrectionVoiding(models.Model):
    """History: a correction taken back (undo); the finding is open again."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    correction = models.OneToOneField(Correction, models.CASCADE, related_name="voiding")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CorrectionLook(models.Model):
    """History: what was found on the day to look again. `changed`: yes, no, or unknown, with the figures in `facts`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    correction = models.OneToOneField(Correction, models.CASCADE, related_name="look")
    changed = models.CharField(max_length=7)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()


class FindingEnd(models.Model):
    """History: a finding that an analysis no longer finds. `event`: what mended it, where one event did."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    stage = models.CharField(max_length=300, default="", blank=True)
    first_seen_at = models.DateTimeField(null=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-at", "-id"], name="findings_ended")]
