"""The goals that were set for the forecast, and whether the runs reach them: the first table of the page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.forecast_loans import Loans
from benchmarks.forecast_runs import ALL, MODEL, OWN_SEEDS, OWN_SIZES, SIZES
from benchmarks.forecast_table import (
    JUDGED,
    NOT_WORSE,
    OTHERS,
    PROTOTYPE_BRIER,
    PROTOTYPE_JUDGED,
    Found,
    Rows,
    own_totals,
    per_origin_calibration,
    rows_of,
    size_text,
    time_error,
)
from headway.forecast import scores

NEAR = 0.001
OWN_GOALS = {500: 0.12, 200: 0.25, 100: 0.42}
CALIBRATION_GOALS = {200: 0.06, ALL: 0.04}
COVERED_GOAL = (0.75, 0.85)
Line = tuple[str, str, str, bool]


def goals(loans: Loans, found: Found) -> str:
    """Goal, figure and whether it is met, in Markdown."""
    rows = rows_of(loans, JUDGED)
    lines = [*_quality(found, rows), *_calibrated(found, rows), *_money(found, rows), *_own(loans, found)]
    error = time_error(loans, found, JUDGED)
    lines.append(("days to the decision, mean error", "below 7.8", f"{error:.1f}", error < 7.8))
    table = [f"| {what} | {goal} | {figure} | {'met' if met else '**missed**'} |" for what, goal, figure, met in lines]
    return "\n".join(
        ["**Goals**, on the judging origins.", "", "| what | goal | reached | |", "|---|---|---|---|", *table]
    )


def _quality(found: Found, rows: Rows) -> Iterator[Line]:
    for name, losses in (("Brier", scores.brier_losses), ("log loss", scores.log_losses)):
        unsure = []
        for size in (*SIZES, ALL):
            mine = losses(rows.chances(found, MODEL, size), rows.won)
            for method in OTHERS:
                other = losses(rows.chances(found, method, size), rows.won)
                apart = scores.paired_difference(mine, other, rows.origin, rows.deal)
                if not (apart.high < 0 or (method == NOT_WORSE and apart.low <= 0)):
                    unsure.append(f"{method} at {size_text(size)}")
        goal = f"surely better than each at every size (than {NOT_WORSE}: not worse)"
        yield (f"{name} beside the others", goal, f"not so: {', '.join(unsure)}" if unsure else "so", not unsure)
    for title, prototype in (("published", PROTOTYPE_BRIER), ("on the same origins", PROTOTYPE_JUDGED)):
        said = [
            (float(scores.brier_losses(rows.chances(found, MODEL, size), rows.won).mean()), prototype[size])
            for size in (*SIZES, ALL)
        ]
        far = [
            f"{size_text(size)} (by {mine - other:.4f})"
            for size, (mine, other) in zip((*SIZES, ALL), said, strict=True)
            if mine > other + NEAR
        ]
        yield (
            f"Brier at {', '.join(size_text(size) for size in (*SIZES, ALL))}, beside the prototype {title}",
            f"{' / '.join(f'{other:.4g}' for _, other in said)}, or at most {NEAR} worse",
            " / ".join(f"{mine:.4f}" for mine, _ in said) + (f"; worse at {', '.join(far)}" if far else ""),
            not far,
        )


def _calibrated(found: Found, rows: Rows) -> Iterator[Line]:
    for size, goal in CALIBRATION_GOALS.items():
        error = float(np.mean([per_origin_calibration(one, rows) for one in rows.chances(found, MODEL, size)]))
        yield f"calibration error at {size_text(size)}", f"≤ {goal}", f"{error:.3f}", error <= goal


def _money(found: Found, rows: Rows) -> Iterator[Line]:
    origins = len(JUDGED)
    said = scores.totals(rows.chances(found, MODEL, ALL)[0] * rows.amount, rows.origin, origins)
    money = scores.bookings(said, scores.totals(rows.amount * rows.won, rows.origin, origins))
    bias, error = money.bias or 0.0, money.relative or 0.0
    yield "bookings on all data, bias", "within ±5 %", f"{100 * bias:+.1f} %".replace("-", "−"), abs(bias) <= 0.05
    yield "bookings on all data, mean error", "≤ 7 %", f"{100 * error:.1f} %", error <= 0.07


def _own(loans: Loans, found: Found) -> Iterator[Line]:
    for size in OWN_SIZES:
        told = own_totals(loans, found, size, OWN_SEEDS)
        error, held = float(np.mean([one.errors[MODEL] for one in told])), float(np.mean([one.held for one in told]))
        what, goal = f"own pipeline of {size} decided deals", OWN_GOALS[size]
        yield f"{what}, mean error", f"≤ {100 * goal:.0f} %", f"{100 * error:.0f} %", error <= goal
        low, high = COVERED_GOAL
        met = low <= held <= high
        yield f"{what}, a stated 80 % holds", f"{100 * low:.0f} to {100 * high:.0f} %", f"{100 * held:.0f} %", met
