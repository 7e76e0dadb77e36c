"""Who acts follows from the grammar and from who could show the proof, whatever the verb."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.process.linter import LintedLine, SourceLine, Who, lint_lines


def lint(text: str) -> LintedLine:
    return lint_lines([SourceLine(1, text)]).lines[0]


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Contract sent", "seller"),
        ("Contract signed by their CFO", "buyer"),
        ("Purchase order received", "buyer"),
        ("Negotiation", "unclear"),
        ("Prospecting", "seller"),
        ("Presentation", "seller"),
        ("Purchase order", "buyer"),
        ("Closed won", "outcome"),
        ("Closed - no decision", "outcome"),
        ("Demo scheduled", "seller"),
    ],
)
def test_what_the_issue_says(line: str, who: str) -> None:
    assert lint(line).who == who


@pytest.mark.parametrize(
    "prefix",
    ["3. ", "- ", "* [ ] ", "Stage 3: ", "Stage 3 – ", "Step 2 - ", "60% - ", "☐ ", "a) ", "(iv) ", "• "],
)
def test_numbering_and_marks_change_nothing(prefix: str) -> None:
    assert lint(prefix + "Proposal sent").who == "seller"
    assert lint(prefix + "Customer confirms budget").who == "buyer"


@pytest.mark.parametrize("suffix", [".", " (60%)", " (email or phone)", " 60 %", ";", ":"])
def test_what_trails_changes_nothing(suffix: str) -> None:
    assert lint("Proposal sent" + suffix).who == "seller"
    assert lint("Purchase order received" + suffix).who == "buyer"


# Verbs that no English speaker has heard: only the structure can tell.
NONCE = st.sampled_from(["zorb", "blick", "frump", "glark", "snorf", "plonk", "vrast"])
BUYERS = st.sampled_from(["Customer", "The prospect", "Their CFO", "Procurement", "The champion", "Steering committee"])
SELLERS = st.sampled_from(["Rep", "Our CFO", "The account executive", "We", "Sales engineer"])
THINGS = st.sampled_from(["the proposal", "a plan", "the budget", "our contract", "their requirements"])


@given(NONCE, BUYERS, THINGS)
def test_a_buyer_as_subject_is_the_buyers_whatever_the_verb(verb: str, buyer: str, thing: str) -> None:
    assert lint(f"{buyer} {verb}s {thing}").who == "buyer"
    assert lint(f"{buyer} has {verb}ed {thing}").who == "buyer"


@given(NONCE, SELLERS, THINGS)
def test_a_seller_as_subject_is_the_sellers_whatever_the_verb(verb: str, seller: str, thing: str) -> None:
    assert lint(f"{seller} has {verb}ed {thing}").who == "seller"


@given(NONCE, THINGS)
def test_an_order_is_the_sellers_whatever_the_verb(verb: str, thing: str) -> None:
    assert lint(f"{verb.title()} {thing}").who == "seller"


@given(NONCE, st.sampled_from(["Proposal", "Contract", "Business case", "Terms", "Pilot"]))
def test_a_by_phrase_names_the_doer_whatever_the_verb(verb: str, thing: str) -> None:
    assert lint(f"{thing} {verb}ed by the customer").who == "buyer"
    assert lint(f"{thing} {verb}ed by our lawyers").who == "seller"


@given(NONCE)
def test_without_an_agent_the_issuer_of_the_thing_decides(verb: str) -> None:
    assert lint(f"Proposal {verb}ed").who == "seller"
    assert lint(f"Purchase order {verb}ed").who == "buyer"
    assert lint(f"Terms {verb}ed").who == "unclear"


@given(st.text(max_size=300))
def test_any_text_gets_one_of_four_answers(text: str) -> None:
    found = lint(text)
    assert found.who in set(Who)
    assert found.reason
    assert (found.rewrite is None) == (
        found.who is Who.OUTCOME or (found.who is Who.BUYER and found.observable and found.binary and found.provable)
    )


WORDS = st.sampled_from(
    [
        "the",
        "their",
        "our",
        "customer",
        "rep",
        "proposal",
        "purchase",
        "order",
        "sent",
        "signed",
        "by",
        "to",
        "from",
        "with",
        "confirms",
        "has",
        "been",
        "not",
        "who",
        "said",
        "that",
        "budget",
        "/",
        "and",
        "or",
        ",",
        "-",
        ":",
        "?",
        "demo",
        "closed",
        "won",
        "must",
        "negotiating",
        "ready",
        "in",
        "writing",
        "'s",
        "is",
        "a",
        "we",
        "they",
        "approve",
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_heap_of_its_own_words_gets_a_rewrite_that_is_a_milestone(text: str) -> None:
    found = lint(text)
    if found.rewrite is not None:
        again = lint(found.rewrite)
        assert (again.who, again.rewrite) == (Who.BUYER, None)


@pytest.mark.parametrize(
    ("line", "observable", "binary", "provable"),
    [
        ("Customer understands the value", False, False, False),
        ("Customer is interested", False, False, False),
        ("Customer confirms budget", True, True, False),
        ("Customer confirms budget in writing", True, True, True),
        ("Customer evaluating proposal", False, False, False),
        ("Customer has not signed", False, False, False),
        ("Customer must sign", False, False, False),
        ("Contract signed by their CFO", True, True, True),
        ("Verbal agreement", True, False, False),
        ("Proposal sent", True, True, False),
        ("Negotiation", False, False, False),
        ("The client has received our proposal", True, True, False),
    ],
)
def test_checks(line: str, observable: bool, binary: bool, provable: bool) -> None:
    found = lint(line)
    assert (found.observable, found.binary, found.provable) == (observable, binary, provable)


@pytest.mark.parametrize(
    ("line", "rewrite"),
    [
        ("Proposal sent", "The buyer has told us in writing what in the proposal they would change or accept"),
        ("Demo done", "The users who must work with it have said in writing whether the demo covered their problem"),
        (
            "Customer understands value",
            "The customer has put the value in their own numbers and sent them to us in writing",
        ),
        (
            "Budget approved by the CFO",
            "The CFO has approved the budget in writing, with the amount and who released it",
        ),
        ("Customer will tell us how they decide", "The customer has told us in writing how they decide"),
        ("Board approval", "The board has approved the purchase in writing"),
        ("Purchase order received", None),
        ("Closed lost", None),
    ],
)
def test_rewrites_read_well(line: str, rewrite: str | None) -> None:
    assert lint(line).rewrite == rewrite


@pytest.mark.parametrize(
    "line", ["Ein Angebot wurde verschickt", "提案を送った", "Предложение отправлено", "…", "1.", ""]
)
def test_what_is_not_english_is_unclear(line: str) -> None:
    assert lint(line).who == "unclear"
