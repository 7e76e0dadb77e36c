"""Where a buyer is, drawn small: one cell per stage with a mark per milestone, and two rails, claimed and shown.

Written without a template, since a page draws twenty of them. Shapes and words carry the meaning, never colour alone.
"""

from __future__ import annotations

from collections import Counter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof
from headway.evidence.standing import DealStanding
from headway.process.definition import Process

LEGEND = (
    ("state-proven", "proven"),
    ("state-weak", "weak: the seller's word only"),
    ("state-lapsed", "lapsed: ask again"),
    ("state-disputed", "disputed"),
    ("state-open", "open"),
    ("state-proven ahead", "ahead of the stage"),
)


def strip(process: Process, standing: DealStanding) -> SafeString:
    """The drawing with its text twin as label; empty where the process has no stages."""
    if not process.stages:
        return SafeString("")
    by_rank: dict[int, list[MilestoneProof]] = {}
    for proof in standing.proofs:
        by_rank.setdefault(proof.rank, []).append(proof)
    claimed, shown = standing.claimed_rank or 0, standing.evidenced_rank or 0
    cells = "".join(
        f'<span class="{_cell(rank, claimed, shown)}"><span class="strip-marks">'
        f"{''.join(_mark(proof) for proof in by_rank.get(rank, ()))}</span>"
        f'<span class="strip-rails"></span><span class="strip-name">{escape(stage.name)}</span></span>'
        for rank, stage in enumerate(process.stages, 1)
    )
    label = escape(strip_words(process, standing))
    return mark_safe(f'<div class="strip" role="img" aria-label="{label}">{cells}</div>')  # noqa: S308


def _cell(rank: int, claimed: int, shown: int) -> str:
    words = ["strip-stage"]
    words += ["is-claimed"] * (rank <= claimed) + ["claim-ends"] * (rank == claimed)
    words += ["is-shown"] * (rank <= shown) + ["shown-ends"] * (rank == shown)
    return " ".join(words)


def _mark(proof: MilestoneProof) -> str:
    return f'<i class="mark bare state-{proof.state.value}{" ahead" if proof.ahead else ""}"></i>'


def strip_words(process: Process, standing: DealStanding) -> str:
    """The drawing in words: `Claimed Proposal, shown Discovery. 4 of 9 milestones proven, 1 weak, 4 open.`"""
    states = Counter(proof.state for proof in standing.proofs)
    counts = [f"{states[state]} {state.value}" for state in State if states[state] and state is not State.PROVEN]
    ahead = sum(proof.ahead for proof in standing.proofs)
    counts += [f"{ahead} ahead of the stage"] if ahead else []
    proven = f"{states[State.PROVEN]} of {len(standing.proofs)} milestones proven"
    return f"{where_words(process, standing)} {', '.join([proven, *counts])}."


def where_words(process: Process, standing: DealStanding) -> str:
    """`Claimed Proposal, shown Discovery.`"""
    return f"Claimed {claimed_name(process, standing)}, shown {shown_name(process, standing)}."


def claimed_name(process: Process, standing: DealStanding) -> str:
    """The stage that is claimed; `nothing` where none of this process is."""
    return process.stages[standing.claimed_rank - 1].name if standing.claimed_rank else "nothing"


def shown_name(process: Process, standing: DealStanding) -> str:
    """The evidenced stage; `not observed` where no buyer act was ever seen."""
    if standing.evidenced_rank is None:
        return "not observed"
    stages = len(process.stages)
    return process.stages[min(standing.evidenced_rank, stages) - 1].name if standing.evidenced_rank else "nothing yet"
