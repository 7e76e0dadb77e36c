"""From the log to landmarks: who is compared with whom, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from headway.deals.events import EventKind, RecordedHow
from headway.deals.history import Event
from headway.process.definition import Milestone, Process, Proof, Stage, Step
from headway.verdict.known import known_of
from headway.verdict.question import Question
from headway.verdict.steps import step_questions
from tests.conformance.judged import judged
from tests.logs import claims, day, decided, event
from tests.verdict.teams import CALL, SALE, SHEET, acted, begun, did, owned, sized


def asked(deals: dict[str, list[Event]], *processes: Process, at: float = 100, **about: Any) -> dict[str, Question]:
    """The questions by label."""
    with judged(processes or (SALE,), deals, at=at, about=about.get("about")) as found:
        questions = step_questions(found.log, processes or (SALE,), found.items, known_of(found.log))
    return {question.label: question for question in questions}


def column(question: Question, name: str) -> list[float]:
    """A covariate's values, one per deal."""
    return [round(float(v), 3) for v in question.landmark.covariates[:, question.landmark.names.index(name)]]


def with_steps(*steps: Step) -> Process:
    return replace(SALE, stages=(replace(SALE.stages[0], steps=steps), *SALE.stages[1:]))


def test_who_is_compared_with_whom() -> None:
    deals = {
        "won with": [*begun(0), did(2, "call"), decided(13, "won")],
        "won without": [*begun(1), did(5, "call"), decided(13, "won")],
        "lost with": [*begun(2), did(5, "call"), decided(15, "lost")],
        "open without": begun(3),
        "won too late": [*begun(4), decided(40, "won")],
        "decided before": [*begun(5), decided(7, "lost")],
        "decided as it fell due": [*begun(5), decided(8, "lost")],
        "too recent": begun(95),
        "too recent, decided already": [*begun(90), decided(94, "won")],
        "not yet due": begun(98),
    }
    call = asked(deals, with_steps(CALL))[CALL.seller]
    # From day 3 after the claim to the decision: 10, 9, 10, 33, 1 days; nine in ten within 23.8.
    assert call.horizon_days == 24.0
    assert call.landmark.left_out.tolist() == [False, True, False, True, True]
    assert call.landmark.won.tolist() == [True, True, False, False, False]
    assert (call.not_followed, call.decided_before) == (2, 2)
    # Finished deals, ever against never done, whenever: 2 of 3 with a call were won, 2 of 4 without.
    assert (call.naive.done, call.naive.done_won, call.naive.never, call.naive.never_won) == (3, 2, 4, 2)
    assert call.naive.difference == 2 / 4 - 2 / 3
    assert call.when == "3 days after “Met” was claimed"


def test_what_was_known_at_the_landmark() -> None:
    deals = {
        "silent": [*begun(0), sized(0, 100), sized(20, 900), owned(9, "Ben"), did(1, "call"), did(2, "sheet"),
                   event(EventKind.DEAL_INSPECTED, 19, "Weekly"), decided(30, "lost")],
        "met": [*begun(1, "Ben"), acted(2, "meeting"), acted(9, "agreement"), *claims((3, "Agreed")), sized(1, 200),
                event(EventKind.DEAL_INSPECTED, 21, "Weekly"), decided(30, "won")],
        "agreed": [*begun(2), acted(2, "meeting"), acted(4, "agreement"), did(3, "sheet"), did(3, "call"),
                   decided(30, "won")],
        "told later": [*begun(2), acted(3, "meeting", recorded=40), decided(30, "won")],
    }  # fmt: skip
    questions = asked(deals)
    sheet = questions[SHEET.seller]
    assert column(sheet, "amount") == [round(np.log(x), 3) for x in (100, 200, np.sqrt(100 * 200), np.sqrt(100 * 200))]
    assert column(sheet, "amount unknown") == [0, 0, 1, 1]
    assert column(sheet, "stage the buyer had reached") == [0, 1, 2, 0]
    assert column(sheet, "milestones proven") == [0, 1, 2, 0]
    assert column(sheet, "buyer acts") == [0, round(np.log(2), 3), round(np.log(3), 3), 0]
    assert column(sheet, "silence") == [60, 4, 3, 60]  # recorded after the decision: not used
    assert column(sheet, "any buyer act") == [0, 1, 1, 0]
    assert column(sheet, "claimed stage") == [1, 2, 1, 1]
    assert column(sheet, "day") == [0, 1, 2, 2]
    assert column(sheet, "left out: Call within three days") == [0, 1, 0, 1]
    assert "age" not in sheet.landmark.names  # five days for all of them
    assert sheet.landmark.owners[0] != sheet.landmark.owners[1] and sheet.landmark.owners[0] == sheet.landmark.owners[2]
    assert sheet.landmark.inspected.tolist() == [True, False, False, False]  # until 14 days after it was due
    assert [sheet.landmark.names[place] for place in sheet.landmark.evidence] == [
        "stage the buyer had reached", "milestones proven", "buyer acts", "silence", "any buyer act"
    ]  # fmt: skip
    assert (sheet.evidence_seen, sheet.landmark.dated_evidence, sheet.landmark.reviews) == (0.5, True, True)
    # The sheet falls due after the call, so it had not fallen due at the call's landmark: the same for all.
    assert not [name for name in questions[CALL.seller].landmark.names if name.startswith("left out")]


