"""The ways of forecasting that the model is set beside, each fitted on the same `KnownAt`: docs/methods/forecast.md.

From the crudest: one chance for all, the share of past snapshots; what CRMs sum up (the win rate of the claimed stage,
whenever); the same within the horizon; naive Bayes as open CRMs score leads; boosted trees on everything known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.shares import wilson_bounds
from headway.forecast.method import Chances, Method
from headway.forecast.snapshots import OPEN, WON, KnownAt, Snapshots
from headway.forecast.value import LEVEL

EXITS = 3
PRIOR_STAGE = 5.0  # snapshots' worth of the share over all stages, for a stage seldom seen
PRIOR_DECIDED = 1.0  # deal's worth of the win rate over all deals
CELL = 0.1  # what Odoo adds to each count, so that none is zero
SUREST_BAYES = 1e-4  # Odoo keeps its score between 0.01 and 99.99 %
LEAST_ROWS = 40  # below, trees of at least 20 rows a leaf cannot split


def base_rate(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """One chance for all: the share of past weekly snapshots that ended so within the horizon.

    Only snapshots whose horizon has passed count. Where none has, the next shorter horizon's share stands in, which
    can only be too low; without any, 0 with an interval from 0 to 1. Interval: Wilson, of deals rather than snapshots.
    """
    value, low, high = (np.zeros((len(horizons), EXITS)) for _ in range(3))
    deals = np.zeros(len(horizons))
    for place, days in enumerate(horizons):
        past = followed(known.weekly, known.day, days)
        value[place] = exit_shares(past.ended_within(days))
        deals[place] = np.unique(_spell_keys(past.deal, past.spell)).size
    value = _growing(value[None])[0]
    for place, count in enumerate(np.where(deals > 0, deals, deals.max(initial=0.0))):
        for one in range(EXITS):
            bounds = wilson_bounds(value[place, one] * count, count, LEVEL) if count else (0.0, 1.0)
            low[place, one], high[place, one] = bounds
    n = len(known.now)
    return Chances(tuple(horizons), *(np.repeat(one[None], n, axis=0) for one in (value, low, high)))


def stage_weighted(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """As CRMs weigh a pipeline: of decided deals that ever claimed the stage, the share that ended so, whenever it was.

    It has no horizon, so the chances are the same for each. Shrunk by one deal's worth to the rate over all deals.
    """
    spell, ended = _decided(known)
    over_all = exit_shares(ended)
    value = np.repeat(over_all[None], len(known.now), axis=0)
    claims = _claims(known, spell)
    for stage in np.unique(_stage_keys(known.now.process, known.now.claimed)):
        seen = ended[claims(stage)]
        rate = (_counts(seen) + PRIOR_DECIDED * over_all) / (seen.size + PRIOR_DECIDED)
        value[_stage_keys(known.now.process, known.now.claimed) == stage] = rate
    return certain(horizons, np.repeat(value[:, None], len(horizons), axis=1))


def stage_snapshot_rate(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """Of past snapshots that claimed the stage, the share that ended so within the horizon: stage-weighted, mended.

    Shrunk by five snapshots' worth to the share over all stages.
    """
    asked = _stage_keys(known.now.process, known.now.claimed)
    value = np.zeros((len(known.now), len(horizons), EXITS))
    for place, days in enumerate(horizons):
        past = followed(known.weekly, known.day, days)
        ended, claimed = past.ended_within(days), _stage_keys(past.process, past.claimed)
        over_all = exit_shares(ended)
        for stage in np.unique(asked):
            seen = ended[claimed == stage]
            value[asked == stage, place] = (_counts(seen) + PRIOR_STAGE * over_all) / (seen.size + PRIOR_STAGE)
    return certain(horizons, _growing(value))


def naive_bayes(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """Predictive lead scoring as Odoo does it, on the claimed stage and the amount: no horizon, no silence.

    S(won) = P(won) · P(ever claimed the stage | won) · P(amount bucket | won), 0.1 added to each count; the chance is
    S(won) / (S(won) + S(not won)), kept between 0.01 and 99.99 %. Buckets: thirds of the decided deals' amounts; an
    unknown amount tells nothing. What is not won is split as all decided deals were. Source of the method: Odoo's CRM,
    `crm_lead.py` (predictive lead scoring); the code here is ours.
    """
    spell, ended = _decided(known)
    won = ended == WON
    over_all = exit_shares(ended)
    amount = _last_amounts(known, spell)
    edges = np.quantile(amount[~np.isnan(amount)], [1 / 3, 2 / 3]) if (~np.isnan(amount)).any() else np.zeros(2)
    size = np.searchsorted(edges, amount)
    asked, asked_size = _stage_keys(known.now.process, known.now.claimed), np.searchsorted(edges, known.now.amount)
    claims = _claims(known, spell)
    score = np.ones((2, len(known.now)))
    for row, side in enumerate((won, ~won)):
        count = float(side.sum())
        score[row] *= (count + CELL) / (won.size + 2 * CELL)
        for stage in np.unique(asked):
            score[row, asked == stage] *= ((side & claims(stage)).sum() + CELL) / (count + CELL)
        with_amount = side & ~np.isnan(amount)
        for bucket in range(3):
            here = (asked_size == bucket) & ~np.isnan(known.now.amount)
            score[row, here] *= ((with_amount & (size == bucket)).sum() + CELL) / (with_amount.sum() + 3 * CELL)
    chance = np.clip(score[0] / score.sum(axis=0), SUREST_BAYES, 1 - SUREST_BAYES)
    rest = over_all[1:] / over_all[1:].sum() if over_all[1:].sum() else np.full(2, 0.5)
    value = np.column_stack([chance, np.outer(1 - chance, rest)])
    return certain(horizons, np.repeat(value[:, None], len(horizons), axis=1))


def boosting(known: KnownAt, horizons: Sequence[int]) -> Chances:
    """Gradient-boosted trees on the landmark table: everything known of a snapshot against how it ended.

    scikit-learn's HistGradientBoostingClassifier, one per horizon, small trees and strong shrinkage as suits few deals.
    With fewer than 40 snapshots or one way of ending only, the base rate.
    """
    usual = base_rate(known, horizons).value
    value = np.zeros_like(usual)
    asked = table_of(known.now)
    for place, days in enumerate(horizons):
        past = followed(known.weekly, known.day, days)
        ended = past.ended_within(days)
        value[:, place] = _boosted(table_of(past), ended, asked) if _can_split(ended) else usual[:, place]
    return certain(horizons, _growing(value))


def _can_split(ended: IntArray) -> bool:
    return ended.size >= LEAST_ROWS and np.unique(ended).size > 1


def _boosted(rows: FloatArray, ended: IntArray, asked: FloatArray) -> FloatArray:
    from sklearn.ensemble import HistGradientBoostingClassifier  # slow to import
    from threadpoolctl import threadpool_limits

    trees = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.04, max_leaf_nodes=8, min_samples_leaf=min(100, max(20, len(rows) // 30)),
        l2_regularization=5.0, max_features=0.6, early_stopping=False, random_state=0,
    )  # fmt: skip
    told = ~np.isnan(rows).all(axis=0)  # the trees' bins fail on a column of which nothing is known
    rows, asked = rows[:, told], asked[:, told]
    found = np.zeros((len(asked), EXITS))
    if len(asked):
        with threadpool_limits(1, user_api="openmp"):  # for tables this small, threads wait for each other instead
            said = trees.fit(rows, ended).predict_proba(asked)
        for column, exit_ in enumerate(trees.classes_):
            if exit_ != OPEN:
                found[:, exit_] = said[:, column]
    return found


def table_of(rows: Snapshots) -> FloatArray:
    """(n, k): the numbers known of each snapshot, NaN where unknown; codes as they are, which trees can split."""
    with np.errstate(divide="ignore", invalid="ignore"):
        amount = np.where(rows.amount > 0, np.log(rows.amount), np.nan)
    columns = (
        rows.process, rows.level, rows.claimed, rows.silence, rows.seller_silence, rows.age, rows.stage_days, amount,
        rows.due_days, rows.agreed_days, rows.pushes, rows.activities, rows.recent, rows.owner, rows.segment,
    )  # fmt: skip
    return np.column_stack([*(np.asarray(one, dtype=np.float64) for one in columns), rows.kinds])


BOOSTING = "gradient boosting"
BASELINES: dict[str, Method] = {
    "base rate": base_rate,
    "stage-weighted": stage_weighted,
    "stage snapshot rate": stage_snapshot_rate,
    "naive Bayes": naive_bayes,
    BOOSTING: boosting,
}
"""By the name under which tables and pages show them."""


def usual_days(known: KnownAt) -> FloatArray:
    """(n,): days still to go for every deal of `known.now`, as always: the median over past snapshots now decided."""
    past = known.weekly.take(known.weekly.exit != OPEN)
    usual = float(np.median(past.exit_day - past.day)) if len(past) else np.nan
    return np.full(len(known.now), usual)


def usual_days_of_stage(known: KnownAt) -> FloatArray:
    """(n,): the same over past snapshots that claimed the same stage; that of all where there is none."""
    past = known.weekly.take(known.weekly.exit != OPEN)
    days, claimed = past.exit_day - past.day, _stage_keys(past.process, past.claimed)
    asked, found = _stage_keys(known.now.process, known.now.claimed), usual_days(known)
    for stage in np.unique(asked):
        if (claimed == stage).any():
            found[asked == stage] = np.median(days[claimed == stage])
    return found


def cycle_minus_age(known: KnownAt, *, middle: Callable[[FloatArray], np.floating] = np.median) -> FloatArray:
    """(n,): the usual length of decided deals less the deal's age, at least 0; how CRMs guess. `middle`: of lengths."""
    spans = known.spans
    keys = _spell_keys(spans.deal, spans.spell)
    ended = spans.after != OPEN
    names, place = np.unique(keys, return_inverse=True)
    began = np.full(names.size, np.iinfo(np.int64).max)
    np.minimum.at(began, place, spans.start)
    lengths = (spans.end[ended] - began[place[ended]]).astype(np.float64)
    usual = float(middle(lengths)) if lengths.size else np.nan
    found: FloatArray = np.maximum(usual - known.now.age, 0.0)
    return found


