"""What deals are made alike in before they are compared: columns known at the landmark, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.verdict.known import DAY_US, Known

LEAST_FREQUENT = 30
"""Deals that share a segment or record type, below which it is not adjusted for by itself."""
LONGEST_SILENCE = 60.0
"""Days; a buyer longer silent is silent, and longer says nothing more."""
NOT_DUE = 0.5
"""What stands for another step that had not fallen due by the landmark: between done (0) and left out (1)."""

EVIDENCE = ("stage the buyer had reached", "milestones proven", "buyer acts", "silence", "any buyer act")


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """`values` (n, k), what each column is called, and which of them hold the buyer's evidence.

    `seen` (n,): a dated buyer act by the landmark. `adjusted_for`: the columns in words, owners not among them.
    """

    values: FloatArray
    names: tuple[str, ...]
    evidence: tuple[int, ...]
    seen: BoolArray
    adjusted_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OtherStep:
    """Another step at the same deals: when it fell due (n,), and whether it had been left out by then (n,)."""

    name: str
    due: IntArray
    left_out: BoolArray


def covariates(
    known: Known, deals: IntArray, at: IntArray, others: Sequence[OtherStep] = (), *, with_evidence: bool = True
) -> Covariates:
    """What was known of `deals` (n,) at the moments `at` (n,), in microseconds; columns that do not vary left out.

    `with_evidence`: with what the buyer had done by then; without, for the question whether a milestone tells.
    """
    seen = known.acts.count(deals, at) > 0
    found = [("", *column) for column in _deal(known, deals, at)]
    if with_evidence:
        found += [("evidence", *column) for column in _evidence(known, deals, at)]
    found += [("", *column) for column in _others(others, at)]
    kept = [(kind, said, name, values) for kind, said, name, values in found if values.size and np.ptp(values) > 1e-9]
    return Covariates(
        np.column_stack([values for *_, values in kept]) if kept else np.zeros((deals.size, 0)),
        tuple(name for _, _, name, _ in kept),
        tuple(place for place, (kind, *_) in enumerate(kept) if kind == "evidence"),
        seen,
        tuple(dict.fromkeys(said for _, said, _, _ in kept)),
    )


def _deal(known: Known, deals: IntArray, at: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    amount = known.amount[deals]
    missing = ~np.isfinite(amount) | (amount <= 0)
    logs = np.log(np.where(missing, 1.0, amount))
    yield "amount", "amount", np.where(missing, logs[~missing].mean() if (~missing).any() else 0.0, logs)
    yield "amount", "amount unknown", missing.astype(np.float64)
    yield from _kinds("segment", known.segments, known.segment[deals])
    yield from _kinds("kind of deal", known.record_types, known.record_type[deals])
    yield "time", "day", (at - at.min(initial=known.at)) / DAY_US
    yield "age of the deal", "age", (at - known.created[deals]) / DAY_US
    last = known.claims.last(deals, at)
    yield "claimed stage", "claimed stage", known.claims.values_at(last, 0)


def _kinds(what: str, names: Sequence[str], codes: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    """One column for each that is frequent; the most frequent is what the others are set against."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    frequent = [int(code) for code in np.argsort(-counts, kind="stable") if counts[code] >= LEAST_FREQUENT]
    for code in frequent[1:] if sum(counts[frequent]) == codes.size else frequent:
        yield what, f"{what} {names[code]}", (codes == code).astype(np.float64)


def _evidence(known: Known, deals: IntArray, at: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    acts, last = known.acts.count(deals, at), known.acts.last(deals, at)
    silence = (at - known.acts.at[last]) / DAY_US if known.acts.at.size else np.zeros(deals.size)
    columns = (
        known.levels.values_at(known.levels.last(deals, at), 0),
        known.milestones.count(deals, at).astype(np.float64),
        np.log1p(acts),
        np.where(last < 0, LONGEST_SILENCE, np.minimum(silence, LONGEST_SILENCE)),
        (acts > 0).astype(np.float64),
    )
    for name, values in zip(EVIDENCE, columns, strict=True):
        yield "what the buyer had done, and silence", name, values


def _others(others: Sequence[OtherStep], at: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    for other in others:
        due = other.due <= at
        yield (
            "other steps left out",
            f"left out: {other.name}",
            np.where(due, other.left_out.astype(np.float64), NOT_DUE),
        )
