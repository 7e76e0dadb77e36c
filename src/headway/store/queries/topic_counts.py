"""Counted from rows for a process review: what a year brings, criteria shown, fields filled, how reviews were held."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Q, QuerySet, Sum

from headway.deals.events import EventKind
from headway.process.definition import Milestone
from headway.reviews.kinds import Held, Promise, ReviewKind
from headway.reviews.process_topics import LOOK_HOURS, Firm
from headway.reviews.topic_sources import CriterionSeen, FieldSeen, HabitSeen
from headway.store.models import (
    AllowedException,
    Commitment,
    Contact,
    Deal,
    Event,
    Membership,
    ProcessVersion,
    Review,
    Workspace,
)
from headway.store.models.people import Role
from headway.store.queries.rates import rates_in_force, worth_of
from headway.store.queries.trials import KEPT
from headway.store.queries.versions import list_published, process_of

YEAR = timedelta(days=365)
LOOKED_BACK = 2 * YEAR  # criteria and fields
QUARTER = timedelta(days=91)  # how reviews were held
PROOF_KINDS = (EventKind.EVIDENCE_RECORDED.value, EventKind.BUYER_ACTED.value)
DATES = "dates at period ends"  # the sign of theatre that is about close dates
NAMES = {
    "close_date": "Expected close date",
    "amount": "Amount",
    "segment": "Segment",
    "team": "Team",
    "record_type": "Record type",
    "pipeline": "Pipeline",
    "agreed_act": "Agreed act",
    "quote": "Quote of the buyer",
    "contact": "Contact named in evidence",
    "part": "Part of a contact",
}


def firm_of(workspace: Workspace, shown: datetime) -> Firm:
    """The year before `shown`. Three queries. Deals in a currency without a stated rate bring no money."""
    since = shown - YEAR
    deals = Deal.objects.filter(workspace=workspace, is_live=True)
    decided = Q(decided_at__gt=since, decided_at__lte=shown)
    won = decided & Q(outcome="won")
    counts = deals.aggregate(
        opened=Count("pk", filter=Q(opened_at__gt=since, opened_at__lte=shown)),
        decided=Count("pk", filter=decided & ~Q(outcome="")),
        won=Count("pk", filter=won),
        amount=Sum(worth_of(workspace.currency, rates_in_force(workspace, shown.date())), filter=won),
    )
    sellers = deals.filter(Q(outcome="") | decided, owner__isnull=False).aggregate(n=Count("owner", distinct=True))
    return Firm(
        decided=counts["decided"], opened=counts["opened"], won=counts["won"],
        won_amount=float(counts["amount"] or 0), sellers=sellers["n"], currency=workspace.currency,
    )  # fmt: skip


def newest_versions(workspace: Workspace) -> list[ProcessVersion]:
    """The newest published version of each process in use."""
    return list({version.process_id: version for version in list_published(workspace)}.values())


def criteria_seen(workspace: Workspace, shown: datetime) -> list[CriterionSeen]:
    """Every milestone a CRM claim can go past, of deals opened in the two years before `shown`.

    Proof is counted generously: any evidence or act that would prove it and was not taken back, also if retracted or
    disputed later, so that what almost nobody shows is surely so. Two queries a milestone.
    """
    found = []
    for version in newest_versions(workspace):
        process = process_of(version)
        deals = _lately(workspace, shown).filter(version__process=version.process_id)
        for rank, milestone in process.milestones:
            past = deals.filter(_asked(milestone), claimed_rank__gt=rank)
            proofs = Event.objects.filter(KEPT, _shows(milestone), deal__in=past, kind__in=PROOF_KINDS, voiding=None)
            proven = proofs.aggregate(n=Count("deal", distinct=True))["n"]
            found.append(CriterionSeen(milestone.id, milestone.buyer, process.name, past.count(), proven))
    return found


def fields_seen(workspace: Workspace, shown: datetime, signs: Mapping[str, str]) -> list[FieldSeen]:
    """Fields of deals and evidence of the last two years. `signs`: sign of theatre found -> its sentence."""
    deals = _lately(workspace, shown)
    texts = ("segment", "team", "record_type", "pipeline")
    asked = {f"{name}_filled": Count("pk", filter=~Q(**{name: ""})) for name in texts}
    asked |= {f"{name}_values": Count(name, distinct=True, filter=~Q(**{name: ""})) for name in texts}
    count = deals.aggregate(n=Count("pk"), close=Count("close_on"), amount=Count("amount"), **asked)
    kinds = [process_of(version) for version in newest_versions(workspace)]
    used = {
        "segment": "the comparison of deals alike",
        "team": "reviews and forecasts by team",
        "record_type": "which milestones are asked"
        if any(p.record_types or any(m.record_types for _, m in p.milestones) for p in kinds)
        else "",
        "pipeline": "which process a deal belongs to" if any(p.pipelines for p in kinds) else "",
    }
    found = [
        FieldSeen("close_date", NAMES["close_date"], count["n"], count["close"], None,
                  "the forecast and what is due", signs.get(DATES, "")),
        FieldSeen("amount", NAMES["amount"], count["n"], count["amount"], None, "the forecast and the order of lists"),
        *(FieldSeen(name, NAMES[name], count["n"], count[f"{name}_filled"], count[f"{name}_values"], used[name])
          for name in texts),
    ]  # fmt: skip
    return found + _fields_of_evidence(workspace, deals)


def habits_seen(workspace: Workspace, at: datetime, shown: datetime) -> list[HabitSeen]:
    """How this team's reviews were held in the last quarter; from the history, where none was held in Headway."""
    reviews = Review.objects.filter(workspace=workspace, due_at__gt=at - QUARTER, due_at__lt=at)
    reviews = reviews.exclude(kind=ReviewKind.PROCESS.value)
    states = dict(reviews.values_list("state").annotate(n=Count("pk")))
    minutes = reviews.aggregate(m=Avg("minutes"))["m"] or 30.0
    teams = max(1, Deal.objects.filter(workspace=workspace, is_live=True).values("team").distinct().count())
    sellers = Deal.objects.filter(workspace=workspace, is_live=True, outcome="", owner__isnull=False)
    people = 1 + sellers.aggregate(n=Count("owner", distinct=True))["n"] / teams
    each = 4 * people * minutes / 60  # a quarter of a year, of all who are in one
    held = sum(states.get(one.value, 0) for one in (Held.HELD, Held.LATE, Held.EMPTY))
    skipped = states.get(Held.SKIPPED.value, 0)
    if held + skipped < 3:
        told = Event.objects.filter(workspace=workspace, deal=None, voiding=None, happened_at__gt=shown - QUARTER)
        counts = dict(told.values_list("kind").annotate(n=Count("pk")))
        skipped = counts.get(EventKind.REVIEW_MISSED.value, 0)
        held = counts.get(EventKind.REVIEW_HELD.value, 0)
    unsaid, allowed = _unsaid(workspace, shown)
    broken, promised = _promises_of_leaders(workspace, at)
    empty, late = states.get(Held.EMPTY.value, 0), states.get(Held.LATE.value, 0)
    return [
        HabitSeen("skipped", "Reviews that did not take place", "reviews of the last quarter did not take place",
                  skipped, held + skipped, each, SO["skipped"]),
        HabitSeen("empty", "Reviews held without a decision", "reviews of the last quarter ended without a decision",
                  empty, held, each, SO["empty"]),
        HabitSeen("late", "Reviews held late", "reviews of the last quarter were held after their day", late, held,
                  each / 4, SO["late"]),
        HabitSeen("unsaid", "Exceptions allowed without saying what is expected",
                  "exceptions allowed in the last year do not say what is expected", unsaid, allowed, LOOK_HOURS,
                  SO["unsaid"]),
        HabitSeen("broken", "Promises of whoever leads, not kept", "promises of whoever leads were broken", broken,
                  promised, 4 * LOOK_HOURS, SO["broken"]),
    ]  # fmt: skip


