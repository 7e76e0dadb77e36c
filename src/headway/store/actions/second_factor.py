"""From when on a workspace asks everybody for a second factor; and taking one off an account that lost it."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.guards import entered
from headway.store.models import Membership, Person, Workspace


@transaction.atomic
def ask_for_second_factor(
    *, workspace: Workspace, since: datetime | None, by: Person, at: datetime
) -> datetime | None:  # fmt: skip
    """From `since` on nobody gets in without one; None: not asked for. Returns what held before, for the undo."""
    held = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    was = held.second_factor_from
    if was != since:
        Workspace.objects.filter(pk=workspace.pk).update(second_factor_from=since)
        workspace.second_factor_from = since
        detail = {"from": was.isoformat() if was else None, "to": since.isoformat() if since else None}
        append_entry(workspace=workspace, by=by, at=at, verb="ask for second factor", detail=detail)
    return was


@transaction.atomic
def lift_second_factor(*, person: Person, at: datetime) -> int:
    """The password alone opens the account again, recovery codes are gone. Every workspace's audit says so.

    Returns in how many workspaces. UserError where the account has none.
    """
    found = Authenticator.objects.filter(user=person.pk)
    if not found.exists():
        raise UserError(f"{person.email} has no second factor: there is nothing to lift.")
    found.delete()
    memberships = Membership.objects.select_related("workspace").filter(person=person, ended_at=None)
    told = 0
    for one in memberships.order_by("workspace_id"):
        with entered(one.workspace_id):
            append_entry(
                workspace=one.workspace, by=None, at=at, verb="lift second factor", target=f"person {person.key}"
            )
        told += 1
    return told
