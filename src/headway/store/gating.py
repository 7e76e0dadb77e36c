"""What happens at a gate: which gates a claim meets, what it lacks there, how it ends. Every path comes through here.

A claim meets the gate of each stage that it enters or goes past, forward only: moving back, disqualifying and saying
the same stage again meet none. What a gate looks for is what its own stage requires of the deal, proven at that moment.
Of several gates the strictest decides. Why imports end like forms: docs/decisions/0008-gates.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from headway.basics.errors import UserError
from headway.basics.periods import AsOf
from headway.deals.event_log import folded
from headway.evidence.proof import milestone_proofs
from headway.process.definition import Process
from headway.reviews.gates import ASKED, BLOCKED, Rung, asks_text, blocks_text, ended_of, warns_text
from headway.store.models import Deal, Event, Gate, GatePassing
from headway.store.queries.histories import deal_history
from headway.store.queries.versions import process_of

REFUSED = (ASKED, BLOCKED)


@dataclass(frozen=True, slots=True)
class Met:
    """A gate that a claim meets, on its rung then. `missing`: (id, words) of what its stage requires, not proven."""

    gate: Gate
    rung: Rung
    missing: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What is missing, in the words of the process."""
        return tuple(text for _, text in self.missing)

    def ended(self, *, reason: bool) -> str:
        """passed, warned, reasoned, asked or blocked."""
        return ended_of(self.rung, lacks=bool(self.missing), reason=reason)


class GateError(UserError):
    """A gate holds a claim back. `stage`: the gate's; `missing`: what the buyer has not yet done, in words.

    `milestones`: the same by id. `met`: every gate that the claim met.
    """

    def __init__(self, sentence: str, held: Met, met: tuple[Met, ...]) -> None:
        super().__init__(sentence)
        self.stage, self.missing, self.met = held.gate.stage, held.words, met
        self.milestones = tuple(id for id, _ in held.missing)


class GateAsksError(GateError):
    """The gate asks for a reason and none was given: claim again with one."""


class GateBlocksError(GateError):
    """The gate lets no claim through that lacks what the stage requires."""


def rank_in(process: Process, stage: str) -> int | None:
    """The rank of the stage that is called or claimed like this (1: the first); None where there is none."""
    labels = ((rank, label) for rank, one in enumerate(process.stages, 1) for label in one.labels)
    return next((rank for rank, label in labels if folded(label) == folded(stage)), None)


def gates_met(deal: Deal, stage: str, at: datetime) -> tuple[Met, ...]:
    """The gates that claiming `stage` would meet now, in the order of the process; one query where there are none."""
    if deal.version is None:
        return ()
    gates = list(Gate.objects.filter(workspace=deal.workspace_id, process=deal.version.process_id, ended_at=None))
    if not gates:
        return ()
    process = process_of(deal.version)
    target, now = rank_in(process, stage), rank_in(process, deal.claimed) or 0
    ranked = ((rank_in(process, gate.stage), gate) for gate in gates)
    entered = sorted(
        ((rank, gate) for rank, gate in ranked if rank and target and now < rank <= target), key=lambda pair: pair[0]
    )
    if not entered:
        return ()
    proofs = milestone_proofs(deal_history(deal), process, AsOf.moment(at))
    return tuple(
        Met(
            gate,
            Rung(gate.rung),
            tuple((p.milestone.id, p.milestone.buyer) for p in proofs if p.rank == rank and not p.holds),
        )
        for rank, gate in entered
    )


def refusal_of(met: tuple[Met, ...], reason: str) -> GateError | None:
    """The error of the strictest gate that lets this claim not pass; None where all do."""
    for rung, error, sentence in (
        (BLOCKED, GateBlocksError, blocks_text),
        (ASKED, GateAsksError, asks_text),
    ):
        for one in met:
            if one.ended(reason=bool(reason.strip())) == rung:
                return error(sentence(one.gate.stage, one.words), one, met)
    return None


def warning_of(event: Event) -> str:
    """The sentence to show where a gate only warned of this claim; empty where none did."""
    passings = GatePassing.objects.filter(event=event, ended="warned").select_related("gate")
    warned = passings.order_by("id").first()
    if warned is None or event.deal is None or event.deal.version is None:
        return ""
    texts = {m.id: m.buyer for _, m in process_of(event.deal.version).milestones}
    return warns_text(warned.gate.stage, tuple(texts[id] for id in warned.missing if id in texts))
