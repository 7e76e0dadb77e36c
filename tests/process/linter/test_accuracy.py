"""The linter is right about who a line describes, on lines it was tuned on and on lines it was not."""

from __future__ import annotations

import re

import pytest

from headway.process.linter import SourceLine, is_milestone, lint_lines
from headway.process.linter.clause import parse
from tools.linter_accuracy import accuracy_of, cases_of, rows_of

# Just below what `python tools/linter_accuracy.py` measures; docs/methods/linter.md has the figures.
FLOORS = {"tuned": 0.98, "held_out": 0.95, "unseen_verbs": 0.95, "pairs": 0.97}


@pytest.mark.parametrize("name", FLOORS)
def test_accuracy_stays_above_its_floor(name: str) -> None:
    found = accuracy_of(name)
    assert found.share >= FLOORS[name], f"{found.right} of {found.count}"


def test_the_sets_are_as_large_as_promised_and_do_not_overlap() -> None:
    tuned = {row["line"].lower() for row in rows_of("tuned")}
    held_out = {row["line"].lower() for row in rows_of("held_out")}
    unseen = {row["line"].lower() for row in rows_of("unseen_verbs")}
    assert len(tuned | held_out) >= 400
    assert len(unseen) >= 60
    assert len(rows_of("pairs")) >= 80
    assert not tuned & held_out
    assert not tuned & unseen
    assert {label for name in ("tuned", "held_out") for case in cases_of(name) for label, _ in case} == {
        "seller",
        "buyer",
        "outcome",
        "unclear",
    }


def test_the_two_lines_of_a_pair_have_different_labels() -> None:
    for (label_a, line_a), (label_b, line_b) in cases_of("pairs"):
        assert label_a != label_b, (line_a, line_b)


def test_no_unseen_verb_is_the_main_verb_of_a_tuned_line_or_stands_in_one() -> None:
    tuned = [line for name in ("tuned", "pairs") for case in cases_of(name) for _, line in case]
    verbs = {parse(line).verb for line in tuned}
    words = {word for line in tuned for word in re.findall(r"[a-z-]+", line.lower())}
    for row in rows_of("unseen_verbs"):
        stem = row["verb"].removesuffix("e")
        forms = {row["verb"], stem + "ed", stem + "es", stem + "s", stem + "ing", row["verb"] + row["verb"][-1] + "ed"}
        assert row["verb"] not in verbs, row["line"]
        assert not (forms & words) - {"initial", "post", "rank", "profile"}, (row["line"], forms & words)


LINES = sorted(
    {line for name in ("tuned", "held_out", "unseen_verbs", "pairs") for case in cases_of(name) for _, line in case}
)


@pytest.mark.parametrize("line", LINES)
def test_every_rewrite_is_itself_a_milestone(line: str) -> None:
    found = lint_lines([SourceLine(1, line)]).lines[0]
    if found.rewrite is None:
        assert found.who == "outcome" or is_milestone(found.text)
        return
    assert found.who != "outcome"
    again = lint_lines([SourceLine(1, found.rewrite)]).lines[0]
    assert (again.who, again.observable, again.binary, again.provable) == ("buyer", True, True, True)
    assert again.rewrite is None
    assert "{" not in found.rewrite
    assert found.rewrite[0].isupper()
    assert not found.rewrite.endswith(".")


def test_rewrites_are_not_one_template() -> None:
    rewrites = {found.rewrite for found in lint_lines([SourceLine(1, line) for line in LINES]).lines}
    assert len(rewrites) >= 110
