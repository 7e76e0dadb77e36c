"""Findings between two analyses: what people end, or mend by what they record, leaves the queue at once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, Subquery

from headway.store.models import Correction, Deal, DealFinding, Workspace

OPEN, ENDED, PAST = "open", "ended", "past"
CLAIM = "unproven_claim"


def settle_deal(*, deal: Deal, at: datetime) -> None:
    """Bring the findings of a deal whose row was just worked out up to it. At most two statements, usually none.

    A decided deal has nothing left to mend, a claim that is shown is no longer unproven. The next analysis says the
    rest, and by what.
    """
    rows = DealFinding.objects.filter(deal=deal)
    if deal.outcome:
        rows.filter(state=OPEN).update(state=PAST, left_at=at)
        return
    is_shown = deal.gap is not None and deal.gap <= 0
    again = rows.filter(state=PAST, left_at__isnull=False)
    if is_shown:
        rows.filter(rule=CLAIM, state=OPEN).update(state=PAST, left_at=at)
        again = again.exclude(rule=CLAIM)
    again.update(state=OPEN, left_at=None)


def settle_since(*, workspace: Workspace, since: datetime, shown: datetime) -> None:
    """The same after an analysis, of what it cannot know: what people did since it began, or after the day it shows."""
    rows = DealFinding.objects.filter(workspace=workspace, state=OPEN)
    late = rows.filter(deal__touched_at__gt=min(since, shown))
    touched_at = Subquery(Deal.objects.filter(pk=OuterRef("deal")).values("touched_at")[:1])
    late.exclude(deal__outcome="").update(state=PAST, left_at=touched_at)
    late.filter(rule=CLAIM, deal__gap__lte=0).update(state=PAST, left_at=touched_at)
    made = Correction.objects.filter(workspace=workspace, at__gt=since, voiding=None)
    for deal, mark, at in made.values_list("deal", "mark", "at"):
        rows.filter(deal=deal, mark=mark).update(state=ENDED, left_at=at)
