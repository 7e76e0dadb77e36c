"""Several companies of one person, a handful of figures each: read across workspaces, for those they lead or run.

Eight queries for however many companies. Everything about deals comes from each company's newest analysis; what is
counted here is counted along an index. Money stays in each company's own currency and is never added up over them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, Subquery

from headway.conformance.shares import Share, share
from headway.reviews.kinds import Held, ReviewKind
from headway.store.guards import ALL, entered
from headway.store.models import Analysis, Commitment, Decision, Event, Membership, Person, Review, Workspace
from headway.store.models.people import Role
from headway.store.queries.commitments import CARRIED

__all__ = ["Company", "Gap", "Movement", "list_companies"]

LED = (Role.LEADER, Role.OPERATIONS)
MOST = 50
WINDOW = timedelta(days=90)  # as on the page of the rhythm's health
CAME = (Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)
ASKING = ("process", "practice", "rhythm", "costly", "helps")  # verdicts that ask for something


@dataclass(frozen=True, slots=True)
class Gap:
    """`inflated` of `observed` open deals are claimed further than proven, by `stages` each on average over `observed`.

    `amount` None where it is hidden: too few decided deals. `low`, `high`: its 95 % interval.
    """

    observed: int
    inflated: int
    stages: float | None
    amount: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Movement:
    """The share that reached a decision within `days`; `value` None where unknown, for `reason`."""

    value: float | None
    low: float = 0.0
    high: float = 1.0
    n: int = 0
    days: float | None = None
    basis: str = ""  # evidenced | claimed
    upper: bool = False  # losses without a reason count as decisions
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """One company. `shown` false: only its name may be shown, because of the role, or `closed`: a second factor lacks.

    `held`: reviews held on time, of those due in 90 days; `has_rhythm` false: none came. `verdicts`: word to steps, of
    verdicts that ask for something and on which no process review has decided. `overdue`: promises past their day.
    `newest_at`: the newest that is known of its deals; None without any. `analysed_at`: when its figures were made.
    """

    workspace: Workspace
    role: str
    shown: bool
    closed: bool = False
    currency: str = ""
    analysed_at: datetime | None = None
    gap: Gap | None = None
    movement: Movement = field(default_factory=lambda: Movement(None))
    held: Share = field(default_factory=lambda: share(0, 0))
    verdicts: Mapping[str, int] = field(default_factory=dict)
    owed: int = 0
    overdue: int = 0
    newest_at: datetime | None = None


def list_companies(person: Person, at: datetime, closed: Iterable[str] = ()) -> list[Company]:
    """Every workspace of a person by name, at most 50. `closed`: keys of those that this session may not enter.

    Figures only of workspaces that the person leads or runs.
    """
    memberships = Membership.objects.select_related("workspace").filter(
        person=person, person__is_active=True, ended_at=None, workspace__removed_at=None
    )
    found = list(memberships.order_by("workspace__name", "workspace_id")[:MOST])
    shut = set(closed)
    led = [one.workspace for one in found if one.role in LED and one.workspace.key not in shut]
    figures = _figures(led, at)
    return [
        figures[one.workspace_id](one.role)
        if one.workspace_id in figures
        else Company(one.workspace, one.role, shown=False, closed=one.role in LED)
        for one in found
    ]


def _figures(workspaces: Sequence[Workspace], at: datetime) -> dict[int, Any]:
    if not workspaces:
        return {}
    with entered(ALL):  # every filter below names the workspaces; the list above has only those led
        return _read(workspaces, at)


def _read(workspaces: Sequence[Workspace], at: datetime) -> dict[int, Any]:
    analyses, decided = _analyses(workspaces), _decided_steps(workspaces)
    held, promises, newest = _held(workspaces, at), _promises(workspaces, at), _newest(workspaces)

    def company(workspace: Workspace) -> Any:
        own, analysed_at = analyses.get(workspace.pk, ({}, None))
        states = held.get(workspace.pk, {})
        words = Counter(
            word for step, word in own.get("verdicts", {}).items() if step not in decided.get(workspace.pk, ())
        )
        owed, overdue = promises.get(workspace.pk, (0, 0))
        given: dict[str, Any] = {
            "currency": own.get("currency") or workspace.currency, "analysed_at": analysed_at,
            "gap": _gap(own), "movement": _movement(own),
            "held": share(states.get(Held.HELD, 0), sum(states.values())),
            "verdicts": {word: words[word] for word in ASKING if words[word]}, "owed": owed, "overdue": overdue,
            "newest_at": workspace.shows_at or newest.get(workspace.pk),
        }  # fmt: skip
        return lambda role: Company(workspace, role, shown=True, **given)

    return {one.pk: company(one) for one in workspaces}


def _analyses(workspaces: Sequence[Workspace]) -> dict[int, tuple[dict[str, Any], datetime]]:
    """Workspace -> figures and end of its newest analysis; none where it is older than these figures. Two queries."""
    newest = Analysis.objects.filter(workspace=OuterRef("pk")).order_by("-finished_at", "-id").values("pk")[:1]
    asked = Workspace.objects.filter(pk__in=[one.pk for one in workspaces]).annotate(newest=Subquery(newest))
    keys = [key for key in asked.values_list("newest", flat=True) if key is not None]
    rows = Analysis.objects.filter(pk__in=keys).values_list("workspace", "summary__company", "finished_at")
    return {workspace: (own, finished_at) for workspace, own, finished_at in rows if own is not None}


def _gap(own: Mapping[str, Any]) -> Gap | None:
    if not own:
        return None
    n = own["gap_deals"]
    amount, low, high = own["gap"] or (None, None, None)
    return Gap(own["observed"], own["inflated"], own["gap_stages"] / n if n else None, amount, low, high)


def _movement(own: Mapping[str, Any]) -> Movement:
    if not own:
        return Movement(None, reason="the next analysis tells")
    if own["movement"] is None:
        return Movement(None, reason=own["reason"])
    value, low, high, n = own["movement"]
    return Movement(value, low, high, n, own["days"], own["basis"], own["upper"], own["reason"])


def _held(workspaces: Sequence[Workspace], at: datetime) -> dict[int, dict[str, int]]:
    """Workspace -> state -> reviews of the last 90 days."""
    rows = Review.objects.filter(workspace__in=workspaces, state__in=CAME, due_at__gt=at - WINDOW, due_at__lte=at)
    found: dict[int, dict[str, int]] = {}
    for workspace, state, n in rows.order_by().values_list("workspace", "state").annotate(n=Count("pk")):
        found.setdefault(workspace, {})[state] = n
    return found


def _promises(workspaces: Sequence[Workspace], at: datetime) -> dict[int, tuple[int, int]]:
    """Workspace -> open promises, and those whose day is over where the workspace is."""
    days: dict[date, list[int]] = {}
    for one in workspaces:
        days.setdefault(at.astimezone(ZoneInfo(one.zone)).date(), []).append(one.pk)
    over = Q(pk__in=[])
    for day, some in days.items():
        over |= Q(workspace__in=some, due_on__lt=day)
    rows = Commitment.objects.filter(workspace__in=workspaces, state__in=CARRIED).order_by().values("workspace")
    counted = rows.annotate(n=Count("pk"), over=Count("pk", filter=over))
    return {row["workspace"]: (row["n"], row["over"]) for row in counted}


def _decided_steps(workspaces: Sequence[Workspace]) -> dict[int, set[str]]:
    """Workspace -> ids of steps on which a process review has decided."""
    rows = Decision.objects.filter(
        workspace__in=workspaces, voiding=None, review__kind=ReviewKind.PROCESS, item__subject__startswith="step "
    )
    found: dict[int, set[str]] = {}
    for workspace, subject in rows.order_by().values_list("workspace", "item__subject").distinct()[: 200 * MOST]:
        found.setdefault(workspace, set()).add(subject.removeprefix("step "))
    return found


def _newest(workspaces: Sequence[Workspace]) -> dict[int, datetime]:
    """Workspace -> the moment of the event that came in last; of an import, what its export knew."""
    events = Event.objects.filter(workspace=OuterRef("pk")).order_by("-id")
    asked = Workspace.objects.filter(pk__in=[one.pk for one in workspaces]).annotate(
        recorded_at=Subquery(events.values("recorded_at")[:1]), last_batch=Subquery(events.values("batch")[:1]),
        known_at=Subquery(events.values("batch__known_at")[:1]),
    )  # fmt: skip
    rows = asked.values_list("pk", "recorded_at", "last_batch", "known_at")
    return {pk: known or at if batch else at for pk, at, batch, known in rows if at is not None}
