"""One simulated firm through the whole way: company, event log, landmarks, judgement; and a dashboard beside it."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import numpy as np
from scipy.stats import fisher_exact

from headway.conformance.expectations import lay_out
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import Outcome
from headway.demo.company import Company
from headway.demo.export import process_text
from headway.demo.firms import points_meant, simulate_firm
from headway.demo.log_rows import fill_log
from headway.demo.planted import planted_truths
from headway.demo.truth import StepTruth
from headway.evidence.many import record_proof
from headway.process.definition import Process
from headway.process.loader import parse_process
from headway.verdict.judge import judge_landmarks
from headway.verdict.known import known_of
from headway.verdict.landmark import Judgement
from headway.verdict.steps import step_questions
from headway.verdict.theatre import theatre_of
from tools.truths.cells import Cell

SIGNIFICANT = 0.05
Record = dict[str, Any]


def judged_firm(cell: Cell, seed: int) -> Record:
    """What was true, what was said, and what the naive table says, of every step of one firm; seconds of one core."""
    began = time.process_time()
    company = simulate_firm(cell.firm, seed)
    truths, meant = planted_truths(company), points_meant(cell.firm)
    processes = [_process(company.truth.process_file)]
    with EventLog(in_memory=True, threads=1) as log:
        log.build(fill_log(company, log))
        pin_deals(log, processes)
        record_proof(log, processes)
        items = lay_out(log, processes, {})
        questions = step_questions(log, processes, items, known_of(log))
        theatre = theatre_of(log, processes) if cell.theatre else None
    found = judge_landmarks([question.landmark for question in questions])
    steps = []
    for question, judgement in zip(questions, found, strict=True):
        truth, step = truths[question.id], company.truth.step(question.id)
        p_value, naive = naive_table(company, step)
        told = {"id": step.id, "meant": truth.word, "points": meant[step.id], "cost": round(truth.cost, 4)}
        steps.append(told | said_of(judgement) | {"naive": naive, "naive_p": p_value})
    record: Record = {"cell": cell.name, "seed": seed, "steps": steps}
    if theatre is not None:
        kinds = sorted({sign.kind for sign in theatre.signs if sign.found})
        record |= {"theatre": theatre.found, "signs": kinds}
    return record | {"seconds": round(time.process_time() - began, 2)}


def said_of(judgement: Judgement) -> Record:
    """The parts of a judgement that are counted; `low`, `middle`, `high`: what leaving it out costs, in shares."""
    effect = judgement.effect
    return {
        "said": judgement.word,
        "ground": judgement.ground,
        "low": None if effect is None else round(-effect.high, 4),
        "middle": None if effect is None else round(-effect.value, 4),
        "high": None if effect is None else round(-effect.low, 4),
        "n": None if judgement.left_out is None else judgement.left_out.n,
        "left_out": None if judgement.left_out is None else round(judgement.left_out.value, 3),
        "inspected": None if judgement.inspected is None else round(judgement.inspected.value, 3),
        "owners": [judgement.owners_leaving_out, judgement.owners],
        "confirmed": judgement.confirmed,
    }


def naive_table(company: Company, step: StepTruth) -> tuple[float | None, float | None]:
    """Fisher's p of the two-by-two table of finished deals (ever done, won), and share won undone minus done."""
    cells = [[0, 0], [0, 0]]
    for deal in company.deals:
        if deal.outcome is not None:
            done = any(act.name == step.activity for act in deal.acts)
            cells[done][deal.outcome is Outcome.WON] += 1
    return fisher(cells)


def fisher(cells: list[list[int]]) -> tuple[float | None, float | None]:
    """(p, difference) of [[not done: lost, won], [done: lost, won]]; None where a side is empty."""
    if not sum(cells[0]) or not sum(cells[1]):
        return None, None
    shares = [won / (lost + won) for lost, won in cells]
    return round(float(fisher_exact(np.array(cells)).pvalue), 5), round(shares[0] - shares[1], 4)


@cache
def _process(name: str) -> Process:
    return parse_process(process_text(name), name)
