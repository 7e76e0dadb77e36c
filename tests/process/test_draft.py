"""A draft from the stages of an export: valid as it is, and sound when its suggestions are taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.process.draft import draft_text, open_questions, process_from_stages
from headway.process.loader import parse_process
from headway.process.starters import get_starter


def uncommented(text: str) -> str:
    return re.sub(r"(?m)^( {4})# ", r"\1", text)


@given(
    st.lists(st.text(min_size=1, max_size=20).filter(lambda s: s.isprintable() and s.strip()), min_size=1, max_size=30)
)
@settings(max_examples=40, deadline=None)
def test_a_draft_is_valid_as_it_is_and_with_its_suggestions(names: list[str]) -> None:
    draft = process_from_stages(names)
    text = draft_text(draft)
    assert parse_process(text, "p.yaml") == draft
    taken = parse_process(uncommented(text), "p.yaml")
    assert [stage.name for stage in taken.stages] == [stage.name for stage in draft.stages]
    assert all(stage.milestones for stage in taken.stages)
    assert len(open_questions(draft)) == len(draft.stages)
    assert not open_questions(taken)


def test_suggestions_keep_the_order_of_the_starter() -> None:
    known = [milestone for _, milestone in get_starter("buyer_terms").milestones]
    for count in (1, 3, 5, 11):
        draft = process_from_stages([f"Stage {place}" for place in range(count)])
        taken = parse_process(uncommented(draft_text(draft)), "p.yaml")
        assert [milestone for _, milestone in taken.milestones] == known
    many = parse_process(uncommented(draft_text(process_from_stages([f"S{n}" for n in range(20)]))), "p.yaml")
    assert [m.id for _, m in many.milestones if not m.id.startswith("next_act")] == [m.id for m in known]


def test_names_that_fold_to_one_are_one_stage() -> None:
    assert [stage.name for stage in process_from_stages(["Demo", " demo ", "Offer"]).stages] == ["demo", "Offer"]


def test_pipeline_is_kept() -> None:
    draft = process_from_stages(["A"], name="Direct", pipeline="Direct")
    assert parse_process(draft_text(draft), "p").pipelines == ("Direct",)


@pytest.mark.parametrize("names", [[], ["", "  "], [str(n) for n in range(101)]])
def test_too_few_or_too_many_stages(names: list[str]) -> None:
    with pytest.raises(UserError, match="from 1 to 100 stages"):
        process_from_stages(names)
