"""The deals that somebody works on, and what their rows need beside the table's own: few queries at any size.

The standing of a row is what `actions.standing.refresh` wrote; who at the buyer stands behind it, what they agreed to
and what changed come from the events of the deals shown, without what the seller did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from headway.deals.event_log import sql_text
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.evidence.deal_about import DealAbout
from headway.evidence.kinds import Standing, State
from headway.evidence.known_about import deal_about
from headway.evidence.proof import MilestoneProof
from headway.evidence.standing import DAY_SECONDS, DealStanding
from headway.process.definition import Process
from headway.store.models import Contact as ContactRow
from headway.store.models import Deal as DealRow
from headway.store.models import ProcessVersion
from headway.store.queries.access import Access
from headway.store.queries.deal_chances import with_chances
from headway.store.queries.versions import process_of

__all__ = ["DealRow", "Known", "Written"]

PER_PAGE = 12  # what one looks at in a sitting, and what a page may cost
MOST_PAGES = 50  # beyond a thousand deals nobody looks for where to begin
# Of a deal's columns those that its row works out anew, or does not show: reading them takes longer than the query.
UNUSED = (
    *("source_id", "pipeline", "segment", "team", "opened_at", "outcome", "decided_at", "last_activity_at", "reasons"),
    *("agreed_act", "question", "question_to", "question_about", "attention", "standing_at", "turns_at", "last_event"),
)
KINDS = {kind.value: kind for kind in EventKind}
HOW = {how.value: how for how in RecordedHow}
SEEN = (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED)
NO_PROCESS = Process(name="", stages=())


class Written(NamedTuple):
    """A contact that people wrote down."""

    name: str
    part: str
    email: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one deal beside its row: its history without the seller's own acts, and its contacts."""

    history: DealHistory
    contacts: tuple[Written, ...] = ()


def list_open_deals(access: Access, owner: int | None, page: int = 1) -> tuple[list[DealRow], bool]:
    """(deals, whether there are more), where an hour would change most first; `owner`: an id, None for everybody's."""
    found = DealRow.objects.filter(is_live=True, outcome="")
    found = found.filter(workspace=access.workspace) if owner is None else found.filter(owner_id=owner)
    start = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    found = with_chances(found.order_by("-attention", "id").select_related("owner").defer(*UNUSED), access.workspace)
    rows = list(found[start : start + PER_PAGE + 1])
    for row in rows:
        row.workspace = access.workspace
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def has_deals(access: Access, owner: int | None = None) -> bool:
    """Whether there is any deal, decided ones too."""
    found = DealRow.objects.filter(workspace=access.workspace, is_live=True)
    return (found if owner is None else found.filter(owner_id=owner)).exists()


def has_buyer_acts(access: Access) -> bool:
    """Whether on any open deal a buyer was ever seen to do something."""
    found = DealRow.objects.filter(
        workspace=access.workspace, is_live=True, outcome="", last_buyer_act_at__isnull=False
    )
    return found.exists()


def processes_of(deals: Iterable[DealRow]) -> dict[int, Process]:
    """Deal -> its process; a deal that matches none has one without stages. One query."""
    deals = list(deals)
    wanted = {deal.version_id for deal in deals if deal.version_id}
    versions = {row.pk: process_of(row) for row in ProcessVersion.objects.filter(pk__in=wanted)}
    return {deal.pk: versions.get(deal.version_id or 0, NO_PROCESS) for deal in deals}


def known_of(deals: Sequence[DealRow]) -> dict[int, Known]:
    """What is known of these deals now. Two queries."""
    ids = [deal.pk for deal in deals]
    events = _events(ids)
    people: dict[int, list[Written]] = defaultdict(list)
    written = ContactRow.objects.filter(deal__in=ids, removed_at=None).order_by("id")
    for deal_id, *words in written.values_list("deal_id", "name", "part", "email")[: 100 * len(ids)]:
        people[deal_id].append(Written(*words))
    return {
        deal.pk: Known(
            DealHistory(deal.key, tuple(events[deal.pk]), deal.record_type or None), tuple(people[deal.pk])
        )
        for deal in deals
    }  # fmt: skip


def standing_of(deal: DealRow, process: Process, known: Known, at: datetime) -> DealStanding:
    """The row's standing as a value. `at`: the moment shown, for the buyer's clock."""
    needed = {milestone.id: milestone for _, milestone in process.milestones}
    gave: dict[tuple[str | None, datetime | None], str | None] = {
        (event.name, event.happened_at): event.contact for event in known.history.events if event.kind in SEEN
    }  # fmt: skip
    proofs = []
    for row in deal.proofs:
        milestone = needed.get(row["id"])
        if milestone is None:
            continue
        seen = datetime.fromisoformat(row["at"]) if row["at"] else None
        names = (milestone.id, *milestone.proof.acts) if seen else ()
        contact = next((gave[name, seen] for name in names if (name, seen) in gave), None)
        proofs.append(
            MilestoneProof(
                milestone, row["rank"], State(row["state"]), seen, row["reconfirm"], row["ahead"], contact
            )
        )  # fmt: skip
    last = deal.last_buyer_act_at
    silence = (at - last).total_seconds() / DAY_SECONDS if last else None
    return DealStanding(
        deal.claimed_rank, deal.evidenced_rank, deal.gap, silence, None, Standing(deal.standing), tuple(proofs)
    )


def about_of(deal: DealRow, known: Known, at: datetime) -> DealAbout:
    """What the next question is made of beside the standing."""
    owner = deal.owner.name if deal.owner else ""
    return deal_about(known.history, at, name=deal.name, account=deal.account, owner=owner, written=known.contacts)


def names_of(known: Known) -> tuple[str, ...]:
    """Who at the buyer is known by name: whom people wrote down, then who acted last."""
    told = (event.contact for event in reversed(known.history.events) if event.contact)
    return tuple(dict.fromkeys([*(row.name for row in known.contacts), *told]))


def _events(ids: Sequence[int]) -> dict[int, list[PlainEvent]]:
    """Straight from the cursor: a thousand rows through the ORM take four times as long."""
    found: dict[int, list[PlainEvent]] = defaultdict(list)
    if not ids:
        return found
    text = sql_text("headway.store", "told_events").format(deals=", ".join(["%s"] * len(ids)))
    with connection.cursor() as cursor:
        cursor.execute(text, list(ids))
        for deal, kind, at, place, name, recorded_at, how, contact, grade, amount, due_on, ref, note in cursor:
            found[deal].append(
                PlainEvent(
                    KINDS[kind], _aware(at), place, name, _aware(recorded_at), HOW[how], None, contact, grade,
                    None if amount is None else float(amount), due_on, ref, note,
                )
            )  # fmt: skip
    return found


def _aware(at: datetime) -> datetime:
    """SQLite keeps instants in UTC without saying so."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