TIMES: dict[str, Callable[[KnownAt], FloatArray]] = {
    "mean length minus age": partial(cycle_minus_age, middle=np.mean),
    "median length minus age": cycle_minus_age,
    "median still to go": usual_days,
    "median still to go at its stage": usual_days_of_stage,
}
"""Guesses of the days to a decision, by the name under which tables show them."""


def followed(weekly: Snapshots, day: int, horizon_days: int) -> Snapshots:
    """The snapshots whose horizon has passed at the end of `day`: for younger ones, quick ends alone would count."""
    return weekly.take(weekly.day + horizon_days <= day)


def exit_shares(ended: IntArray) -> FloatArray:
    """(3,): share won, lost, ended in no decision; zeros without rows."""
    return _counts(ended) / max(1, ended.size)


def certain(horizons: Sequence[int], value: FloatArray) -> Chances:
    """Chances of a method that states no interval."""
    return Chances(tuple(horizons), value, value, value)


def _growing(value: FloatArray) -> FloatArray:
    """(n, h, 3) made to grow with the horizon and to add up to at most 1, as each horizon has snapshots of its own."""
    found = np.zeros_like(value)
    before = np.zeros_like(value[:, 0])
    for place in range(value.shape[1]):
        more = np.maximum(value[:, place] - before, 0.0)
        asked, room = more.sum(axis=1, keepdims=True), 1 - before.sum(axis=1, keepdims=True)
        before = before + more * np.minimum(1.0, room / np.maximum(asked, 1e-300))
        found[:, place] = before
    return found


