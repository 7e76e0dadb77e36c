"""One's own calls on deals, scored: against other implementations, with the commands that made the numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss
from statsmodels.stats.proportion import proportion_confint

from headway.reviews.deal_calls import LEAST, DealCalled, came_true, own_calls, usual_chance

STEPS = (0.1, 0.3, 0.5, 0.7, 0.9)
ENDS, DAY = date(2026, 3, 31), date(2026, 2, 1)


def call(chance: float, came: bool | None, deal: str = "", model: float | None = None, n: int = 0) -> DealCalled:
    return DealCalled(deal or f"d{n}", "Deal", "2026-Q1", DAY, chance, model, came)


def some(seed: int, n: int = 80, lean: float = 0.0) -> list[DealCalled]:
    rng = np.random.default_rng(seed)
    said = rng.choice(STEPS, n)
    came = rng.random(n) < np.clip(said - lean, 0, 1)
    return [
        call(float(one), bool(c), n=i, model=float(rng.random()))
        for i, (one, c) in enumerate(zip(said, came, strict=True))
    ]


def test_the_brier_score_is_sklearns() -> None:
    """`sklearn.metrics.brier_score_loss(came, said)`."""
    calls = some(1)
    found = own_calls(calls)
    said, came = [c.chance for c in calls], [bool(c.came) for c in calls]
    assert found.brier == pytest.approx(brier_score_loss(came, said))
    (model, _) = found.beside
    assert model.other == pytest.approx(brier_score_loss(came, [c.model or 0.0 for c in calls]))
    assert model.own == pytest.approx(found.brier)


def test_calibration_is_sklearns_and_its_intervals_statsmodels() -> None:
    """`sklearn.calibration.calibration_curve(came, said, n_bins=5)`: its five bins hold one step each;
    `statsmodels.stats.proportion.proportion_confint(came, n, alpha=0.1, method="wilson")`."""
    calls = some(2)
    steps = own_calls(calls).steps
    came_share, said = calibration_curve([bool(c.came) for c in calls], [c.chance for c in calls], n_bins=5)
    assert [one.share for one in steps] == pytest.approx(list(came_share))
    assert [one.said for one in steps] == pytest.approx(list(said))
    for one in steps:
        low, high = proportion_confint(one.came, one.n, alpha=0.1, method="wilson")
        assert (one.low, one.high) == pytest.approx((low, high))


def test_the_same_deal_called_again_and_again_tells_once() -> None:
    once = own_calls([call(0.7, n % 2 == 0, f"d{n}") for n in range(20)])
    often = own_calls([call(0.7, n % 2 == 0, f"d{n}") for n in range(20) for _ in range(4)])
    assert (once.brier, once.steps[0].low) == (often.brier, often.steps[0].low)
    assert (often.steps[0].n, often.steps[0].deals) == (80, 20)


def test_under_ten_decided_calls_nothing_is_said() -> None:
    nine = [call(0.7, True, n=n) for n in range(LEAST - 1)]
    found = own_calls([*nine, call(0.7, None, "open")])
    assert (found.known, found.brier, found.steps, found.beside) == (False, None, (), ())
    assert found.sentence == "Not known yet: 9 calls decided so far; it takes 10."
    assert (found.decided, found.waiting) == (9, 1)
    assert own_calls([*nine, call(0.7, False, "tenth")]).known
    assert own_calls([]).sentence == "Not known yet: 0 calls decided so far; it takes 10."


def test_who_is_too_hopeful_is_told_so_and_who_is_not_is_not() -> None:
    assert own_calls(some(3, 200, lean=0.25)).sentence.startswith("You are too hopeful")
    assert own_calls(some(3, 200, lean=-0.25)).sentence.startswith("You are too careful")
    said = [own_calls(some(seed, 100)).sentence for seed in range(40)]
    assert sum(not one.startswith("You lean neither way") for one in said) <= 10  # 10 % of 40, and luck


def test_a_model_on_fewer_than_ten_calls_is_not_set_beside() -> None:
    calls = [call(0.7, n % 2 == 0, n=n, model=0.5 if n < LEAST - 1 else None) for n in range(30)]
    assert [one.name for one in own_calls(calls).beside] == ["one chance for every deal"]


def test_the_usual_chance_knows_nothing_of_its_own_deal() -> None:
    came, deal = np.array([True, False, False, True]), np.array([0, 1, 2, 0])
    assert list(usual_chance(came, deal)) == [0.0, 2 / 3, 2 / 3, 0.0]
    assert list(usual_chance(np.array([True]), np.array([0]))) == [0.5]


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.booleans(), st.integers(0, 12)), min_size=LEAST, max_size=60))
def test_figures_hold_together_whatever_was_said(rows: list[tuple[float, bool, int]]) -> None:
    found = own_calls([call(chance, came, f"d{deal}") for chance, came, deal in rows])
    assert found.brier is not None
    assert 0 <= found.brier <= 1
    assert sum(one.n for one in found.steps) == len(rows)
    assert sum(one.came for one in found.steps) == sum(came for _, came, _ in rows)
    for one in found.steps:
        assert 0 <= one.low <= one.share <= one.high <= 1


@pytest.mark.parametrize(
    ("outcome", "decided_on", "shown_on", "came"),
    [
        ("won", date(2026, 3, 31), date(2026, 4, 5), True),
        ("won", date(2026, 4, 1), date(2026, 4, 5), False),
        ("lost", date(2026, 2, 3), date(2026, 2, 9), False),
        ("no_decision", date(2026, 2, 3), date(2026, 2, 9), False),
        ("", None, date(2026, 3, 31), None),
        ("", None, date(2026, 4, 1), False),
    ],
)
def test_a_call_comes_true_where_the_buyer_said_yes_within_its_period(
    outcome: str, decided_on: date | None, shown_on: date, came: bool | None
) -> None:
    assert came_true(outcome, decided_on, ENDS, shown_on) is came
