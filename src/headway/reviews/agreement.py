"""How far people who judge the same deals agree, beyond chance, with an interval that holds at ten deals.

Cohen's kappa (1960, 1968 with weights) for two people, Fleiss' kappa (1971) for more who all judged every deal,
Krippendorff's alpha (2011) where somebody could not tell; Gwet's AC1 (2008) where nearly all judgements are alike.
Method page: docs/methods/placing.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from headway.conformance.shares import wilson_bounds

LEVEL = 0.90
RESAMPLES = 2_000
SEED = 20_260_301
Floats = npt.NDArray[np.float64]
Judged = Sequence[Sequence[int | None]]


class Measure(StrEnum):
    """What takes chance out."""

    COHEN = "Cohen’s kappa"
    FLEISS = "Fleiss’ kappa"
    ALPHA = "Krippendorff’s alpha"
    AC1 = "Gwet’s AC1"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`observed`: share of pairs of judgements that are alike. `value`: the same beyond chance, 1 = always alike,
    0 = as by chance, with its interval; None where chance alone explains all or nobody was judged twice. `n`: deals."""

    measure: Measure
    n: int
    observed: float | None
    value: float | None
    low: float | None = None
    high: float | None = None


def agreement(
    judged: Judged, kinds: int, *, ordered: bool = False, ac1: bool = False, level: float = LEVEL, seed: int = SEED
) -> Agreement:
    """Of `judged`: a row for each deal, a column for each person, values 0 to `kinds` - 1, None: could not tell.

    `ordered`: a judgement two places off counts four times as wrong as one place off (quadratic weights). `ac1`: by
    Gwet's AC1 instead. The interval: resampled deals (percentiles of 2,000, fixed seed), widened to what Wilson's
    interval of the observed share allows, because resampling ten deals that all agree knows no doubt.
    ValueError where a value is out of range, or AC1 is asked for with weights.
    """
    if ac1 and ordered:
        raise ValueError("AC1 has no order")
    rows = [row for row in judged if sum(one is not None for one in row) > 1]
    measure = Measure.AC1 if ac1 else measure_for(judged)
    if not rows:
        return Agreement(measure, 0, None, None)
    tables = deal_tables(rows, kinds, cohen=_is_paired(rows))
    apart = distances(kinds, ordered)
    whole = tables.sum(axis=0)
    observed = float(np.trace(whole) / whole.sum())
    value = float(_beyond_chance(whole[None], apart, measure)[0])
    if math.isnan(value):
        return Agreement(measure, len(rows), observed, None)
    low, high = _resampled(tables, apart, measure, value, level, seed)
    least, most = _allowed(whole, apart, measure, len(rows), level)
    return Agreement(measure, len(rows), observed, value, max(-1.0, min(low, least)), min(1.0, max(high, most)))


def measure_for(judged: Judged) -> Measure:
    """The usual one for so many people, and with or without blanks."""
    people = max((len(row) for row in judged), default=0)
    blanks = any(one is None for row in judged for one in row)
    if people == 2:
        return Measure.COHEN
    return Measure.ALPHA if blanks else Measure.FLEISS


def one_against_rest(judged: Judged, kind: int) -> list[list[int | None]]:
    """1 where a judgement was `kind`, 0 where another."""
    return [[None if one is None else int(one == kind) for one in row] for row in judged]


def specific_agreement(judged: Judged, kind: int, kinds: int) -> float | None:
    """If one person judges `kind`, the chance that another does (Cicchetti and Feinstein 1990); None: nobody did."""
    rows = [row for row in judged if sum(one is not None for one in row) > 1]
    if not rows:
        return None
    table = deal_tables(rows, kinds, cohen=False).sum(axis=0)
    times = table[kind].sum()
    return float(table[kind, kind] / times) if times else None


