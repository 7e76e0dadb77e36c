"""The milestones of a deal by stage, each with its state and the evidence behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from headway.deals.events import EventKind
from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof, is_withdrawn
from headway.evidence.standing import DealStanding
from headway.process.definition import Milestone, Process
from headway.process.expectation import GRADE_WORDS
from headway.store.queries.deal_page import Record
from headway.web.deals.words import STATES, day_words, grade_words, state_words

ACTED = EventKind.BUYER_ACTED
LATE = timedelta(days=2)
LONGEST_QUOTE = 400
Acts: TypeAlias = dict[tuple[datetime, str | None], str]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One record behind a milestone. `fate`: why it no longer counts, and `fate_by` who said so."""

    id: int
    who: str
    line: str  # how, when, of which grade, and by whom recorded where that says something
    quote: str
    link: str
    file_key: str
    file_name: str
    by_hand: bool  # a record of evidence, which may be withdrawn; else an act that the process takes as one
    fate: str = ""
    fate_by: str = ""
    fate_why: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone with all that its row says."""

    id: str
    rank: int
    buyer: str
    ask: str
    state: str
    state_name: str
    words: str
    needs: str
    ahead: bool
    reconfirm: bool
    missing: bool  # the claimed stage needs it and it does not hold
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of the process as it stands on this deal. `place`: shown, gap (claimed only) or beyond."""

    rank: int
    name: str
    place: str
    claimed: bool
    evidenced: bool
    milestones: tuple[MilestoneView, ...]
    holding: int
    lacking: tuple[str, ...]  # what a claim of this stage would still miss, from the first stage on
    own_lacking: tuple[str, ...]
    working: bool  # the claim or the next step of the buyer is about it: shown at length, the others in short
    next: bool  # the first stage that lacks something

    @property
    def opened(self) -> bool:
        """Whether its milestones are unfolded: all but those of a stage that is done."""
        return self.holding < len(self.milestones) or any(m.reconfirm for m in self.milestones)


def stage_views(
    process: Process, standing: DealStanding, records: tuple[Record, ...], at: datetime
) -> tuple[StageView, ...]:
    """Every stage in order."""
    evidence = _evidence(process, records, at)
    today = at.date()
    views = [_milestone(proof, standing, evidence.get(proof.milestone.id, ()), today) for proof in standing.proofs]
    holds = {proof.milestone.id: proof.holds for proof in standing.proofs}
    reach = max(standing.claimed_rank or 0, (standing.evidenced_rank or 0) + 1)
    stages, lacking = [], []
    for rank, stage in enumerate(process.stages, 1):
        mine = tuple(view for view in views if view.rank == rank)
        own = [view.buyer for view in mine if not holds[view.id]]
        lacking += own
        stages.append(
            StageView(
                rank=rank,
                name=stage.name,
                place=_place(rank, standing),
                claimed=rank == standing.claimed_rank,
                evidenced=rank == standing.evidenced_rank,
                milestones=mine,
                holding=sum(holds[view.id] for view in mine),
                lacking=tuple(lacking),
                own_lacking=tuple(own),
                working=rank <= reach,
                next=bool(own) and len(own) == len(lacking),
            )
        )
    return tuple(stages)


def _place(rank: int, standing: DealStanding) -> str:
    if rank <= (standing.evidenced_rank or 0):
        return "shown"
    return "gap" if rank <= (standing.claimed_rank or 0) else "beyond"


def _milestone(
    proof: MilestoneProof, standing: DealStanding, evidence: tuple[EvidenceView, ...], today: date
) -> MilestoneView:
    milestone = proof.milestone
    return MilestoneView(
        id=milestone.id,
        rank=proof.rank,
        buyer=milestone.buyer.strip().rstrip("."),
        ask=milestone.ask.strip(),
        state=proof.state.value,
        state_name="Re-confirm" if proof.reconfirm else STATES[proof.state],
        words=state_words(proof, today),
        needs=needs_words(milestone),
        ahead=proof.ahead,
        reconfirm=proof.reconfirm,
        missing=not proof.holds and proof.rank <= (standing.claimed_rank or 0),
        evidence=evidence,
    )


def needs_words(milestone: Milestone) -> str:
    """`Needs at least a quote, a link or a file.`"""
    shelf = milestone.proof.shelf_life_days
    kept = f", not older than {shelf} days" if shelf is not None else ""
    return f"Proof: {GRADE_WORDS[milestone.proof.grade]}{kept}."


def _evidence(process: Process, records: tuple[Record, ...], at: datetime) -> dict[str, tuple[EvidenceView, ...]]:
    """milestone -> its records, the newest first."""
    by_act: dict[str, list[Milestone]] = {}
    by_id = {milestone.id: milestone for _, milestone in process.milestones}
    for milestone in by_id.values():
        for act in milestone.proof.acts:
            by_act.setdefault(act, []).append(milestone)
    acts = {(r.event.happened_at, r.event.contact): r.event.name or "" for r in records if r.event.kind is ACTED}
    withdrawals = tuple(
        r for r in records if r.event.kind in (EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)
    )
    found: dict[str, list[EvidenceView]] = {}
    for record in records:
        event = record.event
        if event.happened_at > at:
            continue
        shown = []
        if event.kind is EventKind.EVIDENCE_RECORDED and event.name in by_id:
            shown = [by_id[event.name]]
        elif event.kind is ACTED and event.name in by_act:
            shown = by_act[event.name]
        for milestone in shown:
            found.setdefault(milestone.id, []).append(_view(record, milestone, withdrawals, acts, at))
    return {milestone: tuple(reversed(views)) for milestone, views in found.items()}


def _view(
    record: Record, milestone: Milestone, withdrawals: tuple[Record, ...], acts: Acts, at: datetime
) -> EvidenceView:
    event = record.event
    fate = next(
        (
            other
            for other in reversed(withdrawals)
            if is_withdrawn(event, milestone.id, (other.event,), other.event.kind)
        ),
        None,
    )
    act = record.shown.act or acts.get((event.happened_at, event.contact), "")
    words = {EventKind.EVIDENCE_RETRACTED: "Retracted", EventKind.EVIDENCE_DISPUTED: "Disputed"}
    note, today = event.note or "", at.date()
    by = record.by or event.actor or ""
    parts = [
        f"{act or 'did this'}, {day_words(event.happened_at, today)}",
        grade_words(event.grade, record.shown.source),
        f"recorded {day_words(event.known_at, today)}" if event.known_at - event.happened_at > LATE else "",
        f"recorded by {by}" if by else "",
    ]
    return EvidenceView(
        id=record.id,
        who=event.contact or "Somebody there",
        line=" · ".join(filter(None, parts)),
        quote=note if len(note) <= LONGEST_QUOTE else f"{note[:LONGEST_QUOTE]}…",
        link=record.shown.link,
        file_key=record.shown.file_key,
        file_name=record.shown.file_name[-40:],
        by_hand=event.kind is EventKind.EVIDENCE_RECORDED,
        fate=words[fate.event.kind] if fate else "",
        fate_by=(fate.by or fate.event.actor or "an import") if fate else "",
        fate_why=(fate.event.note or "") if fate else "",
    )


def worst_of(standing: DealStanding) -> MilestoneProof | None:
    """The first milestone that does not hold: where a seller's next record most likely belongs."""
    return next((p for p in standing.proofs if not p.holds and p.state is not State.PROVEN), None)
