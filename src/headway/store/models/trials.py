"""Trials: a step, or a way to ask for it, put to the test on new deals assigned at random."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace
from headway.store.models.processes import Process


class Trial(models.Model):
    """One trial; which deal is in which arm stands in the history, as events `trial_assigned` named "NAME: ARM".

    `name`: the step's id where half of the deals leave the step out, else "ID in other words". `label`: the step's text
    when the trial began; `other`: the words that the second arm is asked in, empty where it leaves the step out.
    `arms`: their names, the one as usual first. `seed`: settles the order of arms, and is shown to nobody.
    `horizon_days`: a deal still open so long after it was assigned counts as not won; settled when the trial begins.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    process = models.ForeignKey(Process, models.PROTECT, related_name="+")
    step = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    label = models.TextField()
    other = models.TextField(default="", blank=True)
    arms = models.JSONField(default=list)
    seed = models.BigIntegerField()
    horizon_days = models.IntegerField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "step"], condition=models.Q(ended_at=None), name="one_running_trial"
            )
        ]
