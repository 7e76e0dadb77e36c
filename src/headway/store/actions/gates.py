"""Set a gate, move it one rung, end it. A gate goes up where that is earned; down it goes whenever somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.gates import DOES, Earned, Rung, next_rung, refusal_to_rise, rung_below
from headway.store.actions.audit import append_entry
from headway.store.gating import rank_in
from headway.store.models import Gate, GateChange, Person, Process, Workspace
from headway.store.queries.versions import newest_of, process_of

LONGEST_WHY = 300
ENDED = "This gate has ended: set a new one."
MEANWHILE = "Somebody moved this gate meanwhile: look at it again."


@transaction.atomic
def set_gate(*, workspace: Workspace, process: Process, stage: str, by: Person, at: datetime) -> Gate:
    """A gate at a stage of the published process; it observes, and nothing changes for anybody.

    UserError where the process has no such stage, the stage requires nothing of the buyer, or a gate stands there.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    version = newest_of(process)
    found = process_of(version) if version else None
    rank = rank_in(found, stage) if found else None
    if found is None or rank is None:
        raise UserError("The published process has no such stage: choose one of those it has now.")
    named = found.stages[rank - 1]
    if not named.milestones:
        raise UserError(f"{named.name} requires nothing of the buyer, so a gate would have nothing to look for.")
    if Gate.objects.filter(workspace=workspace, process=process, stage=named.name, ended_at=None).exists():
        raise UserError(f"A gate stands before {named.name} already.")
    gate = Gate.objects.create(workspace=workspace, process=process, stage=named.name, created_at=at)
    _change(gate, "", Rung.OBSERVE, by, at, "")
    return gate


@transaction.atomic
def raise_gate(
    *, gate: Gate, earned: Sequence[Earned], harms: Sequence[str], by: Person, at: datetime, was: str | None = None
) -> Gate:
    """One rung up. UserError, in words, where its past has not earned that, or harm shows where it stands.

    `earned`, `harms`: as `queries.gates` reads them from the newest analysis. `was`: the rung the form was opened with.
    """
    gate = _held(gate, was)
    refused = refusal_to_rise(Rung(gate.rung), earned, harms)
    up = next_rung(Rung(gate.rung))
    if refused or up is None:
        raise UserError(refused)
    why = next((one.why for one in earned if one.rung is up), "")
    return _change(gate, gate.rung, up, by, at, why)


@transaction.atomic
def lower_gate(*, gate: Gate, by: Person, at: datetime, why: str = "", was: str | None = None) -> Gate:
    """One rung down, whenever somebody says so. UserError where it stands on the lowest."""
    gate = _held(gate, was)
    down = rung_below(Rung(gate.rung))
    if down is None:
        raise UserError("This is the lowest rung: end the gate to be rid of it.")
    return _change(gate, gate.rung, down, by, at, why)


@transaction.atomic
def step_down(*, gate: Gate, since: datetime, why: str, facts: dict[str, Any], at: datetime) -> Gate | None:
    """One rung down by itself. None where it was moved after `since`, the moment that `facts` were counted from."""
    gate = Gate.objects.select_for_update(of=("self",)).select_related("workspace", "process").get(pk=gate.pk)
    down = rung_below(Rung(gate.rung))
    if gate.ended_at is not None or down is None or GateChange.objects.filter(gate=gate, at__gt=since).exists():
        return None
    return _change(gate, gate.rung, down, None, at, why, facts)


@transaction.atomic
def return_gate(*, gate: Gate, change: int, by: Person, at: datetime) -> Gate:
    """Undo of the newest move, which is `change`; the rung it stood on before was its own, so nothing is asked."""
    gate = _held(gate, None)
    newest = GateChange.objects.filter(gate=gate).order_by("-id").first()
    if newest is None or newest.pk != change:
        raise UserError(MEANWHILE)
    if not newest.before:
        return end_gate(gate=gate, by=by, at=at)
    return _change(gate, gate.rung, Rung(newest.before), by, at, "undone")


@transaction.atomic
def end_gate(*, gate: Gate, by: Person, at: datetime) -> Gate:
    """No gate any more; what it met stays. Ending twice changes nothing."""
    gate = Gate.objects.select_for_update(of=("self",)).select_related("workspace", "process").get(pk=gate.pk)
    if gate.ended_at is None:
        gate.ended_at = at
        gate.save(update_fields=["ended_at"])
        append_entry(workspace=gate.workspace, by=by, at=at, verb="end gate", target=f"gate {gate.key}")
    return gate


@transaction.atomic
def resume_gate(*, gate: Gate, by: Person, at: datetime) -> Gate:
    """Undo of an end. UserError where another gate was set there meanwhile."""
    Workspace.objects.select_for_update(no_key=True).get(pk=gate.workspace_id)
    gate = Gate.objects.select_for_update(of=("self",)).select_related("workspace", "process").get(pk=gate.pk)
    others = Gate.objects.filter(workspace=gate.workspace, process=gate.process, stage=gate.stage, ended_at=None)
    if others.exclude(pk=gate.pk).exists():
        raise UserError(f"Another gate was set before {gate.stage} meanwhile.")
    if gate.ended_at is not None:
        gate.ended_at = None
        gate.save(update_fields=["ended_at"])
        append_entry(workspace=gate.workspace, by=by, at=at, verb="resume gate", target=f"gate {gate.key}")
    return gate


def _held(gate: Gate, was: str | None) -> Gate:
    gate = Gate.objects.select_for_update(of=("self",)).select_related("workspace", "process").get(pk=gate.pk)
    if gate.ended_at is not None:
        raise UserError(ENDED)
    if was is not None and gate.rung != was:
        raise UserError(f"Somebody moved this gate meanwhile: it {DOES[Rung(gate.rung)]} now.")
    return gate


def _change(
    gate: Gate, before: str, rung: Rung, by: Person | None, at: datetime, why: str, facts: dict[str, Any] | None = None
) -> Gate:
    gate.rung = rung.value
    gate.save(update_fields=["rung"])
    GateChange.objects.create(
        workspace=gate.workspace, gate=gate, before=before, rung=rung.value, why=" ".join(why.split())[:LONGEST_WHY],
        facts=facts or {}, by=by, at=at,
    )  # fmt: skip
    append_entry(
        workspace=gate.workspace, by=by, at=at, verb="move gate" if before else "set gate", target=f"gate {gate.key}",
        detail={"before": before, "rung": rung.value},
    )  # fmt: skip
    return gate
