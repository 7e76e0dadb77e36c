"""The model as a whole, on a made-up firm whose true chances are known, and on whatever may come."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forecast_speed import LEVELS, made_up, true_hazards
from headway.conformance.arrays import FloatArray
from headway.forecast.baselines import base_rate
from headway.forecast.model import FEWEST_DECIDED, Model, TooFew, _along, by_model, model_of
from headway.forecast.snapshots import LOST, OPEN, UNSEEN, WON, KnownAt, Snapshots

FIRM = made_up(2_000, 300, seed=3)
WEEKS = (7, 14, 30, 45, 60, 90, 91, 150)


def modelled(known: KnownAt) -> Model:
    model = model_of(known)
    assert isinstance(model, Model)
    return model


MODEL = modelled(FIRM)


def a_team(decided: int, seed: int) -> KnownAt:
    """A sample of the firm's deals to learn from; all of its open deals to forecast."""
    kept = np.random.default_rng(seed).random(2_000) < decided / FIRM.decided
    return FIRM.of(kept, forecast=np.ones(2_000, dtype=np.bool_))


def true_chances(rows: Snapshots, days: int, lives: int) -> FloatArray:
    """(n, 3): each deal lived on `lives` times by the made-up firm's own chances."""
    random = np.random.default_rng(8)
    of = np.repeat(np.arange(len(rows)), lives)
    level, silence, amount = rows.level[of], rows.silence[of].astype(np.int64), np.log(rows.amount)[of]
    ended = np.full(of.size, OPEN)
    alive = np.arange(of.size)
    for _ in range(days):
        chances = np.cumsum(true_hazards(level[alive], silence[alive], amount[alive]), axis=1)
        drawn = (random.random(alive.size)[:, None] >= chances).sum(axis=1)
        ended[alive[drawn < 3]] = drawn[drawn < 3]
        silence[alive] += 1
        moved = alive[drawn == 3]
        silence[moved] = 0
        level[moved] = np.minimum(level[moved] + (random.random(moved.size) < 0.4), LEVELS)
        alive = alive[drawn >= 3]
    return np.stack([(ended.reshape(-1, lives) == kind).mean(axis=1) for kind in range(3)], axis=1)


ASKED = FIRM.now.take(np.arange(0, len(FIRM.now), 5))
TRUTH = true_chances(ASKED, 30, 600)


def test_chances_come_near_the_true_ones_and_nearer_than_one_chance_for_all() -> None:
    told = MODEL.chances(ASKED, (30,)).value[:, 0]
    usual = base_rate(replace(FIRM, now=ASKED), (30,)).value[:, 0]
    assert np.abs(told - TRUTH).mean() < 0.03
    assert ((told - TRUTH) ** 2).sum() < 0.5 * ((usual - TRUTH) ** 2).sum()
    assert np.allclose(told.mean(axis=0), TRUTH.mean(axis=0), atol=0.03)


@pytest.mark.parametrize("decided", [100, 400])
def test_eight_in_ten_intervals_hold_the_true_chance(decided: int) -> None:
    held, width = [], []
    for seed in range(3):
        told = modelled(a_team(decided, seed)).chances(ASKED, (30,))
        held.append((told.low[:, 0] <= TRUTH) & (told.high[:, 0] >= TRUTH))
        width.append(np.mean(told.high - told.low))
    assert 0.70 <= np.mean(held) <= 0.97
    assert np.mean(width) < (0.22 if decided == 100 else 0.12)


def test_chances_grow_with_the_horizon_and_never_add_up_to_more_than_one() -> None:
    told = MODEL.chances(FIRM.now, WEEKS)
    assert told.value.shape == (len(FIRM.now), len(WEEKS), 3)
    assert (np.diff(told.value, axis=1) >= -1e-12).all()
    assert (told.value.sum(axis=2) <= 1 + 1e-12).all()
    assert (told.low <= told.value).all() and (told.value <= told.high).all()
    assert (told.low >= 0).all() and (told.high <= 1).all()


def test_what_else_is_asked_changes_no_answer() -> None:
    alone, among = MODEL.chances(ASKED, (30,)), MODEL.chances(ASKED, WEEKS)
    for one in ("value", "low", "high"):
        assert np.allclose(getattr(alone, one)[:, 0], getattr(among, one)[:, WEEKS.index(30)])
    few = MODEL.chances(ASKED.take(np.array([3])), WEEKS)
    assert np.allclose(few.value[0], among.value[3])
    assert np.array_equal(MODEL.chances(ASKED, (30,), interval=False).low, alone.value)


def test_the_order_of_all_that_is_known_changes_nothing() -> None:
    random = np.random.default_rng(0)
    shuffled = replace(
        FIRM,
        weekly=FIRM.weekly.take(random.permutation(len(FIRM.weekly))),
        spans=FIRM.spans.take(random.permutation(len(FIRM.spans))),
    )
    assert np.allclose(modelled(shuffled).chances(ASKED, (30,)).value, MODEL.chances(ASKED, (30,)).value, atol=1e-12)


