"""What was foretold: by the analysis job, per deal and in total; and by people, before they were shown the number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.store.models.deals import Deal, Owner
from headway.store.models.keys import new_key
from headway.store.models.people import Person, Workspace


class Call(models.Model):
    """History: what a person says a period will bring. `period`: as `2026-Q4`. A newer one stands beside it.

    `kind`: all, team (then `team`) or owner (then `owner`). `happened_at`: the moment that pages showed, `recorded_at`:
    when it was said. `low`, `middle`, `high`: what the newest forecast, of `forecast_at`, said of the same deals then;
    null where it said nothing.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key)
    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    period = models.CharField(max_length=24)
    kind = models.CharField(max_length=8)
    team = models.CharField(max_length=200, default="", blank=True)
    owner = models.ForeignKey(Owner, models.PROTECT, null=True, related_name="+")
    commit = models.DecimalField(max_digits=18, decimal_places=2)
    best_case = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    low = models.FloatField(null=True)
    middle = models.FloatField(null=True)
    high = models.FloatField(null=True)
    forecast_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "period", "-recorded_at"], name="call_of_period")]

    @property
    def name(self) -> str:
        """Of the owner or team that it is about; empty for all."""
        return self.owner.name if self.owner else self.team


class CallVoiding(models.Model):
    """History: a call taken back (undo); it counts no more."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    call = models.OneToOneField(Call, models.CASCADE, related_name="voiding")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")


class ForecastTotal(models.Model):
    """History: the total of a period as it was forecast at the end of `on`; the row recorded last in a day counts.

    `kind`: all, team or segment (then `name`). Amounts in the main currency.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    period = models.CharField(max_length=24)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200, default="", blank=True)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    basis = models.CharField(max_length=12)
    booked = models.FloatField()
    low = models.FloatField()
    middle = models.FloatField()
    high = models.FloatField()
    stage_weighted = models.FloatField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "period", "kind", "name", "on", "id"], name="total_of_period")
        ]


class DealForecast(models.Model):
    """What the newest analysis forecasts of one open deal; all are replaced with the next.

    `by_end`: chance to be won by the end of the period; `won`, `lost`, `no_decision`: as in `forecast.value`; null
    where nothing is known. `expected`: amount times `by_end`. `text`: all of it (`headway.forecast.forecast_json`).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, db_index=False)
    deal = models.OneToOneField(Deal, models.CASCADE, related_name="forecast")
    basis = models.CharField(max_length=12)
    by_end = models.FloatField(null=True)
    won = models.FloatField(null=True)
    lost = models.FloatField(null=True)
    no_decision = models.FloatField(null=True)
    expected = models.FloatField()
    stalled = models.BooleanField(default=False)
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-expected", "id"], name="forecast_by_expected")]
