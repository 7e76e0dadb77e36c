"""SQL mutants in a copy of the tree: made by our own mutator, sampled, and run in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mutation.python import drawn, environment
from mutation.sql import Edit, edits_of

TESTS = ("tests/evidence", "tests/conformance")
ASKS_THE_LOG = ("EventLog", "rules.cases", "conformance.judged")


@dataclass(frozen=True, slots=True)
class QueryMutant:
    """One change of one query, both as they stand in the copy."""

    file: str
    edit: Edit
    query: str

    @property
    def line(self) -> int:
        """Line (1-based) on which the change begins."""
        return self.edit.line(self.query)

    @property
    def text(self) -> str:
        """That line as it was."""
        return self.query.splitlines()[self.line - 1].strip()


def made(copy: Path, package: str) -> list[QueryMutant]:
    """Every mutant of every query of a package."""
    files = sorted((copy / "src/headway" / package).rglob("*.sql"))
    queries = [(str(file.relative_to(copy)), file.read_text(encoding="utf-8")) for file in files]
    return [QueryMutant(file, edit, query) for file, query in queries for edit in edits_of(query)]


def sampled(mutants: list[QueryMutant], most: int, seed: int) -> list[QueryMutant]:
    """At most `most` of them, each as likely as any other; which, depends on nothing but the seed and the mutant."""
    return sorted(mutants, key=lambda one: drawn(seed, f"{one.file} {one.text} {one.edit}"))[:most]


def tests_of(copy: Path, file: str) -> list[str]:
    """The test files that ask a log; of a rule's query, of the rules' own only that rule's. Those come first."""
    asking = [
        str(test.relative_to(copy))
        for folder in TESTS
        for test in sorted((copy / folder).rglob("test_*.py"))
        if any(mark in test.read_text(encoding="utf-8") for mark in ASKS_THE_LOG)
    ]
    if "/rules/" not in file:
        return asking
    return [test for test in asking if "/rules/" not in test or test.endswith(f"test_{Path(file).stem}.py")]


def start(copy: Path, mutants: list[QueryMutant]) -> subprocess.Popen[bytes]:
    """Begin to run the mutants in `copy`; `results` reads what became of them, however the process ends."""
    jobs = [
        {
            "number": number,
            "file": mutant.file,
            "start": mutant.edit.start,
            "end": mutant.edit.end,
            "text": mutant.edit.text,
            "tests": tests_of(copy, mutant.file),
        }
        for number, mutant in enumerate(mutants)
    ]
    (copy / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    path = {"PYTHONPATH": f"{copy / 'src'}:{copy / 'tools'}"}
    command = [sys.executable, "-m", "mutation.sql_runner", "jobs.json", "results.jsonl"]
    return subprocess.Popen(command, cwd=copy, env=environment(copy) | path)


def results(copy: Path) -> dict[int, str]:
    """Status by the number of the mutant: killed, survived, timeout, or invalid."""
    file = copy / "results.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {row["number"]: row["status"] for row in map(json.loads, lines)}
