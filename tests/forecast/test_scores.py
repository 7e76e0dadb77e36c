"""Scores equal those of other libraries; intervals of differences hold what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.forecast import scores

# python -c "
# import numpy as np; from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
# from lifelines.utils import concordance_index
# rng = np.random.default_rng(7); p = rng.random(200).round(2); y = rng.random(200) < p
# t = rng.integers(1, 60, 200).astype(float); e = rng.random(200) < 0.7; x = (t + rng.normal(0, 20, 200)).round()
# print(brier_score_loss(y, p), log_loss(y, np.clip(p, 1e-4, 1 - 1e-4)), roc_auc_score(y, p))
# print(concordance_index(t, x, e))
# "  (scikit-learn 1.9.1, lifelines 0.30.3)
OUTSIDE = (0.16496349999999999, 0.4874395392521928, 0.8378351340536214, 0.7063652878703186)


def drawn() -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(7)
    chance = rng.random(200).round(2)
    happened = rng.random(200) < chance
    days = rng.integers(1, 60, 200).astype(float)
    decided = rng.random(200) < 0.7
    return chance, happened, days, decided, (days + rng.normal(0, 20, 200)).round()


def test_scores_are_those_of_scikit_learn_and_lifelines() -> None:
    chance, happened, days, decided, said = drawn()
    found = (
        scores.brier(chance, happened),
        scores.log_loss(chance, happened),
        scores.ranking(chance, happened),
        scores.time_ranking(said, days, decided),
    )
    assert found == pytest.approx(OUTSIDE, abs=1e-12)


def test_a_certain_mistake_costs_much_but_not_everything() -> None:
    assert scores.log_loss(np.array([0.0]), np.array([True])) == pytest.approx(-np.log(1e-4))


def test_ranking_compares_deals_of_one_origin_only() -> None:
    # Each origin ranks its two deals wrongly; across origins the good week is rated higher, which is no ranking.
    chance, happened = np.array([0.1, 0.2, 0.8, 0.9]), np.array([True, False, True, False])
    assert scores.ranking(chance, happened, np.array([0, 0, 1, 1])) == 0.0
    assert scores.ranking(chance, np.array([False, False, True, True]), np.array([0, 0, 1, 1])) is None
    assert scores.time_ranking(np.ones(2), np.ones(2), np.zeros(2, dtype=bool)) is None


def test_calibration_error_is_the_distance_between_said_and_seen() -> None:
    chance = np.array([0.25] * 4 + [0.75] * 6)
    happened = np.array([1, 0, 0, 0, 1, 1, 1, 0, 0, 0], dtype=bool)
    assert scores.calibration_error(chance, happened) == pytest.approx(0.6 * 0.25)
    assert scores.calibration_error(np.ones(3), np.ones(3, dtype=bool)) == 0.0  # a chance of 1 has a bin


def test_calibration_bins_count_a_deal_once_however_often_it_was_forecast() -> None:
    # statsmodels: proportion_confint(41, 60, method="wilson") = (0.5576623297382322, 0.7869413244763348)
    chance, happened = np.full(60, 0.66), np.arange(60) < 41
    (once,) = scores.calibration_bins(chance, happened, np.arange(60))
    assert (once.won.low, once.won.high) == pytest.approx((0.5576623297382322, 0.7869413244763348), abs=1e-12)
    (thrice,) = scores.calibration_bins(np.tile(chance, 3), np.tile(happened, 3), np.tile(np.arange(60), 3))
    assert thrice.won == once.won
    assert once.said == pytest.approx(0.66) and once.won.n == 60


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_bins_hold_every_forecast_and_their_own_share(rows: list[tuple[float, bool, int]]) -> None:
    chance, happened, deal = (np.array(column) for column in zip(*rows, strict=True))
    found = scores.calibration_bins(chance, happened, deal)
    assert 1 <= len(found) <= scores.BINS
    assert all(0 <= one.won.low <= one.won.value <= one.won.high <= 1 for one in found)
    assert [one.said for one in found] == sorted(one.said for one in found)
    assert 0 <= scores.calibration_error(chance, happened) <= 1


def test_bookings_say_bias_over_all_and_error_per_origin() -> None:
    found = scores.bookings(np.array([120.0, 80.0]), np.array([100.0, 100.0]))
    assert found == scores.Bookings(bias=0.0, error=pytest.approx(0.2), relative=pytest.approx(0.2))
    assert scores.bookings(np.ones(2), np.zeros(2)) == scores.Bookings(None, None, None)


def panel(rng: np.random.Generator, gain: float) -> tuple[np.ndarray, ...]:
    """Losses of two methods on 12 origins of 60 deals each that stay open for some; luck shared by origin and deal."""
    origin, deal = np.repeat(np.arange(12), 60), (np.arange(12)[:, None] * 15 + np.arange(60)[None, :]).ravel()
    shared = rng.normal(0, 0.05, 12)[origin] + rng.normal(0, 0.10, 240)[deal]
    others = 0.2 + rng.normal(0, 0.05, origin.size)
    return others + shared - gain, others, origin, deal


def test_the_interval_of_a_difference_holds_the_truth_as_often_as_it_says() -> None:
    held = {"deals": 0, "both": 0}
    for seed in range(60):
        mine, others, origin, deal = panel(np.random.default_rng(seed), 0.03)
        for over in held:
            found = scores.paired_difference(mine, others, origin, deal, over=over, level=0.9)  # type: ignore[arg-type]
            held[over] += found.low <= -0.03 <= found.high
    assert held["both"] >= 0.85 * 60  # drawing deals alone forgets what the deals of one origin share
    assert held["deals"] < held["both"]


def test_repetitions_are_drawn_again_too_and_the_same_seed_gives_the_same() -> None:
    mine, others, origin, deal = panel(np.random.default_rng(0), 0.03)
    apart = np.linspace(-0.2, 0.2, 8)[:, None]
    one = scores.paired_difference(mine, others, origin, deal)
    many = scores.paired_difference(mine + apart, others + 0 * apart, origin, deal)
    assert many.value == pytest.approx(one.value)
    assert many.high - many.low > 1.5 * (one.high - one.low)
    assert many == scores.paired_difference(mine + apart, others + 0 * apart, origin, deal)


def test_skill_is_the_share_of_the_usual_loss_that_is_saved() -> None:
    mine, others, origin, deal = panel(np.random.default_rng(1), 0.05)
    found = scores.skill(mine, others, origin, deal)
    assert found is not None and found.low < found.value < found.high
    assert found.value == pytest.approx(1 - mine.sum() / others.sum())
    assert scores.skill(others, others, origin, deal) == scores.Interval(0.0, 0.0, 0.0, 225)
    assert scores.skill(mine[:0], others[:0], origin[:0], deal[:0]) is None
