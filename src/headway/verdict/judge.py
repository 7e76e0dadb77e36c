"""All landmarks of a workspace judged together: the model, the two priors and the table, for each of them.

Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from headway.conformance.arrays import FloatArray
from headway.conformance.shares import share
from headway.verdict.breadth import owners_leaving_out
from headway.verdict.decide import Findings, decided, enough
from headway.verdict.effect import Draws, Posterior, averaged, difference_at_mode, evidences, shares_won
from headway.verdict.informative import evidence_tells, less_what_is_hidden
from headway.verdict.landmark import Judgement, Landmark
from headway.verdict.laplace import Normal, posteriors
from headway.verdict.pooling import SCALES, WIDE, scale_weights
from headway.verdict.power import deals_needed, e_value
from headway.verdict.rows import LEFT_OUT, Rows, rows_of, some, without
from headway.verdict.value import Interval

MARGIN = 0.10
MORE_TO_CONFIRM = 1.1
"""A verdict is confirmed where it was the same before the last tenth of deals was decided."""
_LOW, _HIGH = 0.05, 0.95
_CORES = 2

_T = TypeVar("_T")
_S = TypeVar("_S")


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """A landmark and those of its deals that are looked at, as the model takes them."""

    landmark: Landmark
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """One landmark's models: under the wide prior, averaged, and under each scale of the sceptical one.

    `without_evidence`: the difference of shares where the buyer's evidence is not looked at, at the mode; `explained`:
    that, less the difference where it is.
    """

    wide: Posterior
    sceptical: tuple[tuple[Normal, ...], ...]
    without_evidence: float
    explained: float


@dataclass(frozen=True, slots=True, eq=False)
class _Estimated:
    """What one set of deals says: the table's word, and the draws behind it where the counts sufficed."""

    found: Findings
    word: str
    ground: str
    wide: Draws | None = None
    sceptical: Draws | None = None
    without_evidence: float | None = None


def judge_landmarks(landmarks: Sequence[Landmark], *, margin: float = MARGIN, seed: int = 0) -> tuple[Judgement, ...]:
    """One judgement per landmark, in their order; the scale of the sceptical prior is learned from all of them.

    margin: a cost that is still called none, as a share (0.10 = ten points). The same deals and seed give the same
    figures, whatever the order of rows or landmarks. ValueError unless 0 < margin < 1.
    """
    if not 0 < margin < 1:
        raise ValueError(f"the margin must lie between 0 and 1, not {margin}")
    now = _spread(_compared, landmarks)
    before = _spread(_earlier, now)
    pairs = zip(landmarks, _estimates(now, margin, seed), _estimates(before, margin, seed), strict=True)
    return tuple(_judgement(*pair, margin=margin) for pair in pairs)


def _spread(work: Callable[[_S], _T], items: Sequence[_S]) -> list[_T]:
    """numpy lets go of the interpreter while it computes, so threads are enough to use both cores."""
    with ThreadPoolExecutor(_CORES) as pool:
        return list(pool.map(work, items))


def _compared(landmark: Landmark) -> _Compared:
    return _Compared(landmark, rows_of(landmark))


def _earlier(compared: _Compared) -> _Compared:
    """The deals as they were before the last tenth of outcomes was known."""
    known = np.asarray(compared.landmark.known_on, dtype=np.float64)[compared.rows.order]
    first = np.argsort(known, kind="stable")[: math.floor(known.size / MORE_TO_CONFIRM)]
    return _Compared(compared.landmark, some(compared.rows, np.sort(first)))


def _estimates(compared: Sequence[_Compared], margin: float, seed: int) -> list[_Estimated]:
    fits = _spread(_fitted, compared)
    weights = scale_weights([evidences(fit.sceptical) for fit in fits if fit is not None])
    both = list(zip(compared, fits, strict=True))
    return _spread(lambda pair: _estimated(*pair, weights=weights, margin=margin, seed=seed), both)


def _fitted(compared: _Compared) -> _Fitted | None:
    rows, evidence = compared.rows, compared.landmark.evidence
    if not enough(rows.won.size, int(rows.dense[:, LEFT_OUT].sum()), int(rows.won.sum())):
        return None
    fits = posteriors(rows, (WIDE, *SCALES))
    wide = averaged(fits[:1], (1.0,))
    unseeing = without(rows, evidence)
    blind = difference_at_mode(unseeing, averaged(posteriors(unseeing, (WIDE,)), (1.0,)))
    return _Fitted(wide, fits[1:], blind, blind - difference_at_mode(rows, wide))


