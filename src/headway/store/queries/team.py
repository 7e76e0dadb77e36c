"""What the newest analysis says of the team and of one owner, the deals behind a figure, and who looked at whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from headway.store.actions.audit import AGAIN, SAW
from headway.store.actions.team import BEHIND, OWNER, PIPELINE, PRACTICE
from headway.store.models import Analysis, Deal, DealFinding, Entry, Membership, Owner, TeamFigure, Workspace
from headway.store.models import Deal as DealRow
from headway.store.models import Owner as OwnerRow
from headway.store.queries.access import Access, NotFoundError

__all__ = [
    "AGAIN",
    "PIPELINE",
    "PRACTICE",
    "BehindPage",
    "DealRow",
    "Figures",
    "OwnerRow",
    "find_figures",
    "find_of_owner",
]

A_PAGE = 50
LOOKS = 20
ROW = (  # what a row of the list shows; reading the others takes longer than the query
    *("key", "name", "account", "amount", "currency", "claimed", "claimed_rank", "evidenced_rank", "gap", "standing"),
    *("outcome", "decided_at", "last_buyer_act_at", "version_id", "owner__name"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one analysis: as of when, made when, and the value as `headway.diagnosis.team.value` has it, plain."""

    as_of: datetime
    finished_at: datetime
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BehindPage:
    """One page of the deals behind a figure. `n`: all of this part; `kept`: those that are listed at all.

    `parts`: (words, n) of each part; `gone`: deals of this page that are no more.
    """

    title: str
    parts: tuple[tuple[str, int], ...]
    part: int
    chosen: str
    n: int
    kept: int
    deals: list[Deal]
    gone: int
    more: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PersonOrOwner:
    """Somebody who owns deals, with their account here where they have one (`key` of the person, else empty)."""

    owner: int
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked at a page about somebody, and when. `by`: their number; None where they are gone."""

    name: str
    at: datetime
    by: int | None
    target: str


def find_figures(workspace: Workspace, name: str) -> Figures | None:
    """What the newest analysis keeps under `name`; None before the first that keeps any. One query."""
    newest = Analysis.objects.filter(workspace=workspace).order_by("-finished_at", "-id").values("pk")[:1]
    rows = TeamFigure.objects.filter(workspace=workspace, analysis=Subquery(newest), name=name)
    row = rows.values_list("analysis__as_of", "analysis__finished_at", "value").first()
    return Figures(*row) if row else None


def find_of_owner(workspace: Workspace, owner: int) -> Figures | None:
    """The same of the open deals of one owner; None where they had none."""
    return find_figures(workspace, f"{OWNER}{owner}")


def has_figures(workspace: Workspace) -> bool:
    """Whether the newest analysis keeps any figures at all."""
    return find_figures(workspace, PIPELINE) is not None


def get_behind(access: Access, name: str, *, part: int = 0, page: int = 1) -> BehindPage:
    """A page of the deals behind a figure, as they stand now. NotFoundError for a figure that there is not."""
    found = find_figures(access.workspace, f"{BEHIND}{name}"[:80])
    if found is None:
        raise NotFoundError(name)
    parts = found.told["parts"]
    part = part if 0 <= part < len(parts) else 0
    one = parts[part]
    start = (page - 1) * A_PAGE
    keys = one["deals"][start : start + A_PAGE]
    deals = deals_of(access, keys)
    return BehindPage(
        found.told["title"], tuple((each["words"], each["n"]) for each in parts), part, one["chosen"], one["n"],
        len(one["deals"]), deals, len(keys) - len(deals), len(one["deals"]) > start + A_PAGE, found.as_of,
    )  # fmt: skip


def deals_of(access: Access, keys: Sequence[str]) -> list[Deal]:
    """Live deals with these keys, in their order."""
    rows = Deal.objects.filter(workspace=access.workspace, is_live=True, key__in=keys)
    known = {deal.key: deal for deal in rows.select_related("owner").only(*ROW)}
    return [known[key] for key in keys if key in known]


def findings_of(access: Access, keys: Sequence[str]) -> dict[str, list[DealFinding]]:
    """Deal key to what departs from the process there and nobody allowed, the oldest first."""
    rows = DealFinding.objects.filter(workspace=access.workspace, deal__key__in=keys, allowed=False)
    found: dict[str, list[DealFinding]] = {}
    for finding in rows.select_related("deal").only("what", "happened_at", "deal__key").order_by("happened_at", "pk"):
        found.setdefault(finding.deal.key, []).append(finding)
    return found


def list_people(access: Access, page: int) -> tuple[list[PersonOrOwner], bool]:
    """(who owns deals here, by name and by nothing else; whether there are more). Two queries."""
    start = (page - 1) * A_PAGE
    owners = list(Owner.objects.filter(workspace=access.workspace).order_by("name", "pk")[start : start + A_PAGE + 1])
    shown = owners[:A_PAGE]
    members = Membership.objects.filter(workspace=access.workspace, ended_at=None, owner__in=[one.pk for one in shown])
    keys = dict(members.values_list("owner_id", "person__key"))
    return [PersonOrOwner(one.pk, one.name, keys.get(one.pk, "")) for one in shown], len(owners) > A_PAGE


def get_owner(access: Access, pk: int) -> tuple[Owner, str]:
    """An owner of deals of the workspace, and the key of the person they are here, where they have an account."""
    members = Membership.objects.filter(workspace=access.workspace, ended_at=None, owner=OuterRef("pk")).order_by("pk")
    owners = Owner.objects.annotate(person_key=Subquery(members.values("person__key")[:1]))
    owner = owners.filter(workspace=access.workspace, pk=pk).first()
    if owner is None:
        raise NotFoundError(pk)
    return owner, owner.person_key or ""


def list_looks(access: Access, targets: Sequence[str]) -> list[Look]:
    """The last twenty times that somebody looked at these (`person KEY`, `owner PK`), the newest first."""
    seen = Entry.objects.select_related("by").filter(workspace=access.workspace, target__in=targets, verb=SAW)
    return [Look(str(one.by or "somebody"), one.at, one.by_id, one.target) for one in seen.order_by("-number")[:LOOKS]]
