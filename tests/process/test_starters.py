"""The starters are what they ask others to be."""

from __future__ import annotations

import pytest

from headway.basics.errors import UserError
from headway.process.draft import open_questions
from headway.process.starters import get_starter, list_starters, starter_text


def test_the_starter_in_buyer_terms_has_the_five_stages() -> None:
    assert [stage.name for stage in get_starter("buyer_terms").stages] == [
        "Problem identified",
        "Budget authority secured",
        "Stakeholders aligned",
        "Risk assessment completed",
        "Decision and paper path agreed",
    ]


@pytest.mark.parametrize("name", list_starters())
def test_starters_leave_nothing_open_and_ask_for_grade_one(name: str) -> None:
    process = get_starter(name)
    assert not open_questions(process)
    for _, milestone in process.milestones:
        assert milestone.proof.grade == 1
        assert milestone.ask.endswith("?")
        assert milestone.usual_days
        assert len(milestone.buyer) < 130
        assert not milestone.buyer.startswith(("We ", "Send", "Ask"))
    own = [step for _, step in process.steps if not step.at_buyers_request]
    assert own
    assert len(own) < len(process.steps)
    served = {step.serves for _, step in process.steps}
    assert len(served) >= len(process.milestones) * 0.7
    assert all(step.activities for _, step in process.steps)


def test_an_unknown_starter_names_the_known_ones() -> None:
    with pytest.raises(UserError, match="buyer_terms, short_cycle"):
        starter_text("bant")
