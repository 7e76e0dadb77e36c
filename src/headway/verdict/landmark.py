"""Who is compared with whom: the deals still open when one thing fell due, and what was known of them then."""

from __future__ import annotations

from dataclasses import dataclass

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.verdict.value import Interval


@dataclass(frozen=True, slots=True, eq=False)
class Landmark:
    """One step or rule at its landmark; every array has one row per deal that was open then and could be followed.

    `left_out` (n,): not done by the landmark. `won` (n,): won within the horizon after it. `covariates` (n, k): known
    at the landmark, called `names`; `evidence` are the columns that hold the buyer's evidence and silence. `owners`
    (n,): codes. `inspected` (n,): a review looked at the deal in time to mend it. `known_on` (n,): the day, from any
    origin, from which the outcome was known. `dated_evidence`: buyer acts were observed widely enough by the landmark.
    `reviews`: at least one review was recorded. `at_buyers_request`: the buyer asks for it, so it cannot be judged.
    """

    left_out: BoolArray
    won: BoolArray
    covariates: FloatArray
    names: tuple[str, ...]
    evidence: tuple[int, ...]
    owners: IntArray
    inspected: BoolArray
    known_on: FloatArray
    dated_evidence: bool
    reviews: bool
    at_buyers_request: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the estimators say of one landmark; words and grounds as in `headway.verdict.value.Verdict`.

    `effect`: share won without minus with, under the wide prior, 90 % interval. `sceptical`: the same under the prior
    pooled over all steps, before what may be hidden from the evidence is taken out. `e_value`: to explain the
    difference away; for a harmless step, to hide a cost of the whole margin. `deals_needed`: of those compared.
    `confirmed`: an estimate with a tenth fewer deals, the earlier ones, gave the same word.
    """

    word: str
    ground: str
    left_out: Interval | None
    effect: Interval | None
    sceptical: Interval | None
    raw: float | None
    without_evidence: float | None
    e_value: float | None
    e_value_bound: float | None
    owners: int
    owners_leaving_out: int
    inspected: Interval | None
    deals_needed: int | None
    confirmed: bool
