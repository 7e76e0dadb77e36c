"""Candidates of an agenda from the store: what `headway.reviews.agenda` weighs, in a fixed number of queries.

In two rounds, because histories are what costs: every deal of the scope is weighed roughly by its row, and only the
best of them are read closely (steps left out, acts overdue, when a review last looked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from django.db import connection

from headway.basics.periods import AsOf
from headway.deals.event_log import sql_text
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.deal_about import DealAbout
from headway.evidence.kinds import Standing, State
from headway.evidence.question import is_overdue
from headway.evidence.standing import DealStanding
from headway.process.definition import Process
from headway.reviews.agenda import called_by, worth_of
from headway.reviews.candidate import Called, Candidate, LastSeen
from headway.reviews.left_out import steps_left_out
from headway.store.actions.standing import moment_of_deal
from headway.store.actions.visits import TEN_MINUTES
from headway.store.models import Deal as DealRow
from headway.store.models import DealFinding as FindingRow
from headway.store.queries.agenda_scope import (
    Promised,
    Scope,
    list_chosen_from,
    promises_of_agenda,
    seen_lately,
    silences_told,
)
from headway.store.queries.analyses import Scale, find_newest, scale_from
from headway.store.queries.my_deals import KINDS, Known, about_of, known_of, processes_of, standing_of

CLOSER = 60  # deals of which the history is read
NO_REASON = ("late_entry", "unproven_claim")  # how it is recorded; what the gap says already
USELESS = ("process", "helps")  # verdicts on steps whose leaving out costs nothing
NO_NEWS = (EventKind.BUYER_ACTED, EventKind.AMOUNT_SET, EventKind.CLOSE_DATE_SET)
"""After which a deal stands where it stood: a reply, a price, a date. What sellers did is not among those read."""
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Near:
    """One deal that was read closely."""

    row: DealRow
    process: Process
    known: Known
    moment: datetime
    standing: DealStanding
    about: DealAbout
    findings: tuple[str, ...]
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Field:
    """All that an agenda chooses from. `near`: by deal's key, those read closely; `open`: how many were weighed."""

    scope: Scope
    near: dict[str, Near] = field(default_factory=dict)
    open: int = 0


def field_of(scope: Scope, kept: Iterable[int] = ()) -> Field:
    """Thirteen queries at most. `kept`: deals that are read closely whatever they weigh."""
    promised, silent = promises_of_agenda(scope), silences_told(scope)
    newest = find_newest(scope.review.workspace)
    summary = newest.summary if newest else {}
    scale = scale_from(summary)
    rows = list_chosen_from(scope, {*promised, *silent, *kept}, scale.silence_limit_days(None))
    if not rows:
        return Field(scope)
    processes, findings = processes_of(rows), _findings(rows, scope.rule)
    lately = seen_lately(scope, [row.pk for row in rows])
    rough = {
        row.pk: _rough(
            row,
            scope,
            scale,
            processes[row.pk],
            findings[row.pk],
            promised.get(row.pk, ()),
            silent.get(row.pk, 0),
            lately,
        )
        for row in rows
    }
    closer = _closer(rows, rough, scope, {*kept})
    known = known_of(closer)
    done = _done(closer, processes.values())
    useless = {step for step, word in (summary.get("verdicts") or {}).items() if word in USELESS}
    near = {
        row.key: _near(
            row, scope, processes[row.pk], known[row.pk], done[row.pk], findings[row.pk], rough[row.pk], useless
        )
        for row in closer
    }
    return Field(scope, near, len(rows))


def _closer(rows: Sequence[DealRow], rough: dict[int, Candidate], scope: Scope, kept: set[int]) -> list[DealRow]:
    """Those that stay on it, then those whose promise calls them, then the best by what they are roughly worth."""

    def order(row: DealRow) -> tuple[bool, bool, float, int]:
        one = rough[row.pk]
        return row.pk not in kept, called_by(one) is Called.VALUE, -worth_of(one, scope.kind), row.pk

    return sorted(rows, key=order)[: CLOSER + len(kept)]


