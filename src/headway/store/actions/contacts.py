"""Who at the buyer takes part in the decision of a deal, and in which part."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.models import Contact, Deal, Event, Person

PARTS = ("champion", "economic buyer", "user", "procurement", "legal", "technical", "other")


@transaction.atomic
def add_contact(*, deal: Deal, name: str, by: Person, at: datetime, part: str = "", email: str = "") -> Contact:
    """Somebody at the buyer. One who was removed comes back; UserError where the deal has them already."""
    name = " ".join(name.split())[:200]
    if not name:
        raise UserError("A contact needs a name: write how they sign.")
    if Contact.objects.filter(deal=deal, name=name, removed_at=None).exists():
        raise UserError(f"{name} is a contact of this deal already: change their part instead.")
    contact, _ = Contact.objects.update_or_create(
        deal=deal, name=name,
        defaults={"workspace": deal.workspace, "part": _part(part), "email": email.strip(), "removed_at": None},
    )  # fmt: skip
    _tell(contact, by, at, "add contact")
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, name: str, part: str, email: str, by: Person, at: datetime) -> None:
    """Another part or address. Another name only while the history does not know them by the old one."""
    name = " ".join(name.split())[:200] or contact.name
    if name != contact.name:
        if Event.objects.filter(deal=contact.deal, contact__text=contact.name).exists():
            raise UserError(f"What {contact.name} did is recorded under that name: add the other name as a contact.")
        if Contact.objects.filter(deal=contact.deal, name=name).exclude(pk=contact.pk).exists():
            raise UserError(f"{name} is a contact of this deal already: change their part instead.")
    contact.name, contact.part, contact.email = name, _part(part), email.strip()
    contact.save(update_fields=["name", "part", "email"])
    _tell(contact, by, at, "change contact")


@transaction.atomic
def remove_contact(*, contact: Contact, by: Person, at: datetime) -> None:
    """No longer shown among the contacts; what they did stays in the history."""
    contact.removed_at = at
    contact.save(update_fields=["removed_at"])
    _tell(contact, by, at, "remove contact")


def _part(part: str) -> str:
    part = part.strip()
    if part and part not in PARTS:
        raise UserError(f"“{part[:40]}” is no part in a decision: choose one of {', '.join(PARTS)}.")
    return part


def _tell(contact: Contact, by: Person, at: datetime, verb: str) -> None:
    deal = contact.deal
    Deal.objects.filter(pk=deal.pk).update(touched_at=at)
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb=verb, target=f"deal {deal.key}", detail={"contact": contact.key}
    )
