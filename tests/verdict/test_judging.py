"""From a log to verdicts: what bad input comes to, trials that outrank, and figures that do not hang on order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from random import Random
from typing import Any

import pytest

from headway.deals.events import EventKind
from headway.deals.history import Event
from headway.process.definition import Process
from headway.verdict.judging import judge_log
from headway.verdict.value import Interval, PlantedTruth, Signal, TrialResult, Verdict
from tests.conformance.judged import judged
from tests.logs import day, decided, event
from tests.verdict.teams import CALL, SALE, begun, did, team


def verdicts(
    deals: Mapping[str, Sequence[Event]], *processes: Process, at: float = 900, **told: Any
) -> tuple[dict[str, Verdict], dict[str, Signal]]:
    with judged(processes or (SALE,), deals, at=at) as found:
        made, signals = judge_log(found.log, processes or (SALE,), found.items, **told)
    json.dumps([asdict(one) for one in made] + [asdict(one) for one in signals], allow_nan=False)  # never NaN
    for one in made:
        assert one.sentence.endswith(".") and one.comparison is not None and one.word
        if one.effect is not None and one.ground != "trial":
            assert one.effect.low <= one.effect.value <= one.effect.high and one.effect.n == one.comparison.n > 0
        if one.left_out is not None:
            assert one.left_out.n == one.comparison.n
    return {one.id: one for one in made}, {one.milestone: one for one in signals}


def test_a_harmless_step_beside_the_naive_figure() -> None:
    found, signals = verdicts(team(420, cost=0.0, seed=4))
    call = found["call"]
    assert call.comparison is not None and call.effect is not None
    assert (call.word, call.ground, call.subject, call.stage) == ("process", "harmless", "step", "Met")
    assert abs(call.effect.value) < 0.06 and call.effect.low > -0.10
    assert call.comparison.n == 420 and call.comparison.evidence_seen == 1.0
    assert call.comparison.adjusted_for[-1] == "owner"
    assert "420 deals" in call.sentence and call.sentence.endswith("rewrite or drop it.")
    assert signals["met"].word == "telling"
    sheet = found["sheet"]
    assert (sheet.word, sheet.ground) == ("unknown", "too few")  # nobody ever sent one
    assert "Nothing in this log shows" in sheet.sentence


def test_a_costly_step_and_who_is_to_mend_it() -> None:
    deals = team(420, cost=0.35, seed=4)
    costly = verdicts(deals)[0]["call"]
    assert (costly.word, costly.ground) == ("costly", "no reviews")
    assert costly.comparison is not None and costly.comparison.inspected is None
    looked = {
        name: [*events, event(EventKind.DEAL_INSPECTED, number + 6, "Weekly")]
        for number, (name, events) in enumerate(deals.items())
    }
    inspected = verdicts(looked)[0]["call"]
    assert (inspected.word, inspected.ground) == ("process", "many leave it out")
    rarely = {name: events for name, events in looked.items() if int(name.split()[1]) % 4 == 0}
    assert verdicts({**deals, **rarely})[0]["call"].ground == "not inspected"


def test_without_dated_buyer_acts_nothing_is_judged_but_shown() -> None:
    found, signals = verdicts(team(420, cost=0.0, acts=False))
    call = found["call"]
    assert (call.word, call.ground, call.cannot_be_judged) == ("unknown", "no buyer evidence", True)
    assert call.effect is not None and "trial" in call.so and "0 % of 420 deals" in call.sentence
    assert signals["met"].ground == "no buyer evidence"
    assert all(one.word in ("unknown", "works") for one in found.values())


@pytest.mark.parametrize(
    ("name", "deals"),
    [
        ("no deals", {}),
        ("no decided deals", {name: events[:-1] for name, events in team(60, cost=0.0).items()}),
        ("all won", {name: [*events[:-1], decided(90, "won")] for name, events in team(60, cost=0.0).items()}),
        ("all lost", {name: [*events[:-1], decided(90, "lost")] for name, events in team(60, cost=0.0).items()}),
        ("one deal", team(1, cost=0.0)),
        ("decided at once", {f"deal {n}": [*begun(n), decided(n, "won")] for n in range(30)}),
        ("everybody did it", team(60, cost=0.0, left_out=0.0)),
        ("nobody did it", team(60, cost=0.0, left_out=1.0)),
    ],
)
def test_bad_input_is_unknown_with_the_reason(name: str, deals: dict[str, list[Event]]) -> None:
    found, signals = verdicts(deals or {"none": [event(EventKind.AMOUNT_SET, 1, amount=1.0)]})
    expected = {"everybody did it": ("works", "kept by nearly all")}.get(name, ("unknown", None))
    call = found["call"]
    assert call.word == expected[0] and expected[1] in (None, call.ground)
    assert call.ground in ("too few", "no buyer evidence", "kept by nearly all")
    assert {signal.word for signal in signals.values()} <= {"unknown", "telling"}


def test_one_owner_is_no_owner_to_adjust_for() -> None:
    call = verdicts(team(420, cost=0.0, owners=("Ann",), seed=4))[0]["call"]
    assert call.comparison is not None and "owner" not in call.comparison.adjusted_for
    assert (call.word, call.comparison.owners) == ("process", 1)


def test_a_definition_changed_in_the_middle_is_judged_apart() -> None:
    """Asked within three days at first, then within one: all leave that out."""
    stage = replace(SALE.stages[0], steps=(replace(CALL, due_days=1), SALE.stages[0].steps[1]))
    second = replace(SALE, version="2", valid_from=day(210).date(), stages=(stage, SALE.stages[1]))
    with judged((SALE, second), team(420, cost=0.0, seed=4), at=900) as found:
        made, _ = judge_log(found.log, (SALE, second), found.items)
    steps = {one.label: one for one in made if one.subject == "step"}
    assert [one.comparison and one.comparison.n for one in steps.values()] == [210, 420, 210]
    assert steps["Call within three days (version 2)"].ground == "too few"  # nobody did it in one day
    assert all(one.process == "Sale" for one in made)
    assert len([one for one in made if one.id == "overstay"]) <= 1


def test_the_order_of_deals_and_a_second_run_change_nothing() -> None:
    deals = list(team(160, cost=0.1).items())
    first = verdicts(dict(deals))
    Random(3).shuffle(deals)
    again = verdicts(dict(deals))
    assert {n: (v.word, v.effect and round(v.effect.value, 9)) for n, v in first[0].items()} == {
        n: (v.word, v.effect and round(v.effect.value, 9)) for n, v in again[0].items()
    }
    assert first[1].keys() == again[1].keys()


def test_a_trial_that_ended_outranks_and_the_truth_stands_beside() -> None:
    deals = team(420, cost=0.0, seed=4)
    effect = Interval(-0.2, -0.3, -0.1, 90)
    trial = TrialResult("Call or not", "better with", 45, 45, 90, effect, "90 deals are decided.")
    call = verdicts(deals, trials={"call": trial}, truths={"call": PlantedTruth("costly", 0.2)})[0]["call"]
    assert (call.word, call.ground, call.provisional, call.trial) == ("costly", "trial", False, trial)
    assert call.effect == effect
    assert call.sentence.startswith("A trial has settled it. 90 deals are decided.")
    assert call.truth is not None and call.truth.cost == 0.2
    running = replace(trial, state="running")
    assert verdicts(deals, trials={"call": running})[0]["call"].word == "process"


def test_what_the_buyer_asks_for_gets_no_verdict() -> None:
    asked = replace(CALL, at_buyers_request=True)
    process = replace(SALE, stages=(replace(SALE.stages[0], steps=(asked,)), SALE.stages[1]))
    with judged((process,), team(120, cost=0.3), at=900) as found:
        made, _ = judge_log(found.log, (process,), found.items)
    call = next(one for one in made if one.id == "call")
    assert (call.word, call.ground, call.so) == ("", "at the buyer's request", "")
    assert call.sentence.startswith("Buyers ask for “Call within three days”")


def test_late_calls_make_the_naive_figure_wrong() -> None:
    """A harmless call that comes late: deals lost early never get it, so the naive figure blames leaving it out."""
    draw, deals = Random(5), {}
    for number in range(300):
        early = draw.random() < 0.4
        events = begun(float(number), ("Ann", "Ben", "Cem")[number % 3])
        if not early and draw.random() < 0.6:
            events.append(did(number + 2.5, "call"))
        events.append(decided(number + (2 if early else 25), "lost" if early or draw.random() < 0.5 else "won"))
        deals[f"deal {number}"] = events
    call = verdicts(deals)[0]["call"]
    assert call.comparison is not None and call.comparison.naive is not None and call.comparison.raw is not None
    assert call.comparison.naive < -0.2 < call.comparison.raw
    assert call.comparison.decided_before > 100
    assert call.comparison.why_naive_is_off.startswith("A deal that ends early has no time for it")
