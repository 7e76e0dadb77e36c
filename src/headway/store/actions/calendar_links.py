"""A person's calendar address: made, replaced, revoked. docs/decisions/0006-calendar-address.md says why it is one."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from headway.store.actions.audit import append_entry
from headway.store.actions.workspaces import hashed
from headway.store.models import CalendarLink, Person, Workspace


@transaction.atomic
def make_calendar_link(*, workspace: Workspace, person: Person, at: datetime) -> str:
    """The token of a new address, shown once and never kept. The person's one before stops working."""
    open_ones = CalendarLink.objects.select_for_update().filter(workspace=workspace, person=person, revoked_at=None)
    replaced = open_ones.update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(workspace=workspace, person=person, token_hash=hashed(token), created_at=at)
    append_entry(
        workspace=workspace, by=person, at=at, verb="make calendar link", target=f"person {person.key}",
        detail={"replaced": bool(replaced)},
    )  # fmt: skip
    return token


@transaction.atomic
def revoke_calendar_link(*, workspace: Workspace, person: Person, by: Person, at: datetime) -> CalendarLink | None:
    """The person's address stops working at once; what it was. None where they have none."""
    link = CalendarLink.objects.select_for_update().filter(workspace=workspace, person=person, revoked_at=None).first()
    if link is not None:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        append_entry(workspace=workspace, by=by, at=at, verb="revoke calendar link", target=f"person {person.key}")
    return link


@transaction.atomic
def restore_calendar_link(*, workspace: Workspace, person: Person, link: int, by: Person, at: datetime) -> bool:
    """Undo of a revoking: the same address works again, unless a newer one was made meanwhile. Whether it does."""
    mine = CalendarLink.objects.select_for_update().filter(workspace=workspace, person=person)
    if mine.filter(revoked_at=None).exists():
        return False
    done = mine.filter(pk=link).update(revoked_at=None) == 1
    if done:
        append_entry(workspace=workspace, by=by, at=at, verb="restore calendar link", target=f"person {person.key}")
    return done
