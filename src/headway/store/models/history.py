"""The history: append-only, with two times, enforced by the database too (`headway.store.guards`).

Words that belong to people (names, quotes, reasons) live in `Wording`, which can be erased; an event keeps the row's
number, and that row keeps a keyed hash.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Wording(models.Model):
    """A name, quote or reason, once per workspace. `digest`: HMAC of it under the workspace's secret."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    digest = models.CharField(max_length=64)
    text = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "digest"], name="one_wording")]


class Event(models.Model):
    """One event of the closed list `headway.deals.events.EventKind`. Its id settles the order of simultaneous ones."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, db_index=False, related_name="events")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300, null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_how = models.CharField(max_length=8, default="history")
    actor = models.ForeignKey(Wording, models.PROTECT, null=True, db_index=False, related_name="+")
    contact = models.ForeignKey(Wording, models.PROTECT, null=True, db_index=False, related_name="+")
    note = models.ForeignKey(Wording, models.PROTECT, null=True, db_index=False, related_name="+")
    grade = models.SmallIntegerField(null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    due_on = models.DateField(null=True)
    ref = models.CharField(max_length=80, null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    batch = models.ForeignKey("store.ImportBatch", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["deal", "happened_at", "id"], name="event_of_deal"),
            models.Index(fields=["workspace", "id"], name="event_of_workspace"),
            models.Index(
                fields=["workspace", "name"], name="event_of_trial", condition=models.Q(kind="trial_assigned")
            ),
        ]


class Voiding(models.Model):
    """An event taken back (undo): it counts as known only from its recording until `at`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    event = models.OneToOneField(Event, models.CASCADE)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "at"], name="voiding_of_workspace")]


class Attachment(models.Model):
    """A file handed in as evidence. Erasing clears content and name, the hash stays."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    deal = models.ForeignKey(Deal, models.CASCADE)
    name = models.CharField(max_length=255, default="", blank=True)
    media_type = models.CharField(max_length=100)
    bytes = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    created_at = models.DateTimeField()


class Exhibit(models.Model):
    """What stands behind a piece of evidence: where it came from, a link, a file. `ref`: the evidence's."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="exhibits")
    ref = models.CharField(max_length=80)
    source = models.CharField(max_length=8)
    act = models.CharField(max_length=80, default="", blank=True)  # how the buyer did it, as in "said so on a call"
    link = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "ref"], name="one_exhibit")]


class AllowedException(models.Model):
    """What an exception promises, to be scored later: who answers for it, and what they expect to happen.

    Its rule, expiry and reason stand in the event. `predicted`: proven, won or ended.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="exceptions")
    event = models.OneToOneField(Event, models.PROTECT)
    owner = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    predicted = models.CharField(max_length=8)
