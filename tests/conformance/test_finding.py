"""What a finding says: lengths, counts, and each rule's two sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headway.conformance.finding import Facts, days_text, times_text
from headway.conformance.rules import RULES

FACTS = Facts(deal="D-7", stage="Offer", happened_at=None, measure=23.4, count=3, other="Signed", ask="Who signs?")
BY_NAME = {rule.name: rule for rule in RULES}


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "1 hour"),
        (0.01, "1 hour"),
        (1 / 24, "1 hour"),
        (0.1, "2 hours"),
        (0.99, "24 hours"),
        (1, "1 day"),
        (1.4, "1 day"),
        (1.6, "2 days"),
        (23.4, "23 days"),
        (1234, "1,234 days"),
    ],
)
def test_lengths(days: float, text: str) -> None:
    assert days_text(days) == text


@pytest.mark.parametrize(("count", "text"), [(1, "once"), (2, "twice"), (3, "3 times"), (1500, "1,500 times")])
def test_counts(count: int, text: str) -> None:
    assert times_text(count) == text


WHAT = {
    "unproven_claim": "Claims Offer; the buyer's acts show Signed.",
    "activity_without_movement": "3 activities in 23 days without a buyer act or a change of stage.",
    "overstay": "23 days in Offer; the limit is 3 days.",
    "pushed_close_date": "Close date pushed 3 times, by 23 days in all.",
    "skip": "Went past Offer to Signed without ever entering it.",
    "jump": "Moved from Offer to Signed in one step, over 3 stages.",
    "regression": "Moved back from Signed to Offer.",
    "lapsed_evidence": "The proof of “Signed” is 23 days old and has lapsed.",
    "late_entry": "Recorded late 3 times, at worst 23 days after it happened.",
}


def test_each_rule_says_what_it_found() -> None:
    assert {rule.name: rule.what(FACTS) for rule in RULES} == WHAT


def test_a_claim_with_nothing_shown_says_so() -> None:
    assert (
        BY_NAME["unproven_claim"].what(replace(FACTS, other="")) == "Claims Offer; the buyer's acts show no stage yet."
    )


ASKS = {"unproven_claim", "activity_without_movement", "overstay", "skip", "lapsed_evidence"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_would_mend_it_is_one_sentence_or_two_with_the_question_where_there_is_one(rule: object) -> None:
    found = BY_NAME[rule.name]  # type: ignore[attr-defined]
    asking, plain = found.mend(FACTS), found.mend(replace(FACTS, ask=""))
    assert ("“Who signs?”" in asking) is (found.name in ASKS)
    assert "“" not in plain
    assert plain.endswith(".")
    assert plain == plain.strip()
    assert "  " not in plain + asking


def test_mending_names_the_stages_it_is_about() -> None:
    assert "between Offer and Signed" in BY_NAME["jump"].mend(FACTS)
    assert "from Signed" in BY_NAME["regression"].mend(FACTS)
    assert "makes Offer real" in BY_NAME["skip"].mend(replace(FACTS, ask=""))


def test_rules_have_different_names_and_speak_in_sentences() -> None:
    assert len(BY_NAME) == len(RULES) == 9
    assert all(rule.meaning.endswith(".") and rule.title[0].isupper() for rule in RULES)
