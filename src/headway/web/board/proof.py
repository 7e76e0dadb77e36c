"""What opens below a card: which stages can be claimed, what the buyer has not shown for a claim, what to ask them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.process.definition import Process
from headway.store.queries.board import DealRow
from headway.web.shell import find_url

MOST_MISSING = 6
STATES = {
    "open": "Not shown yet",
    "weak": "Only a note: their words are missing",
    "lapsed": "Shown long ago: ask them to confirm it",
    "disputed": "Disputed: have them show it anew",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A stage that can be claimed. `lacking`: how many milestones up to it are not shown; `now`: it is claimed."""

    rank: int
    name: str
    lacking: int
    now: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A milestone that does not hold. `url`: where to record evidence for it; `ask`: what to put to the buyer."""

    id: str
    buyer: str
    state: str
    state_words: str
    ask: str
    url: str
    stage: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`for_stage`: which the missing is missing for: the claimed one, else the next after the evidenced one.

    `more`: how many are missing beyond those listed. `ask`: the question that is due, `to`: to whom; `question`: the
    same with what they have shown so far, ready to be sent.
    """

    choices: tuple[Choice, ...]
    for_stage: str
    missing: tuple[Missing, ...]
    more: int
    ask: str
    question: str
    to: str


def proof_of(deal: DealRow, process: Process | None, workspace: str) -> Proof:
    """From the deal's row. Without a process there is nothing to claim and nothing to show."""
    if process is None:
        return Proof((), "", (), 0, "", "", "")
    holds = {row["id"]: row["state"] == "proven" or row["reconfirm"] for row in deal.proofs}
    lacking = [row for row in deal.proofs if not holds[row["id"]]]
    choices = tuple(
        Choice(rank, stage.name, sum(row["rank"] <= rank for row in lacking), rank == deal.claimed_rank)
        for rank, stage in enumerate(process.stages, 1)
    )
    aim = _aim(deal, process)
    wanted = [row for row in lacking if row["rank"] <= aim]
    missing = _told(wanted[:MOST_MISSING], deal, process, workspace)
    stage = process.stages[aim - 1].name if aim else ""
    due = next((one.ask for one in missing if one.id == deal.question_about and one.ask), "")
    question = deal.question if missing else ""
    return Proof(
        choices, stage, missing, len(wanted) - len(missing), due or question, question, deal.question_to
    )  # fmt: skip


def _aim(deal: DealRow, process: Process) -> int:
    """The rank that one wants to reach: what is claimed, where it is ahead; else the next after what is shown."""
    shown = deal.evidenced_rank or 0
    if (deal.claimed_rank or 0) > shown:
        return deal.claimed_rank or 0
    return min(shown + 1, len(process.stages))


def _told(
    rows: Sequence[Mapping[str, Any]], deal: DealRow, process: Process, workspace: str
) -> tuple[Missing, ...]:  # fmt: skip
    milestones = {milestone.id: (rank, milestone) for rank, milestone in process.milestones}
    told = []
    for row in rows:
        if row["id"] not in milestones:
            continue
        rank, milestone = milestones[row["id"]]
        told.append(
            Missing(
                milestone.id, milestone.buyer, row["state"], STATES.get(row["state"], STATES["open"]), milestone.ask,
                find_url("record_evidence", w=workspace, key=deal.key, milestone=milestone.id),
                process.stages[rank - 1].name,
            )
        )  # fmt: skip
    return tuple(told)
