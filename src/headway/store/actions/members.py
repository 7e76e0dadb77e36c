"""Change what somebody is in a workspace, end that, and change what a person has set for themselves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from headway.basics.errors import UserError
from headway.basics.language import LANGUAGES
from headway.store.actions.audit import append_entry
from headway.store.models import Membership, Owner, Person
from headway.store.models.people import Role

LAST_LEADER = "{name} is the only leader here: make somebody else a leader first."


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Person, at: datetime) -> Membership:
    """Make a member leader, seller, operations or viewer. UserError where no leader would be left."""
    membership = _locked(membership)
    if role not in Role.values:
        raise UserError(f"There is no role {role!r}: choose one of {', '.join(Role.values)}.")
    if role == membership.role:
        return membership
    _keep_a_leader(membership)
    was, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _tell(membership, by, at, "change role", {"from": was, "to": role})
    return membership


@transaction.atomic
def link_owner(*, membership: Membership, owner: str, by: Person, at: datetime) -> Membership:
    """Say who a member is in the CRM: deals of that owner are theirs. An empty name unlinks."""
    membership = _locked(membership)
    name = " ".join(owner.split())
    found = Owner.objects.get_or_create(workspace=membership.workspace, name=name[:200])[0] if name else None
    if found and _taken(membership, found):
        raise UserError(f"{name} is linked to another member already: unlink them first.")
    if membership.owner_id != (found.pk if found else None):
        membership.owner = found
        membership.save(update_fields=["owner"])
        _tell(membership, by, at, "link owner", {"owner": found.pk if found else None})
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: Person, at: datetime) -> None:
    """From this moment on the person reaches nothing of the workspace. UserError where no leader would be left."""
    membership = _locked(membership)
    if membership.ended_at is None:
        _keep_a_leader(membership)
        membership.ended_at = at
        membership.save(update_fields=["ended_at"])
        _tell(membership, by, at, "end membership", {})


@transaction.atomic
def restore_membership(*, membership: Membership, by: Person, at: datetime) -> None:
    """Undo of an end. UserError where the person became a member anew."""
    membership = _locked(membership)
    if Membership.objects.filter(workspace=membership.workspace, person=membership.person, ended_at=None).exists():
        raise UserError(f"{membership.person} is a member again already.")
    membership.ended_at = None
    membership.save(update_fields=["ended_at"])
    _tell(membership, by, at, "restore membership", {})


def change_person(*, person: Person, name: str, zone: str, theme: str, keys_on: bool, language: str = "") -> None:
    """What somebody set for themselves: name, time zone, theme, keys, language.

    An empty theme is the system's (else light or dark), an empty language what the browser asks for.
    """
    person.name, person.zone, person.theme, person.keys_on = " ".join(name.split())[:120], zone, theme, keys_on
    person.language = language if language in LANGUAGES else ""
    person.save(update_fields=["name", "zone", "theme", "keys_on", "language"])


def _locked(membership: Membership) -> Membership:
    """The row as it stands now, locked with its workspace's other members: two who leave at once leave a leader."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("workspace", "person", "owner")
    found = {row.pk: row for row in rows.filter(workspace=membership.workspace_id).order_by("pk")}
    return found[membership.pk]


def _keep_a_leader(membership: Membership) -> None:
    others = Membership.objects.filter(workspace=membership.workspace, role=Role.LEADER, ended_at=None)
    if membership.role == Role.LEADER and not others.exclude(pk=membership.pk).exists():
        raise UserError(LAST_LEADER.format(name=membership.person))


def _taken(membership: Membership, owner: Owner) -> bool:
    linked = Membership.objects.filter(workspace=membership.workspace, owner=owner, ended_at=None)
    return linked.exclude(pk=membership.pk).exists()


def _tell(membership: Membership, by: Person, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(
        workspace=membership.workspace, by=by, at=at, verb=verb, target=f"person {membership.person.key}",
        detail=detail,
    )  # fmt: skip
