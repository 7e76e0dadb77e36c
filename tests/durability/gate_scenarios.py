"""One call of every action of gates, as `scenarios` has them."""

from __future__ import annotations

import contextlib
from typing import Any

from headway.reviews.gates import LADDER, Earned, Rung
from headway.store.actions import deals, gates, passings
from headway.store.gating import GateError, gates_met, refusal_of
from headway.store.models import Gate, GateChange, ProcessVersion
from headway.store.queries.versions import process_of

EARNED = tuple(Earned(rung, True, "it holds") for rung in LADDER)


def version(g: Any) -> ProcessVersion:
    """The published one."""
    return ProcessVersion.objects.select_related("process").get(workspace=g.workspace, number=1)


def stage(g: Any) -> str:
    """The second stage of the process."""
    return process_of(version(g)).stages[1].name


def put(g: Any) -> Gate:
    """A gate that observes."""
    return gates.set_gate(workspace=g.workspace, process=version(g).process, stage=stage(g), **g.who)


def up(g: Any) -> Gate:
    """A gate one rung up."""
    put(g)
    return gates.raise_gate(gate=g.last(Gate), earned=EARNED, harms=(), **g.who)


def block(g: Any) -> None:
    """A gate that blocks."""
    put(g)
    while g.last(Gate).rung != Rung.BLOCK:
        gates.raise_gate(gate=g.last(Gate), earned=EARNED, harms=(), **g.who)


def refuse(g: Any) -> None:
    """What a claim met that took everything around it back with it."""
    refused = refusal_of(gates_met(g.deal, stage(g), g.who["at"]), "")
    assert refused is not None
    passings.record_refusal(refused=refused, deal=g.deal, path="form", **g.who)


def turned_back(g: Any) -> None:
    """A claim that a gate holds: the passing is kept, the claim is not made."""
    with contextlib.suppress(GateError):
        deals.claim_stage(**g.on_deal(), stage=stage(g))


GATES: dict[str, tuple[Any, Any]] = {
    "gates.set_gate": (lambda g: None, put),
    "gates.raise_gate": (put, lambda g: gates.raise_gate(gate=g.last(Gate), earned=EARNED, harms=(), **g.who)),
    "gates.lower_gate": (up, lambda g: gates.lower_gate(gate=g.last(Gate), **g.who)),
    "gates.step_down": (
        up, lambda g: gates.step_down(gate=g.last(Gate), since=g.who["at"], why="Harm", facts={}, at=g.who["at"]),
    ),
    "gates.return_gate": (
        up, lambda g: gates.return_gate(gate=g.last(Gate), change=g.last(GateChange).pk, **g.who),
    ),
    "gates.end_gate": (put, lambda g: gates.end_gate(gate=g.last(Gate), **g.who)),
    "gates.resume_gate": (
        lambda g: gates.end_gate(gate=put(g), **g.who), lambda g: gates.resume_gate(gate=g.last(Gate), **g.who),
    ),
    "passings.record_refusal": (block, refuse),
    "deals.claim_stage at a gate": (block, turned_back),
    "deals.claim_stage past a gate": (up, lambda g: deals.claim_stage(**g.on_deal(), stage=stage(g))),
}  # fmt: skip
