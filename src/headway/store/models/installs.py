"""Before and after: a baseline frozen at the start and read again later; and the 90-day install as a guided rhythm."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.history import Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Baseline(models.Model):
    """The start of a comparison. `guided`: somebody installs the process with it, in ninety days."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    started_on = models.DateField()
    guided = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class BaselineReading(models.Model):
    """History: the four outcomes as they stood on day 0, 30, 60 or 90. `figures`: of `headway.reviews.embedding`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    baseline = models.ForeignKey(Baseline, models.CASCADE, related_name="readings")
    day = models.IntegerField()
    on = models.DateField()
    figures = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["baseline", "day"], name="one_reading")]


class InstallStep(models.Model):
    """A step of the install that was done, or passed over with a reason. `step`: an id of `headway.reviews.install`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    baseline = models.ForeignKey(Baseline, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=40)
    state = models.CharField(max_length=8, default="done")
    note = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["baseline", "step"], name="one_step")]
