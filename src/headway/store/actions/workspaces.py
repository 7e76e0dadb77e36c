"""Make people, workspaces and memberships; let people in by links of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.guards import enter
from headway.store.models import Membership, Owner, Person, SetupLink, Workspace

LARGEST_MARGIN = 50  # points; beyond that everything is alike


def hashed(token: str) -> str:
    """What is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_setup_link(*, at: datetime) -> str | None:
    """A fresh one-time token for the first account; None once somebody has an account. Older tokens stop working."""
    if Person.objects.exists():
        return None
    token = secrets.token_urlsafe(32)
    SetupLink.objects.filter(used_at=None).delete()
    SetupLink.objects.create(token_hash=hashed(token), created_at=at)
    return token


@transaction.atomic
def use_setup_link(*, token: str, email: str, name: str, password: str, workspace: str, at: datetime) -> Person:
    """The first account and its workspace. UserError where the link was used, replaced or never made."""
    link = SetupLink.objects.select_for_update().filter(token_hash=hashed(token), used_at=None).first()
    if link is None or Person.objects.exists():
        raise UserError("This set-up link was used or replaced: take the newest one that `headway serve` printed.")
    link.used_at = at
    link.save(update_fields=["used_at"])
    person = make_person(email=email, name=name, password=password, at=at, operator=True)
    make_workspace(name=workspace, by=person, at=at, role="leader")
    return person


@transaction.atomic
def make_person(*, email: str, name: str, password: str | None, at: datetime, operator: bool = False) -> Person:
    """An account; of who came with an export theirs. UserError where the address has one."""
    email = email.strip().lower()
    person = Person.objects.select_for_update().filter(email__iexact=email).first()
    if person is not None and not person.never_let_in:
        raise UserError(f"{email} has an account already: log in with it.")
    person = person or Person(email=email)
    person.name, person.date_joined, person.operator, person.is_active = name.strip(), at, operator, True
    person.set_password(password)
    person.save()
    return person


@transaction.atomic
def make_workspace(
    *, name: str, by: Person, at: datetime, role: str = "leader", currency: str = "EUR", zone: str = "UTC"
) -> Workspace:
    """A workspace with its first member."""
    workspace = Workspace.objects.create(
        name=" ".join(name.split())[:120], created_at=at, currency=currency.upper(), zone=zone
    )
    enter(workspace.pk)
    Membership.objects.create(workspace=workspace, person=by, role=role, created_at=at)
    append_entry(workspace=workspace, by=by, at=at, verb="make workspace")
    return workspace


@transaction.atomic
def add_member(
    *, workspace: Workspace, person: Person, role: str, by: Person, at: datetime, owner: str | None = None
) -> Membership:
    """Somebody becomes a member. `owner`: their name in the CRM, whose deals are theirs."""
    own = Owner.objects.get_or_create(workspace=workspace, name=owner)[0] if owner else None
    membership, _ = Membership.objects.update_or_create(
        workspace=workspace, person=person, ended_at=None,
        defaults={"role": role, "owner": own}, create_defaults={"role": role, "owner": own, "created_at": at},
    )  # fmt: skip
    append_entry(
        workspace=workspace, by=by, at=at, verb="add member", target=f"person {person.key}", detail={"role": role}
    )
    return membership


@transaction.atomic
def show_today(*, workspace: Workspace, by: Person, at: datetime) -> datetime | None:
    """Pages show today from now on, not the day of the newest data. Returns the moment shown before, for the undo."""
    was = workspace.shows_at
    if was is not None:
        _show(workspace, None, by, at)
    return was


@transaction.atomic
def show_day(*, workspace: Workspace, shows_at: datetime, by: Person, at: datetime) -> None:
    """Pages show this past moment."""
    _show(workspace, shows_at, by, at)


def _show(workspace: Workspace, shows_at: datetime | None, by: Person, at: datetime) -> None:
    workspace.shows_at = shows_at
    workspace.save(update_fields=["shows_at"])
    detail = {"day": shows_at.date().isoformat()} if shows_at else {}
    append_entry(workspace=workspace, by=by, at=at, verb="show day" if shows_at else "show today", detail=detail)


@transaction.atomic
def set_margin(*, workspace: Workspace, points: int, by: Person, at: datetime) -> int:
    """From the next analysis on a cost below so many points does not matter. Returns the margin before, for the undo.

    UserError for points that are not 1 to 50.
    """
    if not 1 <= points <= LARGEST_MARGIN:
        raise UserError(f"A margin is 1 to {LARGEST_MARGIN} points: write how much worse is still no matter to you.")
    held = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    was = held.margin_points
    if was != points:
        Workspace.objects.filter(pk=workspace.pk).update(margin_points=points)
        workspace.margin_points = points
        detail = {"from": was, "to": points}
        append_entry(workspace=workspace, by=by, at=at, verb="set margin", detail=detail)
    return was


@transaction.atomic
def set_truths(*, workspace: Workspace, truths: dict[str, Any], by: Person, at: datetime) -> None:
    """What is really so in a simulated firm, by step id: {word, cost, naive}, to be shown beside the verdicts."""
    Workspace.objects.filter(pk=workspace.pk).update(truths=truths)
    workspace.truths = truths
    append_entry(workspace=workspace, by=by, at=at, verb="set truths", detail={"steps": len(truths)})


@transaction.atomic
def set_password(*, person: Person, password: str) -> None:
    """A new password, for whoever lost theirs; every session of this person ends with the old one."""
    person.is_active = person.is_active or person.never_let_in
    person.set_password(password)
    person.save(update_fields=["password", "is_active"])
