"""What was recorded of a review, as the value its minutes are written from; and who gets them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from headway.reviews.agenda_deal import deal_from
from headway.reviews.decisions import LOOKED_SECONDS
from headway.reviews.minutes import DISPUTE, Decided, Minutes, Point, Promised, Said
from headway.store.models import AgendaItem, Answer, Commitment, Decision, Membership, Person, Review, ReviewPerson
from headway.store.models.rhythms import RhythmPerson

MOST_ITEMS = 200
MOST_PEOPLE = 200
MOST_SAID = 2_000
Of = dict[int | None, list[Any]]


def minutes_of(review: Review) -> Minutes:
    """Read it. 7 queries, whatever was said: at most 200 points and 2,000 answers, decisions and promises each."""
    said, decided, promised = said_of(review), _decided(review), _promised(review)
    seen = list(
        ReviewPerson.objects.filter(review=review).order_by("joined_at", "id").values_list("person_id", "person__name")
    )
    there = {person for person, _ in seen}
    missing = [person.name for person in people_of(review) if person.pk not in there] if review.opened_at else []
    items = AgendaItem.objects.filter(review=review).select_related("deal__owner").order_by("place", "id")[:MOST_ITEMS]
    return replace(
        held_of(review), present=tuple(name for _, name in seen), missing=tuple(missing),
        points=tuple(_point(item, said, decided, promised) for item in items), promised=tuple(promised[None]),
    )  # fmt: skip


def held_of(review: Review) -> Minutes:
    """How it was held, alone: no points. No query."""
    return Minutes(
        name=review.name, workspace=review.workspace.name, state=review.state, leader=review.leader.name,
        due_at=review.due_at, minutes=review.minutes, opened_at=review.opened_at, closed_at=review.closed_at,
        reason=review.reason.text or "" if review.reason else "",
    )  # fmt: skip


def people_of(review: Review) -> list[Person]:
    """Who takes part: everyone in its rhythm, and its leader, as far as they are still members; by name, at most 200.

    Without a rhythm: the leader and the owners of the deals on it.
    """
    if review.rhythm_id is not None:
        wanted = RhythmPerson.objects.filter(rhythm=review.rhythm_id).values("person_id")
        among = Membership.objects.filter(person__in=wanted)
    else:
        owners = AgendaItem.objects.filter(review=review, deal__owner__isnull=False).values("deal__owner_id")
        among = Membership.objects.filter(owner__in=owners)
    members = (among | Membership.objects.filter(person=review.leader_id)).filter(
        workspace=review.workspace_id, ended_at=None, person__is_active=True
    )
    return list(Person.objects.filter(pk__in=members.values("person_id")).order_by("name", "id")[:MOST_PEOPLE])


def receivers_of(review: Review) -> list[Person]:
    """Who gets the minutes: who takes part, and everybody who was there and still is a member."""
    there = Membership.objects.filter(
        workspace=review.workspace_id, ended_at=None, person__is_active=True,
        person__in=ReviewPerson.objects.filter(review=review).values("person_id"),
    )  # fmt: skip
    found = {person.pk: person for person in people_of(review)}
    found |= {person.pk: person for person in Person.objects.filter(pk__in=there.values("person_id"))[:MOST_PEOPLE]}
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def title_of(item: AgendaItem) -> str:
    """What a point is called: its deal, or the topic of a process review."""
    if item.deal is not None:
        return item.deal.name
    return str(item.facts.get("title") or item.facts.get("name") or item.subject.replace("_", " ")) or "A topic"


def _point(item: AgendaItem, said: Of, decided: Of, promised: Of) -> Point:
    owner = item.deal.owner.name if item.deal and item.deal.owner else ""
    if item.deal is not None and not owner and item.facts.get("key"):
        owner = deal_from(item.facts).owner
    looked = item.state != "passed" and item.seconds >= LOOKED_SECONDS
    return Point(
        title=title_of(item), owner=owner, minutes=item.minutes, seconds=item.seconds,
        talked=item.state == "done" or looked, settled=item.state == "answered", said=tuple(said[item.pk]),
        decided=tuple(decided[item.pk]), promised=tuple(promised[item.pk]),
    )  # fmt: skip


def said_of(review: Review) -> Of:
    """Item to what was said of it: the newest answer to each question, in the order of the first; every dispute."""
    rows = Answer.objects.filter(item__review=review).select_related("text", "by").order_by("at", "id")[:MOST_SAID]
    newest: dict[tuple[int, str, int], Answer] = {}
    for row in rows:
        newest[row.item_id, row.question, row.pk if row.question == DISPUTE else 0] = row
    found: Of = defaultdict(list)
    for row in newest.values():
        if row.text.text:
            found[row.item_id].append(Said(row.question, row.text.text, row.by.name))
    return found


def _decided(review: Review) -> Of:
    """A decision is undone where it was taken back, or where what it changed on the deal was, then or later."""
    rows = Decision.objects.filter(review=review).order_by("at", "id")
    rows = rows.select_related("note", "by", "voiding__by", "event__voiding__by")
    found: Of = defaultdict(list)
    for row in rows[:MOST_SAID]:
        voiding = getattr(row, "voiding", None) or getattr(row.event, "voiding", None)
        newest: datetime = voiding.at if voiding else row.at
        found[row.item_id].append(
            Decided(
                what=row.what, change=_change(row.about), note=row.note.text or "" if row.note else "", by=row.by.name,
                at=row.at, undone_by=voiding.by.name if voiding else "", undone_at=voiding.at if voiding else None,
                later=review.closed_at is not None and newest > review.closed_at,
            )
        )  # fmt: skip
    return found


def _change(about: dict[str, Any]) -> str:
    before, after = str(about.get("from") or "").strip(), str(about.get("to") or "").strip()
    return " ".join(
        part for part in (f"from {before}" if before and after else "", f"to {after}" * bool(after)) if part
    )


def _promised(review: Review) -> Of:
    rows = Commitment.objects.filter(review=review).select_related("owner", "what", "shows", "contact")
    found: Of = defaultdict(list)
    for row in rows.order_by("made_at", "id")[:MOST_SAID]:
        found[row.item_id].append(
            Promised(
                owner=row.owner.text or "", what=row.what.text or "", due_on=row.due_on,
                shows=row.shows.text or "" if row.shows else "", contact=row.contact.text or "" if row.contact else "",
                state=row.state,
            )
        )  # fmt: skip
    return found
