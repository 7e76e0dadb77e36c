"""Kaplan-Meier and Aalen-Johansen against lifelines and published numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import median_survival_times
from scipy.stats import norm

from headway.conformance.survival import CurveResult, cumulative_incidence, kaplan_meier, time_to_share

Z = float(norm.ppf(0.975))


def some_deals(n: int, seed: int, *, whole_days: bool) -> tuple[npt.NDArray, npt.NDArray]:
    rng = np.random.default_rng(seed)
    ends, seen = rng.exponential(40, n), rng.uniform(0, 120, n)
    days = np.minimum(ends, seen)
    codes = np.where(ends <= seen, rng.integers(1, 4, n), 0)
    return (np.ceil(days) if whole_days else days), codes


# Freireich et al. (1963), Blood 21:699-716: weeks of remission under 6-MP, + still in remission. Survival and
# Greenwood's standard error as in Kleinbaum and Klein, Survival Analysis, and in R: summary(survfit(...)).
REMISSION = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
RELAPSED = np.array([1] * 9 + [0] * 12)
PUBLISHED = {6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068), 16: (0.627, 0.1141)}
PUBLISHED |= {22: (0.538, 0.1282), 23: (0.448, 0.1346)}


def test_kaplan_meier_gives_the_published_remission_curve() -> None:
    curve = kaplan_meier(REMISSION, RELAPSED)
    assert list(curve.times_days) == [0, *PUBLISHED]
    assert list(curve.at_risk) == [21, 21, 17, 15, 12, 11, 7, 6]
    assert list(curve.events) == [0, 3, 1, 1, 1, 1, 1, 1]
    for week, (value, error) in PUBLISHED.items():
        found = curve.at(week)
        assert found.value == pytest.approx(value, abs=5e-4)
        scale = -error / (value * np.log(value))
        assert found.low == pytest.approx(value ** np.exp(Z * scale), abs=2e-3)
        assert found.high == pytest.approx(value ** np.exp(-Z * scale), abs=2e-3)
        assert found.n == 21


@pytest.mark.parametrize("whole_days", [True, False])
def test_kaplan_meier_is_that_of_lifelines(whole_days: bool) -> None:
    days, codes = some_deals(300, 1, whole_days=whole_days)
    curve = kaplan_meier(days, codes)
    # KaplanMeierFitter().fit(days, codes > 0); its interval is Greenwood's on the log(-log) scale
    fitted = KaplanMeierFitter().fit(days, codes > 0)
    at = curve.times_days[1:-1]
    assert curve.value[1:-1] == pytest.approx(fitted.predict(at).to_numpy(), abs=1e-12)
    bounds = fitted.confidence_interval_.loc[at].to_numpy()
    assert curve.low[1:-1] == pytest.approx(bounds[:, 0], abs=1e-9)
    assert curve.high[1:-1] == pytest.approx(bounds[:, 1], abs=1e-9)


def test_delayed_entry_is_that_of_lifelines() -> None:
    days, codes = some_deals(300, 2, whole_days=False)
    entry = np.where(np.arange(300) % 3 == 0, days * np.random.default_rng(3).random(300), 0.0)
    curve = kaplan_meier(days, codes, entry_days=entry)
    fitted = KaplanMeierFitter().fit(days, codes > 0, entry=entry)
    assert curve.value == pytest.approx(fitted.predict(curve.times_days).to_numpy(), abs=1e-9)
    both = cumulative_incidence(days, codes, (1,), entry_days=entry)
    other = AalenJohansenFitter().fit(days, codes, event_of_interest=1, entry=entry).cumulative_density_
    assert both.value[1:] == pytest.approx(other.loc[both.times_days[1:]].to_numpy().ravel(), abs=1e-9)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_incidence_and_its_variance_are_those_of_lifelines(kind: int) -> None:
    days, codes = some_deals(300, 4, whole_days=False)  # without ties, which lifelines breaks at random
    curve = cumulative_incidence(days, codes, (kind,))
    # AalenJohansenFitter().fit(days, codes, event_of_interest=kind): Collett's variance, as ours
    fitted = AalenJohansenFitter().fit(days, codes, event_of_interest=kind)
    inside = (curve.value > 0) & (curve.times_days < days.max())
    at = curve.times_days[inside]
    assert curve.value[inside] == pytest.approx(fitted.cumulative_density_.loc[at].to_numpy().ravel(), abs=1e-9)
    rest = 1 - curve.value[inside]
    upper, lower = (np.log(-np.log(1 - side[inside])) for side in (curve.high, curve.low))
    error = (upper - lower) / (2 * Z) * rest * -np.log(rest)
    assert error**2 == pytest.approx(fitted.variance_.loc[at].to_numpy(), rel=1e-6)


def test_without_censoring_the_incidence_is_the_plain_share() -> None:
    days, codes = np.array([1, 2, 2, 3, 5, 8, 8, 9.0]), np.array([1, 2, 1, 3, 1, 2, 2, 1])
    curve = cumulative_incidence(days, codes, (1,))
    for day in (0, 1, 2, 4, 8, 20):
        assert curve.at(day).value == pytest.approx(np.mean((days <= day) & (codes == 1)))


@pytest.mark.parametrize("whole_days", [True, False])
def test_incidence_of_any_end_is_the_complement_of_survival(whole_days: bool) -> None:
    days, codes = some_deals(200, 5, whole_days=whole_days)
    any_end, survival = cumulative_incidence(days, codes, (1, 2, 3)), kaplan_meier(days, codes)
    assert any_end.value == pytest.approx(1 - survival.value, abs=1e-12)
    assert any_end.low == pytest.approx(1 - survival.high, abs=1e-6)
    assert any_end.high == pytest.approx(1 - survival.low, abs=1e-6)


def test_median_and_its_interval_are_those_of_lifelines() -> None:
    days, codes = some_deals(300, 6, whole_days=True)
    fitted = KaplanMeierFitter().fit(days, codes > 0)
    bounds = median_survival_times(fitted.confidence_interval_).to_numpy().ravel()
    found = time_to_share(kaplan_meier(days, codes), 0.5, falling=True)
    assert (found.days, found.low, found.high) == (fitted.median_survival_time_, *bounds)
    assert time_to_share(cumulative_incidence(days, codes, (1, 2, 3)), 0.5) == found


def test_a_share_never_reached_has_no_day() -> None:
    found = time_to_share(cumulative_incidence([5, 9, 30, 30], [1, 0, 0, 0], (1,)), 0.5)
    assert found.days is None
    assert found.high is None


def test_nothing_ended_gives_a_bound_by_how_many_were_seen_so_long() -> None:
    curve = kaplan_meier([100] * 20 + [10] * 30, [0] * 50, also_at_days=(50,))
    assert list(curve.times_days) == [0, 50]
    # all of 20 still open: the share may be as low as the 20th root of 0.025
    assert curve.at(50).low == pytest.approx(0.025 ** (1 / 20))
    assert curve.at(0).low == pytest.approx(0.025 ** (1 / 50))
    assert (curve.at(50).value, curve.at(50).high) == (1.0, 1.0)
    assert cumulative_incidence([100] * 20, [0] * 20, (1,)).at(3).high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_all_ended_on_one_day() -> None:
    curve = kaplan_meier([10.0] * 20, [1] * 20)
    assert list(curve.value) == [1.0, 0.0]
    assert curve.low[1] == 0.0
    assert curve.high[1] == pytest.approx(1 - 0.025 ** (1 / 20))
    won = cumulative_incidence([10.0] * 20, [1] * 20, (1,))
    assert (won.at(10).value, won.at(10).high) == (1.0, 1.0)
    assert won.at(10).low == pytest.approx(0.025 ** (1 / 20))


@pytest.mark.parametrize("n", range(2, 60))
def test_a_sum_of_shares_ends_at_one_whatever_the_rounding(n: int) -> None:
    won = cumulative_incidence(np.arange(1.0, n + 1), [1] * n, (1,))
    ended = kaplan_meier(np.arange(1.0, n + 1), [1] * n)
    assert won.value[-1] == 1.0
    assert won.low[-1] == pytest.approx(1 - ended.high[-1], abs=1e-9)


def test_no_deals_and_one_deal() -> None:
    empty = kaplan_meier([], [])
    assert (list(empty.times_days), list(empty.value), empty.n) == ([0.0], [1.0], 0)
    assert (empty.at(5).low, empty.at(5).high) == (0.0, 1.0)
    one = kaplan_meier([0.0], [2])
    assert (list(one.times_days), list(one.value), list(one.at_risk)) == ([0.0], [0.0], [1])


def test_a_deal_that_ended_as_it_came_into_sight_counts_for_nothing() -> None:
    curve = kaplan_meier([5, 7, 9], [1, 1, 0], entry_days=[5, 0, 2])
    assert curve.n == 2
    assert list(curve.times_days) == [0, 7]


def test_a_curve_has_no_value_before_its_start_and_cannot_be_changed() -> None:
    curve = kaplan_meier([5, 7], [1, 0])
    with pytest.raises(ValueError, match="day 0"):
        curve.at(-1)
    with pytest.raises(ValueError, match="read-only"):
        curve.value[0] = 0.5


@pytest.mark.parametrize(
    ("days", "codes", "entry", "match"),
    [
        ([1, np.nan], [0, 1], None, "NaN"),
        ([1, -1], [0, 1], None, "negative"),
        ([1, 2], [0, -1], None, "negative"),
        ([1, 2], [0, 0.5], None, "whole numbers"),
        ([1, 2], [0, np.nan], None, "NaN"),
        ([1, 2], [0], None, "rows"),
        ([[1, 2]], [[0, 1]], None, "one-dimensional"),
        ([1, 2], [0, 1], [2, 0], "entry_days"),
        ([1, 2], ["won", "lost"], None, "whole numbers"),
    ],
)
def test_columns_that_cannot_be_counted_are_refused(days, codes, entry, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        kaplan_meier(days, codes, entry_days=entry)


@pytest.mark.parametrize("kinds", [(), (0,), (1, -1)])
def test_kinds_must_be_ends(kinds: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="kinds"):
        cumulative_incidence([1.0], [1], kinds)


deals = st.lists(
    st.tuples(st.one_of(st.integers(0, 12).map(float), st.floats(0, 1e5)), st.integers(0, 3), st.floats(0, 1)),
    max_size=60,
)


def columns(rows: list[tuple[float, int, float]], late: bool) -> tuple[npt.NDArray, npt.NDArray, npt.NDArray | None]:
    days = np.array([row[0] for row in rows], dtype=float)
    codes = np.array([row[1] for row in rows], dtype=int)
    entry = days * np.array([row[2] for row in rows]) if late else None
    return days, codes, entry


@given(deals, st.booleans())
def test_curves_are_monotone_bounded_and_add_up_to_one(rows: list[tuple[float, int, float]], late: bool) -> None:
    days, codes, entry = columns(rows, late)
    survival = kaplan_meier(days, codes, entry_days=entry)
    parts = [cumulative_incidence(days, codes, (kind,), entry_days=entry) for kind in (1, 2, 3)]
    total = survival.value + sum((part.value for part in parts), np.zeros(survival.value.size))
    assert total == pytest.approx(np.ones(total.size), abs=1e-9)
    assert (np.diff(survival.value) <= 0).all()
    for part in parts:
        assert (np.diff(part.value) >= 0).all()
    for curve in (survival, *parts):
        assert ((curve.low >= 0) & (curve.low <= curve.value)).all()
        assert ((curve.value <= curve.high) & (curve.high <= 1)).all()
        assert curve.events.sum() <= curve.n


@given(deals, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple[float, int, float]], late: bool, random) -> None:
    shuffled = random.sample(rows, len(rows))

    def curve(some: list[tuple[float, int, float]]) -> CurveResult:
        days, codes, entry = columns(some, late)
        return cumulative_incidence(days, codes, (1, 2), entry_days=entry)

    one, other = curve(rows), curve(shuffled)
    for name in ("times_days", "value", "low", "high", "at_risk", "events", "n"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