def _estimated(
    compared: _Compared, fit: _Fitted | None, *, weights: FloatArray, margin: float, seed: int
) -> _Estimated:
    found = _counted(compared, margin)
    if fit is None:
        return _Estimated(found, *decided(found))
    rows, sceptical = compared.rows, averaged(fit.sceptical, weights)
    free, drawn_in = shares_won(rows, fit.wide, seed), shares_won(rows, sceptical, seed)
    flattering, damning = max(fit.explained, 0.0), min(fit.explained, 0.0)
    worse = less_what_is_hidden(drawn_in, damning)
    better = less_what_is_hidden(drawn_in, flattering).difference
    found = replace(
        found,
        evidence_tells=evidence_tells(rows, fit.wide, compared.landmark.evidence),
        worse=float((worse.difference < 0).mean()),
        worse_by=float(np.median(worse.difference)),
        better=float((better > 0).mean()),
        better_by=float(np.median(better)),
        no_worse=float((less_what_is_hidden(free, flattering).difference > -margin).mean()),
    )
    free = less_what_is_hidden(free, fit.explained)
    return _Estimated(found, *decided(found), free, worse, fit.without_evidence)


def _counted(compared: _Compared, margin: float) -> Findings:
    landmark, order = compared.landmark, compared.rows.order
    flags = landmark.left_out[order]
    n, left_out = flags.size, int(flags.sum())
    owners, leaving = owners_leaving_out(flags, landmark.owners[order])
    inspected = int((landmark.inspected[order] & flags).sum())
    return Findings(
        n=n,
        left_out=_share(left_out, n),
        left_out_deals=left_out,
        won=int(landmark.won[order].sum()),
        dated_evidence=landmark.dated_evidence,
        evidence_tells=False,
        at_buyers_request=landmark.at_buyers_request,
        reviews=landmark.reviews,
        inspected=_share(inspected, left_out) if landmark.reviews else None,
        owners=owners,
        owners_leaving_out=leaving,
        margin=margin,
    )


def _judgement(landmark: Landmark, now: _Estimated, before: _Estimated, *, margin: float) -> Judgement:
    found = now.found
    effect, sceptical = _interval(now.wide, found.n), _interval(now.sceptical, found.n)
    strength = _strength(now, margin)
    needed = None
    if now.ground in ("too few", "too wide"):
        spread = None if now.wide is None else float(now.wide.difference.std())
        middle = None if effect is None else effect.value
        needed = deals_needed(found.n, found.left_out_deals, found.won, margin, middle, spread)
    return Judgement(
        word=now.word,
        ground=now.ground,
        left_out=found.left_out,
        effect=effect,
        sceptical=sceptical,
        raw=_raw(landmark),
        without_evidence=now.without_evidence,
        e_value=strength[0],
        e_value_bound=strength[1],
        owners=found.owners,
        owners_leaving_out=found.owners_leaving_out,
        inspected=found.inspected,
        deals_needed=needed,
        confirmed=bool(now.word) and now.word == before.word,
    )


def _interval(draws: Draws | None, n: int) -> Interval | None:
    if draws is None:
        return None
    low, middle, high = np.quantile(draws.difference, (_LOW, 0.5, _HIGH))
    return Interval(float(middle), float(low), float(high), n)


def _share(done: int, n: int) -> Interval | None:
    found = share(done, n)
    return None if found.value is None else Interval(found.value, found.low, found.high, n)


def _raw(landmark: Landmark) -> float | None:
    without, with_it = landmark.won[landmark.left_out], landmark.won[~landmark.left_out]
    return float(without.mean() - with_it.mean()) if without.size and with_it.size else None


def _strength(now: _Estimated, margin: float) -> tuple[float | None, float | None]:
    """E-values of the estimate and of the interval's near end.

    What has to be explained is the distance to no difference; for a harmless step the distance to the margin.
    """
    if now.wide is None:
        return None, None
    without, with_it = float(np.median(now.wide.without)), float(np.median(now.wide.with_it))
    target = max(with_it - margin, 1e-9) / max(with_it, 1e-9) if now.ground == "harmless" else 1.0
    ratios = np.log(np.maximum(now.wide.without, 1e-9)) - np.log(np.maximum(now.wide.with_it, 1e-9))
    low, high = (math.exp(bound) for bound in np.quantile(ratios, (_LOW, _HIGH)))
    near = target if low <= target <= high else min(low, high, key=lambda bound: abs(math.log(bound / target)))
    return e_value(without, with_it, target), e_value(near, 1.0, target)
