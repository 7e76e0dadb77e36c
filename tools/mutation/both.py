"""Runs the mutants of both languages: first the queries, one process per package, then the Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutation import python, queries
from mutation.report import Row

PROCESSES = 2
Made = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which mutants to run: of which packages and languages, at most how many of each, drawn by which seed."""

    packages: Sequence[str]
    languages: Sequence[str]
    most: int
    seed: int


def ran(copies: Mapping[str, Path], asked: Asked, killed: Iterable[Row]) -> tuple[list[Row], Made, bool]:
    """What became of each sampled mutant, how many there are by package and language, and whether all were run.

    `copies`: of the tree, one per package and one for `Python`. `killed`: rows of an earlier run that need not be run
    again; they count where the sample holds them.
    """
    before = {_key(row): row for row in killed}
    rows: list[Row] = []
    made: Made = {}
    whole = True
    if "SQL" in asked.languages:
        found, whole = _query_rows(copies, asked, before, made)
        rows += found
    if "Python" in asked.languages:
        found, all_python = _python_rows(copies["Python"], asked, before, made)
        rows += found
        whole = whole and all_python
    return rows, made, whole


def _query_rows(
    copies: Mapping[str, Path], asked: Asked, before: Mapping[tuple[str, ...], Row], made: Made
) -> tuple[list[Row], bool]:
    rows, running = [], []
    for package in asked.packages:
        mutants = queries.made(copies[package], package)
        made[package, "SQL"] = len(mutants)
        chosen = queries.sampled(mutants, asked.most, asked.seed)
        carried = [before.get(_key(_query_row(mutant, "survived"))) for mutant in chosen]
        rows += [row for row in carried if row is not None]
        queue = [mutant for mutant, row in zip(chosen, carried, strict=True) if row is None]
        running.append((package, queue, queries.start(copies[package], queue)))
    whole = True
    for package, queue, process in running:
        process.wait()
        found = queries.results(copies[package])
        whole = whole and len(found) == len(queue)
        rows += [_query_row(queue[number], status) for number, status in found.items() if status != "invalid"]
    return rows, whole


def _python_rows(copy: Path, asked: Asked, before: Mapping[tuple[str, ...], Row], made: Made) -> tuple[list[Row], bool]:
    mutants = python.made(copy)
    chosen = []
    for package in asked.packages:
        own = [mutant for mutant in mutants if f"/{package}/" in mutant.file]
        made[package, "Python"] = len(own)
        chosen += python.sampled(own, asked.most, asked.seed)
    carried = [row for mutant in chosen if (row := before.get(("Python", mutant.file, mutant.name)))]
    names = {mutant.name for mutant in chosen} - {row.name for row in carried}
    if names:
        python.run(copy, sorted(names), PROCESSES)
    rows = []
    for mutant in python.results(copy):
        if mutant.name in names and mutant.status != "not run":
            line, text, change = python.described(copy, mutant) if mutant.status == "survived" else (0, "", "")
            rows.append(Row("Python", mutant.file, line, text, change, mutant.status, name=mutant.name))
    return [*carried, *rows], len(rows) == len(names)


def _query_row(mutant: queries.QueryMutant, status: str) -> Row:
    change = mutant.edit.change(mutant.query)
    return Row("SQL", mutant.file, mutant.line, mutant.text, change, status, name=str(mutant.edit.start))


def _key(row: Row) -> tuple[str, ...]:
    """The same mutant in two runs on the same file: mutmut's name of it, or place and change."""
    named = (row.language, row.file, row.name)
    return named if row.language == "Python" else (*named, row.change)
