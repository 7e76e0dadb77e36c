"""Two people's changes to one draft: all are kept, or asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm, form_of
from headway.process.merging import Conflict, merged
from headway.process.starters import get_starter

BASE = ProcessForm(
    name="P",
    stages=(
        StageForm("s1", "One", milestones=(MilestoneForm("m1", buyer="a"), MilestoneForm("m2", buyer="b"))),
        StageForm("s2", "Two", milestones=(MilestoneForm("m3", buyer="c"),), steps=(StepForm("t1", seller="d"),)),
    ),
)


def below(stage: StageForm) -> tuple[MilestoneForm | StepForm, ...]:
    return (*stage.milestones, *stage.steps)


@st.composite
def edited(draw: st.DrawFn, side: str) -> ProcessForm:
    """BASE after some edits by one person; new texts and new uids carry the person's name."""
    stages = [[s, list(s.milestones)] for s in BASE.stages]
    for number in range(draw(st.integers(0, 5))):
        stage = draw(st.integers(0, len(stages) - 1)) if stages else None
        if stage is None:
            break
        found, lines = stages[stage]
        assert isinstance(lines, list)
        assert isinstance(found, StageForm)
        act = draw(st.sampled_from(["rename", "edit", "remove", "add", "swap", "move", "remove stage", "add stage"]))
        if act == "rename":
            stages[stage][0] = replace(found, name=f"{side}{number}")
        elif act == "add":
            lines.insert(0, MilestoneForm(f"m-{side}{number}", buyer=f"{side}{number}"))
        elif act == "add stage":
            stages.insert(stage, [StageForm(f"s-{side}{number}", f"{side}{number}"), []])
        elif act == "remove stage":
            del stages[stage]
        elif lines and act == "edit":
            lines[-1] = replace(lines[-1], buyer=f"{side}{number}")
        elif lines and act == "remove":
            lines.pop()
        elif lines and act == "swap":
            lines.reverse()
        elif lines and act == "move":
            other = stages[draw(st.integers(0, len(stages) - 1))][1]
            assert isinstance(other, list)
            other.append(lines.pop(0))
    made: Any = tuple(replace(s, milestones=tuple(lines)) for s, lines in stages)  # type: ignore[type-var,arg-type]
    return replace(BASE, stages=made)


def texts(form: ProcessForm) -> set[str]:
    return (
        {s.name for s in form.stages}
        | {m.buyer for m in form.milestones}
        | {t.seller for s in form.stages for t in s.steps}
    )


def uids(form: ProcessForm) -> list[str]:
    return [u for s in form.stages for u in (s.uid, *(i.uid for i in below(s)))]


@given(edited("mine"))
@settings(max_examples=80, deadline=None)
def test_changes_of_one_side_alone_are_taken_as_they_are(form: ProcessForm) -> None:
    assert merged(BASE, form, BASE).conflicts == ()
    assert merged(BASE, form, BASE).form == form
    assert merged(BASE, BASE, form).form == form
    assert merged(BASE, form, form).form == form


@given(edited("mine"), edited("theirs"))
@settings(max_examples=300, deadline=None)
def test_nothing_that_either_typed_is_lost(mine: ProcessForm, theirs: ProcessForm) -> None:
    found = merged(BASE, mine, theirs)
    shown = texts(found.form) | {c.mine for c in found.conflicts} | {c.theirs for c in found.conflicts}
    typed = (texts(mine) | texts(theirs)) - texts(BASE)
    assert typed <= shown
    assert len(uids(found.form)) == len(set(uids(found.form)))
    assert set(uids(mine)) & set(uids(theirs)) <= set(uids(found.form))


def test_a_field_that_both_changed_is_asked_about_and_the_rest_is_merged() -> None:
    mine = replace(BASE, stages=(replace(BASE.stages[0], name="Mine", usual_days="5"), BASE.stages[1]))
    theirs = replace(BASE, stages=(replace(BASE.stages[0], name="Theirs", limit_days="9"), BASE.stages[1]))
    found = merged(BASE, mine, theirs)
    assert found.conflicts == (Conflict("s1", "name", "Mine", "Theirs"),)
    assert (found.form.stages[0].usual_days, found.form.stages[0].limit_days) == ("5", "9")


def test_a_line_removed_by_one_and_changed_by_the_other_stays_and_is_asked_about() -> None:
    first = BASE.stages[0]
    mine = replace(BASE, stages=(replace(first, milestones=first.milestones[:1]), BASE.stages[1]))
    changed = replace(first.milestones[1], buyer="better")
    theirs = replace(BASE, stages=(replace(first, milestones=(first.milestones[0], changed)), BASE.stages[1]))
    found = merged(BASE, mine, theirs)
    assert found.conflicts == (Conflict("m2", "removed", "", "better"),)
    assert found.form == theirs


def test_two_who_add_a_line_each_keep_both() -> None:
    starter = form_of(get_starter("short_cycle"))
    first = starter.stages[0]

    def with_line(uid: str) -> ProcessForm:
        more = replace(first, milestones=(*first.milestones, MilestoneForm(uid, buyer=uid)))
        return replace(starter, stages=(more, *starter.stages[1:]))

    found = merged(starter, with_line("m-a"), with_line("m-b"))
    assert found.conflicts == ()
    assert {"m-a", "m-b"} < {m.uid for m in found.form.stages[0].milestones}
