"""What deals are made alike in before they are compared: columns known at the landmark, and what each is called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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

BUYER = "what the buyer had done, and silence"
CLAIM = "claimed stage"
AGE = "age of the deal"
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
    known: Known, deals: IntArray, at: IntArray, others: Sequence[OtherStep] = (), *, without: Collection[str] = ()
) -> Covariates:
    """What was known of `deals` (n,) at the moments `at` (n,), in microseconds; columns that do not vary left out.

    `without`: what is not adjusted for, in the words of `adjusted_for`: what a departure itself brings about.
    """
    seen = known.acts.count(deals, at) > 0
    found = (*_deal(known, deals, at), *_evidence(known, deals, at), *_others(others, at))
    kept = [one for one in found if one[0] not in without and deals.size and np.ptp(one[2]) > 1e-9]
    return Covariates(
        np.column_stack([values for *_, values in kept]) if kept else np.zeros((deals.size, 0)),
        tuple(name for _, name, _ in kept),
        tuple(place for place, (said, *_) in enumerate(kept) if said == BUYER),
        seen,
        tuple(dict.fromkeys(said for said, *_ in kept)),
    )


def _deal(known: Known, deals: IntArray, at: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    amount = known.amount_at(deals, at)
    missing = ~np.isfinite(amount) | (amount <= 0)
    logs = np.log(np.where(missing, 1.0, amount))
    yield "amount", "amount", np.where(missing, logs[~missing].mean() if (~missing).any() else 0.0, logs)
    if known.amounts.value.size:
        # Not where amounts are known from the export's last day alone: many CRMs empty them when a deal is lost.
        yield "amount", "amount unknown", missing.astype(np.float64)
    yield from _kinds("segment", known.segments, known.segment[deals])
    yield from _kinds("kind of deal", known.record_types, known.record_type[deals])
    yield "time", "day", (at - at.min(initial=known.at)) / DAY_US
    yield AGE, "age", (at - known.created[deals]) / DAY_US
    last = known.claims.last(deals, at)
    yield CLAIM, "claimed stage", known.claims.values_at(last, 0)


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
        known.stages.values_at(known.stages.last(deals, at), 0),
        known.milestones.count(deals, at).astype(np.float64),
        np.log1p(acts),
        np.where(last < 0, LONGEST_SILENCE, np.minimum(silence, LONGEST_SILENCE)),
        (acts > 0).astype(np.float64),
    )
    for name, values in zip(EVIDENCE, columns, strict=True):
        yield BUYER, name, values


def _others(others: Sequence[OtherStep], at: IntArray) -> Iterator[tuple[str, str, FloatArray]]:
    for other in others:
        due = other.due <= at
        yield (
            "other steps left out",
            f"left out: {other.name}",
            np.where(due, other.left_out.astype(np.float64), NOT_DUE),
        )
