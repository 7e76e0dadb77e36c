"""Work for the background, as rows of ours with a lease: what people must see is never lost with a process."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Job(models.Model):
    """`state`: waiting, running, done, failed. A running job whose lease ran out is taken up again.

    `once`: while one with this mark waits, no second is made. `message`: one sentence for people.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    kind = models.CharField(max_length=30)
    about = models.JSONField(default=dict)
    once = models.CharField(max_length=80, null=True)
    state = models.CharField(max_length=8, default="waiting")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=12, default="", blank=True)
    attempts = models.IntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.TextField(default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="job_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["once"], condition=models.Q(state="waiting"), name="one_waiting")
        ]
