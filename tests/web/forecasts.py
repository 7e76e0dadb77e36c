"""Made-up forecasts put into a workspace as the analysis would, each deal of them a deal of the workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from headway.forecast.value import Forecast
from headway.jobs.forecast import texts_of
from headway.store.actions.forecasts import replace_forecast
from headway.store.models import Analysis, AnalysisText, Deal, Owner, Workspace


def keep(workspace: Workspace, forecast: Forecast, at: datetime) -> dict[str, str]:
    """Store the forecast and its deals; the id of each deal in the forecast to its key. Pages show its day."""
    workspace.shows_at = forecast.as_of
    workspace.save()
    owners = {name: Owner.objects.get_or_create(workspace=workspace, name=name)[0] for name in _owners(forecast)}
    rows = [
        Deal(
            workspace=workspace, name=deal.name, account=deal.account or "", team=deal.team or "",
            segment=deal.segment or "", owner=owners.get(deal.owner or ""), amount=deal.amount, currency="EUR",
        )
        for deal in forecast.deals
    ]  # fmt: skip
    Deal.objects.bulk_create(rows)
    keys = {deal.id: row.key for deal, row in zip(forecast.deals, rows, strict=True)}
    moved = forecast.moved
    if moved is not None:
        moved = replace(moved, pieces=tuple(replace(one, deal=keys.get(one.deal, "")) for one in moved.pieces))
    named = replace(forecast, moved=moved, deals=tuple(replace(deal, id=keys[deal.id]) for deal in forecast.deals))
    texts = texts_of(named)
    made = Analysis.objects.create(workspace=workspace, as_of=at, started_at=at, finished_at=at)
    AnalysisText.objects.create(workspace=workspace, analysis=made, diagnosis="{}", forecast=texts.text)
    replace_forecast(workspace=workspace, forecast=texts, at=at)
    return keys


def _owners(forecast: Forecast) -> list[str]:
    return sorted({deal.owner for deal in forecast.deals if deal.owner})
