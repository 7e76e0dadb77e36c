"""How the judge is counted: what is wrong, how sure a share is, and what the page then says."""

from __future__ import annotations

from typing import Any

import pytest

from tools.truths.bars import Bar
from tools.truths.cells import CELLS, SECOND, seed_of
from tools.truths.firms_judged import judged_firm
from tools.truths.page import page_of
from tools.truths.tally import Seen, rate_of, seen_of, wilson


def step(**about: Any) -> dict[str, Any]:
    return {
        "id": "a", "meant": "process", "points": 0, "cost": 0.0, "said": "unknown", "ground": "too wide", "low": -0.1,
        "middle": 0.0, "high": 0.1, "naive": 0.05, "naive_p": 0.4,
    } | about  # fmt: skip


def seen(**about: Any) -> Seen:
    record = {"cell": CELLS[0].name, "seed": 1, "steps": [step(**about)]}
    return seen_of([record], lambda _: 100)[0]


def test_bounds_are_wilsons() -> None:
    # statsmodels.stats.proportion.proportion_confint(3, 200, method="wilson"); (0, 200); (180, 200)
    for done, low, high in ((3, 0.005114, 0.043166), (0, 0.0, 0.018845), (180, 0.850594, 0.934330)):
        assert wilson(done / 200, 200) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


def test_steps_that_always_go_together_count_once_per_firm() -> None:
    alone = rate_of([[firm < 20] for firm in range(200)])
    together = rate_of([[firm < 20] * 4 for firm in range(200)])
    apart = rate_of([[place == firm % 10 for place in range(4)] for firm in range(200)])
    assert (together.low, together.high) == (pytest.approx(alone.low), pytest.approx(alone.high))
    assert apart.n == 800
    assert apart.high - apart.low < alone.high - alone.low
    assert rate_of([[False, False]] * 200).high == pytest.approx(wilson(0.0, 200)[1])


@pytest.mark.parametrize(
    ("about", "wrong", "about_cost", "accused"),
    [
        ({"said": "process", "ground": "harmless"}, False, False, False),
        ({"said": "process", "ground": "many leave it out"}, True, True, False),
        ({"said": "practice", "ground": "few leave it out"}, True, True, True),
        ({"said": "helps", "ground": "better without"}, True, True, False),
        ({"said": "unknown", "ground": "too few"}, False, False, False),
        ({"meant": "rhythm", "points": 20, "said": "practice", "ground": ""}, True, False, False),
        ({"meant": "rhythm", "points": 20, "said": "process", "ground": "harmless"}, True, True, False),
        ({"meant": "process", "points": 20, "said": "process", "ground": "many leave it out"}, False, False, False),
    ],
)
def test_what_is_wrong_and_what_is_an_accusation(
    about: dict[str, Any], wrong: bool, about_cost: bool, accused: bool
) -> None:
    one = seen(**about)
    assert (one.wrong, one.wrong_about_cost, one.accused) == (wrong, about_cost, accused)


def test_the_naive_table_is_read_as_dashboards_are() -> None:
    assert not seen(naive=-0.2, naive_p=0.2).naive_wrong
    assert seen(naive=-0.2, naive_p=0.01).naive_wrong
    assert seen(points=20, naive=-0.2, naive_p=0.2).naive_wrong
    assert not seen(points=20, naive=-0.2, naive_p=0.01).naive_wrong
    assert seen(points=20, naive=0.2, naive_p=0.01).naive_wrong


def test_a_bar_of_at_most_is_held_by_the_upper_end_only() -> None:
    few, enough = rate_of([[False]] * 20), rate_of([[False]] * 200)
    assert not Bar("wrong", "", few, most=0.03).held
    assert Bar("wrong", "", enough, most=0.03).held
    assert not Bar("found", "", rate_of([[True], [False]] * 50), least=0.55).held


def test_seeds_of_the_two_blocks_and_of_cells_never_meet() -> None:
    names = [*(cell.name for cell in CELLS), *(cell.name for cell in SECOND)]
    seeds = {seed_of(block, name, number) for block in ("tune", "publish") for name in names for number in (0, 9_999)}
    assert len(CELLS) == 12
    assert len(seeds) == 4 * len(names)


def test_a_firm_goes_the_whole_way_onto_the_page() -> None:
    cell = next(cell for cell in CELLS if cell.name == "theatre, 200")
    record = judged_firm(cell, 11)
    assert {one["id"] for one in record["steps"]} == {"send_questions", "hear_second_voice", "write_back_problem",
                                                      "ask_who_signs"}  # fmt: skip
    assert record["theatre"] in (True, False)
    page = page_of([record], block="tune", second_is_there=False)
    assert "theatre, 200 (1)" in page
    assert "was not there when this page was written" in page
