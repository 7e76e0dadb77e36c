"""`headway process check` and `headway process new`, as people call them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from headway.basics.errors import InvalidFileError, UserError
from headway.cli.process_check import check
from headway.cli.process_new import new
from headway.demo.export import process_text
from headway.process.loader import load_process
from headway.process.starters import get_starter, starter_text

app = typer.Typer()
app.command("check")(check)
app.command("new")(new)


def run(*arguments: str, columns: int = 80) -> str:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(columns), "TERM": "dumb"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def firm_process(tmp_path: Path) -> Path:
    path = tmp_path / "firm.yaml"
    path.write_text(process_text(), encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_check_shows_every_stage_milestone_and_step_within_the_width(firm_process: Path, columns: int) -> None:
    shown = run("check", str(firm_process), columns=columns)
    assert max(len(line) for line in shown.splitlines() if str(firm_process) not in line) <= columns
    flat = " ".join(shown.split())
    process = load_process(firm_process)
    for stage in process.stages:
        assert stage.name in flat
    for _, milestone in process.milestones:
        assert milestone.buyer in flat
        assert milestone.ask in flat
        assert milestone.id in flat
    for _, step in process.steps:
        assert step.seller in flat
        assert f"within {step.due_days} days" in flat
    assert "only from an amount of 75,000" in flat
    assert "lapses after 90 days" in flat
    assert "is sound." in flat


def test_check_takes_brackets_in_names_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("headway: process/1\nname: '[bold]x[/nope]'\nstages:\n  - name: '[red]A'\n", encoding="utf-8")
    shown = run("check", str(path))
    assert "[bold]x[/nope]" in shown
    assert "[red]A" in shown


def test_check_tells_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("headway: process/1\nname: x\nstages:\n  - name: A\n  - name: B\n", encoding="utf-8")
    shown = run("check", str(path))
    assert "Open questions (2)" in shown
    assert "A, B" in shown
    assert "sound, with questions open" in shown


def test_check_lists_all_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("headway: process/1\nstages:\n  - nam: A\n", encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        run("check", str(path))
    assert [problem.line for problem in caught.value.problems] == [1, 3, 3]


def test_new_writes_the_starter_with_its_comments(tmp_path: Path) -> None:
    out = tmp_path / "folder" / "p.yaml"
    told = run("new", "--out", str(out))
    assert out.read_text(encoding="utf-8") == starter_text("buyer_terms")
    assert "5 stages in buyer terms" in told
    run("new", "--starter", "short_cycle", "--out", str(out), "--force")
    assert load_process(out) == get_starter("short_cycle")


def test_new_to_standard_output_is_the_file_alone() -> None:
    assert run("new", "--out", "-") == starter_text("buyer_terms")


def test_new_keeps_what_is_there(tmp_path: Path) -> None:
    out = tmp_path / "p.yaml"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="is there already"):
        run("new", "--out", str(out))
    with pytest.raises(UserError, match="no starter called"):
        run("new", "--out", str(out), "--force", "--starter", "bant")
    assert out.read_text(encoding="utf-8") == "mine"


def test_new_says_what_does_not_go_together(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="pass one of them"):
        run("new", "--starter", "short_cycle", "--from", "a.csv", "--out", str(tmp_path / "p.yaml"))
    with pytest.raises(UserError, match=r"--from a\.csv"):
        run("new", "a.csv", "--out", str(tmp_path / "p.yaml"))


def history_export(path: Path) -> Path:
    """A Data Loader history of ten deals through three stages to Closed Won."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "CloseDate",
                         "Probability", "ForecastCategory", "SystemModstamp", "IsDeleted"])  # fmt: skip
        for deal in range(10):
            for day, stage in enumerate(("Interest", "Proof", "Terms", "Closed Won")):
                at = f"2026-03-{1 + deal + 3 * day:02d}T10:00:00.000Z"
                ids = (f"0087Q00000{deal:02d}{day}AAAAA", f"0067Q00000{deal:05d}QAE", "0057Q0000000001QAE")
                writer.writerow([*ids, at, stage, "1000.00", "2026-06-30", 10,
                                 "Pipeline" if day < 3 else "Closed", at, "false"])  # fmt: skip
    return path


def test_new_from_an_export_has_its_stages_in_order(tmp_path: Path) -> None:
    out = tmp_path / "p.yaml"
    told = run("new", "--from", str(history_export(tmp_path / "history.csv")), "--out", str(out))
    assert "3 stages, in the order most deals took" in told
    assert [stage.name for stage in load_process(out).stages] == ["Interest", "Proof", "Terms"]
    assert out.read_text(encoding="utf-8").count("What must the buyer have done") == 3


def test_new_from_what_is_no_export_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes about a deal.\nNothing else.\n", encoding="utf-8")
    with pytest.raises(UserError):
        run("new", "--from", str(path), "--out", str(tmp_path / "p.yaml"))
    assert [found.name for found in tmp_path.iterdir()] == ["notes.txt"]
