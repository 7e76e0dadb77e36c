"""Whom an erasure is about, and what was found of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from headway.store.models import Contact, Erasure, Job, Membership, Workspace
from headway.store.own_words import Whom, whom_of_contact, whom_of_member
from headway.store.queries.access import Access, NotFoundError

__all__ = ["Candidate", "Erasure", "find_whom", "get_look", "list_candidates", "list_erasures"]
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant. `about`: at which accounts, or which role."""

    kind: str
    key: str
    name: str
    email: str
    about: str


def list_candidates(access: Access, text: str) -> list[Candidate]:
    """Members and contacts whose name or address holds the text; contacts of one name once; at most 30."""
    text = " ".join(text.split())
    if len(text) < 2:
        return []
    here = Membership.objects.filter(workspace=access.workspace).select_related("person")
    asked = Q(person__name__icontains=text) | Q(person__email__icontains=text)
    members = here.filter(asked).exclude(person__email__endswith="@erased.invalid").order_by("person__name", "-id")
    found = {
        row.person_id: Candidate("member", row.person.key, str(row.person), row.person.email,
                                 "former member" if row.ended_at else row.get_role_display().lower())
        for row in members[:SHOWN]
    }  # fmt: skip
    rows = Contact.objects.filter(Q(name__icontains=text) | Q(email__icontains=text), workspace=access.workspace)
    contacts: dict[str, Candidate] = {}
    for row in rows.select_related("deal").order_by("name", "id")[: SHOWN * 4]:
        known = contacts.get(row.name.casefold())
        about = [*(known.about.split(", ") if known else []), row.deal.account or row.deal.name]
        told = ", ".join(dict.fromkeys(about))
        email = (known.email if known else "") or row.email
        contacts[row.name.casefold()] = Candidate("contact", known.key if known else row.key, row.name, email, told)
    return [*found.values(), *contacts.values()][:SHOWN]


def find_whom(workspace: Workspace, about: dict[str, Any]) -> Whom | None:
    """Whom a job is about: {"kind", "key", "also"}; None once they are erased."""
    also = tuple(str(text) for text in about.get("also", ()))
    if about.get("kind") == "member":
        members = Membership.objects.filter(workspace=workspace, person__key=about["key"])
        row = members.select_related("person", "owner").order_by("-id").first()
        return whom_of_member(row, also) if row and not row.person.email.endswith("@erased.invalid") else None
    row_of_contact = Contact.objects.filter(workspace=workspace, key=about.get("key", "")).first()
    if row_of_contact is None or row_of_contact.name.startswith("Erased person"):
        return None
    return whom_of_contact(row_of_contact, also)


def get_whom(access: Access, kind: str, key: str) -> Whom:
    """Somebody of the workspace. NotFoundError where there is no such person."""
    whom = find_whom(access.workspace, {"kind": kind, "key": key}) if kind in ("member", "contact") else None
    if whom is None:
        raise NotFoundError(key)
    return whom


def get_look(access: Access, key: str) -> Job:
    """The job that looked. NotFoundError where there is none."""
    job = Job.objects.filter(workspace=access.workspace, kind="look", key=key).first()
    if job is None or "key" not in job.about:
        raise NotFoundError(key)
    return job


def list_erasures(access: Access) -> list[Erasure]:
    """What was erased, the newest first; at most 30."""
    return list(Erasure.objects.select_related("by").filter(workspace=access.workspace).order_by("-id")[:SHOWN])
