"""What the model is set beside says what its definition says, and sums that are worked out by hand."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.forecast.baselines import (
    BASELINES,
    TIMES,
    base_rate,
    boosting,
    naive_bayes,
    stage_snapshot_rate,
    stage_weighted,
)
from headway.forecast.snapshots import LOST, NEVER, NO_DECISION, OPEN, UNSEEN, WON, KnownAt, Snapshots, Spans
from tests.forecast.snapshot_rows import known_at, snapshots

DAY = 1_000


def lived(*rows: tuple[int, int, int, int, int]) -> Spans:
    """(deal, start, end, claimed, after): one stretch each."""
    deal, start, end, claimed, after = np.array(rows, dtype=np.int64).reshape(len(rows), 5).T
    one = np.ones(len(rows), dtype=np.int64)
    return Spans(deal, deal, start, end, 0 * one, one, claimed, start, after, one - 3)


def ten_deals() -> KnownAt:
    """Eight decided deals, seen weekly since long ago, and two open ones, at stages 1 and 2.

    Five ever claimed stage 2; three of those were won (days 20, 20 and 60 after the first snapshot), two lost. Of the
    three that never did, one was won within 20 days and two ended in no decision after 60.
    """
    exits = [WON, WON, WON, LOST, LOST, WON, NO_DECISION, NO_DECISION]
    days = np.array([20, 20, 60, 20, 60, 20, 60, 60])
    claimed = np.array([2, 2, 2, 2, 2, 1, 1, 1])
    first = DAY - 100
    weekly = snapshots(
        range(8), day=first, claimed=claimed, exit=exits, exit_day=first + days, amount=[10, 20, 30, 40, 50, 60, 70, 80]
    )
    spans = lived(*((deal, first - 10, first + days[deal], claimed[deal], exits[deal]) for deal in range(8)))
    now = snapshots([8, 9], day=DAY, claimed=[1, 2], amount=[15.0, np.nan])
    return replace(known_at(DAY, now, weekly, spans), decided=8)


def test_the_base_rate_is_the_share_of_past_snapshots_that_ended_so_within_the_horizon() -> None:
    said = base_rate(ten_deals(), (30, 90))
    assert said.value[0].tolist() == said.value[1].tolist() == [[3 / 8, 1 / 8, 0.0], [4 / 8, 2 / 8, 2 / 8]]
    assert (said.low <= said.value).all() and (said.value <= said.high).all()
    assert (said.high - said.low)[0, 0, 0] > 0.3  # 3 of 8 deals tell little


def test_young_snapshots_do_not_count_and_a_deal_seen_often_tells_once() -> None:
    known = ten_deals()
    quick = snapshots(range(20, 60), day=DAY - 7, exit=WON, exit_day=DAY - 1)  # not followed for 30 days yet
    columns = {one.name: [getattr(known.weekly, one.name), getattr(quick, one.name)] for one in fields(Snapshots)}
    both = Snapshots(**{name: np.concatenate(values) for name, values in columns.items()})
    assert base_rate(replace(known, weekly=both), (30,)).value[0, 0, WON] == 3 / 8
    often = known.weekly.take(np.tile(np.arange(8), 5))
    once, five = (base_rate(replace(known, weekly=one), (30,)) for one in (known.weekly, often))
    assert once.low.tolist() == five.low.tolist() and once.high.tolist() == five.high.tolist()


def test_stage_weighted_looks_at_whoever_ever_claimed_the_stage_whenever_it_ended() -> None:
    said = stage_weighted(ten_deals(), (30, 90)).value
    over_all = np.array([4, 2, 2]) / 8
    assert said[0, 0] == pytest.approx((np.array([1, 0, 2]) + over_all) / 4)
    assert said[1, 0] == pytest.approx((np.array([3, 2, 0]) + over_all) / 6)
    assert (said[:, 0] == said[:, 1]).all()  # no horizon


def test_the_stage_snapshot_rate_is_the_same_within_the_horizon() -> None:
    said = stage_snapshot_rate(ten_deals(), (30, 90)).value
    assert said[0, 0] == pytest.approx((np.array([1, 0, 0]) + 5 * np.array([3, 1, 0]) / 8) / 8)
    assert said[1, 0] == pytest.approx((np.array([2, 1, 0]) + 5 * np.array([3, 1, 0]) / 8) / 10)


def test_naive_bayes_multiplies_what_odoo_multiplies() -> None:
    said = naive_bayes(ten_deals(), (30,)).value[:, 0]
    # Thirds of 10 ... 80 end at 33.3 and 56.7; 15 is in the first: 3 of 4 wins (10, 20, 30), none of the others.
    won = (4.1 / 8.2) * (1.1 / 4.1) * (3.1 / 4.3)
    other = (4.1 / 8.2) * (2.1 / 4.1) * (0.1 / 4.3)
    assert said[0, WON] == pytest.approx(won / (won + other))
    unknown = (4.1 / 8.2) * (3.1 / 4.1), (4.1 / 8.2) * (2.1 / 4.1)
    assert said[1, WON] == pytest.approx(unknown[0] / sum(unknown))  # no amount: it tells nothing
    assert said.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert said[0, LOST] == pytest.approx(said[0, NO_DECISION])  # two of each were not won


def test_boosting_finds_what_tells_and_falls_back_where_there_is_too_little() -> None:
    rng = np.random.default_rng(0)
    silence = rng.uniform(0, 60, 600)
    won = rng.random(600) < np.where(silence < 20, 0.8, 0.1)
    weekly = snapshots(
        range(600),
        day=DAY - 60,
        silence=silence,
        exit=np.where(won, WON, OPEN),
        exit_day=np.where(won, DAY - 40, NEVER),
    )
    known = known_at(DAY, snapshots([700, 701], day=DAY, silence=[5.0, 50.0]), weekly)
    assert boosting(known, (30,)).value[:, 0, WON] == pytest.approx([0.8, 0.1], abs=0.12)
    few = replace(known, weekly=weekly.take(np.arange(39)))
    assert boosting(few, (30,)).value.tolist() == base_rate(few, (30,)).value.tolist()


@st.composite
def pasts(draw: st.DrawFn) -> KnownAt:
    """Anything a small team may have lived through, odd amounts and claims among it."""
    n, m = draw(st.integers(0, 60)), draw(st.integers(0, 4))
    rng = np.random.default_rng(draw(st.integers(0, 1_000)))
    exits = rng.choice(draw(st.sampled_from([[OPEN], [WON], [WON, LOST, NO_DECISION, OPEN]])), n)
    first = DAY - rng.integers(1, 120, n)
    ended = np.where(exits == OPEN, NEVER, np.minimum(DAY, first + rng.integers(1, 90, n)))
    claimed = rng.integers(UNSEEN, 4, n)
    claimed[claimed == 0] = UNSEEN
    deal = rng.integers(0, max(1, n // 2), n)
    odd = rng.choice([np.nan, 0.0, -5.0, 100.0, 1e9], n)
    weekly = snapshots(deal, day=first, claimed=claimed, exit=exits, exit_day=ended, amount=odd)
    spans = lived(*zip(deal, first, np.minimum(ended, DAY), claimed, exits, strict=True))
    claims, money = rng.choice([UNSEEN, 1, 2, 9], m), rng.choice([np.nan, 0.0, -5.0, 100.0], m)
    now = snapshots(range(100, 100 + m), day=DAY, claimed=claims, amount=money)
    return known_at(DAY, now, weekly, spans)


@settings(max_examples=40, deadline=None)
@given(pasts())
def test_every_way_of_forecasting_gives_chances_whatever_the_past(known: KnownAt) -> None:
    for method in BASELINES.values():
        said = method(known, (7, 30, 200))
        assert said.value.shape == said.low.shape == said.high.shape == (len(known.now), 3, 3)
        assert np.isfinite(said.value).all() and (said.value >= 0).all()
        assert (said.value.sum(axis=2) <= 1 + 1e-9).all()
        assert (np.diff(said.value, axis=1) >= -1e-12).all()
        assert (said.low <= said.value + 1e-12).all() and (said.value <= said.high + 1e-12).all()
    for guess in TIMES.values():
        days = guess(known)
        assert days.shape == (len(known.now),) and (np.isnan(days) | (days >= 0)).all()


def test_the_usual_time_is_that_of_deals_still_open_then_not_of_whole_lives() -> None:
    known = ten_deals()
    assert TIMES["median still to go"](known).tolist() == [40.0, 40.0]
    assert TIMES["median still to go at its stage"](known).tolist() == [60.0, 20.0]
    assert TIMES["median length minus age"](known).tolist() == [20.0, 20.0]  # 50 days long, 30 days old
