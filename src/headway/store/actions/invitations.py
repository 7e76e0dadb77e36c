"""Let somebody in by a link: made, sent again, revoked, accepted. Only the token's hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.actions.workspaces import add_member, hashed, make_person
from headway.store.guards import enter
from headway.store.models import Invitation, Membership, Person, Workspace
from headway.store.models.people import Role

LASTS = timedelta(days=14)
STALE = "This invitation was used, replaced, revoked, or is older than 14 days: ask for a new one."


@transaction.atomic
def invite(*, workspace: Workspace, email: str, role: str, by: Person, at: datetime) -> tuple[Invitation, str]:
    """An invitation and its token, which is shown once and never kept. One still open for this address is replaced.

    UserError where the address belongs to a member.
    """
    email = email.strip().lower()
    if role not in Role.values:
        raise UserError(f"There is no role {role!r}: choose one of {', '.join(Role.values)}.")
    members = Membership.objects.filter(workspace=workspace, ended_at=None, person__is_active=True)
    if members.filter(person__email__iexact=email).exists():
        raise UserError(f"{email} is a member already.")
    Invitation.objects.filter(workspace=workspace, email=email, accepted_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        workspace=workspace, email=email, role=role, token_hash=hashed(token), by=by, created_at=at,
        expires_at=at + LASTS,
    )  # fmt: skip
    _tell(made, by, at, "invite", role=role)
    return made, token


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Person, at: datetime) -> tuple[Invitation, str]:
    """The same invitation with a new token and 14 more days; the link sent before stops working."""
    _check_open(invitation, at, even_late=True)
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = hashed(token), at + LASTS
    invitation.save(update_fields=["token_hash", "expires_at"])
    _tell(invitation, by, at, "resend invitation")
    return invitation, token


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Person, at: datetime) -> None:
    """The link stops working. Revoking twice changes nothing."""
    if invitation.accepted_at is not None:
        raise UserError(f"{invitation.email} has joined already: end the membership instead.")
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        _tell(invitation, by, at, "revoke invitation")


@transaction.atomic
def restore_invitation(*, invitation: Invitation, by: Person, at: datetime) -> None:
    """Undo of a revoking: the link that was sent works again until its day."""
    invitation.revoked_at = None
    _check_open(invitation, at)
    invitation.save(update_fields=["revoked_at"])
    _tell(invitation, by, at, "restore invitation")


@transaction.atomic
def join(*, invitation: Invitation, person: Person, at: datetime) -> Membership:
    """Somebody with an account becomes a member; the link is used up. Who is a member already keeps their role."""
    found = Invitation.objects.select_for_update(of=("self",)).select_related("workspace", "by").get(pk=invitation.pk)
    _check_open(found, at)
    enter(found.workspace_id)
    found.accepted_at = at
    found.save(update_fields=["accepted_at"])
    _tell(found, person, at, "accept invitation")
    already = Membership.objects.filter(workspace=found.workspace, person=person, ended_at=None).first()
    return already or add_member(workspace=found.workspace, person=person, role=found.role, by=found.by, at=at)


@transaction.atomic
def join_anew(*, invitation: Invitation, name: str, password: str | None, at: datetime) -> Person:
    """Somebody without an account makes one under the invited address and becomes a member.

    `password`: None for who logs in with the company's provider only.
    """
    person = make_person(email=invitation.email, name=name, password=password, at=at)
    join(invitation=invitation, person=person, at=at)
    return person


def _check_open(invitation: Invitation, at: datetime, *, even_late: bool = False) -> None:
    late = invitation.expires_at <= at and not even_late
    gone = invitation.workspace.removed_at is not None
    if invitation.accepted_at is not None or invitation.revoked_at is not None or late or gone:
        raise UserError(STALE)


def _tell(invitation: Invitation, by: Person, at: datetime, verb: str, **detail: str) -> None:
    append_entry(
        workspace=invitation.workspace, by=by, at=at, verb=verb, target=f"invitation {invitation.key}", detail=detail
    )
