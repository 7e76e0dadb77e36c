"""What everybody reads of the deals that an agenda chose, and why it is empty where it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from headway.basics.periods import AsOf
from headway.deals.history import DealHistory
from headway.evidence.proof import milestone_proofs
from headway.evidence.question import next_question
from headway.process.definition import Process
from headway.reviews.agenda import Point
from headway.reviews.agenda_deal import AgendaDeal, LastAct
from headway.reviews.agenda_words import sentences_of
from headway.reviews.kinds import ReviewKind
from headway.store.models import DealForecast, Review
from headway.store.queries.agenda_candidates import Field, Near
from headway.store.queries.agenda_scope import open_deals, scope_of
from headway.store.queries.my_deals import SEEN

NOT_OBSERVED, NOTHING_YET = "not observed", "nothing yet"
MOST_FINDINGS = 5


def facts_of_points(field: Field, points: Sequence[Point]) -> dict[str, tuple[AgendaDeal, tuple[str, ...]]]:
    """By deal's key: what is shown of it, and why it is in. One query."""
    past = _silent_past(field, points)
    found = {}
    for point in points:
        near = field.near[point.key]
        counts = past.get(near.row.pk, (0, 0))
        candidate = replace(near.candidate, past=counts[0], past_won=counts[1])
        found[point.key] = (_deal(near, field.scope.since), sentences_of(candidate, point.called))
    return found


def find_empty_reason(review: Review, at: datetime) -> str | None:
    """Why a prepared agenda has no deals, in one sentence that says what to do; None where there are deals to choose.

    Three queries at most.
    """
    scope = scope_of(review, at)
    whose = f"of {review.team}" if review.team else "here"
    if scope.kind is ReviewKind.ONE_TO_ONE and scope.owners == ():
        return "Nobody but the leader takes part who owns deals: say under People who they are in the CRM."
    if scope.kind is ReviewKind.COACHING and not scope.rule:
        return (
            f"No open deal {whose} departs from the process: there is nothing to coach on. Skip it, with a thank-you."
        )
    if not open_deals(scope).exists():
        return f"No deal {whose} is open: add or import deals, and prepare the agenda again."
    return None


def _deal(near: Near, since: datetime) -> AgendaDeal:
    row, process, candidate = near.row, near.process, near.candidate
    as_of = AsOf.moment(near.moment)
    asked = next_question(near.about, near.standing, process, as_of=as_of) if process.stages else None
    gained, lost = _moved(near.known.history, process, min(since, near.moment), near.moment)
    return AgendaDeal(
        key=row.key,
        name=row.name,
        account=row.account,
        owner=row.owner.name if row.owner else "",
        amount=candidate.amount,
        currency=candidate.currency,
        claimed=row.claimed,
        evidenced=_evidenced(row.evidenced_rank, process),
        gap=row.gap,
        standing=row.standing,
        silence_days=None if candidate.silence_days is None else int(candidate.silence_days),
        closes_on=row.close_on,
        last_act=_last_act(near),
        gained=gained,
        lost=lost,
        findings=near.findings[:MOST_FINDINGS],
        promises=(*candidate.broken, *candidate.promises_due),
        ask=asked.question if asked else "",
        ask_to=(asked.contact or "") if asked else "",
        chance=getattr(row, "chance_by_end", None),
    )


def _moved(
    history: DealHistory, process: Process, earlier: datetime, later: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Milestones proven now and not at the earlier moment, and the other way round, in the buyer's words."""
    before = {p.milestone.id for p in milestone_proofs(history, process, AsOf.moment(earlier)) if p.holds}
    now = milestone_proofs(history, process, AsOf.moment(later))
    gained = tuple(p.milestone.buyer for p in now if p.holds and p.milestone.id not in before)
    lost = tuple(p.milestone.buyer for p in now if not p.holds and p.milestone.id in before)
    return gained, lost


def _evidenced(rank: int | None, process: Process) -> str:
    if rank is None:
        return NOT_OBSERVED
    return process.stages[rank - 1].name if 0 < rank <= len(process.stages) else NOTHING_YET


def _last_act(near: Near) -> LastAct | None:
    """What the buyer did last: a milestone in the buyer's words, anything else as it was noted."""
    last = near.about.last_act
    if last is None:
        return None
    lines = {milestone.id: milestone.buyer for _, milestone in near.process.milestones}
    events = near.known.history.events
    event = next((e for e in reversed(events) if e.kind in SEEN and e.happened_at == last.at), None)
    what = lines.get(event.name or "", last.what) if event else last.what
    return LastAct(what, last.who or "", last.at.date())


def _silent_past(field: Field, points: Sequence[Point]) -> dict[int, tuple[int, int]]:
    """Deal -> how many past deals were silent as long at its stage, and how many of them were won, as forecast."""
    ids = [field.near[point.key].row.pk for point in points]
    found = {}
    for deal, text in DealForecast.objects.filter(deal__in=ids).values_list("deal_id", "text"):
        facts = json.loads(text).get("facts", []) if text else []
        silence = next((fact for fact in facts if fact.get("about") == "silence"), None)
        if silence:
            found[deal] = (int(silence.get("past", 0)), int(silence.get("past_won", 0)))
    return found
