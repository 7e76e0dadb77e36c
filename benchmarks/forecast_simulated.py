"""Calibration on simulated firms, whose chances are chance itself: is the error more than the sampling error?

Each firm is forecast at origins a horizon apart, so that what was seen at one tells nothing of the next.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.demo.company import simulate
from headway.demo.export import process_text
from headway.demo.log_rows import fill_log
from headway.evidence.many import record_proof
from headway.forecast import scores
from headway.forecast.known_at import Past, past_of
from headway.forecast.method import Method
from headway.forecast.replay import replay
from headway.process.loader import load_process

ENDS_ON = date(2026, 6, 30)
HORIZON, ORIGINS = 30, 6
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was found: `error` beside what it would be, on average and in one of twenty, if every chance were true."""

    deals: int
    won: int
    error: float
    expected: float
    worst: float
    brier: float


def past_of_firm(seed: int, *, sellers: int = 12, months: int = 18) -> Past:
    """The past of a simulated firm, read as its export would be."""
    with tempfile.TemporaryDirectory() as folder, EventLog(in_memory=True) as log:
        path = Path(folder) / "process.yaml"
        path.write_text(process_text(), encoding="utf-8")
        processes = [load_process(path)]
        log.build(fill_log(simulate(seed, ENDS_ON, sellers, months), log))
        pin_deals(log, processes)
        record_proof(log, processes)
        return past_of(log, processes)


def calibration(method: Method, seeds: Sequence[int]) -> Calibration:
    """Over all firms together."""
    chances, won = [], []
    for seed in seeds:
        past = past_of_firm(seed)
        origins = [past.last_day - HORIZON * back for back in range(ORIGINS, 0, -1)]
        replayed = replay(past, {"model": method}, origins, HORIZON)
        chances.append(replayed.chances["model"][:, 0])
        won.append(replayed.won)
    return against_chance(np.concatenate(chances), np.concatenate(won))


def against_chance(chance: FloatArray, won: BoolArray) -> Calibration:
    """The calibration error beside those of outcomes drawn from the chances themselves."""
    rng = np.random.default_rng(0)
    drawn = [scores.calibration_error(chance, rng.random(chance.size) < chance) for _ in range(DRAWS)]
    return Calibration(
        deals=int(won.size),
        won=int(won.sum()),
        error=scores.calibration_error(chance, won),
        expected=float(np.mean(drawn)),
        worst=float(np.quantile(drawn, 0.95)),
        brier=scores.brier(chance, won),
    )


def said(found: Calibration, firms: int) -> str:
    """In one line."""
    within = "within" if found.error <= found.worst else "**more than**"
    return (
        f"{firms} simulated firms, {found.deals:,} forecasts, {found.won:,} won within {HORIZON} days: "
        f"calibration error {found.error:.3f}, {within} sampling error (if every chance were true: "
        f"{found.expected:.3f} on average, {found.worst:.3f} or more in one of twenty)."
    )