def _counts(ended: IntArray) -> FloatArray:
    return np.bincount(ended[ended != OPEN], minlength=EXITS).astype(np.float64)


def _decided(known: KnownAt) -> tuple[IntArray, IntArray]:
    """The spells known to have ended, by key, in order; and how each ended."""
    ended = known.spans.after != OPEN
    keys = _spell_keys(known.spans.deal[ended], known.spans.spell[ended])
    order = np.argsort(keys, kind="stable")
    return keys[order], known.spans.after[ended][order]


def _claims(known: KnownAt, spell: IntArray) -> Callable[[int], BoolArray]:
    """For a stage's key: which of the decided spells ever claimed it; all of them where nothing was claimed."""
    keys = _spell_keys(known.spans.deal, known.spans.spell)
    stages = _stage_keys(known.spans.process, known.spans.claimed)

    def ever(stage: int) -> BoolArray:
        if stage % STAGES == 0:  # claims nothing
            return np.ones(spell.size, dtype=np.bool_)
        found: BoolArray = np.isin(spell, keys[stages == stage])
        return found

    return ever


def _last_amounts(known: KnownAt, spell: IntArray) -> FloatArray:
    """The amount at the last weekly snapshot of each of the spells; NaN where there is none."""
    found = np.full(spell.size, np.nan)
    if spell.size == 0:
        return found
    order = np.argsort(known.weekly.day, kind="stable")
    keys = _spell_keys(known.weekly.deal, known.weekly.spell)[order]
    place = np.minimum(np.searchsorted(spell, keys), spell.size - 1)
    inside = spell[place] == keys
    found[place[inside]] = known.weekly.amount[order][inside]
    return found


STAGES, SPELLS = 1 << 10, 1 << 32


def _spell_keys(deal: IntArray, spell: IntArray) -> IntArray:
    found: IntArray = deal * SPELLS + spell
    return found


def _stage_keys(process: IntArray, claimed: IntArray) -> IntArray:
    """One number per process and claimed stage; a multiple of `STAGES` where none is claimed."""
    found: IntArray = process * STAGES + claimed + 1
    return found
