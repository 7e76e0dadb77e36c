"""What differs between two versions of a process is named, all of it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.process.definition import Milestone, Process, Proof, Stage, Step
from headway.process.difference import Difference, DifferenceKind, PartKind, differences, stage_mapping
from headway.process.starters import get_starter

STARTER = get_starter("buyer_terms")
SHORT = get_starter("short_cycle")


def stages(*names: str) -> Process:
    return Process("p", tuple(Stage(name) for name in names))


def told(old: Process, new: Process) -> list[tuple[str, str, str]]:
    return [(found.kind.value, found.what.value, found.name) for found in differences(old, new)]


def only(old: Process, new: Process) -> Difference:
    found = differences(old, new)
    assert len(found) == 1, found
    return found[0]


def with_stage(place: int, **fields: Any) -> Process:
    kept = list(STARTER.stages)
    kept[place] = replace(kept[place], **fields)
    return replace(STARTER, stages=tuple(kept))


def with_milestone(**fields: Any) -> Process:
    first, *rest = STARTER.stages[0].milestones
    return with_stage(0, milestones=(replace(first, **fields), *rest))


def with_step(**fields: Any) -> Process:
    first, *rest = STARTER.stages[0].steps
    return with_stage(0, steps=(replace(first, **fields), *rest))


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (replace(STARTER, name="Ours"), "The process “Selling to a buying group” is now called “Ours”."),
        (replace(STARTER, version="2"), "The process, version: now “2”, was “1”."),
        (
            replace(STARTER, valid_from=date(2026, 11, 3)),
            "The process, first day in force: now “2026-11-03”, was “not set”.",
        ),
        (replace(STARTER, pipelines=("A", "B")), "The process, pipelines: now “A and B”, was “any”."),
        (replace(STARTER, record_types=("A",)), "The process, record types: now “A”, was “any”."),
        (replace(STARTER, practised=True), "The process, origin: now “inferred from deals”, was “written”."),
        (with_stage(1, name="Money"), "Stage “Budget authority secured” is now called “Money”."),
        (
            with_stage(1, claims=("Proposal",)),
            "Stage “Budget authority secured”, the names it is claimed under: now “Proposal”, was “only its own”.",
        ),
        (
            with_stage(1, usual_days=45),
            "Stage “Budget authority secured”, the usual time to a decision: now “45 days”, was “90 days, about 3"
            " months”.",
        ),
        (
            with_stage(4, limit_days=None),
            "Stage “Decision and paper path agreed”, the longest stay: now “not set”, was “60 days, about 2 months”.",
        ),
        (
            with_milestone(buyer="They say so"),
            "Milestone problem_stated, what the buyer does: now “They say so”, was “The person who lives with the"
            " problem tells us, in their own words, what is wrong and what it costs them”.",
        ),
        (with_milestone(ask=""), None),
        (with_milestone(usual_days=3), "Milestone problem_stated, the usual time: now “3 days”, was “10 days”."),
        (
            with_milestone(proof=Proof(2)),
            "Milestone problem_stated, the proof needed: now “at least a mail that the buyer wrote”, was “at least a"
            " quote, a link or a file”.",
        ),
        (
            with_milestone(proof=Proof(1, 90)),
            "Milestone problem_stated, the shelf life: now “lapses after 90 days, about 3 months”, was “does not"
            " lapse”.",
        ),
        (
            with_milestone(proof=Proof(1, None, ("reply",))),
            "Milestone problem_stated, what an observed act may be: now “reply”, was “none”.",
        ),
        (
            with_milestone(amount_from=50_000.0),
            "Milestone problem_stated, who needs it: now “only deals of 50,000 or more”, was “every deal”.",
        ),
        (
            with_milestone(record_types=("Lease",)),
            "Milestone problem_stated, who needs it: now “only deals of type Lease”, was “every deal”.",
        ),
        (with_step(seller="Write it"), None),
        (
            with_step(serves="problem_confirmed"),
            "Step write_back_problem, the milestone it serves: now “problem_confirmed”, was “problem_stated”.",
        ),
        (
            with_step(due_days=1),
            "Step write_back_problem, when it is due: now “within 1 day of claiming the stage”, was “within 2 days of"
            " claiming the stage”.",
        ),
        (with_step(after="reply"), None),
        (with_step(activities=()), None),
        (
            with_step(at_buyers_request=True),
            "Step write_back_problem, whose wish it is: now “the buyer's request”, was “the seller's own”.",
        ),
        (
            replace(STARTER, limits=replace(STARTER.limits, silence_days=30)),
            "Days without a sign after which a buyer or seller is called silent: now 30, was 21.",
        ),
        (replace(STARTER, limits=replace(STARTER.limits, late_entry_days=3)), None),
        (replace(STARTER, limits=replace(STARTER.limits, activities_without_movement=5)), None),
    ],
)
def test_one_edit_is_one_difference_said_in_a_sentence(new: Process, sentence: str | None) -> None:
    assert only(STARTER, new).sentence == (sentence or only(STARTER, new).sentence)
    assert only(new, STARTER).kind is only(STARTER, new).kind


def test_a_stage_added_removed_and_moved() -> None:
    three = stages("One", "Two", "Three")
    assert only(three, stages("One", "Two", "New", "Three")).sentence == "Stage “New” was added after “Two”."
    assert only(three, stages("New", "One", "Two", "Three")).sentence == "Stage “New” was added as the first."
    assert only(three, stages("One", "Three")).sentence == "Stage “Two” was removed."
    moved = only(stages("A", "B", "C", "D"), stages("B", "C", "D", "A"))
    assert moved.sentence == "Stage “A” moved from place 1 to place 4."


def test_a_stage_with_nothing_in_common_but_its_place_was_renamed() -> None:
    assert told(stages("One", "Two", "Three"), stages("One", "Zwei", "Three")) == [("renamed", "stage", "Zwei")]
    assert told(stages("One"), stages("Two", "Three")) == [
        ("removed", "stage", "One"),
        ("added", "stage", "Two"),
        ("added", "stage", "Three"),
    ]


def test_a_stage_is_found_again_by_the_name_it_is_claimed_under_and_by_its_milestones() -> None:
    claimed = Process("p", (Stage("Qualified", claims=("one",)), Stage("Two")))
    assert told(stages("Two", "One"), claimed) == [
        ("renamed", "stage", "Qualified"),
        ("moved", "stage", "Qualified"),
        ("changed", "stage", "Qualified"),
    ]
    shared = (Milestone("m", "They act"),)
    old = Process("p", (Stage("One", shared), Stage("Two"), Stage("Three")))
    assert told(old, Process("p", (Stage("Two"), Stage("Uno", shared)))) == [
        ("removed", "stage", "Three"),
        ("moved", "stage", "Two"),
        ("renamed", "stage", "Uno"),
    ]


def test_milestones_and_steps_are_added_removed_and_moved() -> None:
    first, second = Milestone("a", "They say it."), Milestone("b", "They write it")
    old = Process("p", (Stage("One", (first, second)), Stage("Two")))
    gone = only(old, Process("p", (Stage("One", (second,)), Stage("Two"))))
    assert gone.sentence == "Milestone a was removed from “One”: “They say it”."
    back = only(Process("p", (Stage("One", (second,)), Stage("Two"))), old)
    assert back.sentence == "Milestone a was added to “One”: “They say it”."
    there = only(old, Process("p", (Stage("One", (second,)), Stage("Two", (first,)))))
    assert there.sentence == "Milestone a moved from “One” to “Two”."
    swapped = only(old, Process("p", (Stage("One", (second, first)), Stage("Two"))))
    assert (swapped.kind, swapped.what) == (DifferenceKind.MOVED, PartKind.MILESTONE)
    step = Step("s", "Write", "a", 1)
    assert told(old, Process("p", (Stage("One", (first, second), (step,)), Stage("Two")))) == [("added", "step", "s")]


def test_a_renamed_stage_takes_its_milestones_along() -> None:
    assert told(STARTER, with_stage(2, name="All agree")) == [("renamed", "stage", "All agree")]


# --- any edit of any process ---

words = st.text("abc", min_size=1, max_size=3)
names = st.lists(words, min_size=1, max_size=5, unique_by=str.casefold)


@st.composite
def processes(draw: st.DrawFn) -> Process:
    found = []
    ids = iter(draw(st.lists(words, min_size=12, max_size=12, unique=True)))
    for name in draw(names):
        milestones = tuple(
            Milestone(next(ids), draw(words), draw(words), draw(st.none() | st.integers(1, 99)), Proof(draw(grades)))
            for _ in range(draw(st.integers(0, 2)))
        )
        steps = tuple(Step(next(ids), draw(words), "m", draw(st.integers(0, 9))) for _ in range(draw(st.booleans())))
        found.append(Stage(name, milestones, steps, usual_days=draw(st.none() | st.integers(1, 99))))
        if len(found) == 4:
            break
    return Process(draw(words), tuple(found))


grades = st.integers(0, 4)


def edits(process: Process) -> list[tuple[str, Process]]:
    """Every process that one edit away from this one, with a name that the difference must tell."""
    found: list[tuple[str, Process]] = [("zz", replace(process, stages=(*process.stages, Stage("zz"))))]

    def put(name: str, place: int, stage: Stage | None) -> None:
        kept = [*process.stages[:place], *([stage] if stage else []), *process.stages[place + 1 :]]
        found.append((name, replace(process, stages=tuple(kept))))

    for place, stage in enumerate(process.stages):
        put("zz", place, replace(stage, name="zz"))
        put(stage.name, place, None)
        put(stage.name, place, replace(stage, claims=("zz",)))
        put(stage.name, place, replace(stage, limit_days=1_000))
        put("zz", place, replace(stage, milestones=(*stage.milestones, Milestone("zz", "They act"))))
        if place:
            kept = [*process.stages]
            kept[place - 1 : place + 1] = [stage, process.stages[place - 1]]
            found.append(("place", replace(process, stages=tuple(kept))))
        for number, milestone in enumerate(stage.milestones):
            for new in milestone_edits(milestone):
                kept_ms = [*stage.milestones]
                kept_ms[number : number + 1] = [new] if new else []
                put(milestone.id, place, replace(stage, milestones=tuple(kept_ms)))
        for step in stage.steps:
            changes: list[Callable[[Step], Step]] = [
                lambda one: replace(one, seller="zz"),
                lambda one: replace(one, due_days=one.due_days + 1),
                lambda one: replace(one, activities=("zz",)),
                lambda one: replace(one, times=one.times + 1),
                lambda one: replace(one, unless="zz"),
            ]
            for change in changes:
                put(step.id, place, replace(stage, steps=tuple(change(one) for one in stage.steps)))
            put(step.id, place, replace(stage, steps=()))
    return found


def milestone_edits(milestone: Milestone) -> list[Milestone | None]:
    return [
        None,
        replace(milestone, buyer="zz"),
        replace(milestone, ask="zz"),
        replace(milestone, usual_days=1_000),
        replace(milestone, amount_from=5.0),
        replace(milestone, record_types=("zz",)),
        replace(milestone, proof=replace(milestone.proof, shelf_life_days=5)),
        replace(milestone, proof=replace(milestone.proof, acts=("zz",))),
        replace(milestone, proof=replace(milestone.proof, grade=(milestone.proof.grade + 1) % 5)),
    ]


@settings(max_examples=60, deadline=None)
@given(processes())
def test_a_process_does_not_differ_from_itself_and_any_edit_is_named(process: Process) -> None:
    assert differences(process, process) == ()
    for name, edited in edits(process):
        there, back = differences(process, edited), differences(edited, process)
        assert any(name in (d.name, d.was, d.now) or name in d.sentence for d in there), (name, there)
        assert back
        assert all(d.sentence.endswith(".") for d in (*there, *back))


@settings(max_examples=150, deadline=None)
@given(processes(), processes())
def test_any_two_processes_can_be_compared_and_mapped(old: Process, new: Process) -> None:
    assert bool(differences(old, new)) == (old != new)
    mapping = stage_mapping(old, new)
    assert set(mapping) == {stage.name for stage in old.stages}
    assert set(mapping.values()) <= {stage.name for stage in new.stages}
    assert all(mapping[name] == name for name in mapping if name in {stage.name for stage in new.stages})


def test_old_stages_are_mapped_by_name_claim_milestones_or_place() -> None:
    shared = (Milestone("m", "They act"),)
    old = Process("p", (Stage("One"), Stage("Two"), Stage("Three", shared), Stage("Four"), Stage("Five")))
    new = Process("p", (Stage("Start"), Stage("Middle", shared, claims=("two",)), Stage("one ")))
    assert stage_mapping(old, new) == {
        "One": "one ",
        "Two": "Middle",
        "Three": "Middle",
        "Four": "Middle",
        "Five": "one ",
    }
    merged = Process("p", (Stage("Start", claims=("One", "Two")), Stage("End")))
    assert stage_mapping(stages("One", "Two", "Three"), merged) == {"One": "Start", "Two": "Start", "Three": "End"}
    assert stage_mapping(stages("One"), Process("p", ())) == {"One": None}


def test_two_starters_differ_readably() -> None:
    found = differences(SHORT, STARTER)
    assert {d.what for d in found} >= {PartKind.PROCESS, PartKind.STAGE, PartKind.MILESTONE, PartKind.STEP}
    assert len({d.sentence for d in found}) == len(found)