SO = {
    "skipped": "Keep the day, make it shorter, or hold fewer: one that is skipped teaches that it does not matter.",
    "empty": "End each deal with a decision, or take it off the agenda.",
    "late": "Move it to a time that holds.",
    "unsaid": "From now on every exception says what it expects, so that it can be scored.",
    "broken": "Promise less, or take them up first in every review.",
}


def allowed_a_year(workspace: Workspace, shown: datetime) -> dict[str, float]:
    """Rule -> how often an exception to it was allowed in the year before `shown`. One query."""
    return dict(_allowed(workspace, shown).values_list("name").annotate(n=Count("pk")))


def _lately(workspace: Workspace, shown: datetime) -> QuerySet[Deal]:
    return Deal.objects.filter(
        workspace=workspace, is_live=True, opened_at__gt=shown - LOOKED_BACK, opened_at__lte=shown
    )


def _asked(milestone: Milestone) -> Q:
    """Deals that it is required of."""
    asked = Q()
    if milestone.amount_from is not None:
        asked &= Q(amount__gte=milestone.amount_from)
    if milestone.record_types:
        asked &= Q(record_type__in=milestone.record_types)
    return asked


def _shows(milestone: Milestone) -> Q:
    evidence = Q(kind=PROOF_KINDS[0], name=milestone.id) & (Q(grade__gte=milestone.proof.grade) | Q(grade=None))
    return evidence | Q(kind=PROOF_KINDS[1], name__in=milestone.proof.acts)


