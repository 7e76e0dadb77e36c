"""`headway process lint` in the terminal and as JSON, from files and from standard input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from headway.cli.process_lint import show
from headway.process.linter import lint_text

PROCESS = """\
# Sales process

1. Prospecting
2. Demo scheduled
3. Proposal sent
4. Customer understands the value
5. Negotiation
6. Contract signed by their CFO
7. Closed won
"""


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from headway.cli.main import main; main()", "process", "lint", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


@pytest.mark.parametrize("width", [80, 120])
def test_who_is_said_by_a_word_and_every_line_fits(width: int) -> None:
    stream = io.StringIO()
    show(lint_text(PROCESS), Console(file=stream, width=width, highlight=False))
    shown = stream.getvalue()
    assert max(len(line) for line in shown.splitlines()) <= width
    for word in ("seller", "buyer", "outcome", "unclear", "not observable, binary or provable", "can stand as it is"):
        assert word in shown
    assert "3 of 7 lines describe the seller." in shown
    assert "Of the others, 2 describe the buyer (1 of them can stand as it is)" in " ".join(shown.split())
    assert "→ The buyer has told us in writing what in the proposal they would change or accept" in " ".join(
        shown.split()
    )


def test_reasons_are_shown_when_asked_for() -> None:
    stream = io.StringIO()
    show(lint_text("Proposal sent"), Console(file=stream, width=100), why=True)
    assert "outbox" in stream.getvalue()


def test_control_characters_never_reach_the_terminal() -> None:
    stream = io.StringIO()
    show(lint_text("Proposal \x1b]0;owned\x07 sent\x9b31m"), Console(file=stream, width=100))
    assert not {"\x1b", "\x07", "\x9b"} & set(stream.getvalue())


@pytest.mark.parametrize("arguments", [("--json",), ("-", "--json")])
def test_json_from_standard_input(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, given=PROCESS.encode())
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert [item["who"] for item in found] == ["seller", "seller", "seller", "buyer", "unclear", "buyer", "outcome"]
    assert set(found[0]) == {"line", "text", "who", "rewrite", "observable", "binary", "provable", "reason"}
    assert found[2]["line"] == 5
    assert found[2]["text"] == "Proposal sent"
    assert found[5]["rewrite"] is None


def test_a_file_in_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "process.md"
    path.write_text(PROCESS, encoding="utf-8")
    done = run(str(path))
    assert done.returncode == 0
    assert "3 of 7 lines describe the seller." in done.stdout.decode()


def test_what_cannot_be_read_is_one_sentence_and_status_2(tmp_path: Path) -> None:
    for arguments, given in (((str(tmp_path / "none.md"),), b""), (("-",), b""), (("-",), b"%PDF-1.4")):
        done = run(*arguments, given=given)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert done.stderr.strip()
        assert not done.stdout
