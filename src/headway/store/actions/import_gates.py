"""The claims of an import at the gates: they end like those of a form without a reason, and none is lost in silence.

What a source's own history says was claimed elsewhere, at its moment: it is written as it says, and the passing is
flagged. What a file says of today is a claim made by it: a gate that asks or blocks leaves it out, the deal keeps what
was claimed before, and the import's list of problems says so (docs/decisions/0008-gates.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from headway.basics.periods import AsOf, naive_utc
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.evidence.proof import milestone_proofs
from headway.process.definition import Process
from headway.reviews.gates import ASKED, BLOCKED, PASSED, Rung
from headway.store.gating import Met, rank_in, refusal_of
from headway.store.models import Deal, Event, Gate, GateChange, GatePassing, ImportBatch, Person, Workspace
from headway.store.queries.histories import events_of_deals
from headway.store.queries.versions import process_of

DEALS_AT_ONCE = 500
MOST_TOLD = 200
COLUMNS = (
    "e.ordinal, e.kind, e.name, e.happened_at, e.recorded_at, e.recorded_how, e.grade, e.amount, e.due_on, e.ref, "
    "e.actor, e.contact, e.note, e.line, coalesce(m.id, k.id) AS deal_id"
)
OF_DEALS = (
    " FROM import_events AS e LEFT JOIN made_deals AS m ON m.source_id = e.source_id"
    " LEFT JOIN known_deals AS k ON k.key = e.deal"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim of an import that met gates. `ordinal`: of its event; `ended`: by gate, as in `GatePassing`."""

    deal: Deal
    ordinal: int
    name: str
    happened_at: datetime
    line: int | None
    met: tuple[tuple[Met, str], ...]
    sentence: str

    @property
    def held(self) -> bool:
        """Whether it is left out."""
        return bool(self.sentence)


@dataclass(frozen=True, slots=True)
class Standing:
    """A gate, and since when it stands on which rung, the newest first."""

    gate: Gate
    moves: tuple[tuple[datetime, str], ...]

    def rung_at(self, moment: datetime) -> str | None:
        """None where it did not stand yet."""
        return next((rung for at, rung in self.moves if at <= moment), None)


def hold_claims(*, workspace: Workspace, log: EventLog, at: datetime) -> tuple[Claimed, ...]:
    """Every claim that met a gate; those held back are gone from `import_events`. Inside `import_batch`."""
    gates = _standing(workspace)
    if not gates:
        return ()
    first = min(one.moves[-1][0] for one in gates)
    touched = log.rows(
        f"SELECT DISTINCT coalesce(m.id, k.id) AS deal{OF_DEALS} WHERE e.kind = 'stage_claimed'"
        " AND (e.recorded_how = 'snapshot' OR e.happened_at >= $first) ORDER BY deal",
        {"first": naive_utc(first)},
    )
    found: list[Claimed] = []
    ids = [row["deal"] for row in touched if row["deal"] is not None]
    for start in range(0, len(ids), DEALS_AT_ONCE):
        found += _claims_of(ids[start : start + DEALS_AT_ONCE], workspace, gates, log, at)
    held = [one.ordinal for one in found if one.held]
    for start in range(0, len(held), DEALS_AT_ONCE):
        marks = ", ".join(map(str, held[start : start + DEALS_AT_ONCE]))
        log.connection.execute(f"DELETE FROM import_events WHERE ordinal IN ({marks})")
    return tuple(found)


def record_claims(
    claims: Sequence[Claimed], *, workspace: Workspace, batch: ImportBatch, by: Person, at: datetime
) -> None:
    """Their passings, once the events are written; and what was held, into the import's report (not saved)."""
    for start in range(0, len(claims), DEALS_AT_ONCE):
        part = claims[start : start + DEALS_AT_ONCE]
        events = _events(batch, part)
        GatePassing.objects.bulk_create(
            GatePassing(
                workspace=workspace, gate=met.gate, deal=one.deal, rung=met.rung.value, path="import", ended=ended,
                event_id=None if one.held else events.get((one.deal.pk, one.happened_at, one.name)),
                missing=[id for id, _ in met.missing], by=by, at=at,
            )
            for one in part
            for met, ended in one.met
            if not one.held or ended in (ASKED, BLOCKED)
        )  # fmt: skip
    held = [one for one in claims if one.held]
    told = [
        {"deal": one.deal.key, "name": one.deal.name, "stage": one.name, "line": one.line, "why": one.sentence}
        for one in held[:MOST_TOLD]
    ]
    past = sum(not one.held and any(met.missing and met.rung in REFUSING for met, _ in one.met) for one in claims)
    if claims:
        batch.report = batch.report | {"gates": {"held": len(held), "claims": told, "went_past": past}}


REFUSING = (Rung.ASK, Rung.BLOCK)


