"""People: members of a workspace, invitations to it, and the workspaces somebody may make."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from headway.store.actions.workspaces import hashed
from headway.store.models import Invitation, Membership, Person
from headway.store.models import Invitation as InvitationRow
from headway.store.models import Membership as MembershipRow
from headway.store.models import Person as PersonRow
from headway.store.models import Workspace as WorkspaceRow
from headway.store.models.people import Role
from headway.store.queries.access import Access, NotFoundError

__all__ = [
    "InvitationRow",
    "MembershipRow",
    "PersonRow",
    "Role",
    "WorkspaceRow",
    "find_invitation_to",
    "find_open_invitation",
    "find_person",
    "get_invitation",
    "get_member",
    "has_account",
    "is_set_up",
    "list_invitations",
    "list_members",
    "may_make_workspace",
]
MEMBERS = 500


def list_members(access: Access) -> list[Membership]:
    """Who is a member now, by name; at most 500."""
    found = Membership.objects.select_related("person", "owner").filter(workspace=access.workspace, ended_at=None)
    return list(found.order_by("person__name", "person__email")[:MEMBERS])


def get_member(access: Access, key: str, *, ended: bool = False) -> Membership:
    """The membership of the person with this key; with `ended`, the last one that ended. NotFoundError for none."""
    found = Membership.objects.select_related("person", "owner", "workspace").filter(
        workspace=access.workspace, person__key=key, ended_at__isnull=not ended
    )
    member = found.order_by("-ended_at", "-pk").first()
    if member is None:
        raise NotFoundError(key)
    return member


def list_invitations(access: Access) -> list[Invitation]:
    """Invitations neither accepted nor revoked, the newest first; at most 200. Those too old are among them."""
    found = Invitation.objects.select_related("by").filter(
        workspace=access.workspace, accepted_at=None, revoked_at=None
    )
    return list(found.order_by("-created_at", "-pk")[:200])


def get_invitation(access: Access, key: str) -> Invitation:
    """An invitation of the workspace, whatever became of it."""
    found = Invitation.objects.select_related("by", "workspace").filter(workspace=access.workspace, key=key).first()
    if found is None:
        raise NotFoundError(key)
    return found


def find_open_invitation(at: datetime, *, token: str = "", key: str = "") -> Invitation | None:
    """The invitation behind a token, or with this key, if it can still be accepted."""
    one = {"token_hash": hashed(token)} if token else {"key": key}
    return _open_invitations(at).filter(**one).first()


def _open_invitations(at: datetime) -> QuerySet[Invitation]:
    found = Invitation.objects.select_related("workspace", "by")
    return found.filter(accepted_at=None, revoked_at=None, expires_at__gt=at, workspace__removed_at=None)


def find_invitation_to(email: str, at: datetime, *, key: str = "") -> Invitation | None:
    """The newest invitation to this address that can still be accepted; the one with this key, if it is among them."""
    open_ones = _open_invitations(at).filter(email__iexact=email.strip())
    found = list(open_ones.order_by("-created_at", "-pk")[:50])
    return next((one for one in found if key and one.key == key), found[0] if found else None)


def has_account(email: str) -> bool:
    """Whether somebody has an account under this address. One who came with an export was never let in."""
    found = find_person(email)
    return found is not None and not found.never_let_in


def find_person(email: str) -> Person | None:
    """The person with this address, whatever its case."""
    return Person.objects.filter(email__iexact=email.strip()).first()


def may_make_workspace(person: Person) -> bool:
    """Operators of the installation, and who leads or runs operations anywhere."""
    runs = Membership.objects.filter(person=person, ended_at=None, role__in=(Role.LEADER, Role.OPERATIONS))
    return person.operator or runs.exists()


def is_set_up() -> bool:
    """Whether anybody has an account."""
    return Person.objects.exists()