def _rough(
    row: DealRow,
    scope: Scope,
    scale: Scale,
    process: Process,
    findings: Sequence[tuple[str, str]],
    promised: Sequence[Promised],
    silence_told: int,
    lately: Mapping[int, datetime],
) -> Candidate:
    moment = moment_of_deal(row, scope.at)
    last = row.last_buyer_act_at
    rate = scale.rate(row.currency)
    broken = tuple(one.sentence for one in promised if one.is_broken)
    return Candidate(
        key=row.key,
        amount=float(row.amount) if row.amount is not None else None,
        currency=row.currency or scope.review.workspace.currency,
        rate=rate,
        typical_amount=scale.typical_amount,
        attention=row.attention,
        chance=getattr(row, "chance_won", None),
        standing=Standing(row.standing),
        silence_days=_days(moment, last) if last else None,
        silence_limit_days=scale.silence_limit_days(process),
        gap=row.gap,
        close_days=(row.close_on - moment.date()).days if row.close_on else None,
        open_milestones=sum(proof["state"] != State.PROVEN and not proof["reconfirm"] for proof in row.proofs),
        findings=tuple(what for rule, what in findings if rule not in NO_REASON),
        shared=findings[0][1] if scope.rule and findings else "",
        promises_due=tuple(one.sentence for one in promised if not one.is_broken),
        broken=broken,
        reminded=max((one.told for one in promised if not one.is_broken), default=silence_told),
        # Whether something happened since is known only of those read closely; here the better is assumed.
        seen=LastSeen(_days(scope.at, lately[row.pk]), changed=True) if row.pk in lately else None,
    )


def _near(
    row: DealRow, scope: Scope, process: Process, known: Known, done: Sequence[Event],
    findings: Sequence[tuple[str, str]], rough: Candidate,    useless: set[str],
) -> Near:  # fmt: skip
    moment = moment_of_deal(row, scope.at)
    standing = standing_of(row, process, known, moment)
    about = about_of(row, known, moment)
    as_of = AsOf(moment, max(moment, scope.at))
    whole = DealHistory(row.key, (*known.history.events, *done), known.history.record_type)
    left = steps_left_out(whole, process, standing.proofs, as_of, useless=useless)
    late = about.agreed.due_on if about.agreed and is_overdue(about.agreed, as_of) else None
    candidate = replace(
        rough,
        steps=tuple(one.step.seller for one in left),
        overdue_days=(moment.date() - late).days if late else 0,
        seen=_last_seen(known.history, done, scope.at),
    )
    return Near(row, process, known, moment, standing, about, tuple(what for _, what in findings), candidate)


def _last_seen(history: DealHistory, done: Sequence[Event], at: datetime) -> LastSeen | None:
    looked = [e for e in done if e.kind is EventKind.DEAL_INSPECTED and e.name != TEN_MINUTES and e.happened_at <= at]
    if not looked:
        return None
    last = looked[-1]
    # What the review itself decided was recorded with it, or before.
    changed = any(e.known_at > last.known_at for e in history.events if e.kind not in NO_NEWS)
    return LastSeen(_days(at, last.happened_at), changed)


def _days(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds() / DAY_SECONDS


def _findings(rows: Sequence[DealRow], first: str) -> dict[int, list[tuple[str, str]]]:
    """Deal -> (rule, what departs from it) where nobody allowed that, those of the rule `first` before others."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    texts = FindingRow.objects.filter(deal__in=[row.pk for row in rows], allowed=False).order_by("-happened_at", "id")
    for deal, rule, what in texts.values_list("deal_id", "rule", "what"):
        if rule == first:
            found[deal].insert(0, (rule, what))
        else:
            found[deal].append((rule, what))
    return found


def _done(rows: Sequence[DealRow], processes: Iterable[Process]) -> dict[int, list[Event]]:
    """Deal -> the activities that steps name, and when a review looked at it. One query, straight from the cursor."""
    found: dict[int, list[Event]] = defaultdict(list)
    names = sorted({name for process in processes for stage in process.stages for step in stage.steps
                    for name in step.activities})  # fmt: skip
    if not rows:
        return found
    marks = {"deals": ", ".join(["%s"] * len(rows)), "names": ", ".join(["%s"] * len(names)) or "NULL"}
    with connection.cursor() as cursor:
        cursor.execute(
            sql_text("headway.store", "agenda_activities").format(**marks), [*(row.pk for row in rows), *names]
        )
        for deal, kind, at, place, name, recorded_at in cursor:
            found[deal].append(Event(KINDS[kind], _aware(at), place, name, _aware(recorded_at)))
    return found


def _aware(at: datetime) -> datetime:
    """SQLite keeps instants in UTC without saying so."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
