"""Gates as their pages and the analysis read them: rungs, moves, what they met, what was typed in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery

from headway.deals.events import EventKind
from headway.process.definition import Process
from headway.reviews.gate_harm import Entry, HarmFacts
from headway.reviews.gates import REASONED, Earned, Rung
from headway.store.gating import rank_in
from headway.store.models import Event, Exhibit, Gate, GateChange, GatePassing, ProcessVersion, Workspace
from headway.store.models import Process as ProcessRow
from headway.store.queries.access import Access
from headway.store.queries.analyses import find_newest
from headway.store.queries.versions import process_of

__all__ = ["GateRow", "Met", "Move", "Passing", "ProcessGates", "ProcessRow", "find_measures", "list_gates"]

GateRow = Gate
MOST_ENTRIES = 20_000
MOST_MOVES, MOST_PASSINGS = 50, 50
CHECKABLE_GRADE = 2  # written or done by the buyer: nobody types that in


@dataclass(frozen=True, slots=True)
class Effect:
    """Share won of deals that lacked what the stage requires minus that of those that had it, when claimed there."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What the newest analysis says of a gate at a stage, whether or not one stands there.

    `asked`: deals that reached the stage while open; `lacked` of them had not all that it requires. `harm`: None
    where no gate stands above the lowest rung; counted from `since`.
    """

    asked: int
    lacked: int
    effect: Effect | None
    horizon_days: int
    supported: Rung
    earned: tuple[Earned, ...]
    so: str
    harm: HarmFacts | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """How many deals met a gate since a moment, by how that ended; a deal counts once in each."""

    deals: int = 0
    lacked: int = 0
    warned: int = 0
    reasoned: int = 0
    turned_back: int = 0
    came_back: int = 0
    by_path: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """A gate was set or went one rung up or down; `by` empty: by itself."""

    id: int
    before: str
    rung: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passing:
    """A claim that met a gate lacking something."""

    deal: str
    name: str
    ended: str
    path: str
    missing: tuple[str, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProcessGates:
    """A published process with the gates that stand before its stages, by the stages' names.

    `lost`: gates at stages that the newest version calls otherwise, or has no more: new deals do not meet them.
    """

    row: ProcessRow
    process: Process
    gates: dict[str, Gate]
    lost: tuple[Gate, ...] = ()


def list_gates(access: Access) -> list[ProcessGates]:
    """Every published process in use, by name. Two queries."""
    newest: dict[int, ProcessVersion] = {}
    versions = ProcessVersion.objects.select_related("process").filter(
        workspace=access.workspace, number__isnull=False, withdrawn_at=None, process__archived_at=None
    )
    for version in versions.order_by("process__name", "process_id", "number"):
        newest[version.process_id] = version
    standing: dict[int, list[Gate]] = {}
    for gate in Gate.objects.filter(workspace=access.workspace, ended_at=None).order_by("id"):
        standing.setdefault(gate.process_id, []).append(gate)
    return [_process_gates(version, standing.get(process, [])) for process, version in newest.items()]


def _process_gates(version: ProcessVersion, standing: Sequence[Gate]) -> ProcessGates:
    process = process_of(version)
    ranks = {gate.pk: rank_in(process, gate.stage) for gate in standing}
    gates = {process.stages[rank - 1].name: gate for gate in standing if (rank := ranks[gate.pk]) is not None}
    return ProcessGates(version.process, process, gates, tuple(gate for gate in standing if ranks[gate.pk] is None))


def stages_left_without(process: ProcessRow, value: Process) -> tuple[str, ...]:
    """Stages before which a gate stands now, and which a version to be published calls otherwise or has no more."""
    gates = Gate.objects.filter(process=process, ended_at=None).order_by("id")
    return tuple(stage for stage in gates.values_list("stage", flat=True) if rank_in(value, stage) is None)


def find_measures(workspace: Workspace) -> tuple[datetime | None, dict[tuple[int, str], Measure]]:
    """When the newest analysis was made, and what it says by (process id, stage). One query."""
    newest = find_newest(workspace)
    if newest is None:
        return None, {}
    told = newest.summary.get("gates") or []
    return newest.finished_at, {(one["process"], one["stage"]): _measure(one) for one in told}


def _measure(told: dict[str, Any]) -> Measure:
    harm = told.get("harm")
    return Measure(
        asked=told["asked"],
        lacked=told["lacked"],
        effect=Effect(**told["effect"]) if told["effect"] else None,
        horizon_days=told["horizon_days"],
        supported=Rung(told["supported"]),
        earned=tuple(Earned(Rung(rung), holds, why) for rung, holds, why in told["earned"]),
        so=told["so"],
        harm=HarmFacts(**{name: tuple(counts) for name, counts in harm.items()}) if harm else None,
        since=datetime.fromisoformat(told["since"]) if told.get("since") else None,
    )


def list_moves(gates: Sequence[Gate]) -> dict[int, list[Move]]:
    """By gate, the newest first, at most 50 each of all. One query."""
    found: dict[int, list[Move]] = {}
    rows = GateChange.objects.filter(gate__in=gates).select_related("by").order_by("-id")
    for row in rows[: MOST_MOVES * max(1, len(gates))]:
        name = row.by.name if row.by else ""
        found.setdefault(row.gate_id, []).append(Move(row.pk, row.before, row.rung, row.why, name, row.at))
    return found


def count_met(gates: Sequence[Gate]) -> dict[int, Met]:
    """By gate, over its whole life: each deal counts once in each. Two queries; undone claims do not count."""
    counting = _counting().filter(gate__in=gates)
    lacking = ~Q(missing=[])
    rows = counting.values("gate_id").annotate(
        deals=Count("deal", distinct=True),
        lacked=Count("deal", distinct=True, filter=lacking),
        warned=Count("deal", distinct=True, filter=Q(ended="warned")),
        reasoned=Count("deal", distinct=True, filter=Q(ended=REASONED)),
        turned_back=Count("deal", distinct=True, filter=Q(event=None)),
    )
    later = GatePassing.objects.filter(
        gate=OuterRef("gate"), deal=OuterRef("deal"), event__isnull=False, at__gte=OuterRef("at"), id__gt=OuterRef("id")
    )
    back = counting.filter(event=None).annotate(later=Subquery(later.values("id")[:1])).exclude(later=None)
    returned = dict(back.values_list("gate_id").annotate(Count("deal", distinct=True)))
    return {
        row["gate_id"]: Met(
            row["deals"], row["lacked"], row["warned"], row["reasoned"], row["turned_back"],
            returned.get(row["gate_id"], 0),
        )
        for row in rows
    }  # fmt: skip


def list_passings(gate: Gate, texts: dict[str, str]) -> list[Passing]:
    """The newest 50 claims that lacked something. `texts`: milestones in words by id. One query."""
    rows = _counting().filter(gate=gate).exclude(missing=[]).select_related("deal", "by", "reason").order_by("-id")
    return [
        Passing(
            row.deal.key, row.deal.name, row.ended, row.path, tuple(texts.get(id, id) for id in row.missing),
            (row.reason.text or "") if row.reason else "", row.by.name if row.by else "", row.at,
        )
        for row in rows[:MOST_PASSINGS]
    ]  # fmt: skip


def _counting() -> Any:
    undone = Q(event__batch__batchundone__isnull=False)
    return GatePassing.objects.filter(Q(event=None) | Q(event__voiding=None)).exclude(undone)


def list_standing(workspace: Workspace) -> list[tuple[Gate, datetime]]:
    """Every gate that stands, with the moment since when it stands on its rung. Two queries."""
    gates = list(Gate.objects.select_related("process", "workspace").filter(workspace=workspace, ended_at=None))
    moved: dict[int, datetime] = dict(
        GateChange.objects.filter(gate__in=gates).order_by("at", "id").values_list("gate_id", "at")
    )
    return [(gate, moved.get(gate.pk, gate.created_at)) for gate in gates]


def list_entries(gate: Gate, milestones: Iterable[str], since: datetime) -> list[Entry]:
    """What people typed in for a gate since then: evidence of what its stage requires, and reasons; newest 20,000."""
    evidence = list(
        Event.objects.filter(
            workspace=gate.workspace_id, deal__version__process=gate.process_id, by__isnull=False, voiding=None,
            kind=EventKind.EVIDENCE_RECORDED.value, name__in=list(milestones), recorded_at__gte=since,
        )
        .order_by("-id")
        .values_list("deal_id", "note__text", "recorded_at", "happened_at", "grade", "ref")[:MOST_ENTRIES]
    )  # fmt: skip
    shown = _shown(gate.workspace_id, [row[5] for row in evidence if row[5]])
    claims = _claims({row[0] for row in evidence})
    found = [
        Entry(
            deal, text or "", at, _next(claims.get(deal, ()), at) if happened_at.date() == at.date() else None,
            checkable=(grade or 0) >= CHECKABLE_GRADE or ref in shown,
        )
        for deal, text, at, happened_at, grade, ref in evidence
    ]  # fmt: skip
    reasons = GatePassing.objects.filter(gate=gate, ended=REASONED, at__gte=since).order_by("-id")
    rows = reasons.values_list("deal_id", "reason__text", "at")[:MOST_ENTRIES]
    return [*found, *(Entry(deal, text, at) for deal, text, at in rows if text)]


def _shown(workspace: int, refs: Sequence[str]) -> set[str]:
    """Those behind which a link or a file stands."""
    found: set[str] = set()
    for start in range(0, len(refs), 500):
        part = Exhibit.objects.filter(workspace=workspace, ref__in=refs[start : start + 500])
        found |= set(part.filter(~Q(link=None) | ~Q(attachment=None)).values_list("ref", flat=True))
    return found


def _claims(deals: set[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    ids = sorted(deals)
    for start in range(0, len(ids), 500):
        part = Event.objects.filter(deal__in=ids[start : start + 500], kind=EventKind.STAGE_CLAIMED.value)
        rows = part.filter(by__isnull=False).order_by("recorded_at").values_list("deal_id", F("recorded_at"))
        for deal, at in rows:
            found.setdefault(deal, []).append(at)
    return found


def _next(claims: Iterable[datetime], at: datetime) -> datetime | None:
    return next((claim for claim in claims if claim >= at), None)
