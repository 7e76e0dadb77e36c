"""What decisions need, where a claim may move, and what the minutes say of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.deals.events import Outcome
from headway.process.starters import get_starter
from headway.reviews.decisions import Terms, known_stages, missing_of, note_of, stages_for
from headway.reviews.kinds import ON_DEALS, What

DUE = date(2026, 12, 3)


@given(st.lists(st.text("abcdef", min_size=1), unique=True, min_size=1), st.data())
def test_forward_and_back_offer_every_other_stage_once(stages: list[str], data: st.DataObject) -> None:
    claimed = data.draw(st.sampled_from(stages))
    back, forward = stages_for(What.BACK, stages, claimed), stages_for(What.FORWARD, stages, claimed)
    assert [*reversed(back), claimed, *forward] == stages
    assert stages_for(What.BACK, stages, "nowhere known") == tuple(stages)


def test_a_stage_is_known_by_any_of_its_labels() -> None:
    process = get_starter("buyer_terms")
    for stage in process.stages:
        for label in stage.labels:
            assert known_stages(process, f" {label.upper()} ")[1] == stage.name
    assert known_stages(process, "Elsewhere")[1] == "Elsewhere"
    assert known_stages(None, "Elsewhere") == ((), "Elsewhere")


@pytest.mark.parametrize("what", ON_DEALS)
def test_only_keeping_needs_nothing(what: What) -> None:
    assert (missing_of(what, Terms(), "", ("a", "b"), "a") == {}) is (what is What.KEEP)


@pytest.mark.parametrize(
    ("what", "terms", "said"),
    [
        (What.KEEP, Terms(), "Because."),
        (
            What.PLAN, Terms(ask="Sign it.", ask_to="Petra", due_on=DUE),
            "Petra is asked to: Sign it, by 3 Dec 2026. Because.",
        ),
        (
            What.PLAN, Terms(ask="Sign it", ask_to="Petra", due_on=DUE, agreed=True),
            "Petra agreed to: Sign it, by 3 Dec 2026. Because.",
        ),
        (What.DISQUALIFY, Terms(outcome=Outcome.WITHDRAWN), "We leave it. Because."),
        (What.ALLOW, Terms(rule="skip", due_on=DUE), "Until 3 Dec 2026. Because."),
        (
            What.CORRECT, Terms(corrected=("amount", "close date"), amount=Decimal(45_000), close_on=None),
            "Amount €45 k, close date unknown. Because.",
        ),
    ],
)  # fmt: skip
def test_the_minutes_tell_the_terms_that_nothing_else_tells(what: What, terms: Terms, said: str) -> None:
    assert note_of(what, terms, " Because. ", "EUR") == said
