"""A rule file: everything that is wrong is listed at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.basics.errors import InvalidFileError, UserError
from headway.demo.export import process_text
from headway.process.loader import load_process, parse_process
from headway.verdict.gate import Gate
from headway.verdict.gate_file import load_gate, parse_gate
from tests.pages import HOW_TO, ROOT, blocks

FIRM = parse_process(process_text(), "process.yaml")
RULE = """headway: rule/1
name: Money first
at: {stage: proposal}
needs:
  milestones: [budget_confirmed]
"""


def problems(text: str, *, processes: bool = True) -> list[tuple[int, str]]:
    with pytest.raises(InvalidFileError) as caught:
        parse_gate(text, "rule.yaml", [FIRM] if processes else None)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_a_sound_rule_is_read_whole() -> None:
    text = RULE.replace("{stage: proposal}", "{stage: Proposal, after_days: 14}") + (
        "  steps: [send_risk_answers]\n  buyer_act_within_days: 7\n"
        "for: {amount_from: 25000, pipelines: [New], record_types: Partner}\n"
    )
    assert parse_gate(text, "rule.yaml", [FIRM]) == Gate(
        "Money first", "Proposal", 14, ("budget_confirmed",), ("send_risk_answers",), 7, 25000.0, ("New",), ("Partner",)
    )  # fmt: skip


def test_the_examples_are_sound() -> None:
    assert load_gate(ROOT / "examples/budget_rule.yaml", [FIRM]).amount_from == 10000
    assert load_gate(ROOT / "examples/loan_rule.yaml", [load_process(ROOT / "examples/loan_process.yaml")])
    assert parse_gate(blocks(HOW_TO / "backtest.md", "yaml")[0], "rule.yaml", [FIRM]).stage == "Proposal"


def test_all_mistakes_are_listed_with_their_lines() -> None:
    found = problems(
        "headway: rule/2\n"
        "at: {stage: Propsal, after: 3}\n"
        "needs:\n"
        "  milestones:\n"
        "    - budget_confirmd\n"
        "    - group_met\n"
        "  steps: [send_contract, no_such]\n"
        "  buyer_act_within_days: soon\n"
        "for: {amount_from: much}\n"
        "colour: red\n"
    )
    lines = [line for line, _ in found]
    said = "\n".join(message for _, message in found)
    assert lines == sorted(lines)
    for part in (
        "install the version", "lacks `name`", "stage `Propsal` is not in “New business”; did you mean `Proposal`?",
        "`after` is not known in `at`; did you mean `after_days`?", "did you mean `budget_confirmed`?",
        "step `no_such` is not in", "`buyer_act_within_days` of `needs` must be a whole number",
        "`amount_from` of `for` must be a number", "`colour` is not known in the file",
    ):  # fmt: skip
        assert part in said, part
    assert (5, "milestone `budget_confirmd` is not in “New business”; did you mean `budget_confirmed`?") in found


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the file is empty"),
        (RULE.replace("rule/1", "process/1"), 1, "this is a process file; pass it with --process"),
        (RULE.replace("at: {stage: proposal}\n", ""), 1, "lacks `at`"),
        (RULE.replace("{stage: proposal}", "{}"), 3, "`at` needs a `stage`, or `after_days`"),
        (RULE.split("needs:")[0], 1, "lacks `needs`"),
        (RULE.replace("[budget_confirmed]", "[]"), 5, "`milestones` of `needs` is empty"),
        (RULE.replace("milestones: [budget_confirmed]", "steps: [send_contract]"), 5, "at the buyer's request"),
        (RULE.replace("[budget_confirmed]", "{a: b}"), 5, "must be a list of texts"),
        (RULE + "  - x\n", 6, "not valid YAML"),
    ],
)
def test_each_mistake_says_what_to_do(text: str, line: int, said: str) -> None:
    assert any(at == line and said in message for at, message in problems(text)), problems(text)


def test_without_a_process_only_the_file_is_checked() -> None:
    assert parse_gate(RULE.replace("proposal", "Nowhere"), "rule.yaml", None).stage == "Nowhere"


def test_of_several_processes_those_count_that_have_all_of_it(tmp_path: Path) -> None:
    other = parse_process("headway: process/1\nname: Other\nstages: [{name: Proposal}]\n", "other.yaml")
    assert parse_gate(RULE, "rule.yaml", [other, FIRM]).name == "Money first"
    with pytest.raises(InvalidFileError) as caught:
        parse_gate(RULE, "rule.yaml", [other])
    assert "milestone `budget_confirmed` is not in “Other”; it has none." in str(caught.value)


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "nowhere.yaml", "does not exist"),
        (tmp_path / "deals.csv", "name the rule (YAML) first"),
    ):
        with pytest.raises(UserError, match=said.replace("(", r"\(").replace(")", r"\)")) as caught:
            load_gate(path, None)
        assert "\n" not in str(caught.value)
