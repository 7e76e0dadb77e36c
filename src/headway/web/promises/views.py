"""Promises: one's own first, then those made to one, then what leaders owe the team; and how many were kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.kept import Fate
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.commitments import KnownPromise, fates_of, leaders_of, list_commitments
from headway.store.queries.people import get_member
from headway.web.promises.shown import Rate, Section, rate_of, section
from headway.web.requests import Inside, inside, saw

LEADING = ("leader", "operations")
LEAST_PEOPLE = 3  # of fewer, the rate of all would tell that of one
EARLIER = 200


@inside()
def promises(request: Inside) -> HttpResponse:
    """GET all: with everything that has ended."""
    access = request.access
    known = list_commitments(access, request.now)
    leaders = {person.pk for person in leaders_of(access.workspace)}
    most = EARLIER if request.GET.get("all") else 10
    sections = _sections(access, known, leaders, most)
    fates = fates_of(access.workspace, request.now)
    owed = [one for one in known if one.row.person_id == access.person.pk and one.is_carried]
    context: dict[str, Any] = {
        "sections": sections, "rates": _rates(request, fates, leaders), "may": access.may("review"),
        "owed": len(owed), "overdue": sum(one.is_overdue for one in owed), "any": bool(known),
        "all": most == EARLIER,
    }  # fmt: skip
    return render(request, "promises/page.html", context)


@inside()
def of_person(request: Inside, key: str) -> HttpResponse:
    """Those of one person: for themselves, for who leads, and of a leader for everybody. Who looks is recorded."""
    access = request.access
    member = get_member(access, key)
    own = member.person_id == access.person.pk
    if not own and access.role not in LEADING and member.role != "leader":
        raise NotFoundError(key)
    known = list_commitments(access, request.now, person=member.person)
    fates = [fate for person, fate in fates_of(access.workspace, request.now) if person == member.person_id]
    today = request.now.astimezone(ZoneInfo(access.workspace.zone)).date()
    if not own:
        saw(request, f"person {member.person.key}")
    context = {
        "member": member, "own": own, "any": bool(known), "may": access.may("review"), "all": True,
        "section": section(access, "theirs", "Promises", known, most=EARLIER),
        "rate": rate_of("Kept in time", "", fates, today, drawn=True),
    }  # fmt: skip
    return render(request, "promises/person.html", context)


def _sections(access: Access, known: Sequence[KnownPromise], leaders: set[int], most: int) -> list[Section]:
    """Each promise once: in the first section it belongs to."""
    me, owner = access.person.pk, access.membership.owner_id
    left = list(known)

    def taken(one_of: Any) -> list[KnownPromise]:
        found = [one for one in left if one_of(one)]
        left[:] = [one for one in left if not one_of(one)]
        return found

    mine = taken(lambda one: one.row.person_id == me)
    theirs = taken(
        lambda one: one.row.person_id in leaders and (one.row.deal is None or one.row.deal.owner_id != owner)
    )
    to_me = taken(lambda one: _is_to(one, me, owner))
    found = [
        section(access, "mine", "Yours", mine, most=most),
        section(access, "to-me", "To you, or on your deals", to_me, most=most),
        section(access, "leaders", "What your leader owes the team", theirs, most=most),
    ]
    if access.role in LEADING:
        found.append(section(access, "others", "The rest of the team", left, most=most))
    if access.role == "leader":
        found[2] = section(access, "leaders", "Of other leaders", theirs, most=most)
    return [one for one in found if one.owed or one.ended or one.id == "mine"]


def _is_to(promise: KnownPromise, me: int, owner: int | None) -> bool:
    row = promise.row
    led = row.review is not None and row.review.leader_id == me
    on_mine = owner is not None and row.deal is not None and row.deal.owner_id == owner
    return row.by_id == me or led or on_mine


def _rates(request: Inside, fates: Sequence[tuple[int | None, Fate]], leaders: set[int]) -> list[Rate]:
    """One's own first, for a seller then what leaders owe the team, then the team as a whole: nobody beside others."""
    access = request.access
    today = request.now.astimezone(ZoneInfo(access.workspace.zone)).date()
    me = access.person.pk
    own = [fate for person, fate in fates if person == me]
    team = [(person, fate) for person, fate in fates if person not in leaders and person != me]
    found = [rate_of("Yours", "", own, today, drawn=True)]
    others = [fate for person, fate in fates if person in leaders and person != me]
    if access.role not in LEADING and others:
        found.append(rate_of("Your leader's, to the team", "", others, today, drawn=False))
    if len({person for person, _ in team}) >= LEAST_PEOPLE:
        found.append(rate_of("The team as a whole", "without you", [fate for _, fate in team], today, drawn=False))
    return found
