"""Deals as screens need them: one row that follows from the history, refreshed with every event."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.keys import new_key
from headway.store.models.people import Workspace


class Owner(models.Model):
    """Somebody who owns deals, as the CRM names them; may or may not have an account here."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_owner")]

    def __str__(self) -> str:
        return self.name


class Deal(models.Model):
    """One deal. Everything below `claimed` follows from its events; `actions.standing.refresh` is what writes it.

    `proofs`: [{id, rank, state, at, reconfirm, ahead}], `reasons`: why it needs attention, in words.
    `evidenced_rank` null: not observed. `turns_at`: when time alone changes the row next. `is_live` false: undone.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    source_id = models.CharField(max_length=200, null=True)
    batch = models.ForeignKey("store.ImportBatch", models.PROTECT, null=True, related_name="+")
    is_live = models.BooleanField(default=True)
    touched_at = models.DateTimeField(null=True)  # last recorded by a person
    name = models.CharField(max_length=300)
    account = models.CharField(max_length=300, default="", blank=True)
    pipeline = models.CharField(max_length=200, default="", blank=True)
    record_type = models.CharField(max_length=200, default="", blank=True)
    segment = models.CharField(max_length=200, default="", blank=True)
    team = models.CharField(max_length=200, default="", blank=True)
    currency = models.CharField(max_length=3, default="", blank=True)
    version = models.ForeignKey("store.ProcessVersion", models.PROTECT, null=True, related_name="deals")
    # --- follows from the events ---
    owner = models.ForeignKey(Owner, models.PROTECT, null=True, db_index=False)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    close_on = models.DateField(null=True)
    claimed = models.CharField(max_length=300, default="", blank=True)
    opened_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    claimed_rank = models.IntegerField(null=True)
    evidenced_rank = models.IntegerField(null=True)
    gap = models.IntegerField(null=True)
    standing = models.CharField(max_length=12, default="unseen")
    last_buyer_act_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField(null=True)
    agreed_act = models.CharField(max_length=300, default="", blank=True)
    agreed_on = models.DateField(null=True)
    proofs = models.JSONField(default=list)
    question = models.TextField(default="", blank=True)
    question_to = models.CharField(max_length=200, default="", blank=True)
    question_about = models.CharField(max_length=120, default="", blank=True)
    attention = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    standing_at = models.DateTimeField(null=True)
    turns_at = models.DateTimeField(null=True)
    last_event = models.BigIntegerField(default=0)  # id of the newest event: for `changes?after=`

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "source_id"], name="one_deal_per_source_id")
        ]
        # For live deals only, and by that condition: SQLite takes no index in which a yes-or-no column stands.
        indexes: ClassVar = [
            models.Index(fields=fields, name=f"deal_by_{name}", condition=models.Q(is_live=True))
            for name, fields in {
                "attention": ["workspace", "outcome", "-attention", "id"],
                "standing": ["workspace", "outcome", "standing", "-attention", "id"],
                "stage": ["workspace", "outcome", "claimed", "-attention", "id"],
                "owner": ["owner", "outcome", "-attention", "id"],
                "amount": ["workspace", "outcome", "-amount", "id"],
                "name": ["workspace", "outcome", "name", "id"],
                "close": ["workspace", "outcome", "close_on", "id"],
                "silence": ["workspace", "outcome", "last_buyer_act_at", "id"],
                "gap": ["workspace", "outcome", "-gap", "id"],
                "decision": ["workspace", "outcome", "-decided_at", "id"],
                "team": ["workspace", "team", "owner"],  # which teams there are, and who is in them
                # The first cards of a column of the board, narrowed or not, without reading the table: for that SQLite
                # wants even the condition's column in the index, last. And how many there are, worth what: along the
                # index in the order in which they are counted.
                "board": [
                    *("workspace", "outcome", "version", "evidenced_rank", "-attention", "id"),
                    *("standing", "owner", "team", "is_live"),
                ],
                "tally": [
                    *("workspace", "outcome", "version", "evidenced_rank", "claimed_rank", "currency"),
                    *("amount", "standing", "owner", "team", "is_live"),
                ],
            }.items()
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person at the buyer of a deal, and their part in the decision. Erasing one clears name and address."""

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=60, default="", blank=True)
    email = models.EmailField(default="", blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "name"], name="one_contact")]


class SearchWord(models.Model):
    """A word of a deal's name, account or id, folded: prefix search that is as fast on either database."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    word = models.CharField(max_length=40)
    deal = models.ForeignKey(Deal, models.CASCADE)

    class Meta:
        indexes: ClassVar = [
            models.Index(  # byte by byte, so that a prefix is a range whatever the collation; SQLite does so anyway
                fields=["workspace", "word", "deal"],
                name="search_by_word",
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
            )
        ]
