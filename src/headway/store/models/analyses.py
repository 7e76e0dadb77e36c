"""Results of the analysis job: the diagnosis as one value, findings as rows. Pages read these."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.people import Workspace


class Analysis(models.Model):
    """One run. `summary`: what rows and the first page need; `short`: the five sentences and four figures as HTML.

    `last_event`: the newest event it has seen. What is long lies in `AnalysisText`, so that this row is read at once.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    as_of = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    last_event = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    short = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-finished_at", "-id"], name="analysis_newest")]


class AnalysisText(models.Model):
    """The long texts of an analysis: `diagnosis`, `rewind`, `forecast` as JSON; `sections`, the whole `page` as HTML.

    `forecast`: without its deals, each of which has a `DealForecast`; empty where none could be made.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    analysis = models.OneToOneField(Analysis, models.CASCADE, related_name="text")
    diagnosis = models.TextField()
    rewind = models.TextField(default="", blank=True)
    forecast = models.TextField(default="", blank=True)
    sections = models.TextField(default="", blank=True)
    page = models.TextField(default="", blank=True)


class DealFinding(models.Model):
    """A finding of the newest analysis: rule, stage, when, what, and what would mend it.

    `mark`: which of its deal's findings it is, the same in every analysis. `first_seen_at`: since when it is open.
    `state`: open, ended (by people), allowed, past (the deal is decided, or nothing is left to mend). `left_at`: when
    it stopped being open after the analysis that wrote the row. `team`: the deal's, as the analysis saw it.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.ForeignKey("store.Deal", models.CASCADE, related_name="findings")
    rule = models.CharField(max_length=40)
    stage = models.CharField(max_length=300, default="", blank=True)
    happened_at = models.DateTimeField(null=True)
    what = models.TextField()
    mend = models.TextField(default="", blank=True)
    allowed = models.BooleanField(default=False)
    mark = models.CharField(max_length=40, null=True)
    first_seen_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, default="open")
    team = models.CharField(max_length=200, default="", blank=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "rule"], name="finding_by_rule"),
            models.Index(fields=["workspace", "state", "rule", "first_seen_at", "id"], name="finding_open_by_rule"),
            models.Index(
                fields=["workspace", "state", "team", "rule", "first_seen_at", "id"], name="finding_open_by_team"
            ),
            models.Index(
                fields=["workspace", "left_at"], name="finding_left", condition=models.Q(left_at__isnull=False)
            ),
        ]


class TeamFigure(models.Model):
    """A value of an analysis under a name: the figures of the team's pages, of one owner, or the deals behind one.

    Rows of their own, so that a page reads what it shows and nothing else, however many owners there are.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    analysis = models.ForeignKey(Analysis, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    value = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["analysis", "name"], name="one_team_figure")]
