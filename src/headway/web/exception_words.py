"""What forms that allow an exception offer, in words: rules, steps, and what is expected to come of it."""

from __future__ import annotations

from collections.abc import Sequence

from headway.deals.event_log import folded
from headway.process.definition import Process

KEPT_TO = {
    "unproven_claim": "claiming a stage only once the buyer has shown it",
    "overstay": "moving on within the usual time",
    "pushed_close_date": "keeping the close date",
    "skip": "entering every stage",
    "jump": "going from one stage to the next",
    "regression": "staying at the stage that was reached",
    "activity_without_movement": "stopping when the buyer does not move",
    "lapsed_evidence": "having old evidence confirmed again",
    "late_entry": "writing things down when they happen",
}
"""What each rule asks for, after `Instead of`."""
PREDICTIONS = {
    "proven": "the buyer will have shown what the stage takes by then",
    "won": "the deal is won",
    "ended": "the deal ends without being won",
}


def steps_of(process: Process | None, claimed: str | None) -> Sequence[tuple[str, str]]:
    """(id, what it asks) of the steps that may still be left out: those of the claimed stage and beyond."""
    if process is None:
        return ()
    at = next(
        (rank for rank, stage in enumerate(process.stages, 1) if folded(claimed or "") in map(folded, stage.labels)), 1
    )
    return tuple((step.id, step.seller) for rank, step in process.steps if rank >= at)
