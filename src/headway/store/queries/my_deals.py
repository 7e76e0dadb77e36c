"""The deals that somebody works on, and what their rows need beside the table's own: few queries at any size.

The standing of a row is what `actions.standing.refresh` wrote; who at the buyer stands behind it, what they agreed to
and what changed come from the events of the deals shown, without what the seller did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.evidence.deal_about import AgreedAct, ContactAbout, DealAbout, LastAct
from headway.evidence.kinds import Grade, Standing, State
from headway.evidence.proof import MilestoneProof, is_withdrawn
from headway.evidence.standing import DAY_SECONDS, DealStanding, observed_acts
from headway.process.definition import Process
from headway.store.models import Contact as ContactRow
from headway.store.models import Deal as DealRow
from headway.store.models import Event, ProcessVersion
from headway.store.models import Owner as OwnerRow
from headway.store.queries.access import Access
from headway.store.queries.versions import process_of

__all__ = ["ContactRow", "DealRow", "Known", "OwnerRow"]

PER_PAGE = 20
MOST_PAGES = 50  # beyond a thousand deals nobody looks for where to begin
MOST_OWNERS = 200
TOLD = (
    *(EventKind.DEAL_CREATED, EventKind.STAGE_CLAIMED, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET),
    *(EventKind.OWNER_SET, EventKind.BUYER_ACTED, EventKind.ACT_AGREED, EventKind.EVIDENCE_RECORDED),
    *(EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED, EventKind.DEAL_DECIDED, EventKind.DEAL_REOPENED),
)
DOUBTS = (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)
SEEN = (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED)
NO_PROCESS = Process(name="", stages=())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one deal beside its row: its history without the seller's own acts, and its contacts."""

    history: DealHistory
    contacts: tuple[ContactRow, ...] = ()


def list_open_deals(access: Access, owner: int | None, page: int = 1) -> tuple[list[DealRow], bool]:
    """(deals, whether there are more), where an hour would change most first; `owner`: an id, None for everybody's."""
    found = DealRow.objects.filter(is_live=True, outcome="")
    found = found.filter(workspace=access.workspace) if owner is None else found.filter(owner_id=owner)
    start = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    rows = list(found.order_by("-attention", "id").select_related("owner")[start : start + PER_PAGE + 1])
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def has_deals(access: Access, owner: int | None = None) -> bool:
    """Whether there is any deal, decided ones too."""
    found = DealRow.objects.filter(workspace=access.workspace, is_live=True)
    return (found if owner is None else found.filter(owner_id=owner)).exists()


def has_buyer_acts(access: Access) -> bool:
    """Whether on any open deal a buyer was ever seen to do something."""
    found = DealRow.objects.filter(
        workspace=access.workspace, is_live=True, outcome="", last_buyer_act_at__gt="1900-01-01"
    )
    return found.exists()


def list_owners(access: Access) -> list[OwnerRow]:
    """Who owns deals here, by name; at most 200."""
    return list(OwnerRow.objects.filter(workspace=access.workspace).order_by("name")[:MOST_OWNERS])


def processes_of(deals: Iterable[DealRow]) -> dict[int, Process]:
    """Deal -> its process; a deal that matches none has one without stages. One query."""
    deals = list(deals)
    wanted = {deal.version_id for deal in deals if deal.version_id}
    versions = {row.pk: process_of(row) for row in ProcessVersion.objects.filter(pk__in=wanted)}
    return {deal.pk: versions.get(deal.version_id or 0, NO_PROCESS) for deal in deals}


def known_of(deals: Sequence[DealRow]) -> dict[int, Known]:
    """What is known of these deals now. Two queries."""
    ids = [deal.pk for deal in deals]
    gone = Q(voiding__isnull=False) | (Q(batch__batchundone__isnull=False) & ~Q(batch__batchkept__deal=F("deal")))
    rows = (
        Event.objects.filter(deal__in=ids, kind__in=TOLD)
        .exclude(pk__in=Event.objects.filter(gone, deal__in=ids).values("pk"))
        .order_by("deal_id", "happened_at", "id")
        .values_list(
            "deal_id", "kind", "happened_at", "id", "name", "recorded_at", "recorded_how", "contact__text", "grade",
            "amount", "due_on", "ref", "note__text",
        )
    )  # fmt: skip
    events: dict[int, list[PlainEvent]] = defaultdict(list)
    for deal, kind, at, place, name, recorded_at, how, contact, grade, amount, due_on, ref, note in rows:
        amount = None if amount is None else float(amount)
        events[deal].append(
            PlainEvent(
                EventKind(kind), at, place, name, recorded_at, RecordedHow(how), None, contact, grade, amount, due_on,
                ref, note,
            )
        )  # fmt: skip
    people: dict[int, list[ContactRow]] = defaultdict(list)
    for row in ContactRow.objects.filter(deal__in=ids, removed_at=None).order_by("id")[: 100 * len(ids)]:
        people[row.deal_id].append(row)
    return {
        deal.pk: Known(
            DealHistory(deal.key, tuple(events[deal.pk]), deal.record_type or None), tuple(people[deal.pk])
        )
        for deal in deals
    }  # fmt: skip


def standing_of(deal: DealRow, process: Process, known: Known, at: datetime) -> DealStanding:
    """The row's standing as a value. `at`: the moment shown, for the buyer's clock."""
    needed = {milestone.id: milestone for _, milestone in process.milestones}
    gave = {
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
    events = known.history.events
    doubts = tuple(event for event in events if event.kind in DOUBTS)
    told = [e for e in events if e.kind in SEEN and not any(is_withdrawn(e, e.name or "", doubts, k) for k in DOUBTS)]
    acts = [e for e in told if e.kind is EventKind.BUYER_ACTED or (e.grade or 0) > Grade.WORD]
    quotes = [e for e in told if e.kind is EventKind.EVIDENCE_RECORDED and e.note]
    agreed, last = _awaited(events, at), acts[-1] if acts else None
    owner = deal.owner.name.split() if deal.owner else []
    return DealAbout(
        name=deal.name,
        account=deal.account,
        contacts=contacts_of(known),
        agreed=AgreedAct(agreed.name or "", agreed.due_on, agreed.contact) if agreed else None,
        last_act=LastAct(_words(last.name), last.happened_at, last.contact) if last else None,
        last_quote=quotes[-1].note if quotes else None,
        owner=owner[0] if owner else None,
    )


def contacts_of(known: Known) -> tuple[ContactAbout, ...]:
    """Those that people wrote down, then those whom only the history names; each with what they did last."""
    last = {event.contact: event for event in known.history.events if event.contact and event.kind in SEEN}
    written = {row.name: (row.part, row.email or None) for row in known.contacts}
    names = [*written, *sorted({e.contact for e in known.history.events if e.contact} - set(written))]
    return tuple(
        ContactAbout(
            name, *written.get(name, ("", None)),
            last[name].happened_at if name in last else None, _words(last[name].name) if name in last else None,
        )
        for name in names
    )  # fmt: skip


def _awaited(events: Collection[PlainEvent], at: datetime) -> PlainEvent | None:
    """What the buyer agreed to do last, until its day has come and the buyer was seen to act since it was agreed."""
    agreed = next((event for event in reversed(tuple(events)) if event.kind is EventKind.ACT_AGREED), None)
    if agreed is None:
        return None
    due = agreed.due_on is None or agreed.due_on < at.date()
    return None if due and any(act > agreed.happened_at for act in observed_acts(tuple(events))) else agreed


def _words(name: str | None) -> str:
    return (name or "").replace("_", " ").replace("-", " ")
