"""The words that name the doer are found in the line as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.process.linter.subject import subject_span


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Customer confirms the budget", "Customer"),
        ("3. Contract signed by their CFO", "CFO"),
        ("The rep presents the demo to the buyer", "rep"),
        ("Our Sales Engineer runs a demo", "Sales Engineer"),
        ("Send the proposal", None),
        ("Demo done", None),
        ("Negotiation", None),
    ],
)
def test_the_doer_is_marked_where_the_line_names_one(text: str, subject: str | None) -> None:
    span = subject_span(text)
    assert (text[slice(*span)] if span else None) == subject


@given(st.text(max_size=60))
def test_any_line_has_a_span_within_it_or_none(text: str) -> None:
    span = subject_span(text)
    assert span is None or 0 <= span[0] < span[1] <= len(text)