def _standing(workspace: Workspace) -> list[Standing]:
    gates = list(Gate.objects.filter(workspace=workspace, ended_at=None).order_by("id"))
    moves: dict[int, list[tuple[datetime, str]]] = {}
    for gate, at, rung in (
        GateChange.objects.filter(gate__in=gates).order_by("-at", "-id").values_list("gate_id", "at", "rung")
    ):
        moves.setdefault(gate, []).append((at, rung))
    return [Standing(gate, tuple(moves.get(gate.pk, [(gate.created_at, gate.rung)]))) for gate in gates]


def _claims_of(
    ids: Sequence[int], workspace: Workspace, gates: Sequence[Standing], log: EventLog, at: datetime
) -> Iterator[Claimed]:
    deals = Deal.objects.select_related("version").filter(workspace=workspace, pk__in=ids, version__isnull=False)
    wanted = {one.gate.process_id for one in gates}
    known = {deal.pk: deal for deal in deals if deal.version and deal.version.process_id in wanted}
    if not known:
        return
    marks = ", ".join(map(str, known))
    new: dict[int, list[dict[str, Any]]] = {}
    for row in log.rows(
        f"SELECT * FROM (SELECT {COLUMNS}{OF_DEALS}) WHERE deal_id IN ({marks}) ORDER BY deal_id, happened_at, ordinal"
    ):
        new.setdefault(row["deal_id"], []).append(row)
    before = events_of_deals(list(known))
    for pk, deal in sorted(known.items()):
        mine = [one for one in gates if deal.version and one.gate.process_id == deal.version.process_id]
        yield from _walk(deal, mine, before.get(pk, []), new.get(pk, []), at)


def _walk(
    deal: Deal, gates: Sequence[Standing], before: list[PlainEvent], rows: Sequence[dict[str, Any]], at: datetime
) -> Iterator[Claimed]:
    """The deal's claims in their order, each against what was claimed before it and was not held back."""
    assert deal.version is not None
    process = process_of(deal.version)
    behind = max((event.ordinal for event in before), default=0)
    said = [*before, *(_plain(row, behind) for row in rows)]
    said.sort(key=lambda event: (event.happened_at, event.ordinal))
    lines = {behind + 1 + row["ordinal"]: row for row in rows}
    history = DealHistory(deal.key, tuple(said), deal.record_type or None)
    standing = 0
    for event in said:
        if event.kind is not EventKind.STAGE_CLAIMED:
            continue
        rank = rank_in(process, event.name or "")
        row = lines.get(event.ordinal)
        if row is not None and rank is not None and rank > standing:
            one = _met(deal, process, history, gates, event, row, standing, rank, at)
            if one is not None:
                yield one
                if one.held:
                    continue
        standing = rank or 0


def _met(
    deal: Deal, process: Process, history: DealHistory, gates: Iterable[Standing], event: PlainEvent,
    row: dict[str, Any], standing: int, rank: int, at: datetime,
) -> Claimed | None:  # fmt: skip
    """None where it meets no gate."""
    today = event.recorded_how is RecordedHow.SNAPSHOT
    proofs = None
    met: list[tuple[Met, str]] = []
    for one in gates:
        place, rung = rank_in(process, one.gate.stage), one.rung_at(at if today else event.happened_at)
        if place is None or rung is None or not standing < place <= rank:
            continue
        if proofs is None:
            as_of = AsOf(at=at if today else event.happened_at, known_by=at)
            proofs = milestone_proofs(history, process, as_of)
        missing = tuple((p.milestone.id, p.milestone.buyer) for p in proofs if p.rank == place and not p.holds)
        meeting = Met(one.gate, Rung(rung), missing)
        met.append((meeting, meeting.ended(reason=False) if today else PASSED))
    if not met:
        return None
    refused = refusal_of(tuple(meeting for meeting, _ in met), "") if today else None
    sentence = str(refused) if refused else ""
    return Claimed(deal, row["ordinal"], event.name or "", event.happened_at, row["line"], tuple(met), sentence)


def _plain(row: dict[str, Any], behind: int) -> PlainEvent:
    happened = row["happened_at"].replace(tzinfo=UTC)
    recorded = row["recorded_at"].replace(tzinfo=UTC) if row["recorded_at"] else happened
    return PlainEvent(
        kind=EventKind(row["kind"]), happened_at=happened, ordinal=behind + 1 + row["ordinal"], name=row["name"],
        recorded_at=recorded, recorded_how=RecordedHow(row["recorded_how"]), actor=row["actor"],
        contact=row["contact"], grade=row["grade"], amount=None if row["amount"] is None else float(row["amount"]),
        due_on=row["due_on"], ref=row["ref"], note=row["note"],
    )  # fmt: skip


def _events(batch: ImportBatch, claims: Iterable[Claimed]) -> dict[tuple[int, datetime, str], int]:
    deals = {one.deal.pk for one in claims if not one.held}
    rows = Event.objects.filter(batch=batch, deal__in=deals, kind=EventKind.STAGE_CLAIMED.value)
    return {(deal, happened, name or ""): pk for deal, happened, name, pk in
            rows.values_list("deal_id", "happened_at", "name", "pk")}  # fmt: skip
