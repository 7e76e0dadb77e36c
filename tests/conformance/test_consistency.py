"""Consistency between owners: published intraclass correlation, scipy, and simulation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import chi2_contingency, false_discovery_control, ncf, permutation_test

from headway.conformance.between_owners import _noncentrality, chance_of_difference, holm, variance_between_owners
from headway.conformance.consistency import Consistency, consistency
from headway.conformance.estimate import Estimate, Unknown

# Shrout and Fleiss (1979), Psychological Bulletin 86:420-428, table 2: six targets, four judges. ICC(1,1) = .17
TARGETS = np.repeat(np.arange(6), 4)
RATINGS = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7], dtype=float)


def known(result: Consistency | Unknown) -> Consistency:
    assert isinstance(result, Consistency), result
    return result


def figure(result: Estimate | Unknown) -> Estimate:
    assert isinstance(result, Estimate), result
    return result


def test_intraclass_correlation_is_the_published_one() -> None:
    # psych::ICC in R gives ICC1 = 0.1657 with F = 1.79 on 5 and 18 degrees of freedom
    found = figure(variance_between_owners(RATINGS, TARGETS))
    assert found.value == pytest.approx(0.1657, abs=5e-5)
    assert found.n == 24


def test_interval_inverts_the_noncentral_f_of_scipy() -> None:
    rng = np.random.default_rng(1)
    owners = np.repeat(np.arange(5), 12)
    values = rng.normal(owners * 0.6, 1.0)
    found = figure(variance_between_owners(values, owners))
    means = np.array([values[owners == owner].mean() for owner in range(5)])
    between = 12 * np.square(means - values.mean()).sum() / 4
    within = np.square(values - means[owners]).sum() / 55
    for bound, chance in ((found.low, 0.975), (found.high, 0.025)):
        shift = bound / (1 - bound) * 4 * 12  # noncentrality, balanced groups
        assert ncf.cdf(between / within, 4, 55, shift) == pytest.approx(chance, abs=1e-3)


def test_interval_goes_on_smoothly_where_scipy_can_no_longer_invert() -> None:
    rng = np.random.default_rng(2)
    owners = np.repeat(np.arange(4), 20_000)
    noise = rng.normal(0, 1, owners.size)
    widths = [figure(variance_between_owners(noise + owners * step, owners)) for step in (0.21, 0.22, 0.23, 0.5, 5)]
    values = [item.value for item in widths]
    assert all(item.low < item.value < item.high for item in widths)
    assert all(item.high - item.low < 0.02 for item in widths)
    assert [item.low for item in widths] == sorted(item.low for item in widths)
    assert values == sorted(values)


@pytest.mark.parametrize("free", [(3, 200), (11, 60), (11, 100_000)])
def test_large_differences_have_the_bounds_of_the_noncentral_f_too(free: tuple[int, int]) -> None:
    ratio = 7000 / free[0]
    low, high = _noncentrality(ratio, free, 0.95)
    for bound, chance in ((low, 0.975), (high, 0.025)):
        # scipy.optimize.brentq on scipy.stats.ncf.cdf(ratio, *free, noncentrality)
        exact = brentq(lambda shift, at=chance: ncf.cdf(ratio, *free, shift) - at, 1000, 20_000)
        assert bound == pytest.approx(exact, rel=0.04)  # as a share of variance: under half a point


@pytest.mark.parametrize(("owners", "deals", "spread"), [(3, 30, 0.0), (5, 15, 0.1), (12, 12, 0.15), (3, 15, 0.2)])
def test_interval_holds_its_level_for_steps_done_or_not(owners: int, deals: int, spread: float) -> None:
    """The truth is the spread of these owners, whatever owners there might have been."""
    rng, held, tried = np.random.default_rng(owners), 0, 300
    for _ in range(tried):
        sizes = np.maximum(5, rng.poisson(deals, owners))
        habit = np.clip(0.6 + spread * rng.normal(0, 1, owners), 0.05, 0.95)
        codes = np.repeat(np.arange(owners), sizes)
        n = int(sizes.sum())
        typical = (n - np.square(sizes).sum() / n) / (owners - 1)
        noise = (sizes * habit * (1 - habit)).sum() / n
        shift = (sizes * np.square(habit - (sizes * habit).sum() / n)).sum() / noise
        true = shift / (shift + (owners - 1) * typical)
        found = figure(variance_between_owners((rng.random(n) < habit[codes]).astype(float), codes))
        held += found.low <= true + 1e-12 and true <= found.high
    assert held / tried > 0.91


def test_owners_who_are_sure_but_different_explain_all() -> None:
    owners = np.repeat(np.arange(3), 5)
    found = figure(variance_between_owners((owners == 1).astype(float), owners))
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.3 < found.low < 1


def test_no_variance_at_all_is_unknown_and_so_is_one_owner() -> None:
    assert isinstance(variance_between_owners(np.ones(20), np.repeat(np.arange(4), 5)), Unknown)
    assert isinstance(variance_between_owners(np.arange(20.0), np.zeros(20, dtype=np.int64)), Unknown)
    assert isinstance(variance_between_owners(np.arange(4.0), np.arange(4)), Unknown)
    assert isinstance(variance_between_owners(np.array([0.0, 0.0, 1.0]), np.array([0, 1, 1])), Estimate)
    assert chance_of_difference(np.array([20]), np.array([40])) == 1.0
    assert chance_of_difference(np.array([20, 0]), np.array([20, 20])) == 1 / 2000


def test_chance_of_difference_is_that_of_scipys_chi_square_and_permutation() -> None:
    done, sizes = np.array([12, 25, 9, 30]), np.array([30, 40, 35, 45])
    p = chance_of_difference(done, sizes)
    # scipy.stats.chi2_contingency([done, sizes - done], correction=False)
    assert p == pytest.approx(chi2_contingency([done, sizes - done], correction=False).pvalue, abs=0.004)
    few, of = np.array([1, 4, 5]), np.array([5, 6, 5])
    marks = np.concatenate([np.arange(size) < count for count, size in zip(few, of, strict=True)]).astype(float)
    owner = np.repeat(np.arange(3), of)

    def statistic(values, axis=-1):
        totals = [values[..., owner == code].sum(axis=axis) for code in range(3)]
        share = few.sum() / of.sum()
        return sum((total - size * share) ** 2 / size for total, size in zip(totals, of, strict=True))

    exact = permutation_test(
        (marks,), statistic, permutation_type="pairings", alternative="greater", n_resamples=20_000,
        vectorized=True, rng=np.random.default_rng(3),
    )  # fmt: skip
    assert chance_of_difference(few, of) == pytest.approx(exact.pvalue, abs=0.03)


def test_chance_of_difference_is_uniform_where_owners_are_alike() -> None:
    rng, sizes = np.random.default_rng(6), np.array([8, 15, 30, 12])
    p = np.array([chance_of_difference(rng.binomial(sizes, 0.7), sizes, seed=seed) for seed in range(400)])
    assert 0.02 <= (p < 0.05).mean() <= 0.085
    assert 0.4 <= (p < 0.5).mean() <= 0.6


def test_holm_is_the_published_example_and_never_below_a_weaker_correction() -> None:
    # Holm by hand, as p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") in R: 0.03 0.06 0.06 0.02
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()
    p = np.random.default_rng(7).random(20)
    assert (np.array(holm(p)) >= false_discovery_control(p) - 1e-12).all()


def team(sizes: list[int], habits: npt.ArrayLike, seed: int = 0) -> tuple[npt.NDArray, npt.NDArray]:
    """Deals of owners who do each step with their own chance; habits: (owners, steps)."""
    owners = np.repeat(np.arange(len(sizes)), sizes)
    chances = np.asarray(habits, dtype=float)[owners]
    return owners, np.random.default_rng(seed).random(chances.shape) < chances


def test_the_step_that_owners_do_differently_is_found_and_no_other() -> None:
    habits = [[0.9, 0.7, 1.0], [0.2, 0.7, 1.0], [0.9, 0.7, 1.0], [0.5, 0.7, 1.0]]
    found = known(consistency(*_named(team([40] * 4, habits))))
    assert [step.step for step in found.steps_that_differ] == ["first"]
    first, second, third = found.steps
    assert figure(first.between).low > 0.1
    assert first.typical_difference == pytest.approx(0.34, abs=0.1)  # standard deviation of the four chances
    assert figure(second.between).low == 0.0
    assert isinstance(third.between, Unknown)
    assert (third.done.value, third.p_corrected, third.differs) == (1.0, 1.0, False)
    assert 0 < figure(found.path).value < figure(first.between).value
    assert (found.owners, found.deals, found.owners_left_out, found.deals_left_out) == (4, 160, 0, 0)


def _named(parts: tuple[npt.NDArray, npt.NDArray]) -> tuple[npt.NDArray, list[str], npt.NDArray]:
    owners, done = parts
    return owners, ["first", "second", "third"][: done.shape[1]], done


def test_alike_owners_seldom_give_a_false_difference_over_ten_steps() -> None:
    names, false = [f"step {place}" for place in range(10)], 0
    for seed in range(100):
        owners, done = team([12] * 6, np.full((6, 10), 0.7), seed)
        false += bool(known(consistency(owners, names, done, seed=seed)).steps_that_differ)
    assert false <= 11


def test_nothing_in_the_result_names_an_owner() -> None:
    owners, done = team([20] * 4, np.full((4, 2), 0.6))
    one = known(consistency(owners, ["a", "b"], done))
    assert "8731" not in repr(known(consistency(owners + 8731, ["a", "b"], done)))
    assert known(consistency(owners + 8731, ["a", "b"], done)) == one


def test_owners_with_few_deals_are_left_out_and_counted() -> None:
    owners, done = team([20, 20, 20, 4, 1], np.full((5, 1), 0.6))
    found = known(consistency(owners, ["a"], done))
    assert (found.owners, found.owners_left_out, found.deals, found.deals_left_out) == (3, 2, 60, 5)


@pytest.mark.parametrize("sizes", [[], [50], [30, 30], [30, 30, 4]])
def test_under_three_owners_with_five_deals_is_unknown(sizes: list[int]) -> None:
    owners, done = team(sizes, np.full((len(sizes), 1), 0.6))
    found = consistency(owners, ["a"], done.reshape(len(owners), 1))
    assert isinstance(found, Unknown)
    assert found.needed == 3


def test_a_step_counts_only_where_it_was_asked() -> None:
    owners, done = team([20] * 4, np.full((4, 2), 0.6))
    asked = np.ones_like(done)
    asked[owners > 1, 1] = False
    asked[:3, :] = False
    found = known(consistency(owners, ["a", "b"], done, asked=asked))
    assert found.steps_not_asked == ("b",)
    assert found.steps[0].done.n == 77
    assert found.deals == 77


def test_given_adherence_is_taken() -> None:
    owners, done = team([20] * 3, np.full((3, 1), 0.6))
    found = known(consistency(owners, ["a"], done, adherence=owners / 4))
    assert figure(found.path).value == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"steps": ["a", "a"]}, "different names"),
        ({"steps": ["a"]}, "shape"),
        ({"done": np.full((15, 2), 2)}, "true and false"),
        ({"done": np.full((15, 2), np.nan)}, "true and false"),
        ({"owners": np.full(15, np.nan)}, "NaN"),
        ({"adherence": np.full(15, 1.5)}, "between 0 and 1"),
        ({"asked": np.ones((15, 1))}, "shape"),
    ],
)
def test_what_cannot_be_counted_is_refused(change, match: str) -> None:
    given_columns = {"owners": np.repeat(np.arange(3), 5), "steps": ["a", "b"], "done": np.ones((15, 2))}
    with pytest.raises(ValueError, match=match):
        consistency(**(given_columns | change))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), min_size=15, max_size=80),
    st.permutations(range(5)),
    st.randoms(use_true_random=False),
)
def test_neither_rows_nor_names_of_owners_matter(rows, renamed, random) -> None:
    def measured(some):
        owners = np.array([row[0] for row in some])
        return consistency(owners, ["a", "b"], np.array([row[1:] for row in some]))

    found = measured(rows)
    mixed = [(renamed[row[0]], *row[1:]) for row in random.sample(rows, len(rows))]
    other = measured(mixed)
    if isinstance(found, Unknown):
        assert other == found
        return
    other = known(other)
    assert [step.p_corrected for step in found.steps] == [step.p_corrected for step in other.steps]
    parts = [found.path, *(step.between for step in found.steps)]
    others = [other.path, *(step.between for step in other.steps)]
    for one, two in zip(parts, others, strict=True):
        if isinstance(one, Unknown):
            assert one == two
        else:
            two = figure(two)
            assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high), abs=1e-9)
            assert 0 <= one.low <= one.value <= one.high <= 1


def test_typical_difference_and_share_between_by_hand() -> None:
    """9 of 10, 10 of 20 and 2 of 10 done: MSB = 2.475 / 2, MSW = 7.5 / 37, n0 = (40 - 600 / 40) / 2 = 12.5."""
    owners = np.repeat([0, 1, 2], [10, 20, 10])
    done = np.concatenate([np.arange(size) < count for count, size in ((9, 10), (10, 20), (2, 10))])
    step = known(consistency(owners, ["a"], done[:, None])).steps[0]
    variance = (2.475 / 2 - 7.5 / 37) / 12.5
    assert step.typical_difference == pytest.approx(variance**0.5)
    assert figure(step.between).value == pytest.approx(variance / (variance + 7.5 / 37))
