"""The rhythm: which reviews a team holds and when, each occurrence as a row, and the days nothing is held on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.history import Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Rhythm(models.Model):
    """One recurring review. `kind`: of `headway.reviews.kinds.ReviewKind`; `team` empty: all deals.

    `first_on`, `starts`: local day and time of the first occurrence in `zone`; `rule`: an RRULE without its start, as
    in `FREQ=WEEKLY;BYDAY=WE`. `sequence`: of its calendar entries, one more with every change. Occurrences before
    `laid_until` have a `Review` each.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    team = models.CharField(max_length=200, default="", blank=True)
    leader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    first_on = models.DateField()
    starts = models.TimeField()
    zone = models.CharField(max_length=64)
    rule = models.CharField(max_length=200)
    minutes = models.IntegerField()
    place = models.CharField(max_length=300, default="", blank=True)  # a room, or the address of a call
    sequence = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    laid_until = models.DateTimeField(null=True)


class RhythmPerson(models.Model):
    """Somebody who takes part in a rhythm, its leader too."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    rhythm = models.ForeignKey(Rhythm, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rhythm", "person"], name="once_in_a_rhythm")]


class Holiday(models.Model):
    """A day on which nothing is held: an occurrence due then does not count."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    on = models.DateField()
    name = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "on"], name="one_holiday")]


class CalendarLink(models.Model):
    """A person's calendar subscription: an address only they have, of which the hash is kept. Titles and times only."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Review(models.Model):
    """One occurrence, laid out ahead, or held without a rhythm. Its `state` follows from what was recorded.

    `state`: due, running, held, late (opened after its day, or more than a day's tenth of its period late: see
    `headway.reviews.rhythm`), empty (held, and nothing was decided), skipped (its day went by, or somebody said so).
    `shown_at`: the moment its agenda is about. `revision`: one more with every change, for `changes?after=`.
    `at_item`: the item that is talked about, since `item_since`.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    rhythm = models.ForeignKey(Rhythm, models.PROTECT, null=True, related_name="reviews")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    team = models.CharField(max_length=200, default="", blank=True)
    leader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    moved_from = models.DateTimeField(null=True)
    minutes = models.IntegerField()
    state = models.CharField(max_length=8, default="due")
    prepared_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    reason = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    revision = models.BigIntegerField(default=0)
    at_item = models.ForeignKey("store.AgendaItem", models.SET_NULL, null=True, related_name="+")
    item_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rhythm", "due_at"], name="one_occurrence")]
        indexes: ClassVar = [models.Index(fields=["workspace", "state", "due_at"], name="review_by_state")]
