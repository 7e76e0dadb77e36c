"""What the health of a rhythm is made of: reviews as they went, open deals, deviations that were named, promises."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count

from headway.deals.events import EventKind
from headway.reviews.health import Deviation, Health, Occurrence, PipelineDeal, health_of
from headway.reviews.kept import Fate
from headway.reviews.kinds import Held, ReviewKind
from headway.store.models import AgendaItem, Deal, DealFinding, Decision, Event, Person, Review, Rhythm, Workspace
from headway.store.models.people import Role
from headway.store.queries.access import Access
from headway.store.queries.analyses import Scale, find_newest, scale_from
from headway.store.queries.commitments import fates_of, leaders_of

__all__ = ["HealthFacts", "health_facts"]

WINDOW = timedelta(days=400)
LOOKED_SECONDS = 15  # as `store.actions.reviews` counts it: what was before everybody for less was only paged past
MOST_REVIEWS = 2_000
MOST_ITEMS = 30_000
MOST_DEALS = 50_000
ENDED = (Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)
WITH_DEALS = (ReviewKind.PIPELINE, ReviewKind.ONE_TO_ONE, ReviewKind.RESET)
MENDING = (
    EventKind.STAGE_CLAIMED, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET, EventKind.OWNER_SET,
    EventKind.BUYER_ACTED, EventKind.ACT_AGREED, EventKind.EVIDENCE_RECORDED, EventKind.EVIDENCE_RETRACTED,
    EventKind.EXCEPTION_ALLOWED,
)  # fmt: skip
NUMBERS = re.compile(r"\d[\d,.]*")


class _Item(NamedTuple):
    review: int
    deal: int
    deal_key: str
    deal_name: str
    decided_at: datetime | None
    talked: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """Everything the pages of the health show. `rhythms`: key and name of those that run; `whose`: names of those
    whose promises are counted; `reinforcement`: what reviews do to adherence, as the newest analysis said, or None."""

    occurrences: tuple[Occurrence, ...]
    deals: tuple[PipelineDeal, ...]
    deviations: tuple[Deviation, ...]
    promises: tuple[Fate, ...]
    rhythms: tuple[tuple[str, str], ...]
    whose: tuple[str, ...]
    as_of: datetime
    zone: str
    currency: str
    next_key: str = ""  # the next review with deals on it, and when it is due
    next_due_at: datetime | None = None
    reinforcement: Mapping[str, Any] | None = field(default=None)

    def health(self, days: int = 90) -> Health:
        """The figures over so many days."""
        today = self.as_of.astimezone(ZoneInfo(self.zone)).date()
        return health_of(
            self.occurrences, self.deals, self.deviations, self.promises, as_of=self.as_of, today=today, days=days
        )


def health_facts(access: Access, at: datetime) -> HealthFacts:
    """As of now: reviews of the last 400 days, deals and deviations as they are. Ten queries at any size."""
    workspace = access.workspace
    reviews = _reviews(workspace, at)
    items = _items(workspace, reviews)
    newest = find_newest(workspace)
    findings = _findings(workspace)
    whose = _whose(access)
    mine = {person.pk for person in whose}
    coming = Review.objects.filter(workspace=workspace, state=Held.DUE, due_at__gt=at, kind__in=WITH_DEALS)
    next_one = coming.order_by("due_at", "pk").first()
    rhythms = Rhythm.objects.filter(workspace=workspace, ended_at=None).order_by("name", "pk")
    return HealthFacts(
        occurrences=_occurrences(reviews, items, _decided(workspace, at)),
        deals=_deals(workspace, _looked_at(reviews, items), findings, scale_from(newest.summary if newest else {})),
        deviations=_deviations(reviews, items, findings, newest.finished_at if newest else at, at),
        promises=tuple(fate for person, fate in fates_of(workspace, at) if person in mine),
        rhythms=tuple(rhythms.values_list("key", "name")[:200]),
        whose=tuple(person.name for person in whose),
        as_of=at, zone=workspace.zone,
        currency=(newest.summary.get("currency") if newest else "") or workspace.currency,
        next_key=next_one.key if next_one else "", next_due_at=next_one.due_at if next_one else None,
        reinforcement=newest.summary.get("reinforcement") if newest else None,
    )  # fmt: skip


def _whose(access: Access) -> list[Person]:
    """A leader sees their own promises; operations those of everybody who leads, together."""
    return [access.person] if access.role == Role.LEADER else leaders_of(access.workspace)


def _reviews(workspace: Workspace, at: datetime) -> dict[int, Review]:
    rows = Review.objects.filter(workspace=workspace, state__in=ENDED, due_at__gt=at - WINDOW, due_at__lte=at)
    return {row.pk: row for row in rows.select_related("rhythm").order_by("-due_at", "-pk")[:MOST_REVIEWS]}


def _decided(workspace: Workspace, at: datetime) -> dict[int, int]:
    """Review -> decisions on its deals that stand."""
    rows = Decision.objects.filter(workspace=workspace, voiding=None, item__deal__isnull=False, at__gt=at - WINDOW)
    return dict(rows.order_by().values("review").annotate(n=Count("pk")).values_list("review", "n"))


def _items(workspace: Workspace, reviews: Mapping[int, Review]) -> list[_Item]:
    held = [pk for pk, row in reviews.items() if row.opened_at is not None]
    rows = AgendaItem.objects.filter(workspace=workspace, review__in=held, deal__isnull=False)
    columns = ("review", "deal", "deal__key", "deal__name", "deal__decided_at", "state", "seconds", "facts__findings")
    return [
        _Item(review, deal, key, name, decided_at, was_talked_about(state, seconds), tuple(found or ()))
        for review, deal, key, name, decided_at, state, seconds, found in rows.values_list(*columns)[:MOST_ITEMS]
    ]


def was_talked_about(state: str, seconds: int) -> bool:
    """As minutes and inspections count it: done, or before everybody long enough and not passed over."""
    return state == "done" or (state != "passed" and seconds >= LOOKED_SECONDS)


def _occurrences(
    reviews: Mapping[int, Review], items: Iterable[_Item], decided: Mapping[int, int]
) -> tuple[Occurrence, ...]:
    talked: dict[int, int] = defaultdict(int)
    named: dict[int, int] = defaultdict(int)
    present: dict[int, int] = defaultdict(int)
    for item in items:
        present[item.review] += len(item.findings)
        if item.talked:
            talked[item.review] += 1
            named[item.review] += len(item.findings)
    return tuple(
        Occurrence(
            row.key, row.rhythm.key if row.rhythm else "", row.name, row.due_at, Held(row.state), talked[pk],
            decided.get(pk, 0), named[pk], present[pk],
        )
        for pk, row in reviews.items()
    )  # fmt: skip


def _looked_at(reviews: Mapping[int, Review], items: Iterable[_Item]) -> dict[int, datetime]:
    """Deal -> when a review last talked about it."""
    found: dict[int, datetime] = {}
    for item in items:
        at = reviews[item.review].opened_at
        if item.talked and at is not None and at > found.get(item.deal, datetime.min.replace(tzinfo=at.tzinfo)):
            found[item.deal] = at
    return found


def _findings(workspace: Workspace) -> dict[int, list[tuple[str, datetime | None]]]:
    """Open deal -> what departs from the process on it and nobody allowed."""
    found: dict[int, list[tuple[str, datetime | None]]] = defaultdict(list)
    rows = DealFinding.objects.filter(workspace=workspace, allowed=False, deal__is_live=True, deal__outcome="")
    for deal, what, happened_at in rows.values_list("deal", "what", "happened_at")[: 4 * MOST_DEALS]:
        found[deal].append((what, happened_at))
    return found


def _deals(
    workspace: Workspace, looked: Mapping[int, datetime], findings: Mapping[int, list[tuple[str, datetime | None]]],
    scale: Scale,
) -> tuple[PipelineDeal, ...]:  # fmt: skip
    rows = Deal.objects.filter(workspace=workspace, is_live=True, outcome="")
    columns = ("pk", "key", "name", "amount", "currency", "owner__name")
    found = []
    for pk, key, name, amount, own, owner in rows.order_by("pk").values_list(*columns)[:MOST_DEALS]:
        rate = scale.rate(own)
        last = looked.get(pk)
        unnamed = [arose for _, arose in findings.get(pk, ()) if last is None or (arose is not None and arose > last)]
        found.append(
            PipelineDeal(
                key, name, None if amount is None or rate is None else float(amount) * rate, owner or "", last,
                len(findings.get(pk, ())), len(unnamed),
            )
        )  # fmt: skip
    return tuple(found)


def _deviations(
    reviews: Mapping[int, Review], items: Iterable[_Item],
    findings: Mapping[int, list[tuple[str, datetime | None]]], analysed_at: datetime, at: datetime,
) -> tuple[Deviation, ...]:  # fmt: skip
    """Each deviation that a review named, once, from the first time on; gone ones with the act that mended them."""
    named: dict[tuple[int, str], tuple[datetime, _Item, str]] = {}
    for item in items:
        opened_at = reviews[item.review].opened_at
        for what in item.findings if item.talked and opened_at is not None else ():
            mark = (item.deal, folded(what))
            if opened_at is not None and (mark not in named or opened_at < named[mark][0]):
                named[mark] = (opened_at, item, what)
    standing = {(deal, folded(what)) for deal, found in findings.items() for what, _ in found}
    acts = _acts({deal for deal, what in named if (deal, what) not in standing})
    deviations = []
    for mark, (named_at, item, what) in named.items():
        mended_at, seen_at = None, at
        if mark not in standing:
            mended_at = next((moment for moment in acts.get(item.deal, ()) if moment >= named_at), None)
            if item.decided_at is not None and (mended_at is None or mended_at > item.decided_at):
                mended_at, seen_at = None, item.decided_at  # it ended first: nothing can be mended any more
            elif mended_at is None:
                mended_at = max(analysed_at, named_at)
        deviations.append(Deviation(item.deal_key, what, named_at, mended_at, seen_at, item.deal_name))
    return tuple(sorted(deviations, key=lambda one: (one.named_at, one.deal, one.what)))


def folded(what: str) -> str:
    """A deviation's sentence without its figures: 41 days in a stage are the same deviation as 48."""
    return NUMBERS.sub("#", what).casefold()


def _acts(deals: Iterable[int]) -> dict[int, list[datetime]]:
    """Deal -> when something was recorded on it that can mend a deviation, in order."""
    found: dict[int, list[datetime]] = defaultdict(list)
    kinds = [kind.value for kind in MENDING]
    rows = Event.objects.filter(deal__in=list(deals)[:MOST_ITEMS], kind__in=kinds, voiding=None)
    for deal, recorded_at in rows.order_by("recorded_at", "pk").values_list("deal", "recorded_at"):
        found[deal].append(recorded_at)
    return found
