"""Gates step down by themselves with an analysis where harm shows: once, and by nothing counted before they moved."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from headway.jobs.gates import settle_gates
from headway.reviews.gate_harm import HarmFacts
from headway.reviews.gates import LADDER, Earned, Rung
from headway.store.actions.gates import raise_gate, set_gate
from headway.store.models import Entry, Gate, GateChange
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=90)
JUNK = HarmFacts(junk_before=(2, 60), junk_since=(31, 64))
FINE = HarmFacts(junk_before=(31, 64), junk_since=(31, 64))


def gate_on(cast: Cast, rung: Rung) -> Gate:
    stage = process_of(cast.version).stages[1].name
    gate = set_gate(workspace=cast.workspace, process=cast.version.process, stage=stage, by=cast.alice, at=NOW)
    while gate.rung != rung:
        earned = [Earned(one, True, "it holds") for one in LADDER]
        gate = raise_gate(gate=gate, earned=earned, harms=(), by=cast.alice, at=NOW)
    return gate


def measured(gate: Gate, since: datetime = NOW, facts: HarmFacts = JUNK) -> list[dict[str, Any]]:
    """As `measure_gates` says it, read back from JSON."""
    harm = {name: list(counts) for name, counts in asdict(facts).items()}
    return [{"process": gate.process_id, "stage": gate.stage, "since": since.isoformat(), "harm": harm}]


def test_where_harm_shows_it_goes_one_rung_down_and_says_why_and_twice_is_once() -> None:
    cast = make_cast()
    gate = gate_on(cast, Rung.BLOCK)
    rows = measured(gate)
    (down,) = settle_gates(cast.workspace, rows, LATER)
    assert down.rung == Rung.ASK
    change = GateChange.objects.filter(gate=gate).latest("id")
    assert (change.before, change.rung, change.by) == ("block", "ask", None)
    assert change.why.startswith("31 of 64 entries") and change.facts["junk_since"] == [31, 64]
    for at in (LATER, LATER + timedelta(days=1)):
        assert settle_gates(cast.workspace, rows, at) == [], "what was counted on the rung above says nothing of this"
    gate.refresh_from_db()
    assert gate.rung == Rung.ASK
    assert Entry.objects.filter(verb="move gate", by=None).count() == 1


def test_without_harm_without_measure_and_on_the_lowest_rung_it_stays() -> None:
    cast = make_cast()
    gate = gate_on(cast, Rung.ASK)
    unmeasured: dict[str, Any] = {"process": gate.process_id, "stage": gate.stage}
    for rows in (measured(gate, facts=FINE), measured(gate, NOW - timedelta(days=1)), [unmeasured], []):
        assert settle_gates(cast.workspace, rows, LATER) == []
    Gate.objects.filter(pk=gate.pk).update(rung=Rung.OBSERVE.value)
    assert settle_gates(cast.workspace, measured(gate), LATER) == []
    assert GateChange.objects.filter(gate=gate, by=None).count() == 0
