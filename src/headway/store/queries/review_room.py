"""What the screen of a review shows while it is held, in few queries; and the number that says it changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.deals.events import EventKind
from headway.forecast.period import key_of, period_of
from headway.process.definition import Process
from headway.reviews.agenda_deal import AgendaDeal, deal_from
from headway.store.models import (
    AgendaItem,
    AllowedException,
    Answer,
    Commitment,
    Contact,
    DealCall,
    DealFinding,
    Decision,
    Membership,
    Review,
    ReviewPerson,
)
from headway.store.models import AgendaItem as ItemRow
from headway.store.models import Review as ReviewRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.clock import shown_at
from headway.store.queries.deal_chances import last_day, newest_period
from headway.store.queries.versions import process_of

__all__ = ["DecisionRow", "ItemRow", "ReviewRow", "Room", "room_of"]

HERE = timedelta(seconds=40)  # pages say every fifteen that they are open
MOST = 200
DecisionRow = Decision


@dataclass(frozen=True, slots=True)
class Said:
    """The newest answer to a question. `before`: what somebody else had written, where the newest does not hold it."""

    id: int
    text: str
    by: str
    person: int
    before: str = ""
    before_by: str = ""


@dataclass(frozen=True, slots=True)
class CallMade:
    """What somebody foretells of the deal in this review, their newest."""

    by: str
    person: int
    chance: float


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that counts."""

    key: str
    item: int
    what: str
    note: str
    about: dict[str, object]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise made in this review."""

    key: str
    item: int | None
    owner: str
    what: str
    shows: str
    contact: str
    due_on: object


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who joined. `here`: their page was open just now."""

    person: int
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Everything on the screen. `item`: what is looked at, None on an empty agenda; `said`: by question.

    `sellers`: ids of the people here who own its deal; with the leader they are who is asked for a blind call.
    `call_until`: the last day of the period that calls are about.
    """

    review: Review
    items: tuple[AgendaItem, ...]
    item: AgendaItem | None
    deal: AgendaDeal | None
    said: dict[str, Said]
    calls: tuple[CallMade, ...]
    decided: tuple[Decided, ...]
    promises: tuple[Promise, ...]
    people: tuple[Present, ...]
    sellers: tuple[int, ...]
    call_until: date | None

    def decided_on(self, item: AgendaItem) -> tuple[Decided, ...]:
        """The decisions on one item, in their order."""
        return tuple(one for one in self.decided if one.item == item.pk)


def room_of(review: Review, item_key: str, now: datetime) -> Room:
    """Read it: eight queries. `item_key`: of another item than everybody looks at; an unknown one is ignored."""
    rows = AgendaItem.objects.filter(review=review).select_related("deal__owner").order_by("place", "pk")
    items = tuple(rows[:MOST])
    by_key = {item.key: item for item in items}
    by_id = {item.pk: item for item in items}
    item = by_key.get(item_key) or by_id.get(review.at_item_id or 0) or next(iter(items), None)
    return Room(
        review=review, items=items, item=item, deal=deal_of(item), said=said_on(item) if item else {},
        calls=calls_on(item) if item and item.deal_id else (), decided=_decided(review), promises=_promises(review),
        people=people_in(review, now), sellers=sellers_of(item) if item and item.deal_id else (),
        call_until=_call_until(review, now) if item and item.deal_id else None,
    )  # fmt: skip


def deal_of(item: AgendaItem | None) -> AgendaDeal | None:
    """The deal of an item as it was prepared; None of a topic."""
    return deal_from(item.facts) if item is not None and item.deal_id and item.facts.get("key") else None


def said_on(item: AgendaItem) -> dict[str, Said]:
    """Question -> its newest answer."""
    rows = Answer.objects.filter(item=item).order_by("-pk")
    answers: dict[str, list[tuple[int, str, str, int]]] = defaultdict(list)
    for pk, question, text, by, person in rows.values_list("pk", "question", "text__text", "by__name", "by_id")[:MOST]:
        answers[question].append((pk, text or "", by, person))
    return {question: _newest(found) for question, found in answers.items()}


def _newest(answers: list[tuple[int, str, str, int]]) -> Said:
    pk, text, by, person = answers[0]
    others = (one for one in answers[1:] if one[3] != person)
    before = next(others, None)
    if before is None or not before[1] or before[1] in text:
        return Said(pk, text, by, person)
    return Said(pk, text, by, person, before[1], before[2])


def calls_on(item: AgendaItem) -> tuple[CallMade, ...]:
    """The newest call of each person on this item's deal in its review."""
    rows = DealCall.objects.filter(review=item.review_id, deal=item.deal_id).order_by("-pk")
    found: dict[int, CallMade] = {}
    for by, person, chance in rows.values_list("by__name", "by_id", "chance")[:MOST]:
        found.setdefault(person, CallMade(by, person, chance))
    return tuple(sorted(found.values(), key=lambda call: call.by))


