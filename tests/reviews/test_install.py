"""The ninety days: a closed list, and where an install stands on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.reviews.install import BY_ID, LASTS_DAYS, PHASES, STEPS, Phase, Said, State, course_of

START = date(2026, 3, 2)


def on(day: int) -> date:
    return START + timedelta(days=day - 1)


def test_the_list_goes_forward_each_step_within_its_phase() -> None:
    assert [step.day for step in STEPS] == sorted(step.day for step in STEPS)
    assert len(BY_ID) == len(STEPS)
    for step in STEPS:
        first, last, *_ = PHASES[step.phase]
        assert first <= step.day <= last, step.id
        assert step.page or not step.seen, f"{step.id} is seen in the record, but leads nowhere"
    assert STEPS[-1].day == LASTS_DAYS


def test_on_the_first_day_the_first_step_is_next() -> None:
    found = course_of(START, START, {}, {})
    assert (found.day, found.phase, found.late, found.over) == (1, Phase.DIAGNOSE, 0, 0)
    assert found.next is not None and found.next.step.id == "deals"
    assert found.next.state is State.NOW
    assert found.steps[-1].state is State.AHEAD


def test_the_record_and_words_tick_steps_off() -> None:
    word = Said(passed=False, on=on(9), by="Alice", note="all five sentences")
    found = course_of(START, on(10), {"deals": on(1)}, {"diagnosis": word})
    states = {one.step.id: one for one in found.steps}
    assert (states["deals"].state, states["deals"].done_on, states["deals"].said) == (State.DONE, on(1), None)
    assert (states["diagnosis"].state, states["diagnosis"].said) == (State.DONE, word)
    assert (states["baseline"].state, found.late) == (State.LATE, 1)
    assert found.next is not None and found.next.step.id == "baseline"


def test_the_record_goes_before_a_word_and_is_not_asked_where_it_sees_nothing() -> None:
    said = {"rhythm": Said(passed=True, on=on(2), note="they have one"), "buyers": Said(passed=True, on=on(3))}
    states = {
        one.step.id: one.state for one in course_of(START, on(40), {"rhythm": on(33), "buyers": on(1)}, said).steps
    }
    assert states["rhythm"] is State.DONE
    assert states["buyers"] is State.PASSED  # no record shows this one


@pytest.mark.parametrize(
    ("day", "phase"), [(30, Phase.DIAGNOSE), (31, Phase.INSTALL), (61, Phase.HAND_OVER), (400, Phase.HAND_OVER)]
)
def test_phases_by_day(day: int, phase: Phase) -> None:
    assert course_of(START, on(day), {}, {}).phase is phase


@given(st.integers(-30, 400), st.sets(st.sampled_from([step.id for step in STEPS])))
def test_every_step_stands_somewhere_and_what_is_over_is_never_late(day: int, done: set[str]) -> None:
    said = {step: Said(passed=False, on=START) for step in done}
    found = course_of(START, on(day), {}, said)
    assert found.day >= 1
    assert found.over == len(done)
    assert [one.step for one in found.steps] == list(STEPS)
    assert (found.next is None) == (len(done) == len(STEPS))
    assert found.late == sum(step.day < found.day and step.id not in done for step in STEPS)
