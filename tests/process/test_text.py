"""Writing a process: reading it again gives the same one, whatever its texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.process.definition import Limits, Milestone, Process, Proof, Stage, Step
from headway.process.loader import parse_process
from headway.process.starters import get_starter, list_starters
from headway.process.text import process_text

# Any text that a person can see, on one line, without outer or doubled spaces.
TRICKY = (
    *("yes", "null", "~", "1.5", "2026-01-31", "a: b", "- x", "# no", "x # y", "{a}", "[b]", "a, b", "*a", "&b", "!c"),
    *("%d", "@e", "`f`", '"g"', "'h'", "it's", "?", ":", "=", "<<", "|", ">", "\\", "é – “ü”", "🙂", "a]b", "k: v,"),
)
text = (
    st.sampled_from(TRICKY)
    | st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=30)
).map(lambda raw: " ".join(raw.split()) or "x")
texts = st.lists(text, max_size=3, unique=True).map(tuple)
days = st.none() | st.integers(1, 36_500)


def distinct(names: list[str]) -> bool:
    return len({" ".join(name.split()).casefold() for name in names}) == len(names)


@st.composite
def processes(draw: st.DrawFn) -> Process:
    labels = draw(st.lists(text, min_size=1, max_size=6).filter(distinct))
    ids = iter(draw(st.lists(text, min_size=12, max_size=12).filter(distinct)))
    stages: list[Stage] = []
    while labels:
        own = labels[: draw(st.integers(1, 3))]
        labels = labels[len(own) :]
        milestones = tuple(draw(milestone(next(ids))) for _ in range(draw(st.integers(0, 1))))
        stages.append(Stage(own[0], milestones, claims=tuple(own[1:]), usual_days=draw(days), limit_days=draw(days)))
    served = [m.id for stage in stages for m in stage.milestones]
    if served:
        made = tuple(draw(step(next(ids), served)) for _ in range(draw(st.integers(0, 3))))
        stages[-1] = replace(stages[-1], steps=made)
    return Process(
        name=draw(text),
        stages=tuple(stages),
        version=draw(text),
        valid_from=draw(st.none() | st.dates()),
        pipelines=draw(texts),
        record_types=draw(texts),
        limits=Limits(draw(st.integers(1, 999)), draw(st.integers(0, 999)), draw(st.integers(1, 99))),
    )


@st.composite
def milestone(draw: st.DrawFn, name: str) -> Milestone:
    amounts = st.floats(0, 1e15, exclude_max=True, allow_subnormal=False) | st.integers(0, 10**9).map(float)
    return Milestone(
        id=name,
        buyer=draw(text),
        ask=draw(st.just("") | text),
        usual_days=draw(days),
        proof=Proof(draw(st.integers(0, 4)), draw(days), draw(texts)),
        amount_from=draw(st.none() | amounts),
        record_types=draw(texts),
    )


@st.composite
def step(draw: st.DrawFn, name: str, served: list[str]) -> Step:
    return Step(
        id=name,
        seller=draw(text),
        serves=draw(st.sampled_from(served)),
        due_days=draw(st.integers(0, 36_500)),
        after=draw(st.none() | text),
        activities=draw(texts),
        at_buyers_request=draw(st.booleans()),
        times=draw(st.integers(1, 100)),
        unless=draw(st.none() | text),
    )


@given(processes())
@settings(max_examples=120, deadline=None)
def test_what_is_written_is_read_again(process: Process) -> None:
    assert parse_process(process_text(process), "p.yaml") == process


@pytest.mark.parametrize("name", list_starters())
def test_starters_survive_writing(name: str) -> None:
    assert parse_process(process_text(get_starter(name)), "p.yaml") == get_starter(name)


def test_a_process_as_practised_becomes_one_of_ones_own() -> None:
    practised = Process("As practised", (Stage("A"), Stage("B")), practised=True)
    assert parse_process(process_text(practised), "p.yaml") == replace(practised, practised=False)


def test_help_stands_where_things_come_first() -> None:
    written = process_text(get_starter("buyer_terms"))
    assert written.count("# what the buyer must have done") == 1
    assert written.count("# what is asked of the seller") == 1
    assert max(len(line) for line in written.splitlines()) < 160
