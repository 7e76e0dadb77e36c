"""How promises stand, from their deals' events and what was said: the one place that puts the two together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Q

from headway.basics.periods import AsOf
from headway.deals.history import Event as PlainEvent
from headway.process.definition import Milestone
from headway.reviews.commitments import SETTLING, Ending, Promised, Word, ending_of
from headway.reviews.kinds import Promise
from headway.store.models import Commitment, CommitmentEnd, Event, Workspace
from headway.store.queries.histories import plain_event
from headway.store.queries.versions import process_of

ROW = (
    "id", "deal_id", "kind", "name", "happened_at", "recorded_at", "recorded_how", "grade", "amount", "due_on", "ref",
    "actor__text", "contact__text", "note__text",
)  # fmt: skip


def endings_of(workspace: Workspace, rows: Sequence[Commitment], as_of: AsOf) -> dict[int, Ending]:
    """Promise -> how it stands as of then. Two queries; `deal__version`, `shows` and `contact` come with the rows."""
    words = words_of(rows)
    events = _events([row.deal_id for row in rows if row.deal_id is not None], as_of)
    return {
        row.pk: ending_of(promised_of(row, workspace.zone), words[row.pk], events[row.deal_id or 0], as_of)
        for row in rows
    }


def promised_of(row: Commitment, zone: str) -> Promised:
    """The row as the domain's value."""
    milestone = _milestone(row)
    return Promised(
        made_at=row.made_at,
        due_on=row.due_on,
        zone=zone,
        milestone=row.milestone,
        grade=milestone.proof.grade if milestone else 1,
        acts=milestone.proof.acts if milestone else (),
        shows=row.shows.text or "" if row.shows else "",
        contact=row.contact.text or "" if row.contact else "",
    )


def words_of(rows: Sequence[Commitment]) -> dict[int, list[Word]]:
    """Promise -> what people said of it, the oldest first; what was settled by itself is worked out anew."""
    found: dict[int, list[Word]] = defaultdict(list)
    ends = CommitmentEnd.objects.filter(commitment__in=[row.pk for row in rows], by__isnull=False).order_by("at", "pk")
    for promise, how, happened_at, at, event in ends.values_list(
        "commitment_id", "how", "happened_at", "at", "event_id"
    ):
        found[promise].append(Word(Promise(how), happened_at, at, event))
    return found


def _milestone(row: Commitment) -> Milestone | None:
    if not row.milestone or row.deal is None or row.deal.version is None:
        return None
    return next((m for _, m in process_of(row.deal.version).milestones if m.id == row.milestone), None)


def _events(deals: Sequence[int], as_of: AsOf) -> dict[int, list[PlainEvent]]:
    """Deal -> its events that may keep or break a promise and count as of then: not taken back, not undone."""
    found: dict[int, list[PlainEvent]] = defaultdict(list)
    if not deals:
        return found
    kinds = [kind.value for kind in SETTLING]
    events = Event.objects.filter(deal__in=set(deals), kind__in=kinds, recorded_at__lte=as_of.known_by)
    undone = Q(batch__batchundone__at__lte=as_of.known_by) & ~Q(batch__batchkept__deal=F("deal"))
    gone = Q(voiding__at__lte=as_of.known_by) | undone
    for row in events.exclude(pk__in=events.filter(gone).values("pk")).order_by("happened_at", "id").values(*ROW):
        found[row.pop("deal_id")].append(plain_event(dict(row)))
    return found
