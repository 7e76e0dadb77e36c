"""Promises: make one, say how it ended, take that back, settle all by evidence and calendar; the self-review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from headway.basics.errors import UserError
from headway.basics.periods import AsOf
from headway.reviews.commitments import Ending, faults_of, last_moment
from headway.reviews.kinds import Promise
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import find_wording, wordings
from headway.store.models import (
    AgendaItem,
    Commitment,
    CommitmentEnd,
    Deal,
    Event,
    Membership,
    Person,
    Review,
    SelfReview,
    Workspace,
)
from headway.store.models.people import Role
from headway.store.queries.clock import shown_at
from headway.store.queries.promise_facts import endings_of
from headway.store.queries.versions import process_of

LEADING = (Role.LEADER, Role.OPERATIONS)
SAYABLE = (Promise.KEPT, Promise.LATE, Promise.BROKEN, Promise.LET_GO)
AT_ONCE = 500
MILESTONE_SHOWS = "signs the plan"
LOOKED_BACK = timedelta(days=400)


@transaction.atomic
def make_commitment(
    *,
    workspace: Workspace,
    owner: str,
    person: Person | None,
    what: str,
    shows: str,
    contact: str,
    milestone: str,
    due_on: date,
    by: Person,
    at: datetime,
    deal: Deal | None = None,
    review: Review | None = None,
    item: AgendaItem | None = None,
) -> Commitment:
    """Somebody promises something. `owner`: their name; `person`: their account, where they have one.

    `milestone`: the id of the one whose proof will show it, empty for none; its words stand in for an empty `shows`.
    UserError with the first thing missing of the quality standard (`headway.reviews.commitments.faults_of`): on a deal
    it needs a named person at the buyer and their act, unless its owner leads; always an outcome and a day from today.
    """
    owner = " ".join(owner.split()) or (person.name if person else "")
    if not owner:
        raise UserError("A promise is somebody's: say whose.")
    known = _words_of(deal, milestone) if milestone else ""
    shows = shows.strip() or known
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    said = MILESTONE_SHOWS if known else shows  # what a process asks for is judged where the process is written
    faults = faults_of(what, said, contact, due_on, today, leader=needs_no_buyer(workspace, person, deal))
    if faults:
        raise UserError(faults[0])
    texts = wordings(workspace, [owner, what.strip()])
    made = Commitment.objects.create(
        workspace=workspace, review=review, item=item, deal=deal, person=person, owner_id=texts[owner],
        what_id=texts[what.strip()], shows_id=find_wording(workspace, shows),
        contact_id=find_wording(workspace, " ".join(contact.split())), milestone=milestone, due_on=due_on, by=by,
        happened_at=shown_at(workspace, at), made_at=at,
    )  # fmt: skip
    _tell(made, by, at, "make promise", {"deal": deal.key if deal else None, "due_on": due_on.isoformat()})
    return made


def needs_no_buyer(workspace: Workspace, person: Person | None, deal: Deal | None) -> bool:
    """Whether the promise may do without somebody at the buyer: it is about no one deal, or its owner leads."""
    if deal is None:
        return True
    leads = Membership.objects.filter(workspace=workspace, person=person, ended_at=None, role__in=LEADING)
    return person is not None and leads.exists()


@transaction.atomic
def take_back_commitment(*, commitment: Commitment, by: Person, at: datetime) -> None:
    """Undo of making it: it is gone, as long as nothing was said of it. Later one lets it go, with a reason."""
    if commitment.ends.exists():
        raise UserError("Something was said of this promise already: let it go instead, with a reason.")
    _tell(commitment, by, at, "take back promise", {})
    commitment.delete()


@transaction.atomic
def end_commitment(
    *, commitment: Commitment, how: str, by: Person, at: datetime, note: str = "", event: Event | None = None
) -> CommitmentEnd:
    """How it ended, by somebody's word; with `event`, by what they point at. `how`: kept, late, broken, let_go.

    Kept becomes late by itself after its day. UserError where a milestone must show it and no event does, where it is
    let go without a reason, and from anybody but its owner, its maker and who leads.
    """
    commitment = _locked(commitment)
    said = Promise(how)
    if said not in SAYABLE:
        raise UserError("Say kept, broken or let go.")
    _need_say(commitment, by)
    if said is Promise.LET_GO and not note.strip():
        raise UserError("Letting go needs a reason: write in a few words why it is no longer needed.")
    if said in (Promise.KEPT, Promise.LATE) and commitment.milestone and event is None:
        raise UserError("This promise is shown by the buyer: record on the deal what they did, and it is kept.")
    if said in (Promise.KEPT, Promise.LATE) and event is None:
        said = Promise.KEPT if at <= last_moment(commitment.due_on, commitment.workspace.zone) else Promise.LATE
    end = _append(commitment, said, by, at, event=event, note=note)
    _tell(commitment, by, at, "end promise", {"how": said.value, "event": event.pk if event else None})
    _refresh(commitment, at)
    return end


@transaction.atomic
def take_back_end(*, commitment: Commitment, by: Person, at: datetime) -> CommitmentEnd:
    """What was said of it counts no more; evidence and the calendar decide again."""
    commitment = _locked(commitment)
    _need_say(commitment, by)
    end = _append(commitment, Promise.OPEN, by, at)
    _tell(commitment, by, at, "take back end of promise", {})
    _refresh(commitment, at)
    return end


@transaction.atomic
def settle_commitments(*, workspace: Workspace, at: datetime, deals: Sequence[int] | None = None) -> int:
    """Bring every promise's row up to its evidence and the calendar; how many changed. Few queries at any number.

    `deals`: only promises on these. What was let go, and what ended over 400 days ago, stays as it is.
    """
    found = Commitment.objects.filter(workspace=workspace, due_on__gte=(at - LOOKED_BACK).date())
    found = found.exclude(state=Promise.LET_GO.value)
    if deals is not None:
        found = found.filter(deal_id__in=deals)
    rows = list(found.select_related("deal__version", "shows", "contact").order_by("pk"))
    changed = 0
    for start in range(0, len(rows), AT_ONCE):
        changed += _settle(workspace, rows[start : start + AT_ONCE], at)
    if changed:
        append_entry(workspace=workspace, by=None, at=at, verb="settle promises", detail={"changed": changed})
    return changed


@transaction.atomic
def record_self_review(
    *, workspace: Workspace, person: Person, week_on: date, moved: str, stuck: str, next: str, at: datetime
) -> SelfReview:
    """Five minutes with oneself; a new one of the same week replaces it. Nobody else sees it, the audit neither.

    UserError where nothing is answered.
    """
    answers = {"moved": moved.strip(), "stuck": stuck.strip(), "next": next.strip()}
    if not any(answers.values()):
        raise UserError("Answer at least one of the three: a few words will do.")
    monday = week_on - timedelta(days=week_on.weekday())
    words = {f"{name}_id": find_wording(workspace, text) for name, text in answers.items()}
    kept, _ = SelfReview.objects.update_or_create(
        workspace=workspace, person=person, week_on=monday, defaults={**words, "at": at}
    )
    append_entry(workspace=workspace, by=person, at=at, verb="review own week", detail={"week": monday.isoformat()})
    return kept


def _settle(workspace: Workspace, rows: list[Commitment], at: datetime) -> int:
    endings = endings_of(workspace, rows, AsOf.moment(at))
    changed = [(row, endings[row.pk]) for row in rows if _differs(row, endings[row.pk])]
    CommitmentEnd.objects.bulk_create(
        CommitmentEnd(
            workspace=workspace, commitment=row, how=ending.state.value, event_id=ending.event, by=None,
            happened_at=ending.at or at, at=at,
        )
        for row, ending in changed
    )  # fmt: skip
    for row, ending in changed:
        row.state, row.ended_at = ending.state.value, ending.at
    Commitment.objects.bulk_update([row for row, _ in changed], ["state", "ended_at"], batch_size=AT_ONCE)
    return len(changed)


def _differs(row: Commitment, ending: Ending) -> bool:
    return (row.state, row.ended_at) != (ending.state.value, ending.at)


def _refresh(commitment: Commitment, at: datetime) -> None:
    """The row as what was said, shown and is due makes it now."""
    ending = endings_of(commitment.workspace, [commitment], AsOf.moment(at))[commitment.pk]
    commitment.state, commitment.ended_at = ending.state.value, ending.at
    commitment.save(update_fields=["state", "ended_at"])


def _append(
    commitment: Commitment, how: Promise, by: Person, at: datetime, *, event: Event | None = None, note: str = ""
) -> CommitmentEnd:
    return CommitmentEnd.objects.create(
        workspace=commitment.workspace, commitment=commitment, how=how.value, event=event,
        note_id=find_wording(commitment.workspace, note), by=by, happened_at=event.happened_at if event else at, at=at,
    )  # fmt: skip


def _locked(commitment: Commitment) -> Commitment:
    """Two who end it at once come one after the other."""
    found = Commitment.objects.select_for_update(of=("self",)).select_related(
        "workspace", "deal__version", "shows", "contact"
    )
    return found.get(pk=commitment.pk)


def _need_say(commitment: Commitment, by: Person) -> None:
    if by.pk in (commitment.person_id, commitment.by_id):
        return
    member = Membership.objects.filter(workspace=commitment.workspace, person=by, ended_at=None)
    if not member.filter(role__in=LEADING).exists():
        raise UserError("Whose promise it is says how it ended, or who leads: ask them.")


def _words_of(deal: Deal | None, milestone: str) -> str:
    if deal is None or deal.version is None:
        raise UserError("A milestone belongs to a deal with a process: leave it out, or choose the deal.")
    found = next((m for _, m in process_of(deal.version).milestones if m.id == milestone), None)
    if found is None:
        raise UserError("The deal's process has no such milestone: choose one of the list.")
    return found.buyer


def _tell(commitment: Commitment, by: Person, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(
        workspace=commitment.workspace, by=by, at=at, verb=verb, target=f"promise {commitment.key}", detail=detail
    )