def _fields_of_evidence(workspace: Workspace, deals: QuerySet[Deal]) -> list[FieldSeen]:
    evidence = Event.objects.filter(
        KEPT, workspace=workspace, deal__in=deals, kind=EventKind.EVIDENCE_RECORDED.value, voiding=None
    ).aggregate(n=Count("pk"), quotes=Count("note"), contacts=Count("contact"))
    agreed = Event.objects.filter(
        KEPT, workspace=workspace, deal__in=deals, kind=EventKind.ACT_AGREED.value, voiding=None
    ).aggregate(n=Count("deal", distinct=True))["n"]
    contacts = Contact.objects.filter(workspace=workspace, deal__in=deals, removed_at=None).aggregate(
        n=Count("pk"), parts=Count("pk", filter=~Q(part=""))
    )
    return [
        FieldSeen("agreed_act", NAMES["agreed_act"], deals.count(), agreed, None, "whether a silent deal waits"),
        FieldSeen("quote", NAMES["quote"], evidence["n"], evidence["quotes"], None, "how far evidence is believed"),
        FieldSeen("contact", NAMES["contact"], evidence["n"], evidence["contacts"], None, "who is asked next"),
        FieldSeen("part", NAMES["part"], contacts["n"], contacts["parts"], None, "which question goes to whom"),
    ]


def _allowed(workspace: Workspace, shown: datetime) -> QuerySet[Event]:
    return Event.objects.filter(
        KEPT, workspace=workspace, kind=EventKind.EXCEPTION_ALLOWED.value, voiding=None, happened_at__gt=shown - YEAR,
        happened_at__lte=shown,
    )  # fmt: skip


def _unsaid(workspace: Workspace, shown: datetime) -> tuple[int, int]:
    allowed = _allowed(workspace, shown)
    said = AllowedException.objects.filter(event__in=allowed).exclude(predicted="").count()
    n = allowed.count()
    return n - said, n


def _promises_of_leaders(workspace: Workspace, at: datetime) -> tuple[int, int]:
    leaders = Membership.objects.filter(workspace=workspace, ended_at=None, role=Role.LEADER).values("person")
    ended = Commitment.objects.filter(
        workspace=workspace, person__in=leaders, due_on__gt=(at - QUARTER).date(),
        state__in=(Promise.KEPT.value, Promise.LATE.value, Promise.BROKEN.value),
    )  # fmt: skip
    found = ended.aggregate(n=Count("pk"), broken=Count("pk", filter=Q(state=Promise.BROKEN.value)))
    return found["broken"], found["n"]
