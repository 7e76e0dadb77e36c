"""Placings: two people place the same blinded deals by their evidence alone, to test whether stages are clear."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace
from headway.store.models.processes import ProcessVersion


class Placing(models.Model):
    """One round, of ten deals by default. `closed_at`: when everybody asked was done, and the results were opened."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    as_of = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-created_at"], name="placings_newest")]


class PlacingPerson(models.Model):
    """Somebody asked to place. `finished_at`: when they said they were done."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    placing = models.ForeignKey(Placing, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["placing", "person"], name="once_in_a_placing")]


class PlacingDeal(models.Model):
    """One blinded deal. `number`: 1, 2, 3 ... as people see it; `shown`: its evidence as shown, without names."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    placing = models.ForeignKey(Placing, models.CASCADE, related_name="deals")
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    number = models.IntegerField()
    shown = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["placing", "deal"], name="once_to_be_placed")]


class Placement(models.Model):
    """History: where somebody placed a deal; the newest of a person counts, until they are done.

    `stage`: its name; empty: before the first. `unsure`: they could not tell from the evidence.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    item = models.ForeignKey(PlacingDeal, models.CASCADE, related_name="placements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=300, default="", blank=True)
    unsure = models.BooleanField(default=False)
    at = models.DateTimeField()
