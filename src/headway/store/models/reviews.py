"""What happens in a review: its agenda, who was there, what was said, foretold, decided and promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal
from headway.store.models.history import Event, Wording
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace
from headway.store.models.rhythms import Review


class ReviewPerson(models.Model):
    """Somebody who was in a review. `seen_at`: when their page last asked for changes, at most every 15 seconds."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "person"], name="once_in_a_review")]


class AgendaItem(models.Model):
    """One point of an agenda, as it was prepared. `deal` null: a topic of a process review.

    `why`: sentences; `facts`: `headway.reviews.agenda_json` of the deal as of the review's `shown_at`.
    `state`: waiting, answered (settled before the meeting), done, passed (over). `seconds`: talked about so long.
    `calls_opened_at`: since when its blind calls and the model's chance are seen by everybody; none is made after it.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="items")
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="+")
    subject = models.CharField(max_length=120, default="", blank=True)  # of a topic: "step ask_who_signs"
    place = models.IntegerField()
    minutes = models.FloatField()
    value = models.FloatField(default=0)  # what talking may change, in the main currency
    why = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    seconds = models.IntegerField(default=0)
    calls_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "deal"], name="once_on_an_agenda"),
        ]


class Answer(models.Model):
    """History: what somebody wrote to a question of an item; the newest of a question counts.

    `question`: where, how, next, stop, when (the five questions), account (the seller's, before the meeting).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=8)
    text = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class DealCall(models.Model):
    """History: what somebody foretells of one deal, blind: before they were shown what others or the model say.

    `chance`: that the buyer says yes by the end of `period` (as `2026-Q4`). `happened_at`: the moment pages showed.
    A newer one by the same person counts only if they were shown nothing in between.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="calls")
    review = models.ForeignKey(Review, models.CASCADE, null=True, related_name="calls")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chance = models.FloatField()
    period = models.CharField(max_length=24)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["deal", "by", "-recorded_at"], name="call_of_deal")]


class Decision(models.Model):
    """History: what was decided on an item. `what`: of `headway.reviews.decisions.What`.

    `event`: what it changed in the deal's history, if anything. `about`: {"from": stage, "to": stage} and the like.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=12)
    note = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    about = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class DecisionVoiding(models.Model):
    """History: a decision taken back (undo)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="voiding")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")


class Commitment(models.Model):
    """A promise. `owner`: whose it is; `person`: their account, where they have one. `deal` null: about no one deal.

    `what`: what they will do; `shows`: the buyer act that will show it was kept, with `contact`, who at the buyer does
    it; `milestone`: whose proof that is, empty where none. `happened_at`: the moment pages showed when it was made.
    `state` follows from its `CommitmentEnd`s: open, kept, late (kept after its day), broken, let_go.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    review = models.ForeignKey(Review, models.CASCADE, null=True, related_name="commitments")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="commitments")
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="commitments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    what = models.ForeignKey(Wording, models.PROTECT, related_name="+")
    shows = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    milestone = models.CharField(max_length=120, default="", blank=True)
    due_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "state", "due_on"], name="commitment_due"),
            models.Index(fields=["workspace", "person", "state", "due_on"], name="commitment_of_person"),
        ]


class CommitmentEnd(models.Model):
    """History: how a promise ended; the newest counts. `how`: kept, late, broken, let_go, open (taken back).

    `event`: the evidence that decided it; without one it rests on somebody's word (`by`).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="ends")
    how = models.CharField(max_length=8)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    note = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    at = models.DateTimeField()


class SelfReview(models.Model):
    """Five minutes with oneself, once a week. `week_on`: its Monday. A new one of the same week replaces it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    week_on = models.DateField()
    moved = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    stuck = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    next = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "person", "week_on"], name="one_self_review")
        ]
