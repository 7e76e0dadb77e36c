"""`headway backtest` as people call it: a rule, an export, and what the rule would have done."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from headway.basics.errors import InvalidFileError, UserError
from headway.cli.backtest import backtest_json, run_backtest
from headway.cli.backtest_text import backtest_text
from headway.cli.main import app
from headway.cli.reading import Request
from headway.demo.company import simulate
from headway.verdict.gate import RUNGS, Backtest

FILES = ("opportunities.csv", "opportunity_history.csv", "buyer_acts.csv")
RULE = """headway: rule/1
name: Money before the proposal
at: {stage: Proposal}
needs: {milestones: [budget_owner_named, budget_confirmed]}
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm")
    simulate(7, date(2026, 6, 30), sellers=4, months=12).write(folder)
    (folder / "rule.yaml").write_text(RULE, encoding="utf-8")
    return folder


def arguments(firm: Path, *more: str, rule: str = "rule.yaml", process: bool = True) -> list[str]:
    files = [str(firm / name) for name in FILES]
    given = ["--process", str(firm / "process.yaml")] if process else []
    return ["backtest", str(firm / rule), *files, *given, *more]


def run(words: list[str], columns: int = 80) -> str:
    done = CliRunner().invoke(app, words, env={"COLUMNS": str(columns), "TERM": "dumb"})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def found(firm: Path) -> Backtest:
    files = tuple(firm / name for name in FILES)
    return run_backtest(Request(files, (firm / "process.yaml",)), firm / "rule.yaml", margin=0.1, ask=None)


def shown(found: Backtest, columns: int, *, every: bool = False) -> str:
    console = Console(width=columns, record=True, file=io.StringIO(), highlight=False)
    console.print(backtest_text(found, every=every))
    return console.export_text()


def test_every_deal_it_asked_is_counted_and_every_deal_it_stopped_is_named(firm: Path, found: Backtest) -> None:
    written: dict[str, Any] = json.loads(run(arguments(firm, "--json", "-")))
    assert written == json.loads(backtest_json(found))  # the same input gives the same output
    assert (written["schema"], written["rung"] in RUNGS) == ("headway/backtest/1", True)
    assert found.stopped.deals + found.let_through.deals == found.asked.asked > 20
    assert len(found.deals) == found.stopped.deals > 5
    assert all(set(deal.lacked) <= {"budget_owner_named", "budget_confirmed"} for deal in found.deals)
    listed = " ".join(shown(found, 120, every=True).split())
    assert all(deal.name[:16] in listed for deal in found.deals)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_it_is_drawn_within_the_width(found: Backtest, columns: int) -> None:
    lines = shown(found, columns).splitlines()
    assert max(map(len, lines)) <= min(columns, 100)
    assert len(lines) < 100
    flat = " ".join(" ".join(lines).replace("\u00a0", " ").split())
    assert found.sentence in flat
    assert found.so in flat
    assert all(rung.name in flat for rung in found.rungs)
    line = next(line for line in lines if "●" in line and "─" in line)
    assert {"│", "┊", "├", "┤"} <= set(line)  # zero, the margin, and both ends of the interval


def test_control_signs_in_names_do_not_steer_the_terminal(found: Backtest) -> None:
    odd = tuple(replace(deal, name="\x1b[31m[bold]x[/nope]\u202e") for deal in found.deals)
    text = shown(replace(found, deals=odd), 100)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/nope]" in text


def test_it_says_what_was_known_on_a_past_day(firm: Path, found: Backtest) -> None:
    then = json.loads(run(arguments(firm, "--json", "-", "--as-of", "2026-01-31")))
    assert then["as_of"].startswith("2026-01-31")
    assert 0 < then["asked"]["asked"] < found.asked.asked


def test_a_gate_on_stages_as_practised_needs_no_process(firm: Path) -> None:
    rule = "headway: rule/1\nname: Not silent\nat: {stage: Proposal}\nneeds: {buyer_act_within_days: 14}\n"
    (firm / "silent.yaml").write_text(rule, encoding="utf-8")
    assert "Asks when a deal is first claimed in Proposal" in run(arguments(firm, rule="silent.yaml", process=False))
    with pytest.raises(InvalidFileError, match="pass the process that has it with --process"):
        run(arguments(firm, process=False))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backtest", "deals.csv", "rule.yaml"], "name the rule"),
        (["backtest", "nowhere.yaml", "deals.csv"], "nowhere.yaml does not exist"),
        (["backtest", "rule.yaml", "nowhere.csv"], "nowhere.csv"),
        (["backtest", "rule.yaml", "opportunities.csv", "-p", "rule.yaml"], "rule.yaml"),
        (["backtest", "rule.yaml", "opportunities.csv", "-p", "process.yaml", "--as-of", "2001-01-01"], "--as-of"),
    ],
)
def test_what_people_get_wrong_is_one_sentence(
    firm: Path, words: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(firm)
    with pytest.raises(UserError, match=said):
        run(words)
