"""Which deals an agenda chooses from: those of the review's team or seller, and of them the few hundred that matter.

Never the rows of all open deals of a large firm: the database weighs each roughly (money, room, life), and only the
best are read, with those that most is to be done about, and every deal about which somebody promised something. What
that leaves out is measured in docs/methods/agenda.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, FloatField, Max, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast, Greatest

from headway.reviews.agenda import (
    ANY_CHANCE,
    FULL_AFTER_DAYS,
    HALF_LIFE,
    LEAST_ROOM,
    LIVELY,
    UNSEEN_LIFE,
)
from headway.reviews.kinds import Held, Promise, ReviewKind
from headway.reviews.reminders import Told, is_for_the_agenda
from headway.store.models import AgendaItem, Commitment, DealFinding, Membership, Reminder, Review
from headway.store.models import Deal as DealRow
from headway.store.queries.clock import shown_at

WEIGHED, ATTENDED = 160, 60  # deals read: the best by rough weight, and by attention
LAST_DAYS = 30  # looked back over where no review of the rhythm was held yet
MOST_PROMISES = 300
TOOK_PLACE = (Held.HELD, Held.LATE, Held.EMPTY)
# Of a deal's columns those that neither its candidate nor its facts need.
UNUSED = (
    *("source_id", "pipeline", "segment", "opened_at", "decided_at", "reasons", "question", "question_to"),
    *("question_about", "turns_at", "last_event"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an agenda is about. `since`: the last review of the rhythm that took place, else 30 days before.

    `owners`: whose deals alone, None for everybody's; `rule`: of the findings that they share, empty for any.
    `day`: the review's, in the workspace's zone.
    """

    review: Review
    at: datetime
    shown: datetime
    since: datetime
    day: date
    owners: tuple[int, ...] | None = None
    rule: str = ""

    @property
    def kind(self) -> ReviewKind:
        """Of the review."""
        return ReviewKind(self.review.kind)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise about a deal that is due by the review, or was broken since the last; how often it was reminded of."""

    sentence: str
    is_broken: bool
    told: int


def scope_of(review: Review, at: datetime) -> Scope:
    """Two queries at most."""
    shown = shown_at(review.workspace, at)
    last = None
    if review.rhythm_id is not None:
        held = Review.objects.filter(rhythm=review.rhythm_id, state__in=TOOK_PLACE, closed_at__lt=review.due_at)
        last = held.exclude(pk=review.pk).order_by("-closed_at").values_list("closed_at", flat=True).first()
    since = last if last and last < shown else shown - timedelta(days=LAST_DAYS)
    day = review.due_at.astimezone(ZoneInfo(review.workspace.zone)).date()
    kind = ReviewKind(review.kind)
    owners = _owners(review) if kind is ReviewKind.ONE_TO_ONE and review.rhythm_id is not None else None
    rule = _shared_rule(review) if kind is ReviewKind.COACHING else ""
    return Scope(review, at, shown, since, day, owners, rule)


def open_deals(scope: Scope) -> QuerySet[DealRow]:
    """The open deals the review is about, with what their candidates need."""
    found = DealRow.objects.filter(workspace=scope.review.workspace, is_live=True, outcome="")
    if scope.owners is not None:
        found = found.filter(owner__in=scope.owners)
    elif scope.review.team:
        found = found.filter(team=scope.review.team)
    if scope.kind is ReviewKind.COACHING:
        shared = DealFinding.objects.filter(workspace=scope.review.workspace, rule=scope.rule, allowed=False)
        found = found.filter(pk__in=shared.values("deal"))
    return found


def list_chosen_from(scope: Scope, promised: set[int], silence_limit_days: float) -> list[DealRow]:
    """At most a few hundred of them, each once, in order of id. Three queries, two where nothing was promised."""
    deals = (
        open_deals(scope)
        .select_related("owner")
        .defer(*UNUSED)
        .annotate(chance_won=F("forecast__won"), chance_by_end=F("forecast__by_end"))
    )
    rough = F("amount").desc(nulls_last=True) if scope.kind is ReviewKind.RESET else _weight(scope, silence_limit_days)
    rows = {row.pk: row for row in deals.order_by(rough, "id")[:WEIGHED]}
    rows |= {row.pk: row for row in deals.order_by("-attention", "id")[:ATTENDED]}
    if missing := promised - set(rows):
        rows |= {row.pk: row for row in deals.filter(pk__in=missing)}
    for row in rows.values():
        row.workspace = scope.review.workspace
    return [rows[key] for key in sorted(rows)]


def seen_lately(scope: Scope, deals: Iterable[int]) -> dict[int, datetime]:
    """Deal -> when a review last talked about it, of those held within six weeks. One query."""
    items = AgendaItem.objects.filter(
        deal__in=deals, state="done", review__closed_at__gte=scope.at - timedelta(days=FULL_AFTER_DAYS)
    )
    return dict(items.values_list("deal_id").annotate(last=Max("review__closed_at")))


def _weight(scope: Scope, silence_limit_days: float) -> OrderBy:
    """The parts of `headway.reviews.agenda.value_of` that stand on a deal's row, as one expression."""
    p = F("forecast__won")
    unknown = Value(ANY_CHANCE * (1 - ANY_CHANCE))
    room = Case(
        When(forecast__won__isnull=False, then=Greatest(p * (Value(1.0) - p), Value(LEAST_ROOM))),
        default=unknown,
        output_field=FloatField(),
    )
    half = timedelta(days=HALF_LIFE * silence_limit_days)
    lively = scope.shown - timedelta(days=LIVELY * silence_limit_days)
    falls = [When(last_buyer_act_at__gte=lively - halves / 2 * half, then=0.5 ** (halves / 2)) for halves in range(13)]
    life = Case(
        When(last_buyer_act_at=None, then=UNSEEN_LIFE), *falls, default=0.5**6.5, output_field=FloatField()
    )  # fmt: skip
    return (Cast("amount", FloatField()) * room * life).desc(nulls_last=True)