def test_amounts_that_only_the_last_day_knows_do_not_say_that_they_were_missing() -> None:
    """Many CRMs empty the amount of a lost deal: that it is missing would tell the outcome."""
    last: dict[str, Any] = {"recorded": 90, "recorded_how": RecordedHow.SNAPSHOT}
    deals = {
        f"deal {n}": [*begun(n), event(EventKind.AMOUNT_SET, 90, amount=0.0 if n % 2 else 500.0 + 100 * n, **last),
                      decided(30, "lost" if n % 2 else "won")]
        for n in range(6)
    }  # fmt: skip
    call = asked(deals, with_steps(CALL))[CALL.seller]
    assert "amount unknown" not in call.landmark.names
    mean = float(np.mean([np.log(500 + 100 * n) for n in (0, 2, 4)]))
    assert [column(call, "amount")[n] for n in (1, 3, 5)] == [round(mean, 3)] * 3


def test_more_than_once_unless_the_buyer_came_first_and_by_the_time_of_the_claim() -> None:
    twice = Step("twice", "Call twice", "agreed", 5, activities=("call",), times=2, unless="meeting")
    before = Step("before", "Look them up", "agreed", 0, activities=("look",))
    after = Step("after", "Thank them on the day", "agreed", 0, after="meeting", activities=("thank",))
    proven = Step("proven", "Remind them", "agreed", 6, activities=("remind",), unless="agreed")
    deals = {
        "twice": [did(-1, "look"), *begun(0), did(1, "call"), did(2, "call"), acted(6, "meeting"), did(6.4, "thank")],
        "once": [*begun(1), did(1, "look"), did(2, "call"), acted(7, "meeting"), did(7.6, "thank")],
        "met first": [*begun(2), did(3, "call"), did(3, "look"), acted(4, "meeting"), acted(5, "agreement")],
    }
    closing = {name: [*events, decided(20, "won")] for name, events in deals.items()}
    found = asked(closing, with_steps(twice, before, after, proven))
    assert found["Call twice"].landmark.left_out.tolist() == [False, True]
    assert found["Look them up"].landmark.left_out.tolist() == [False, False, True]
    assert found["Thank them on the day"].landmark.left_out.tolist() == [False, True, True]
    assert found["Remind them"].landmark.left_out.size == 2
    assert found["Call twice"].when == "5 days after “Met” was claimed, unless the buyer's “meeting” came first"
    assert found["Look them up"].when == "when “Met” was claimed"
    assert found["Thank them on the day"].when == "at the end of the day of the buyer's “meeting”"


