"""The three histories of a deal: the drawing, and its table twin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from headway.basics.periods import AsOf
from headway.charts.histories import Ahead, Happening, Histories, Level, levels_of, three_histories
from headway.deals.event_log import folded
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.proof import is_withdrawn, milestone_proofs
from headway.evidence.standing import DealStanding, evidenced_rank, observed_acts
from headway.process.definition import Process
from headway.store.queries.deal_page import Record
from headway.web.deals.words import OUTCOMES, event_words, grade_words, side_of, topic_of

MOST_MARKS = 120  # of one side; older ones are counted, not drawn
MOST_LEVELS = 16  # changes of the evidenced stage that are worked out
MOST_ROWS = 40
ALL_ROWS = 600
WITHDRAWING = (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)
PROVING = (
    EventKind.EVIDENCE_RECORDED,
    *WITHDRAWING,
    EventKind.AMOUNT_SET,
    EventKind.DEAL_DECIDED,
    EventKind.DEAL_REOPENED,
)
SIDES = {"buyer": "Buyer", "seller": "Seller", "claim": "Claim"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: whose history, what, when it happened and was recorded."""

    at: datetime
    recorded_at: datetime
    side: str
    side_name: str
    what: str
    who: str
    quote: str
    grade: str
    by: str


def picture(known: DealHistory, process: Process | None, standing: DealStanding | None, at: datetime) -> str:
    """The SVG of the deal's `known` history up to the moment shown; empty where nothing is known."""
    events = known.events
    if not events:
        return ""
    decision = known.decision
    end = min(at, decision[1]) if decision else at
    buyer = [e for e in events if e.kind in (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED)]
    seller = [e for e in events if e.kind is EventKind.ACTIVITY_DONE]
    left_out = max(len(buyer) - MOST_MARKS, 0) + max(len(seller) - MOST_MARKS, 0)
    buyer, seller = buyer[-MOST_MARKS:], seller[-MOST_MARKS:]
    starts_at = min(e.happened_at for e in [*buyer, *seller]) if left_out else events[0].happened_at
    observed = standing is not None and standing.evidenced_rank is not None
    shown = Histories(
        starts_at=starts_at,
        today=end,
        buyer=_buyer(buyer, known, process),
        seller=tuple(Happening(e.happened_at, e.name or "") for e in seller),
        claimed=_claimed(known, process, starts_at),
        evidenced=_evidenced(known, process, end, starts_at) if process and observed else (),
        stages=len(process.stages) if process else 1,
        agreed=None if decision else _agreed(known, at),
        decided=OUTCOMES[decision[0].value].lower() if decision else "",
        folded=left_out,
    )
    said = f"{len(buyer)} acts of the buyer, {len(seller)} of the seller; the table below lists them."
    return three_histories(shown, title="What the buyer did, what was claimed, what the seller did", desc=said)


def _buyer(buyer: list[Event], known: DealHistory, process: Process | None) -> tuple[Happening, ...]:
    """Acts and evidence. An act that evidence of the same moment tells again is drawn once."""
    needed = {m.id: m.proof.grade for _, m in process.milestones} if process else {}
    withdrawn = tuple(e for e in known.events if e.kind in WITHDRAWING)
    told = {e.happened_at for e in buyer if e.kind is EventKind.EVIDENCE_RECORDED}
    lines = lines_of(process)
    marks = []
    for event in buyer:
        if event.kind is EventKind.BUYER_ACTED:
            if event.happened_at not in told:
                marks.append(Happening(event.happened_at, f"{event.contact or 'Buyer'}: {event.name}"))
            continue
        gone = any(is_withdrawn(event, event.name or "", withdrawn, kind) for kind in WITHDRAWING)
        weak = (event.grade or 0) < needed.get(event.name or "", 0)
        shape = "withdrawn" if gone else "weak" if weak else "proof"
        said = f"{event.contact or 'Buyer'}: {lines.get(event.name or '') or topic_of(event.name)}"
        marks.append(Happening(event.happened_at, said, shape))
    return tuple(marks)


def _claimed(known: DealHistory, process: Process | None, starts_at: datetime) -> tuple[Level, ...]:
    if process is None:
        return ()
    ranks = {folded(label): rank for rank, stage in enumerate(process.stages, 1) for label in stage.labels}
    claims = [
        (e.happened_at, ranks.get(folded(e.name or ""))) for e in known.events if e.kind is EventKind.STAGE_CLAIMED
    ]
    return levels_of(
        [Level(max(at, starts_at), rank, process.stages[rank - 1].name) for at, rank in claims if rank is not None]
    )


def _evidenced(known: DealHistory, process: Process, end: datetime, starts_at: datetime) -> tuple[Level, ...]:
    """How far the evidence reached over time, by what is known now."""
    acts = {act for _, milestone in process.milestones for act in milestone.proof.acts}
    events = (e for e in known.events if e.kind in PROVING or (e.kind is EventKind.BUYER_ACTED and e.name in acts))
    proving = DealHistory(known.id, tuple(events), known.record_type)
    moments = [
        e.happened_at for e in proving.events
        if e.kind in (EventKind.EVIDENCE_RECORDED, *WITHDRAWING) and e.happened_at <= end
    ]  # fmt: skip
    moments = sorted(set(moments))[-MOST_LEVELS:]
    known_by = max((e.known_at for e in known.events), default=end)
    levels = []
    for at in moments:
        proofs = milestone_proofs(proving, process, AsOf(at, max(known_by, at)))
        levels.append(Level(max(at, starts_at), evidenced_rank(proofs, len(process.stages), None) or 0))
    return levels_of(levels)


def _agreed(known: DealHistory, at: datetime) -> Ahead | None:
    agreed = awaited_act(known, at)
    if agreed is None or agreed.due_on is None:
        return None
    due = datetime.combine(agreed.due_on, time(12), UTC)
    return Ahead(due, agreed.name or "", late=agreed.due_on < at.date())


def awaited_act(known: DealHistory, at: datetime) -> Event | None:
    """What the buyer agreed to do last, until its day has come and the buyer was seen to act since it was agreed."""
    agreed = known.last(EventKind.ACT_AGREED)
    if agreed is None or known.decision is not None:
        return None
    due = agreed.due_on is None or agreed.due_on < at.date()
    acted = any(moment > agreed.happened_at for moment in observed_acts(known.events))
    return None if due and acted else agreed


def lines_of(process: Process | None) -> dict[str, str]:
    """milestone -> its text."""
    return {m.id: m.buyer.strip().rstrip(".") for _, m in process.milestones} if process else {}


def lines(
    records: tuple[Record, ...], process: Process | None, currency: str, most: int = MOST_ROWS
) -> tuple[Line, ...]:
    """The table twin: the newest `most` things, the newest first."""
    milestones = lines_of(process)
    found = []
    for record in reversed(records[-most:]):
        event = record.event
        side = side_of(event.kind)
        proves = event.kind is EventKind.EVIDENCE_RECORDED
        found.append(
            Line(
                at=event.happened_at,
                recorded_at=event.known_at,
                side=side,
                side_name=SIDES[side],
                what=event_words(event.kind, event.name, event.amount, event.due_on, currency, milestones),
                who=(event.contact if side == "buyer" else event.actor) or "",
                quote=event.note or "",
                grade=grade_words(event.grade, record.shown.source) if proves else "",
                by=record.by or ("import" if record.imported else ""),
            )
        )
    return tuple(found)
