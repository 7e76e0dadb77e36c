"""Share of variance that lies between owners, for one quantity per deal, and the test that there is any.

Method page: docs/methods/consistency.md.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import fdtr, ncfdtr, ncfdtrinc, ndtri

from headway.conformance.arrays import FloatArray, IntArray
from headway.conformance.estimate import LEVEL, Estimate, Unknown

MIN_OWNERS = 3
MIN_DEALS_PER_OWNER = 5
PERMUTATIONS = 1999
_LARGE = 5000.0  # beyond, scipy's inverse (bounded at 10,000) gives way to the large-sample form


def variance_between_owners(values: FloatArray, owners: IntArray, *, level: float = LEVEL) -> Estimate | Unknown:
    """Share (0 to 1) of the variance of `values` (n,) that lies between `owners` (n,).

    The intraclass correlation from one-way analysis of variance, for groups of unequal size (Donner 1986,
    International Statistical Review 54:67-82, eq. 2.3; for 0/1 values see Ridout, Demetrio and Firth 1999).
    A negative estimate is given as 0. Interval: the owners are taken as they are, not as a sample of others, so
    it inverts the noncentral F distribution of the ratio of mean squares. n of the result counts deals.
    """
    codes, place = np.unique(owners, return_inverse=True)
    sizes = np.bincount(place).astype(np.float64)
    n, groups = int(values.size), int(codes.size)
    if groups < 2 or n <= groups:
        return Unknown("a comparison of owners needs two owners and more deals than owners", n, MIN_OWNERS)
    spread = float(values.max() - values.min())
    if spread == 0.0:
        return Unknown("all deals are alike in this", n, MIN_OWNERS)
    scaled = (values - values.min()) / spread
    totals = np.bincount(place, weights=scaled)
    means = totals / sizes
    within = float(np.square(scaled - means[place]).sum())
    between = float((sizes * np.square(means - scaled.mean())).sum())
    typical = float((n - np.square(sizes).sum() / n) / (groups - 1))
    free = (groups - 1, n - groups)
    value = _intraclass(between / free[0], within / free[1], typical)
    # With no variance left inside owners the ratio is infinite. Half a deal gone the other way bounds it.
    ratio = (between / free[0]) / (max(within, 0.5) / free[1])
    low, high = (_as_share(shift, free[0] * typical) for shift in _noncentrality(ratio, free, level))
    return Estimate(value, min(low, value), 1.0 if within < 0.5 else max(high, value), n)


def _intraclass(between: float, within: float, typical: float) -> float:
    return max(0.0, (between - within) / (between + (typical - 1) * within))


def _as_share(shift: float, scale: float) -> float:
    return shift / (shift + scale)


def _noncentrality(ratio: float, free: tuple[int, int], level: float) -> tuple[float, float]:
    """Interval for the noncentrality of an F ratio with `free` degrees of freedom."""
    tail = (1 - level) / 2
    z = float(ndtri(1 - tail))
    bounds = []
    for chance, side in ((1 - tail, -z), (tail, z)):
        if float(fdtr(*free, ratio)) <= chance:
            bounds.append(0.0)
        elif float(ncfdtr(*free, _LARGE, ratio)) <= chance:
            bounds.append(float(ncfdtrinc(*free, chance, ratio)))
        else:
            centre = free[0] * ratio
            error = math.sqrt(2 * (2 * centre - free[0]) / centre**2 + 2 / free[1])
            bounds.append(max(0.0, centre * math.exp(side * error) - free[0]))
    return bounds[0], bounds[1]


def chance_of_difference(done: IntArray, sizes: IntArray, *, seed: int = 0) -> float:
    """p-value that owners are alike: `done` (k,) of `sizes` (k,) deals with each owner, chi-square by permutation.

    Shuffling deals among owners makes `done` multivariate hypergeometric, so it is drawn from that, 1,999 times.
    The order of the owners does not matter.
    """
    order = np.lexsort((done, sizes))
    done, sizes = done[order], sizes[order]
    n, total = int(sizes.sum()), int(done.sum())
    if total in (0, n) or sizes.size < 2:
        return 1.0
    seen = _chi_square(done, sizes)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(sizes, total, size=PERMUTATIONS)
    as_far = int(np.count_nonzero(_chi_square(drawn, sizes) >= seen * (1 - 1e-9)))
    return (1 + as_far) / (1 + PERMUTATIONS)


def holm(p_values: npt.ArrayLike) -> tuple[float, ...]:
    """p-values corrected for asking several questions at once: Holm (1979), step-down."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    corrected = np.empty(p.size)
    corrected[order] = np.minimum(stepped, 1.0)
    return tuple(float(value) for value in corrected)


def _chi_square(done: IntArray, sizes: IntArray) -> FloatArray:
    """Pearson's statistic of the 2 x k table; done may be (k,) or (replicates, k)."""
    share = done.sum(axis=-1, keepdims=True) / sizes.sum()
    terms = np.square(done - sizes * share) / (sizes * share * (1 - share))
    return np.asarray(terms.sum(axis=-1), dtype=np.float64)