def deal_tables(rows: Judged, kinds: int, *, cohen: bool) -> Floats:
    """(deals, kinds, kinds): of each deal which judgements meet; with `cohen` first person down, second across.

    Otherwise every ordered pair of its m judgements, divided by m - 1, so that each judgement counts once.
    """
    tables = np.zeros((len(rows), kinds, kinds))
    for place, row in enumerate(rows):
        given = [one for one in row if one is not None]
        if any(not 0 <= one < kinds for one in given):
            raise ValueError(f"judgements must lie between 0 and {kinds - 1}: {given}")
        if cohen:
            tables[place, given[0], given[1]] = 1.0
            continue
        counts = np.bincount(given, minlength=kinds).astype(float)
        tables[place] = (np.outer(counts, counts) - np.diag(counts)) / (len(given) - 1)
    return tables


def distances(kinds: int, ordered: bool) -> Floats:
    """(kinds, kinds): how wrong one judgement is beside another; 0 on the diagonal."""
    place = np.arange(kinds, dtype=float)
    return (place[:, None] - place) ** 2 if ordered else 1.0 - np.eye(kinds)


def _is_paired(rows: Judged) -> bool:
    return all(len(row) == 2 for row in rows)


def _beyond_chance(tables: Floats, apart: Floats, measure: Measure) -> Floats:
    """(m,) of (m, kinds, kinds); nan where by chance everybody would agree."""
    with np.errstate(divide="ignore", invalid="ignore"):
        total = tables.sum(axis=(1, 2))
        observed = (tables * apart).sum(axis=(1, 2)) / total
        expected = _by_chance(tables, apart, measure, total)
        return np.where(expected > 1e-12, 1.0 - observed / expected, np.nan)


def _by_chance(tables: Floats, apart: Floats, measure: Measure, total: Floats) -> Floats:
    """(m,): how wrong two judgements were if each were drawn from all that were made."""
    across, down = tables.sum(axis=1), tables.sum(axis=2)
    if measure is Measure.AC1:
        share = (across + down) / (2 * total[:, None])
        chance = (share * (1 - share)).sum(axis=1) / (tables.shape[1] - 1)
        return np.asarray(1.0 - chance)
    met = np.einsum("mi,mj->mij", down, across)
    if measure is Measure.ALPHA:  # two different judgements are drawn, not one twice
        met -= np.einsum("mi,ij->mij", down, np.eye(tables.shape[1]))
        return np.asarray((met * apart).sum(axis=(1, 2)) / (total * (total - 1)))
    return np.asarray((met * apart).sum(axis=(1, 2)) / total**2)


def _resampled(
    tables: Floats, apart: Floats, measure: Measure, value: float, level: float, seed: int
) -> tuple[float, float]:
    """Percentiles over resampled deals; those resamples in which chance explains all say nothing and are left out."""
    n = len(tables)
    drawn = (_picks(n, seed) @ tables.reshape(n, -1)).reshape(RESAMPLES, *tables.shape[1:])
    values = _beyond_chance(drawn, apart, measure)
    values = values[~np.isnan(values)]
    if not values.size:
        return value, value
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return min(float(low), value), max(float(high), value)


@lru_cache(maxsize=8)
def _picks(n: int, seed: int) -> Floats:
    """(resamples, n): how often each deal is drawn. The same for every stage of one page, so drawn once."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(float)


def _allowed(whole: Floats, apart: Floats, measure: Measure, n: int, level: float) -> tuple[float, float]:
    """What the value were if as many judgements differed as Wilson's interval allows, those unseen by one place."""
    total = float(whole.sum())
    differ = 1.0 - float(np.trace(whole)) / total
    wrong = float((whole * apart).sum()) / total
    by_chance = float(_by_chance(whole[None], apart, measure, np.array([total]))[0])
    fewest, most = wilson_bounds(differ * n, float(n), level)
    least_wrong = wrong * fewest / differ if differ else 0.0
    return 1.0 - (wrong + most - differ) / by_chance, 1.0 - least_wrong / by_chance
