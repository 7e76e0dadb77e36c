"""What changed on a deal between two moments, in short sentences: what happened, was entered, or came with time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from headway.basics.money import money_text
from headway.basics.periods import AsOf
from headway.deals.event_log import folded
from headway.deals.events import EventKind, Outcome, RecordedHow
from headway.deals.history import DealHistory, Event
from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof, milestone_proofs
from headway.evidence.standing import observed_acts
from headway.process.definition import Process


class ChangeKind(StrEnum):
    """What changed. The order here is the order of changes of one moment."""

    CREATED = "created"
    BUYER_ACTED = "buyer act"
    EVIDENCE_GAINED = "evidence gained"
    EVIDENCE_LAPSED = "evidence lapsed"
    EVIDENCE_DISPUTED = "evidence disputed"
    EVIDENCE_RETRACTED = "evidence retracted"
    ACT_AGREED = "act agreed"
    ACT_OVERDUE = "agreed act overdue"
    FELL_SILENT = "fell silent"
    CLAIM_FORWARD = "claim forward"
    CLAIM_BACK = "claim back"
    CLAIM_CHANGED = "claim changed"  # to or from a stage that the process lacks, or the first claim
    AMOUNT = "amount"
    CLOSE_PUSHED = "close date pushed"
    CLOSE_PULLED = "close date pulled"
    CLOSE_SET = "close date set"
    OWNER = "owner"
    DECIDED = "decided"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `happened_at`: aware, UTC. `milestone`: id, where it is about one.

    `late`: it had happened by the earlier moment and was entered only after it (`recorded_at`). Never said of a time of
    recording that is assumed or that of a snapshot.
    """

    kind: ChangeKind
    happened_at: datetime
    sentence: str
    milestone: str | None = None
    late: bool = False
    recorded_at: datetime | None = None


OUTCOMES = {
    Outcome.WON: "Won",
    Outcome.LOST: "Lost",
    Outcome.NO_DECISION: "Ended without a decision",
    Outcome.WITHDRAWN: "Withdrawn",
}
NO_LONGER = {
    EventKind.EVIDENCE_RETRACTED: (ChangeKind.EVIDENCE_RETRACTED, "Evidence retracted"),
    EventKind.EVIDENCE_DISPUTED: (ChangeKind.EVIDENCE_DISPUTED, "Evidence disputed"),
}