def _call_until(review: Review, now: datetime) -> date | None:
    shown = shown_at(review.workspace, now).date()
    return last_day(newest_period(review.workspace) or key_of(period_of(shown)))


def sellers_of(item: AgendaItem) -> tuple[int, ...]:
    """Who here owns the item's deal."""
    owner = item.deal.owner_id if item.deal else None
    if owner is None or item.calls_opened_at is not None:
        return ()
    rows = Membership.objects.filter(workspace=item.workspace_id, owner=owner, ended_at=None)
    return tuple(rows.values_list("person_id", flat=True)[:MOST])


def people_in(review: Review, now: datetime) -> tuple[Present, ...]:
    """Who joined, by when they did; at most 200."""
    rows = ReviewPerson.objects.filter(review=review).order_by("joined_at", "pk")
    found = rows.values_list("person_id", "person__name", "seen_at")[:MOST]
    return tuple(Present(person, name, seen_at > now - HERE) for person, name, seen_at in found)


def _decided(review: Review) -> tuple[Decided, ...]:
    rows = Decision.objects.filter(review=review, voiding=None).order_by("pk")
    found = rows.values_list("key", "item_id", "what", "note__text", "about", "by__name", "at")[:MOST]
    return tuple(Decided(key, item, what, note or "", about, by, at) for key, item, what, note, about, by, at in found)


def _promises(review: Review) -> tuple[Promise, ...]:
    rows = Commitment.objects.filter(review=review).order_by("pk")
    found = rows.values_list("key", "item_id", "owner__text", "what__text", "shows__text", "contact__text", "due_on")[
        :MOST
    ]
    return tuple(
        Promise(key, item, owner or "", what or "", shows or "", contact or "", due_on)
        for key, item, owner, what, shows, contact, due_on in found
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """What a review comes to so far. `people`: their names, in the order in which they joined."""

    decided: int
    promised: int
    points: int
    settled: int
    people: tuple[str, ...]


def review_counts(review: Review) -> Counts:
    """Before it is closed: four queries. `settled`: points that were decided, settled before, or passed over."""
    items = AgendaItem.objects.filter(review=review)
    joined = ReviewPerson.objects.filter(review=review).order_by("joined_at", "pk")
    return Counts(
        decided=Decision.objects.filter(review=review, voiding=None).count(),
        promised=Commitment.objects.filter(review=review).count(),
        points=items.count(),
        settled=items.exclude(state="waiting").count(),
        people=tuple(joined.values_list("person__name", flat=True)[:MOST]),
    )


def find_revision(workspace: int, review: int) -> int | None:
    """How often a review changed; None where there is no such review. One query."""
    rows = Review.objects.filter(workspace=workspace, pk=review)
    return rows.values_list("revision", flat=True).first()


def get_decision(access: Access, review: str, key: str) -> Decision:
    """A decision of a review of the workspace."""
    rows = Decision.objects.select_related("review__workspace", "item__deal", "by")
    found = rows.filter(workspace=access.workspace, review__key=review, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


@dataclass(frozen=True, slots=True)
class DecidingFacts:
    """What the forms of a decision offer. `findings`: (rule, sentence); `open`: (id, words) of open milestones."""

    process: Process | None
    contacts: tuple[str, ...]
    findings: tuple[tuple[str, str], ...]
    open: tuple[tuple[str, str], ...]
    owners: tuple[str, ...]


def deciding_facts(item: AgendaItem) -> DecidingFacts:
    """Read them: four queries. Rules that the deal is allowed to depart from already are not offered again."""
    deal = item.deal
    if deal is None:
        return DecidingFacts(None, (), (), (), ())
    process = process_of(deal.version) if deal.version else None
    contacts = Contact.objects.filter(deal=deal, removed_at=None).exclude(name="").order_by("pk")
    allowed = AllowedException.objects.filter(
        deal=deal, event__kind=EventKind.EXCEPTION_ALLOWED.value, event__voiding=None
    ).values("event__name")
    findings = DealFinding.objects.filter(deal=deal).exclude(rule__in=allowed).order_by("-happened_at", "pk")
    proven = {str(proof["id"]) for proof in deal.proofs if proof.get("state") == "proven"}
    milestones = [milestone for _, milestone in process.milestones] if process else []
    members = Membership.objects.filter(workspace=deal.workspace_id, ended_at=None).select_related("person", "owner")
    names = [member.owner.name if member.owner else member.person.name for member in members[:MOST]]
    if deal.owner is not None:
        names.insert(0, deal.owner.name)
    return DecidingFacts(
        process=process,
        contacts=tuple(contacts.values_list("name", flat=True)[:100]),
        findings=tuple(dict(findings.values_list("rule", "what")[:30]).items()),
        open=tuple((milestone.id, milestone.buyer) for milestone in milestones if milestone.id not in proven),
        owners=tuple(dict.fromkeys(names)),
    )
