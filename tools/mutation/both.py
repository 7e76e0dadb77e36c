"""Runs the mutants of both languages side by side, one process each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from mutation import python, queries
from mutation.report import Row

Made = dict[tuple[str, str], int]


def ran(
    python_copy: Path,
    sql_copy: Path,
    packages: Sequence[str],
    killed: Iterable[Row],
    *,
    only: str | None,
    most: int,
    seed: int,
) -> tuple[list[Row], Made]:
    """What became of each sampled mutant, and how many there are by package and language.

    `killed`: rows of an earlier run that need not be run again; they count where the sample holds them.
    """
    before = {_key(row): row for row in killed}
    rows: list[Row] = []
    made: Made = {}
    if only != "python":
        queue = []
        for package in packages:
            mutants = queries.made(sql_copy, package)
            made[package, "SQL"] = len(mutants)
            queue += queries.sampled(mutants, most, seed)
        carried = [before.get(_key(_query_row(mutant, "survived"))) for mutant in queue]
        rows += [row for row in carried if row is not None]
        queue = [mutant for mutant, row in zip(queue, carried, strict=True) if row is None]
        running = queries.start(sql_copy, queue)
    if only != "sql":
        rows += _python_rows(python_copy, packages, before, made, most, seed)
    if only != "python":
        if running.wait() != 0:
            raise SystemExit("the run of the SQL mutants failed; see above")
        found = queries.results(sql_copy)
        rows += [_query_row(mutant, found[n]) for n, mutant in enumerate(queue) if found[n] != "invalid"]
    return rows, made


def _python_rows(
    copy: Path, packages: Sequence[str], before: dict[tuple[str, ...], Row], made: Made, most: int, seed: int
) -> list[Row]:
    mutants = python.made(copy)
    chosen = []
    for package in packages:
        own = [mutant for mutant in mutants if f"/{package}/" in mutant.file]
        made[package, "Python"] = len(own)
        chosen += python.sampled(own, most, seed)
    carried = [row for mutant in chosen if (row := before.get(("Python", mutant.file, mutant.name)))]
    names = {row.name for row in carried}
    queue = [mutant for mutant in chosen if mutant.name not in names]
    if queue:
        python.run(copy, [mutant.name for mutant in queue], 1)
    wanted = {mutant.name for mutant in queue}
    rows = []
    for mutant in python.results(copy):
        if mutant.name in wanted:
            line, text, change = python.described(copy, mutant) if mutant.status == "survived" else (0, "", "")
            rows.append(Row("Python", mutant.file, line, text, change, mutant.status, name=mutant.name))
    return [*carried, *rows]


def _query_row(mutant: queries.QueryMutant, status: str) -> Row:
    change = mutant.edit.change(mutant.query)
    return Row("SQL", mutant.file, mutant.line, mutant.text, change, status, name=str(mutant.edit.start))


def _key(row: Row) -> tuple[str, ...]:
    """The same mutant in two runs on the same file: mutmut's name of it, or place and change."""
    named = (row.language, row.file, row.name)
    return named if row.language == "Python" else (*named, row.change)
