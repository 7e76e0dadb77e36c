"""Everything the judge says of one log, put together; and the one sentence over all of it."""

from __future__ import annotations

import dataclasses

import pytest

from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.diagnosis.build import diagnose
from headway.diagnosis.judged import Judging, sentence_of, so_of
from headway.verdict.value import Interval, Judged, PlantedTruth, Verdict
from tests.diagnosis.test_diagnose import PROCESS
from tests.logs import as_of_day, claims, decided, event, fill, numbered


def step(label: str, word: str, effect: float, left_out: float = 0.4, ground: str = "") -> Verdict:
    interval = Interval(effect, effect - 0.05, effect + 0.05, 300)
    return Verdict(
        "step", label, label, "Sales", "Qualify", word, ground, "", "", 0.1, Interval(left_out, 0.3, 0.5, 300), interval
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["process"] * 3 + ["practice"] * 2 + ["unknown"],
            "The process is at fault for three of your steps, the practice for two; one cannot be told yet.",
        ),
        (["rhythm", "works", ""], "The rhythm is at fault for one of your steps; one works."),
        (
            ["costly", "helps"],
            "One costs deals where left out, and without reviews it is not known whether practice or rhythm is at "
            "fault; one is better left out.",
        ),
        (["unknown", "unknown"], "Whether any of your two steps matters cannot be told yet."),
        ([""], "No step can be judged: buyers ask for all of them."),
    ],
)
def test_one_sentence_says_who_is_at_fault_for_how_many(words: list[str], said: str) -> None:
    assert sentence_of([step(f"step {place}", word, -0.2) for place, word in enumerate(words)], None) == said


def test_what_to_do_begins_where_most_deals_are_lost_and_then_drops_what_is_asked_for_nothing() -> None:
    verdicts = [
        step("Call", "practice", -0.12, 0.2),
        step("Meet all", "rhythm", -0.2, 0.5),
        step("Fill the form", "process", 0.01, 0.6, "harmless"),
    ]
    said = so_of(verdicts, None)
    assert said == "Begin with “Meet all”: look at these deals in the reviews. Then rewrite or drop “Fill the form”."
    harmful = [step("Write the paper", "process", -0.2, 0.8, "many leave it out")]
    assert so_of(harmful, None) == "Begin with “Write the paper”: rewrite how it is asked."
    waiting = [dataclasses.replace(step("Ask", "unknown", -0.1), deals_needed=120)]
    assert so_of(waiting, None).startswith("Wait for about 120 more decided deals, or run a trial")


def judged(*, activities: bool, **told: object) -> Judged:
    deals = {
        f"d{place}": [
            *claims((1, "Qualify"), (9, "Propose")),
            event(EventKind.EVIDENCE_RECORDED, 5, "problem", grade=1),
            *([event(EventKind.ACTIVITY_DONE, 12, "call")] if activities and place % 2 else []),
            decided(30, "won" if place % 3 else "lost"),
        ]
        for place in range(12)
    }
    with EventLog(memory_mib=256) as log:
        fill(log, numbered([DealHistory(name, tuple(events)) for name, events in deals.items()]))
        log.build(as_of_day(200))
        found = diagnose(log, [PROCESS], judging=Judging(**told)).judged  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_margin_and_the_truth_reach_the_verdict_with_its_counts() -> None:
    found = judged(activities=True, margin=0.15, truths={"ask": PlantedTruth("works", 0.02)})
    (asked,) = (verdict for verdict in found.verdicts if verdict.subject == "step")
    assert (asked.id, asked.word, asked.margin, found.margin) == ("ask", "unknown", 0.15, 0.15)
    assert asked.truth == PlantedTruth("works", 0.02) and asked.comparison is not None
    assert (asked.comparison.n, asked.comparison.left_out) == (12, 6)
    assert found.sentence == "Whether the one step that is asked of sellers matters cannot be told yet."


def test_without_activities_there_are_no_steps_to_judge_and_a_trial_is_offered() -> None:
    found = judged(activities=False)
    assert found.no_steps == "This log holds no activities, so there are no steps to judge."
    assert found.sentence == found.no_steps and "run a trial" in found.so
    assert {verdict.subject for verdict in found.verdicts} == {"rule"}
