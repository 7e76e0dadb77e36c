"""For the day to look again: which corrections are due, and the owner's deals that came to the same point."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min

from headway.deals.event_log import folded
from headway.deals.events import EventKind
from headway.reviews.correction import How, Reaching
from headway.store.models import Correction, Deal, DealFinding, Event, FindingEnd, Owner, Workspace
from headway.store.queries.versions import process_of

LOOKS_BACK = timedelta(days=365)
MOST_DUE, MOST_DEALS = 200, 2_000
OPEN_ONLY = ("unproven_claim", "lapsed_evidence", "activity_without_movement")  # of decided deals nobody finds them


def due_looks(workspace: Workspace, at: datetime) -> list[Correction]:
    """Coached, not taken back, their day come, and not looked at yet; the oldest first."""
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    rows = Correction.objects.select_related("deal__version", "workspace", "owner", "by").filter(
        workspace=workspace, how=How.COACHED.value, look_again_on__lte=today, voiding=None, look=None
    )
    return list(rows.order_by("look_again_on", "pk")[:MOST_DUE])


def reachings(correction: Correction, at: datetime) -> list[Reaching]:
    """The owner's deals, but for the one that was talked about, that came to the point in the year before or since.

    The point: the stage was claimed; for a stage never entered, one beyond it; where the rule knows no stage, the deal
    was opened. When its finding was seen first counts from `first_seen_at`, so that of findings that only open deals
    have, only deals since the workspace was made are compared.
    """
    name = (correction.owner.text or "") if correction.owner else ""
    owner = Owner.objects.filter(workspace=correction.workspace, name=name).first() if name else None
    if owner is None:
        return []
    since = correction.at - LOOKS_BACK
    if correction.rule in OPEN_ONLY:
        since = max(since, correction.workspace.created_at)
    deals = Deal.objects.filter(workspace=correction.workspace, owner=owner, is_live=True).exclude(
        pk=correction.deal_id
    )
    reached = _opened(deals.values_list("pk", "opened_at")) if not correction.stage else _claimed(correction, owner)
    chosen = {deal: moment for deal, moment in reached.items() if since <= moment <= at and deal != correction.deal_id}
    found = _found(correction, owner)
    return [Reaching(moment, found.get(deal)) for deal, moment in list(chosen.items())[:MOST_DEALS]]


def _opened(rows: object) -> dict[int, datetime]:
    return {pk: opened for pk, opened in rows if opened is not None}  # type: ignore[attr-defined]


def _claimed(correction: Correction, owner: Owner) -> dict[int, datetime]:
    """When each deal of the owner first claimed the stage, or one beyond it."""
    names = _labels(correction)
    events = Event.objects.filter(
        workspace=correction.workspace, deal__owner=owner, deal__is_live=True, kind=EventKind.STAGE_CLAIMED.value,
        name__in=names, voiding=None,
    )  # fmt: skip
    return dict(events.values_list("deal").annotate(first=Min("happened_at")).order_by("first")[:MOST_DEALS])


def _labels(correction: Correction) -> list[str]:
    """The names under which the point is claimed."""
    process = process_of(correction.deal.version) if correction.deal.version else None
    stages = list(process.stages) if process else []
    place = next((n for n, stage in enumerate(stages) if folded(correction.stage) in map(folded, stage.labels)), None)
    if place is None:
        return [correction.stage]
    wanted = stages[place + 1 :] if correction.rule == "skip" else stages[place : place + 1]
    return [label for stage in wanted for label in stage.labels]


def _found(correction: Correction, owner: Owner) -> dict[int, datetime]:
    """When each deal of the owner first had a finding of this rule at this stage, as far as an analysis saw it."""
    found: dict[int, datetime] = {}
    about = {
        "workspace": correction.workspace,
        "rule": correction.rule,
        "stage": correction.stage,
        "deal__owner": owner,
    }
    for model in (DealFinding, FindingEnd):
        for deal, seen in model.objects.filter(**about).values_list("deal", "first_seen_at"):
            if seen is not None and (deal not in found or seen < found[deal]):
                found[deal] = seen
    return found
