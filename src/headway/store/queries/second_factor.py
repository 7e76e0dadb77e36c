"""Who has a second factor: a code of a phone beside the password."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator

from headway.store.models import Membership, Person, Workspace
from headway.store.queries.access import Access

COUNTS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are no factor
MEMBERS = 500


def has_second_factor(person: Person) -> bool:
    """Whether a login of this account asks for more than the password."""
    return bool(Authenticator.objects.filter(user=person.pk, type__in=COUNTS).exists())


def asks_for_second_factor(workspace: Workspace, at: datetime) -> bool:
    """Whether by now nobody gets into the workspace without one."""
    return workspace.second_factor_from is not None and workspace.second_factor_from <= at


def list_without_second_factor(access: Access) -> list[Membership]:
    """Members who have none yet, by name; at most 500. Who comes by single sign-on may need none of ours."""
    with_one = Authenticator.objects.filter(type__in=COUNTS).values("user")
    found = Membership.objects.select_related("person").filter(workspace=access.workspace, ended_at=None)
    return list(found.exclude(person__in=with_one).order_by("person__name", "person__email")[:MEMBERS])