def test_steps_that_the_same_activity_fulfils_do_not_hide_each_other() -> None:
    soon = Step("soon", "Call within two days", "agreed", 2, activities=("call",))
    deals = {f"deal {n}": [*begun(n), *([did(n + 1, "call")] if n % 2 else []), decided(30, "won")] for n in range(6)}
    found = asked(deals, with_steps(soon, CALL, SHEET))
    assert not [name for name in found[CALL.seller].landmark.names if name.startswith("left out")]
    assert [name for name in found[SHEET.seller].landmark.names if name.startswith("left out")] == [
        "left out: Call within two days",
        "left out: Call within three days",
    ]


def test_versions_that_ask_the_same_are_one_and_others_are_judged_apart() -> None:
    first = replace(with_steps(CALL, SHEET), version="1")
    second = replace(with_steps(replace(CALL, due_days=6), SHEET), version="2", valid_from=day(50).date())
    deals = {f"deal {n}": [*begun(n * 10), did(n * 10 + 4, "call"), decided(n * 10 + 30, "won")] for n in range(9)}
    found = asked(deals, first, second, at=200)
    assert {label: question.landmark.won.size for label, question in found.items()} == {
        "Call within three days (version 1)": 5,
        "Call within three days (version 2)": 4,
        "Send the risk sheet": 9,
    }
    assert found["Call within three days (version 1)"].landmark.left_out.all()
    assert not found["Call within three days (version 2)"].landmark.left_out.any()
    renamed = replace(second, stages=with_steps(replace(CALL, id="call_again", due_days=6), SHEET).stages)
    assert set(asked(deals, first, renamed, at=200)) == set(found)


def test_a_deal_exported_twice_counts_once() -> None:
    events = [*begun(0), did(2, "call"), sized(0, 500), decided(13, "won")]
    deals = {name: list(events) for name in ("a", "b", "c")}
    alike = {"name": "Mill", "account": "Mill Ltd"}
    other = {**alike, "name": "Barn"}
    call = asked(deals, with_steps(CALL), about={"a": alike, "b": alike, "c": other})[CALL.seller]
    assert call.landmark.won.size == 2


def test_deals_in_a_state_in_which_all_did_the_same_are_left_aside() -> None:
    """Where a return opens the same work item as a call, whoever is back was called by definition."""
    deals = {
        f"back {n}": [*begun(n), did(n + 1, "call"), acted(n + 1, "meeting"), decided(60, "won")] for n in range(20)
    }
    deals |= {
        f"out {n}": [*begun(n), *([did(n + 1, "call")] if n % 4 == 0 else []), decided(60, "lost")] for n in range(40)
    }
    call = asked(deals, with_steps(CALL), at=200)[CALL.seller]
    assert (call.landmark.won.size, int(call.landmark.left_out.sum()), int(call.landmark.won.sum())) == (40, 30, 0)
    assert call.when.endswith(", leaving aside 20 whose buyers stood where all deals did the same")
    few = {name: events for name, events in deals.items() if name.startswith("out") or int(name.split()[1]) < 9}
    assert asked(few, with_steps(CALL), at=200)[CALL.seller].landmark.won.size == 49  # may be chance


def test_nothing_to_compare_is_no_crash() -> None:
    for deals in (
        {},
        {"open": begun(99)},
        {"never in the stage": [event(EventKind.DEAL_CREATED, 1), decided(5, "lost")]},
    ):
        call = asked(deals or {"none": [event(EventKind.DEAL_CREATED, 1)]})[CALL.seller]
        assert (call.landmark.won.size, call.landmark.covariates.shape[0], call.evidence_seen) == (0, 0, 0.0)


def test_segments_and_kinds_of_deal_where_frequent() -> None:
    deals = {f"deal {n}": [*begun(n % 50), decided(70, "won")] for n in range(70)}
    about = {f"deal {n}": {"segment": "SMB" if n < 31 else "Large" if n < 65 else "Rare"} for n in range(70)}
    names = asked(deals, with_steps(CALL), at=200, about=about)[CALL.seller].landmark.names
    assert [name for name in names if name.startswith("segment")] == ["segment Large", "segment SMB"]


def test_an_empty_process_asks_nothing() -> None:
    empty: Sequence[Process] = (Process("Sale", (Stage("Met", (Milestone("met", "They met", proof=Proof()),)),)),)
    assert asked({"a": begun(0)}, *empty) == {}
