"""Every stage with its gate, drawn as a ladder of rungs; and one gate: what it caught, what it costs, how it moved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.gates import Rung
from headway.store.queries.access import get_gate
from headway.store.queries.gates import Met, count_met, find_measures, list_gates, list_moves, list_passings
from headway.store.queries.versions import newest_of, process_of
from headway.web.gates.shown import (
    ENDED,
    NAMES,
    NOW,
    PATHS,
    costs_shown,
    figure_of,
    harm_shown,
    interval_of,
    ladder_of,
    refusal_of,
    stages_shown,
    texts_of,
    ways,
)
from headway.web.requests import Inside, inside


@inside()
def gates(request: Inside) -> HttpResponse:
    """The published processes, stage by stage."""
    measured_at, measures = find_measures(request.access.workspace)
    found = list_gates(request.access)
    met = count_met([gate for one in found for gate in one.gates.values()])
    processes = [(one, stages_shown(one, measures, met)) for one in found]
    context = {
        "processes": processes,
        "measured_at": measured_at,
        "may": request.access.may("gate"),
        "names": {rung.value: name for rung, name in NAMES.items()},
    }
    return render(request, "gates/list.html", context)


@inside()
def gate(request: Inside, key: str) -> HttpResponse:
    """One gate, ended ones too."""
    return show(request, key)


def show(request: Inside, key: str, *, problem: str = "", typed: str = "") -> HttpResponse:
    """Its page, with what is wrong with the form that was sent; 422 then."""
    row = get_gate(request.access, key)
    version = newest_of(row.process)
    process = process_of(version) if version else None
    stage = next((one for one in process.stages if one.name == row.stage), None) if process else None
    measured_at, measures = find_measures(request.access.workspace)
    measure = measures.get((row.process_id, row.stage))
    up, down = ways(row)
    context: dict[str, Any] = {
        "gate": row,
        "asks": [milestone.buyer for milestone in stage.milestones] if stage else [],
        "now_words": NOW[Rung(row.rung)],
        "rungs": ladder_of(row, measure.earned if measure else ()),
        "figure": figure_of(measure),
        "interval": interval_of(measure),
        "measure": measure,
        "measured_at": measured_at,
        "costs": costs_shown(harm_shown(row, measure)),
        "met": count_met([row]).get(row.pk, Met()),
        "moves": list_moves([row]).get(row.pk, []),
        "passings": list_passings(row, texts_of(process)),
        "names": {rung.value: name for rung, name in NAMES.items()},
        "ended": ENDED,
        "paths": PATHS,
        "refused": refusal_of(row, measure),
        "up": up,
        "down": down,
        "may": request.access.may("gate"),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "gates/gate.html", context, status=422 if problem else 200)