def promises_of_agenda(scope: Scope) -> dict[int, list[Promised]]:
    """Deal -> its promises due by the review's day, or broken since the last one. Two queries."""
    due = Q(state=Promise.OPEN, due_on__lte=scope.day) | Q(state=Promise.BROKEN, ended_at__gte=scope.since)
    rows = list(
        Commitment.objects.filter(due, workspace=scope.review.workspace, deal__is_live=True, deal__outcome="")
        .select_related("what", "owner")
        .order_by("due_on", "id")[:MOST_PROMISES]
    )
    told: dict[str, int] = {}
    if rows:
        about = Reminder.objects.filter(
            workspace=scope.review.workspace, about__in=[f"commitment {row.key}" for row in rows], not_needed_at=None
        )
        for name, times in about.order_by("told").values_list("about", "told"):
            told[name] = times
    found: dict[int, list[Promised]] = defaultdict(list)
    for row in rows:
        if row.deal_id is not None:
            broken = row.state == Promise.BROKEN
            found[row.deal_id].append(Promised(_promise(row), broken, told.get(f"commitment {row.key}", 0)))
    return found


def silences_told(scope: Scope) -> dict[int, int]:
    """Deal -> how often its owner was reminded of the silence that lasts now, from twice on. Two queries.

    A silence that began anew counts anew: its mark holds the day of the last buyer act.
    """
    rows = Reminder.objects.filter(
        workspace=scope.review.workspace, about__startswith="silence ", told__gt=1, not_needed_at=None
    )
    found_rows = rows.order_by("-id").values_list("about", "told")[:MOST_PROMISES]
    told = {about: times for about, times in found_rows if is_for_the_agenda(Told(times))}
    keys = {about.split()[1] for about in told}
    deals = DealRow.objects.filter(workspace=scope.review.workspace, key__in=keys, is_live=True, outcome="")
    found = {}
    for deal, key, last in deals.values_list("pk", "key", "last_buyer_act_at"):
        times = told.get(f"silence {key} {last:%Y-%m-%d}" if last else "", 0)
        if times:
            found[deal] = times
    return found


def broken_by_leader(scope: Scope) -> int:
    """How many of the leader's own promises were broken since the last review: they are spoken of first."""
    return Commitment.objects.filter(
        workspace=scope.review.workspace, person=scope.review.leader, state=Promise.BROKEN, ended_at__gte=scope.since
    ).count()


def _owners(review: Review) -> tuple[int, ...]:
    """Who the others in the rhythm are in the CRM."""
    assert review.rhythm is not None
    people = review.rhythm.people.exclude(person=review.leader_id).values("person")
    found = Membership.objects.filter(
        workspace=review.workspace, ended_at=None, person__in=people, owner__isnull=False
    ).order_by("owner_id")
    return tuple(owner for owner in found.values_list("owner_id", flat=True) if owner is not None)


def _shared_rule(review: Review) -> str:
    """The rule that most of the team's open deals depart from; in a tie the first by name."""
    found = DealFinding.objects.filter(
        workspace=review.workspace, allowed=False, deal__is_live=True, deal__outcome=""
    )  # fmt: skip
    if review.team:
        found = found.filter(deal__team=review.team)
    counts = found.values("rule").annotate(deals=Count("deal", distinct=True)).order_by("-deals", "rule")
    first = counts.first()
    return first["rule"] if first else ""


def _promise(row: Commitment) -> str:
    what = " ".join((row.what.text or "a promise whose words were erased").split()).rstrip(".")
    return f"{row.owner.text or 'somebody'}, {what}, due on {row.due_on.day} {row.due_on:%b}"
