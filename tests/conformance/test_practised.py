"""The process as practised: its stages, their order and what is expected of it, from the moves in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headway.conformance.estimate import Estimate, Unknown
from headway.conformance.practised import MOST_STAGES, Practised, practised_processes
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from tests.conformance.judged import judged
from tests.logs import as_of_day, claims, decided, event, fill, numbered


def found_in(
    deals: Mapping[str, Sequence[Event]], about: Mapping[str, dict[str, Any]] | None = None
) -> tuple[Practised, ...]:
    with EventLog(memory_mib=256) as log:
        fill(log, numbered([DealHistory(name, tuple(events)) for name, events in deals.items()]), **(about or {}))
        log.build(as_of_day(100))
        return practised_processes(log)


def names(practised: Practised) -> list[str]:
    return [stage.name for stage in practised.process.stages]


def test_the_order_is_that_in_which_most_deals_first_claimed_the_stages() -> None:
    deals = {
        "d1": claims((1, "Meet"), (2, "Offer"), (3, "Deal")),
        "d2": claims((1, "Meet"), (2, "Offer"), (3, "Meet"), (4, "Deal")),
        "d3": claims((1, "Meet"), (1, "Offer"), (9, "Deal")),
        "d4": claims((1, "Offer"), (2, "Meet")),
    }
    (only,) = found_in(deals)
    assert names(only) == ["Meet", "Offer", "Deal"]
    agree = {(pair.before, pair.after): (pair.agree.done, pair.agree.n) for pair in only.order.pairs}
    assert agree == {("Meet", "Offer"): (3, 4), ("Meet", "Deal"): (3, 3), ("Offer", "Deal"): (3, 3)}
    assert isinstance(only.order.certainty, Estimate)
    assert only.order.certainty.value == 9 / 10


def test_events_of_other_kinds_are_no_stages() -> None:
    deals = {
        "d": [
            *claims((1, "Offer")),
            event(EventKind.ACTIVITY_DONE, 2, "Call"),
            event(EventKind.BUYER_ACTED, 3, "Reply"),
        ]
    }
    (only,) = found_in(deals)
    assert names(only) == ["Offer"]
    assert isinstance(only.order.certainty, Unknown)


def test_the_only_pipeline_is_set_against_all_deals() -> None:
    (unnamed,) = found_in({"d": claims((1, "A"))})
    assert (unnamed.process.name, unnamed.process.pipelines) == ("your process as practised", ())
    assert unnamed.process.practised
    (named,) = found_in({"d": claims((1, "A"))}, {"d": {"pipeline": "Sales"}})
    assert (named.process.name, named.process.pipelines) == ("Sales", ())


def test_each_pipeline_has_its_own_order() -> None:
    deals = {"n": claims((1, "A"), (2, "B"), (3, "C")), "r": claims((1, "B"), (2, "A")), "x": claims((1, "D"))}
    found = found_in(deals, {"n": {"pipeline": "New"}, "r": {"pipeline": "Renewal"}})
    assert {(one.process.name, one.process.pipelines): names(one) for one in found} == {
        ("New", ("New",)): ["A", "B", "C"],
        ("Renewal", ("Renewal",)): ["B", "A"],
        ("your process as practised", ()): ["D"],
    }
    assert [one.process.name for one in found][:2] == ["New", "Renewal"]


def test_a_pipeline_in_which_no_stage_was_ever_claimed_has_no_process() -> None:
    assert found_in({"d": [event(EventKind.ACTIVITY_DONE, 2, "Call")]}) == ()


def test_beyond_a_hundred_names_the_most_common_are_kept() -> None:
    many = [(n, f"s{n:03}") for n in range(MOST_STAGES)]
    deals = {"all": claims(*many, (MOST_STAGES, "rare")), "again": claims(*many)}
    (only,) = found_in(deals)
    assert len(only.process.stages) == MOST_STAGES
    assert "rare" not in names(only)


def set_against_itself(
    deals: Mapping[str, Sequence[Event]],
) -> tuple[list[tuple[str, ...]], dict[str, list[tuple[str, int]]]]:
    practised = found_in(deals)
    with judged([one.process for one in practised], deals, practised=dict(enumerate(practised))) as world:
        stages = [stage.name for stage in practised[0].process.stages]
        expected = [stages[rank - 1] for (rank,) in world.rows("SELECT rank FROM expected_stages ORDER BY rank")]
        found = {
            rule: [(row["deal"], stages[row["rank"] - 1]) for row in world.findings(rule)]
            for rule in ("skip", "jump", "regression")
        }
    return [tuple(expected)], found


def test_a_stage_that_most_deals_leave_out_is_not_expected() -> None:
    entered = {f"in{n}": claims((1, "A"), (2, "B"), (3, "C")) for n in range(5)}
    left_out = {f"out{n}": claims((1, "A"), (3, "C")) for n in range(4)}
    # Five of nine enter B: under 60 %.
    expected, found = set_against_itself(entered | left_out)
    assert expected == [("A", "C")]
    assert found["skip"] == []
    # Six of ten: expected, and the four that went past it skipped it.
    expected, found = set_against_itself(entered | left_out | {"in5": claims((1, "A"), (2, "B"), (3, "C"))})
    assert expected == [("A", "B", "C")]
    assert found["skip"] == [(f"out{n}", "B") for n in range(4)]


def test_deals_that_never_came_that_far_do_not_count_against_a_stage() -> None:
    deals = {f"in{n}": claims((1, "A"), (2, "B"), (3, "C")) for n in range(2)} | {
        f"young{n}": claims((1, "A")) for n in range(9)
    }
    assert set_against_itself(deals)[0] == [("A", "B", "C")]


def test_pairs_without_an_agreed_order_give_no_findings_of_order() -> None:
    one_way = {f"x{n}": claims((1, "A"), (2, "B"), (3, "C")) for n in range(5)}
    other_way = {f"y{n}": claims((1, "A"), (2, "C"), (3, "B")) for n in range(4)}
    # Five of nine agree on B before C: no order between the two, so nobody moved back.
    assert set_against_itself(one_way | other_way)[1]["regression"] == []
    found = set_against_itself(one_way | dict(list(other_way.items())[:3]))[1]
    assert found["regression"] == [(f"y{n}", "B") for n in range(3)]


def test_winning_comes_after_every_stage_of_a_practised_process_too() -> None:
    whole = {f"x{n}": [*claims((1, "A"), (2, "B"), (3, "C")), decided(9, "won")] for n in range(3)}
    found = set_against_itself(whole | {"early": [*claims((1, "A"), (2, "B")), decided(9, "won")]})[1]
    assert found["skip"] == [("early", "C")]
