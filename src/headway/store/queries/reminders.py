"""What there is to remind somebody of in one workspace, and what they were told already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from headway.basics.figures import counted, listed
from headway.evidence.kinds import Standing
from headway.reviews.quiet import moment_of, next_digest_day, zone_of
from headway.reviews.reminders import Kind, Matter, Told
from headway.store.models import (
    AgendaItem,
    Commitment,
    Deal,
    Membership,
    NoticeChoice,
    Person,
    Reminder,
    Review,
    SelfReview,
    Workspace,
)
from headway.store.notice_links import Replied, reply_address, reply_value
from headway.store.queries.access import NotFoundError, get_access
from headway.store.queries.clock import shown_at
from headway.store.queries.news import find_news, news_of

MOST_PROMISES, MOST_ITEMS, MOST_SILENT = 20, 100, 40
FRIDAY = 4
SILENT = (Standing.DRIFTING.value, Standing.QUIET.value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may get a digest: what they chose, and where they are a member."""

    person: Person
    choice: NoticeChoice
    memberships: tuple[Membership, ...]


def list_readers() -> list[Reader]:
    """Every active person with a workspace, at most 10,000. Two queries. Across workspaces: enter all of them first."""
    members = Membership.objects.select_related("person", "workspace").filter(
        ended_at=None, workspace__removed_at=None, person__is_active=True
    )
    found: dict[int, list[Membership]] = defaultdict(list)
    for membership in members.order_by("person_id", "workspace__name", "id")[:10_000]:
        found[membership.person_id].append(membership)
    choices = {choice.person_id: choice for choice in NoticeChoice.objects.all()}
    return [
        Reader(rows[0].person, choices.get(person) or NoticeChoice(person=rows[0].person), tuple(rows))
        for person, rows in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What `matters_of` asks about: one membership, on one local day of its person, at a moment."""

    membership: Membership
    on: date
    weekdays: str
    at: datetime
    channel: str

    @property
    def next_on(self) -> date:
        """When the next digest comes: what falls due before is told today."""
        return next_digest_day(self.on, self.weekdays)


def matters_of(asked: Asked) -> list[Matter]:
    """Everything that could be told, the most urgent of each kind first. Eight queries, bounded."""
    news = news_of(asked.membership, asked.at)
    found = [*_promises(asked), *_agendas(asked), *news, *_silences(asked), *_self_review(asked)]
    workspace, person = asked.membership.workspace, asked.membership.person
    sign = reply_address if asked.channel == "mail" else reply_value
    return [_signed(matter, sign(workspace, person, matter.about)) for matter in found]


def _signed(matter: Matter, reply: str) -> Matter:
    return Matter(matter.kind, matter.about, matter.title, matter.detail, matter.address, reply)


def told_of(workspace: Workspace, person: Person) -> dict[str, Told]:
    """Mark to what was told and answered before."""
    rows = Reminder.objects.filter(workspace=workspace, person=person).order_by("-id")[:2_000]
    return {
        row.about: Told(row.told, row.told_on, row.snoozed_until, row.not_needed_at is not None) for row in rows
    }  # fmt: skip


def _address(workspace: Workspace, rest: str) -> str:
    return f"{settings.ADDRESS}/w/{workspace.key}/{rest}"


def _promises(asked: Asked) -> Iterable[Matter]:
    member = asked.membership
    rows = Commitment.objects.select_related("what", "deal").filter(
        workspace=member.workspace_id, person=member.person_id, state="open", due_on__lt=asked.next_on
    )
    for row in rows.order_by("due_on", "id")[:MOST_PROMISES]:
        deal = f"{row.deal.name} · " if row.deal else ""
        yield Matter(
            Kind.PROMISE, f"commitment {row.key}", row.what.text or "A promise whose words were erased",
            deal + due_words(row.due_on, asked.on), _address(member.workspace, "promises/"),
        )  # fmt: skip


def due_words(due_on: date, today: date) -> str:
    """due today; due Saturday; 3 days overdue."""
    days = (today - due_on).days
    if days > 0:
        return f"{counted(days, 'day')} overdue"
    return "due today" if days == 0 else f"due {due_on:%A}"


def _agendas(asked: Asked) -> Iterable[Matter]:
    """Reviews until the end of the next digest's day whose agenda holds deals of theirs that wait for an answer."""
    member = asked.membership
    zone = zone_of(member.person.zone)
    if member.owner_id is None:
        return
    until = moment_of(asked.next_on + timedelta(days=1), time(0), zone)
    rows = AgendaItem.objects.select_related("review", "deal").filter(
        workspace=member.workspace_id, review__state="due", review__due_at__gt=asked.at, review__due_at__lt=until,
        state="waiting", deal__owner=member.owner_id,
    )  # fmt: skip
    rows = rows.exclude(answers__question="account", answers__by=member.person_id)
    found: dict[str, list[AgendaItem]] = defaultdict(list)
    for row in rows.order_by("review__due_at", "place", "id")[:MOST_ITEMS]:
        found[row.review.key].append(row)
    for key, items in found.items():
        review = items[0].review
        there = review.due_at.astimezone(zone)
        names = [item.deal.name for item in items[:3] if item.deal]
        more = [counted(len(items) - 3, "other")] if len(items) > 3 else []
        yield Matter(
            Kind.AGENDA, f"review {key}", f"{review.name}: answer {counted(len(items), 'deal')} before",
            f"{there:%A}, {there:%H:%M} · {listed([*names, *more])}", _address(member.workspace, f"reviews/{key}/"),
        )  # fmt: skip


def _silences(asked: Asked) -> Iterable[Matter]:
    """Their open deals whose buyer was seen once and is silent beyond the limit, where an hour changes most first."""
    member = asked.membership
    if member.owner_id is None:
        return
    at = shown_at(member.workspace, asked.at)
    rows = Deal.objects.filter(
        workspace=member.workspace_id, is_live=True, outcome="", owner=member.owner_id, standing__in=SILENT,
        last_buyer_act_at__isnull=False,
    )  # fmt: skip
    for row in rows.order_by("-attention", "id")[:MOST_SILENT]:
        last = row.last_buyer_act_at
        assert last is not None
        whom = f" · Ask {row.question_to}" if row.question_to else ""
        yield Matter(
            Kind.SILENCE, f"silence {row.key} {last:%Y-%m-%d}", row.name,
            f"Buyer silent for {counted((at - last).days, 'day')}{whom}",
            _address(member.workspace, f"deals/{row.key}/"),
        )  # fmt: skip


def _self_review(asked: Asked) -> Iterable[Matter]:
    member = asked.membership
    if asked.on.weekday() != FRIDAY or member.owner_id is None:
        return
    monday = asked.on - timedelta(days=FRIDAY)
    done = SelfReview.objects.filter(workspace=member.workspace_id, person=member.person_id, week_on=monday)
    if not done.exists():
        yield Matter(
            Kind.SELF_REVIEW, f"self_review {monday.isoformat()}", "Five minutes with yourself",
            "What moved, what is stuck, what is next", _address(member.workspace, "mine/week/"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reply from a message is about. `title`: what it is; `settled`: done already, wherever that was."""

    workspace: Workspace
    person: Person
    about: str
    title: str
    settled: bool


def get_reminded(replied: Replied) -> Reminded:
    """Enter the workspace as its person. NotFoundError where they are no member any more, or the thing is gone."""
    person = Person.objects.filter(key=replied.person, is_active=True).first()
    if person is None:
        raise NotFoundError(replied.person)
    workspace = get_access(person, replied.workspace).workspace
    kind, key, *_ = [*replied.about.split(), "", ""]
    title, settled = "", False
    if kind == Kind.PROMISE.value:
        promise = Commitment.objects.select_related("what").filter(workspace=workspace, key=key, person=person).first()
        if promise is not None:
            title, settled = promise.what.text or "A promise whose words were erased", promise.state != "open"
    elif kind == Kind.SILENCE.value:
        deal = Deal.objects.filter(workspace=workspace, key=key, is_live=True).first()
        if deal is not None:
            title, settled = deal.name, deal.standing not in SILENT
    elif kind == Kind.AGENDA.value:
        review = Review.objects.filter(workspace=workspace, key=key).first()
        if review is not None:
            title, settled = review.name, review.state != "due"
    elif kind == Kind.SELF_REVIEW.value:
        title = "Five minutes with yourself"
        settled = SelfReview.objects.filter(
            workspace=workspace, person=person, week_on=date.fromisoformat(key)
        ).exists()
    else:
        title, settled = find_news(workspace, kind, key)
    if not title:
        raise NotFoundError(replied.about)
    return Reminded(workspace, person, replied.about, title, settled)
