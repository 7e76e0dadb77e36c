"""A form says what a process says, both ways; whatever is typed is kept, and told about beside its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.process.definition import Process
from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm, as_json, form_of, read_form
from headway.process.form_check import check_form
from headway.process.loader import parse_process
from headway.process.pasted import form_from_text
from headway.process.starters import get_starter, list_starters
from headway.process.text import process_text

# What people type, and what they paste by accident: control characters, quotes, YAML signs, other scripts.
TYPED = st.text(st.sampled_from("aB9 ,:#'\"-[]{}\n\t\x00&*!|>%@`é漢\u2028\ufeff\u200b"), max_size=12) | st.text(
    max_size=12
)
NUMBER = st.one_of(st.just(""), st.integers(0, 400).map(str), TYPED)
MILESTONE = st.builds(
    MilestoneForm,
    uid=st.just("m"),
    buyer=TYPED,
    ask=TYPED,
    usual_days=NUMBER,
    grade=st.sampled_from(["0", "1", "4", "", "9"]),
    shelf_life_days=NUMBER,
    acts=TYPED,
    amount_from=NUMBER,
    record_types=TYPED,
)
STEP = st.builds(
    StepForm,
    uid=st.just("t"),
    seller=TYPED,
    serves=st.sampled_from(["m0", "m1", ""]),
    due_days=NUMBER,
    after=TYPED,
    activities=TYPED,
    at_buyers_request=st.sampled_from(["yes", ""]),
    times=NUMBER,
    unless=TYPED,
)
STAGE = st.builds(
    StageForm,
    uid=st.just("s"),
    name=TYPED,
    claims=TYPED,
    usual_days=NUMBER,
    limit_days=NUMBER,
    milestones=st.lists(MILESTONE, max_size=3).map(tuple),
    steps=st.lists(STEP, max_size=2).map(tuple),
)
FORM = st.builds(
    ProcessForm,
    name=TYPED,
    pipelines=TYPED,
    record_types=TYPED,
    silence_days=NUMBER,
    stages=st.lists(STAGE, max_size=4).map(tuple),
)


def below(stage: StageForm) -> tuple[MilestoneForm | StepForm, ...]:
    return (*stage.milestones, *stage.steps)


@given(FORM.map(as_json).map(read_form))
@settings(max_examples=150, deadline=None)
def test_what_is_typed_becomes_text_that_reads_back_equal_or_a_problem_beside_a_field(form: ProcessForm) -> None:
    process, problems = check_form(form)
    if process is None:
        uids = {"", *(s.uid for s in form.stages)}
        uids |= {item.uid for s in form.stages for item in below(s)}
        assert problems
        assert {problem.uid for problem in problems} <= uids
        return
    assert not problems
    assert parse_process(process_text(process), "p") == process
    again, _ = check_form(form_of(process), process)
    assert again == process


@given(FORM.map(as_json).map(read_form))
@settings(max_examples=60, deadline=None)
def test_a_form_survives_being_kept(form: ProcessForm) -> None:
    assert read_form(as_json(form)) == form


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["uid", "name", "stages", "milestones", "steps", "buyer", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_any_json_is_read_as_some_form_with_uids_of_its_own(data: Any) -> None:
    form = read_form(data)
    uids = [uid for s in form.stages for uid in (s.uid, *(i.uid for i in below(s)))]
    assert len(uids) == len(set(uids))
    check_form(form)


@pytest.mark.parametrize("name", list_starters())
def test_starters_go_through_the_form_unchanged(name: str) -> None:
    process = get_starter(name)
    assert check_form(form_of(process), process) == (process, ())


def one(buyer: str, **more: str) -> ProcessForm:
    return ProcessForm(
        name="P", stages=(StageForm("s1", "Demo", milestones=(MilestoneForm("m1", buyer=buyer, **more),)),)
    )


def made(form: ProcessForm, published: Process | None = None) -> Process:
    process, problems = check_form(form, published)
    assert process is not None, problems
    return process


def test_a_milestone_keeps_its_id_when_reworded_unless_it_was_the_sellers_act() -> None:
    before = made(one("They have replied in writing with a date"))
    known = before.milestones[0][1].id
    assert made(one("They have replied in writing with a place", id=known), before).milestones[0][1].id == known
    sellers = made(one("Send the proposal"))
    known = sellers.milestones[0][1].id
    fresh = made(one("The buyer has told us in writing what in the proposal they would change", id=known), sellers)
    assert fresh.milestones[0][1].id != known
    assert made(one("Send the proposal", id=known), sellers).milestones[0][1].id == known


def test_every_problem_stands_beside_its_field() -> None:
    form = ProcessForm(
        stages=(
            StageForm("s1", "", claims="Demo", usual_days="soon", milestones=(MilestoneForm("m1", ask="Why?"),)),
            StageForm("s2", "demo", steps=(StepForm("t1", seller="Call", serves="gone"),)),
        )
    )
    _, problems = check_form(form)
    assert {(p.uid, p.field) for p in problems} == {
        ("", "name"), ("s1", "name"), ("s1", "usual_days"), ("m1", "buyer"), ("s2", "name"), ("t1", "serves"),
        ("t1", "due_days"),
    }  # fmt: skip


def test_lines_left_empty_are_left_out_without_a_word() -> None:
    form = one("They signed")
    stage = form.stages[0]
    more = replace(stage, milestones=(*stage.milestones, MilestoneForm("m2")), steps=(StepForm("t1"),))
    assert made(replace(form, stages=(more, StageForm("s2")))) == made(form)


LISTED = """\
1. Prospecting
   - Build target list
   - Send the first email
2. Demo
   - Demo done
3. Negotiation
4. Closed won
"""
BARE = "Prospecting\nDemo done\nProposal sent\nClosed won"


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        (
            LISTED,
            {
                "Prospecting": ["Build target list", "Send the first email"],
                "Demo": ["Demo done"],
                "Negotiation": ["Negotiation"],
            },
        ),
        (BARE, {name: [name] for name in ("Prospecting", "Demo done", "Proposal sent")}),
        (
            "## Discovery\n- Hold a call\n\n## Proposal\n- Send it",
            {"Discovery": ["Hold a call"], "Proposal": ["Send it"]},
        ),
        (
            "Discovery\n- Hold a call\nExit criteria:\n- Budget discussed",
            {"Discovery": ["Hold a call", "Budget discussed"]},
        ),
        ("Discovery > Demo > Proposal > Won", {name: [name] for name in ("Discovery", "Demo", "Proposal")}),
    ],
)
def test_pasted_stages_keep_their_lines(text: str, stages: dict[str, list[str]]) -> None:
    form = form_from_text(text)
    assert {stage.name: [m.buyer for m in stage.milestones] for stage in form.stages} == stages
    assert check_form(form)[1] == ()


def test_a_pasted_process_file_is_taken_whole() -> None:
    process = get_starter("short_cycle")
    assert form_from_text(process_text(process)) == form_of(process)
    with pytest.raises(UserError, match="Line 3"):
        form_from_text("headway: process/1\nname: X\nstages: 3")


@pytest.mark.parametrize("text", ["", "   \n", "Closed won"])
def test_text_without_a_stage_is_told_so(text: str) -> None:
    with pytest.raises(UserError, match="No stage"):
        form_from_text(text)
