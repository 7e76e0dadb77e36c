"""Promises as pages show them: how they stand now by evidence and calendar, not as when they were settled last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from headway.basics.periods import AsOf
from headway.reviews.commitments import Ending
from headway.reviews.kept import Fate
from headway.reviews.kinds import Promise
from headway.store.models import Commitment, CommitmentEnd, Deal, Membership, Person, Workspace
from headway.store.models import Commitment as CommitmentRow
from headway.store.models.people import Role
from headway.store.queries.access import Access
from headway.store.queries.promise_facts import endings_of

__all__ = ["CommitmentRow", "KnownPromise", "due_for", "fates_of", "list_commitments", "owed_on"]

MOST = 400
MOST_ON_DEAL = 20
CARRIED = (Promise.OPEN.value, Promise.BROKEN.value)
WITH = ("deal__owner", "deal__version", "person", "owner", "what", "shows", "contact", "review", "by")
LEADING = (Role.LEADER, Role.OPERATIONS)
RATED = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class KnownPromise:
    """A promise and how it stands on `today` (a day of the workspace)."""

    row: Commitment
    ending: Ending
    today: date

    @property
    def key(self) -> str:
        """Its key."""
        return self.row.key

    @property
    def state(self) -> Promise:
        """Open, kept, late, broken or let go."""
        return self.ending.state

    @property
    def is_carried(self) -> bool:
        """Open, or broken and not let go: it comes onto the next agenda."""
        return self.state.value in CARRIED

    @property
    def is_overdue(self) -> bool:
        """Broken by its day, and still owed."""
        return self.state is Promise.BROKEN

    @property
    def days_left(self) -> int:
        """Until its day; below 0 after it."""
        return (self.row.due_on - self.today).days

    @property
    def by_word(self) -> bool:
        """It rests on what somebody said."""
        return self.ending.by_word

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.row.owner.text or "somebody"

    @property
    def what(self) -> str:
        """What they will do."""
        return self.row.what.text or "(erased)"

    @property
    def shows(self) -> str:
        """The buyer act that shows it; empty where none was named."""
        return (self.row.shows.text or "") if self.row.shows else ""

    @property
    def contact(self) -> str:
        """Who at the buyer does it."""
        return (self.row.contact.text or "") if self.row.contact else ""


def list_commitments(
    access: Access, at: datetime, *, person: Person | None = None, carried: bool = False, most: int = MOST
) -> list[KnownPromise]:
    """Promises of the workspace: one's own first, what is owed before what has ended, by their day. Three queries.

    `person`: theirs alone. `carried`: only what is open or broken. At most `most`; of what has ended the newest.
    """
    found = Commitment.objects.filter(workspace=access.workspace)
    if person is not None:
        found = found.filter(_whose(access.workspace, person))
    if carried:
        found = found.filter(state__in=CARRIED)
    mine = Case(When(person=access.person, then=Value(0)), default=Value(1), output_field=IntegerField())
    owed = Case(When(state__in=CARRIED, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = list(_with(found).annotate(mine=mine, owed=owed).order_by("owed", "mine", "-due_on", "pk")[:most])
    known = _known(access.workspace, rows, at)
    return sorted(known, key=lambda promise: _place(promise, access.person))


def promises_of(deals: Sequence[Deal], at: datetime, *, carried: bool = True) -> dict[int, list[KnownPromise]]:
    """Deal -> its promises, by their day; `carried`: what is open or broken, all others too where it is not set."""
    found: dict[int, list[KnownPromise]] = defaultdict(list)
    if not deals:
        return found
    workspace = deals[0].workspace
    rows = _with(Commitment.objects.filter(workspace=workspace, deal__in=[deal.pk for deal in deals]))
    for promise in _known(workspace, list(rows.order_by("due_on", "pk")[: MOST * 5]), at):
        if promise.is_carried or not carried:
            found[promise.row.deal_id or 0].append(promise)
    return found


def owed_on(deal: Deal, at: datetime) -> list[KnownPromise]:
    """What is open or broken on one deal, by its day, at most 20. One query: as settled last, and by the calendar."""
    rows = _with(Commitment.objects.filter(workspace=deal.workspace_id, deal=deal, state__in=CARRIED))
    today = at.astimezone(ZoneInfo(deal.workspace.zone)).date()
    return [
        KnownPromise(row, Ending(Promise.BROKEN if row.due_on < today else Promise(row.state)), today)
        for row in rows.order_by("due_on", "pk")[:MOST_ON_DEAL]
    ]


def due_for(workspace: Workspace, person: Person, at: datetime, *, within_days: int = 7) -> list[KnownPromise]:
    """What a person owes: overdue, and due within so many days; by their day. What is kept meanwhile is left out."""
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    rows = Commitment.objects.filter(
        _whose(workspace, person), workspace=workspace, state__in=CARRIED, due_on__lte=today + timedelta(within_days)
    )
    known = _known(workspace, list(_with(rows).order_by("due_on", "pk")[:MOST]), at)
    return [promise for promise in known if promise.is_carried]


def carried_by(workspace: Workspace, at: datetime, *, people: Sequence[int] = ()) -> list[KnownPromise]:
    """Everything open or broken in the workspace, for agendas; `people`: ids of those whose it is, empty for all."""
    rows = Commitment.objects.filter(workspace=workspace, state__in=CARRIED)
    if people:
        rows = rows.filter(person__in=people)
    known = _known(workspace, list(_with(rows).order_by("due_on", "pk")[: MOST * 5]), at)
    return [promise for promise in known if promise.is_carried]


def fates_of(
    workspace: Workspace, at: datetime, *, since: date | None = None, person: int | None = None
) -> list[tuple[int | None, Fate]]:
    """(whose: a person's id or None, how it stands) of every promise due since then (400 days), as settled last.

    One query. A promise not settled since its day counts as broken. `person`: theirs alone.
    """
    zone = ZoneInfo(workspace.zone)
    today = at.astimezone(zone).date()
    newest = CommitmentEnd.objects.filter(commitment=OuterRef("pk")).order_by("-at", "-pk")
    rows = Commitment.objects.filter(workspace=workspace, due_on__gte=since or today - RATED, due_on__lt=today)
    if person is not None:
        rows = rows.filter(person=person)
    found = rows.annotate(event=Subquery(newest.values("event")[:1])).order_by("due_on", "pk")
    fates: list[tuple[int | None, Fate]] = []
    for person, due_on, state, ended_at, milestone, event in found.values_list(
        "person_id", "due_on", "state", "ended_at", "milestone", "event"
    ):
        how = Promise.BROKEN if state == Promise.OPEN.value else Promise(state)
        ended_on = ended_at.astimezone(zone).date() if ended_at else None
        fates.append((person, Fate(due_on, how, ended_on, shown=bool(milestone) or event is not None)))
    return fates


def leaders_of(workspace: Workspace) -> list[Person]:
    """Who leads here, whose own promises the team sees; by name, at most 50."""
    found = Membership.objects.select_related("person").filter(
        workspace=workspace, ended_at=None, role=Role.LEADER, person__is_active=True
    )
    return [member.person for member in found.order_by("person__name", "pk")[:50]]


def _known(workspace: Workspace, rows: Sequence[Commitment], at: datetime) -> list[KnownPromise]:
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    endings = endings_of(workspace, rows, AsOf.moment(at))
    return [KnownPromise(row, endings[row.pk], today) for row in rows]


def _with(found: QuerySet[Commitment]) -> QuerySet[Commitment]:
    return found.select_related(*WITH)


def _whose(workspace: Workspace, person: Person) -> Q:
    """Of their account; what was promised under their name before they had one is not guessed at."""
    return Q(workspace=workspace, person=person)


def _place(promise: KnownPromise, person: Person) -> tuple[bool, bool, int, int]:
    """One's own first; what is owed by its day, then what has ended, the newest first."""
    day = promise.row.due_on.toordinal()
    others = promise.row.person_id != person.pk
    return (others, not promise.is_carried, day if promise.is_carried else -day, promise.row.pk)