ODD = (np.nan, np.inf, 0.0, -7.0, 1e300, 12.0)


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_any_deal_gets_chances(data: st.DataObject) -> None:
    rows = ASKED.take(np.arange(2))
    for one in fields(rows):
        held = getattr(rows, one.name)
        pool = ODD if held.dtype.kind == "f" else (UNSEEN, 0, 2, 999)
        column = [data.draw(st.sampled_from(pool)) for _ in range(2)]
        rows = replace(rows, **{one.name: np.array(column, dtype=held.dtype)})
    told = MODEL.chances(rows, (1, 30, 100))
    for part in (told.value, told.low, told.high, MODEL.decision_days(rows)):
        assert np.isfinite(part).all()
    assert (told.value.sum(axis=2) <= 1 + 1e-12).all()


def test_a_deal_where_none_was_before_is_told_apart() -> None:
    rows = ASKED.take(np.arange(3))
    assert MODEL.seen(rows).all()
    strange = replace(rows, level=np.array([1, 17, 1]), process=np.array([0, 0, 4]))
    assert MODEL.seen(strange).tolist() == [True, False, False]


def test_the_days_to_a_decision_are_in_order_and_say_what_happens() -> None:
    days = MODEL.decision_days(FIRM.now)
    assert (np.diff(days, axis=1) >= 0).all() and (days >= 0).all() and (days <= 91).all()
    ended = [MODEL.chances(ASKED, (day,)).value[:, 0].sum(axis=1) for day in (10, 91)]
    sooner = MODEL.decision_days(ASKED)[:, 1] <= 10
    assert np.array_equal(ended[0] >= 0.5 * ended[1], sooner)


def test_below_what_is_needed_it_says_so_in_a_sentence_and_the_base_rate_speaks() -> None:
    ended = FIRM.spans.after
    deals = np.unique(FIRM.spans.deal[ended != OPEN])
    for kept, said in (
        (deals[: FEWEST_DECIDED - 1], f"Only {FEWEST_DECIDED - 1} deals are decided; a model needs {FEWEST_DECIDED}."),
        (deals[:0], "No deal is decided yet; a model needs 20."),
        (deals[:1], "Only 1 deal is decided; a model needs 20."),
        (
            FIRM.spans.deal[ended == LOST][:30],
            "Of 30 decided deals none was won; a model needs 3 that were, and 3 not.",
        ),
        (FIRM.spans.deal[ended == WON][:30], "Of 30 decided deals 30 were won; a model needs 3 that were, and 3 not."),
    ):
        flags = np.zeros(2_000, dtype=np.bool_)
        flags[kept] = True
        known = FIRM.of(flags, forecast=np.ones(2_000, dtype=np.bool_))
        assert model_of(known) == TooFew(said)
        told, usual = by_model(known, (30, 90)), base_rate(known, (30, 90))
        assert np.array_equal(told.value, usual.value) and np.isfinite(told.value).all()


def test_where_no_horizon_has_passed_the_counts_speak_alone() -> None:
    young = made_up(1_500, 33)
    model = modelled(young)
    assert model.regression is None and model.weights == ()
    told = by_model(young, (30,))
    assert (told.low < told.value).all() and (told.value < told.high).all()


def test_its_numbers_can_be_read() -> None:
    assert {one.state for one in MODEL.cells} == {f"Stage {one}" for one in range(1, LEVELS + 1)}
    assert sum(one.events for one in MODEL.cells if one.to == "won") == int((FIRM.spans.after == WON).sum())
    assert sum(one.days for one in MODEL.cells if one.to == "won") == int((FIRM.spans.end - FIRM.spans.start).sum())
    assert {"amount", "age of the deal"} <= {one.name for one in MODEL.weights}


def test_a_horizon_below_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 day"):
        MODEL.chances(ASKED, (0, 30))


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_fitted_chances_go_through_their_anchors_and_along_the_counts(seed: int) -> None:
    random = np.random.default_rng(seed)
    days = np.array([5, 30, 45, 60, 90, 120])
    ended = np.sort(random.random((3, days.size, 1)), axis=1) * random.dirichlet(np.ones(3), 3)[:, None]
    anchors = np.array([30, 60, 90])
    told = np.sort(random.random((3, 3, 1)), axis=1) * random.dirichlet(np.ones(4), 3)[:, None, :3]
    found = _along(days, ended, anchors, ended[:, [1, 3, 4]], told)
    assert np.allclose(found[:, [1, 3, 4]], told)
    assert (np.diff(found, axis=1) >= -1e-12).all() and (found.sum(axis=2) <= 1 + 1e-9).all()
    wild = _along(days, ended, anchors, ended[:, [1, 3, 4]], random.dirichlet(np.ones(4), (3, 3))[..., :3])
    assert (np.diff(wild, axis=1) >= -1e-12).all() and (wild.sum(axis=2) <= 1 + 1e-9).all()
