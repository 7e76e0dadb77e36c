"""The worked examples of the docs, run: what a page shows is what Headway answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.main import app
from headway.conformance.rules import RULES
from headway.process.loader import load_process
from tests.pages import HOW_TO, RULE_PAGES, blocks, diagnosed, text_of

RULE_PARTS = ("Question.", "Definition.", "Guarantee.", "Limits.", "Worked example.", "What mends it.")


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_the_example_of_a_rule_is_what_headway_answers(rule: str, tmp_path: Path) -> None:
    page = RULE_PAGES / f"{rule}.md"
    said = text_of(page)
    assert tuple(re.findall(r"^\*\*([^*]+)\*\*", said, re.M)) == RULE_PARTS
    day = re.search(r"[Aa]s of (\d{4}-\d\d-\d\d):", said)
    assert day
    files = {"events.csv": blocks(page, "csv")[0], "process.yaml": blocks(RULE_PAGES / "README.md", "yaml")[0]}
    found = diagnosed(tmp_path, files, "--as-of", day[1])
    assert not [repair for repair in found["log"]["repairs"] if repair["kind"] == "dropped"]
    examples = next(result for result in found["findings"] if result["rule"] == rule)["examples"]
    assert "".join(f"{e['name']}: {e['what']}\n  → {e['mend']}\n" for e in examples) == blocks(page, "text")[0]


@pytest.mark.parametrize("example", [0, 1])
def test_the_example_event_files_are_read_whole(example: int, tmp_path: Path) -> None:
    found = diagnosed(tmp_path, {"acts.csv": (content := blocks(HOW_TO / "events.md", "csv")[example])})
    assert found["log"]["events"] == len(content.splitlines()) - 1
    assert not found["log"]["repairs"]


def test_the_example_process_is_sound_and_the_example_lines_are_judged_as_told(tmp_path: Path) -> None:
    page = HOW_TO / "process.md"
    (tmp_path / "process.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")
    assert len(load_process(tmp_path / "process.yaml").milestones) == 2
    judged = CliRunner().invoke(app, ["process", "lint", "--json", "-"], input=blocks(page, "markdown")[0])
    assert [line["who"] for line in json.loads(judged.stdout)] == ["seller"] * 4 + ["buyer"]


def test_the_example_of_adherence(tmp_path: Path) -> None:
    """docs/methods/adherence.md, worked example."""
    process = "headway: process/1\nname: p\nstages:\n" + "".join(
        f"  - name: {stage}\n    milestones:\n      - {{id: m{stage}, buyer: The buyer does it}}\n{steps}"
        for stage, steps in (
            ("Discovery", ""),
            (
                "Evaluation",
                "    steps:\n      - {id: q, seller: send the questions, serves: mEvaluation, due_days: 5,"
                " activities: [questions sent]}\n",
            ),
            ("Proposal", ""),
        )
    )
    events = """deal,kind,name,happened_at,grade
        a,stage_claimed,Discovery,2026-02-02,
        a,evidence_recorded,mDiscovery,2026-02-03,1
        a,stage_claimed,Evaluation,2026-02-10,
        a,activity_done,questions sent,2026-02-12,
        a,stage_claimed,Proposal,2026-02-20,
        a,evidence_recorded,mEvaluation,2026-02-24,1
        """.replace("        ", "")
    found = diagnosed(tmp_path, {"e.csv": events, "p.yaml": process}, "--as-of", "2026-03-31")["adherence"]
    rows = {part: [(row["label"], row["kept"], row["due"]) for row in found[part]] for part in ("stages", "claims")}
    assert rows == {
        "stages": [("Discovery", 1, 1), ("Evaluation", 1, 1)],
        "claims": [("Evaluation", 0, 1), ("Proposal", 0, 1)],
    }
    assert [(row["kept"], row["due"]) for row in found["steps"]] == [(1, 1)]
    assert (found["overall"]["value"], found["overall"]["n"]) == (pytest.approx(3 / 5), 5)


def test_the_example_of_flow(tmp_path: Path) -> None:
    """docs/methods/flow.md, worked example."""
    rows = [
        f"{deal},stage_claimed,{stage},2026-02-{day:02}"
        for deal, way in (("w", "ABC"), ("x", "ABC"), ("y", "AC"), ("z", "ABAC"))
        for day, stage in enumerate(way, 1)
    ]
    process = "headway: process/1\nname: p\nstages: [{name: A}, {name: B}, {name: C}]\n"
    events = "\n".join(["deal,kind,name,happened_at", *rows])
    flow = diagnosed(tmp_path, {"e.csv": events, "p.yaml": process}, "--as-of", "2026-03-31")["flow"]
    assert ("".join(flow["paths"][0]["stages"]), flow["paths"][0]["deals"]) == ("ABC", 2)
    assert flow["variants"] == 3
    assert {edge["source"] + ">" + edge["target"]: edge["moves"] for edge in flow["edges"]} == {
        "creation>A": 4, "A>B": 3, "A>C": 2, "B>C": 2, "B>A": 1,
    }  # fmt: skip