def changes_between(
    history: DealHistory,
    process: Process,
    earlier: AsOf,
    later: AsOf,
    silence_limit_days: float,
    *,
    currency: str | None = None,
) -> tuple[Change, ...]:
    """What is known at `later` and was not at `earlier`, in order of time. What the seller did is not among it.

    ValueError where `later` is before `earlier`.
    """
    if later.at < earlier.at or later.known_by < earlier.known_by:
        raise ValueError("the later moment must not be before the earlier one")
    known = history.known(later)
    reader = _Reader(known, process, earlier, currency, milestone_proofs(history, process, later))
    found = [change for place, event in enumerate(known.events) for change in reader.read(place, event)]
    before = {proof.milestone.id: proof.state for proof in milestone_proofs(history, process, earlier)}
    found += _proven_by_acts(before, found, reader)
    found += _done_by_time(before, earlier, later, silence_limit_days, reader)
    kinds = list(ChangeKind)
    return tuple(sorted(found, key=lambda c: (c.happened_at, kinds.index(c.kind), c.sentence)))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns events into changes, knowing what came before each and what stands of each milestone in the end."""

    known: DealHistory
    process: Process
    earlier: AsOf
    currency: str | None
    proofs: tuple[MilestoneProof, ...]

    def read(self, place: int, event: Event) -> Iterator[Change]:
        if event.happened_at <= self.earlier.at and event.known_at <= self.earlier.known_by:
            return
        said = self._said(event, self._before(place, event.kind))
        if said is None:
            return
        kind, sentence = said
        late = event.happened_at <= self.earlier.at and event.recorded_how is RecordedHow.HISTORY
        entered = f", entered on {day_words(event.known_at)}" if late else ""
        about = event.name if kind in _ABOUT_MILESTONES else None
        yield Change(kind, event.happened_at, f"{sentence}{entered}.", about, late, event.known_at)

    def _before(self, place: int, kind: EventKind) -> Event | None:
        return next((one for one in reversed(self.known.events[:place]) if one.kind is kind), None)

    def _said(self, event: Event, before: Event | None) -> tuple[ChangeKind, str] | None:
        who = event.contact or "The buyer"
        match event.kind:
            case EventKind.DEAL_CREATED:
                return ChangeKind.CREATED, "The deal was created"
            case EventKind.BUYER_ACTED:
                return ChangeKind.BUYER_ACTED, f"{who}: {event.name or 'an act of unknown kind'}"
            case EventKind.ACT_AGREED:
                by = f" by {day_words(event.due_on)}" if event.due_on else ""
                return ChangeKind.ACT_AGREED, f"{who} agreed to act{by}: {event.name or 'no words noted'}"
            case EventKind.EVIDENCE_RECORDED:
                return ChangeKind.EVIDENCE_GAINED, self._evidence(event)
            case EventKind.EVIDENCE_RETRACTED | EventKind.EVIDENCE_DISPUTED:
                kind, done = NO_LONGER[event.kind]
                reason = f" ({event.note.strip().rstrip('.')})" if event.note and event.note.strip() else ""
                return kind, f"{done}{reason}: {self.line(event.name)}"
            case EventKind.STAGE_CLAIMED:
                return self._claim(event, before)
            case EventKind.AMOUNT_SET | EventKind.CLOSE_DATE_SET | EventKind.OWNER_SET:
                return _field(event, before, self.currency)
            case EventKind.DEAL_DECIDED:
                reason = f": {event.note.strip().rstrip('.')}" if event.note and event.note.strip() else ""
                return ChangeKind.DECIDED, f"{OUTCOMES[Outcome(event.name or Outcome.LOST)]}{reason}"
            case EventKind.DEAL_REOPENED:
                return ChangeKind.REOPENED, "The deal was opened again"
        return None

    def line(self, milestone: str | None) -> str:
        """What the buyer does, as the process words it; the id of a milestone that it lacks."""
        text = next((m.buyer for _, m in self.process.milestones if m.id == milestone), milestone or "no milestone")
        return f"“{text.strip().rstrip('.')}”"

    def _evidence(self, event: Event) -> str:
        needed = next((m.proof.grade for _, m in self.process.milestones if m.id == event.name), 0)
        by = f" by {event.contact}" if event.contact else ""
        weak = " (too weak to prove it)" if (event.grade or 0) < needed else ""
        return f"Shown{by}{weak}: {self.line(event.name)}"

    def _claim(self, event: Event, before: Event | None) -> tuple[ChangeKind, str] | None:
        if before is None or not before.name:
            return ChangeKind.CLAIM_CHANGED, f"Claimed: {event.name}"
        if folded(before.name) == folded(event.name or ""):
            return None
        ranks = {folded(label): rank for rank, stage in enumerate(self.process.stages, 1) for label in stage.labels}
        was, now = ranks.get(folded(before.name)), ranks.get(folded(event.name or ""))
        if was is None or now is None or was == now:
            return ChangeKind.CLAIM_CHANGED, f"The claim changed from {before.name} to {event.name}"
        kind, way = (ChangeKind.CLAIM_FORWARD, "forward") if now > was else (ChangeKind.CLAIM_BACK, "back")
        return kind, f"The claim moved {way} from {before.name} to {event.name}"


_ABOUT_MILESTONES = (ChangeKind.EVIDENCE_GAINED, ChangeKind.EVIDENCE_DISPUTED, ChangeKind.EVIDENCE_RETRACTED)


def _field(event: Event, before: Event | None, currency: str | None) -> tuple[ChangeKind, str] | None:
    """Amount, close date or owner; None where the value is the one it had."""
    if event.kind is EventKind.AMOUNT_SET:
        was, now = before.amount if before else None, event.amount
        text = f"Amount: {money_text(now, currency)}"
        return (
            None if was == now else (ChangeKind.AMOUNT, f"{text}, was {money_text(was, currency)}" if before else text)
        )
    if event.kind is EventKind.OWNER_SET:
        owner = event.name or "nobody"
        if before is None:
            return ChangeKind.OWNER, f"Owner: {owner}"
        return (
            None if before.name == event.name else (ChangeKind.OWNER, f"Owner: {owner}, was {before.name or 'nobody'}")
        )
    old, new = before.due_on if before else None, event.due_on
    if old == new:
        return None
    if old is None or new is None:
        return ChangeKind.CLOSE_SET, f"Close date set to {day_words(new)}" if new else "Close date taken away"
    days = abs((new - old).days)
    length = "1 day" if days == 1 else f"{days} days"
    kind, way = (ChangeKind.CLOSE_PUSHED, "pushed out") if new > old else (ChangeKind.CLOSE_PULLED, "pulled in")
    return kind, f"Close date {way} by {length}, from {day_words(old)} to {day_words(new)}"


def _proven_by_acts(before: dict[str, State], found: list[Change], reader: _Reader) -> Iterator[Change]:
    """Milestones that an observed act proved: nobody recorded evidence, so no event tells of it. `before`: states."""
    told = {change.milestone for change in found if change.kind is ChangeKind.EVIDENCE_GAINED}
    acted = {change.happened_at: change for change in found if change.kind is ChangeKind.BUYER_ACTED}
    for proof in reader.proofs:
        act = acted.get(proof.at) if proof.at else None
        fresh = proof.state is State.PROVEN and before.get(proof.milestone.id) is not State.PROVEN
        if fresh and act is not None and proof.at is not None and proof.milestone.id not in told:
            sentence = f"Shown by what they did: {reader.line(proof.milestone.id)}."
            kind = ChangeKind.EVIDENCE_GAINED
            yield Change(kind, proof.at, sentence, proof.milestone.id, act.late, act.recorded_at)


def _done_by_time(
    before: dict[str, State], earlier: AsOf, later: AsOf, limit: float, reader: _Reader
) -> Iterator[Change]:
    """What nobody did: proof lapsed, the buyer fell silent, an agreed act became overdue. Decided deals stand still."""
    known = reader.known
    if known.decision is not None:
        return
    for proof in reader.proofs:
        shelf = proof.milestone.proof.shelf_life_days
        if proof.state is State.LAPSED and before.get(proof.milestone.id) is State.PROVEN and proof.at and shelf:
            sentence = f"Proof lapsed after {shelf} days: {reader.line(proof.milestone.id)}."
            at = proof.at + timedelta(days=shelf)
            yield Change(ChangeKind.EVIDENCE_LAPSED, at, sentence, proof.milestone.id)
    agreed = known.last(EventKind.ACT_AGREED)
    due_on = agreed.due_on if agreed else None
    if agreed and due_on:
        overdue_at = datetime.combine(due_on, time(), UTC) + timedelta(days=1)
        if max(earlier.at, agreed.happened_at) < overdue_at <= later.at:
            sentence = f"Not seen by {day_words(due_on)}, as agreed: {agreed.name or 'no words noted'}."
            yield Change(ChangeKind.ACT_OVERDUE, overdue_at, sentence)
    acts = observed_acts(known.events)
    waiting = due_on is not None and due_on >= later.at.date()
    silent_at = max(acts) + timedelta(days=limit) if acts else None
    if silent_at is not None and not waiting and earlier.at <= silent_at < later.at:
        sentence = f"The buyer fell silent: no sign since {day_words(max(acts))}."
        yield Change(ChangeKind.FELL_SILENT, silent_at, sentence)


def day_words(day: date | datetime) -> str:
    """`3 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"
