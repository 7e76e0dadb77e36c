"""Calls: who may make which, and whose one sees: everybody their own; a leader others' after having made theirs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from headway.deals.event_log import sql_text
from headway.store.models import Call as CallRow
from headway.store.models import Deal
from headway.store.models.people import Role
from headway.store.queries.access import Access, NotAllowedError, NotFoundError

__all__ = ["ALL_DEALS", "CallRow", "Scope"]

ALL, TEAM, OWNER = "all", "team", "owner"
OF_MANY = {Role.LEADER, Role.OPERATIONS}
MOST_TEAMS = 200
MOST_CALLS = 1_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose deals a call or a total is about. `kind`: all, team or owner; `name`: of the team or owner."""

    kind: str
    name: str = ""


ALL_DEALS = Scope(ALL)


def scopes_of(access: Access) -> tuple[Scope, ...]:
    """What this person may make calls for, the widest first: a seller their own deals, a leader all, a team, their own.

    At most 200 teams. Empty for a viewer, and for a seller who is linked to no owner.
    """
    own = (Scope(OWNER, access.membership.owner.name),) if access.membership.owner else ()
    if access.role not in OF_MANY:
        return own if access.may("record") else ()
    return (ALL_DEALS, *(Scope(TEAM, name) for name in list_teams(access)), *own)


def need_scope(access: Access, scope: Scope) -> None:
    """NotAllowedError unless this person may make a call for these deals."""
    if scope in scopes_of(access):
        return
    if not access.may("record"):
        raise NotAllowedError(f"As {access.role} you make no calls: ask a leader to change your role.")
    if access.role in OF_MANY:
        raise NotAllowedError("There is no such team here: make the call for all deals or for a team that has some.")
    if access.membership.owner is None:
        raise NotAllowedError("Nobody said which deals are yours: ask a leader to link you to an owner.")
    raise NotAllowedError("You make calls for your own deals only: ask the leader for a wider one.")


def list_teams(access: Access) -> list[str]:
    """The teams that deals belong to, by name; at most 200. As quick with 100,000 deals as with a thousand."""
    here = access.workspace.pk
    with connection.cursor() as cursor:
        cursor.execute(sql_text("headway.store", "teams_of_deals"), [here, here, MOST_TEAMS])
        return [row[0] for row in cursor.fetchall()]


def list_calls(access: Access, *, period: str = "", scope: Scope | None = None) -> list[CallRow]:
    """The calls that this person sees, the newest first; at most 1,000. Those taken back are not among them.

    Everybody sees their own. Leaders and operations see another's only where they have made a call of their own for
    the same period, and for the same deals or for more: all, or a team that the owner has deals in.
    """
    found = _seen(access)
    if period:
        found = found.filter(period=period)
    if scope is not None:
        found = found.filter(_about(scope))
    return list(found.order_by("-recorded_at", "-pk")[:MOST_CALLS])


def list_own_calls(access: Access, *, period: str = "") -> list[CallRow]:
    """This person's calls alone, the newest first; at most 1,000."""
    found = _standing(access).filter(by=access.person)
    return list((found.filter(period=period) if period else found).order_by("-recorded_at", "-pk")[:MOST_CALLS])


def get_own_call(access: Access, key: str) -> CallRow:
    """A call of this person, also one taken back."""
    row = CallRow.objects.select_related("by", "owner", "workspace").filter(workspace=access.workspace, key=key)
    found = row.filter(by=access.person).first()
    if found is None:
        raise NotFoundError(key)
    return found


def _standing(access: Access) -> QuerySet[CallRow]:
    return CallRow.objects.select_related("by", "owner").filter(workspace=access.workspace, voiding=None)


def _about(scope: Scope) -> Q:
    named = {TEAM: Q(team=scope.name), OWNER: Q(owner__name=scope.name)}
    return Q(kind=scope.kind) & named.get(scope.kind, Q())


def _seen(access: Access) -> QuerySet[CallRow]:
    mine = Q(by=access.person)
    if access.role not in OF_MANY:
        return _standing(access).filter(mine)
    own = CallRow.objects.filter(
        workspace=access.workspace, voiding=None, by=access.person, period=OuterRef("period")
    )  # of the same period as the call that is asked about
    teams = Deal.objects.filter(workspace=access.workspace, is_live=True, owner=OuterRef(OuterRef("owner")))
    wider = (
        Exists(own.filter(kind=ALL))
        | Exists(own.filter(kind=TEAM, team=OuterRef("team")))
        | Exists(own.filter(kind=OWNER, owner=OuterRef("owner")))
        | Exists(own.filter(kind=TEAM, team__in=teams.values("team")))
    )
    return _standing(access).filter(mine | Q(wider))
