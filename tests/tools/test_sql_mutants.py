"""The mutator of queries: what it changes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutation.sql import edits_of

PACKAGES = [Path(__file__).parents[2] / "src/headway" / name for name in ("evidence", "conformance")]
QUERIES = sorted(file for package in PACKAGES for file in package.rglob("*.sql"))


def mutants(query: str) -> list[str]:
    return [" ".join(edit.applied(query).split()) for edit in edits_of(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("a <= b", ["a < b"]),
        ("a > b", ["a >= b"]),
        ("a >= b", ["a > b"]),
        ("a = b", ["a <> b"]),
        ("a <> b", ["a = b"]),
        ("a AND b", ["a OR b"]),
        ("a OR b", ["a AND b"]),
        ("NOT a", ["a"]),
        ("a IS NULL", ["a IS NOT NULL"]),
        ("a IS NOT NULL", ["a IS NULL"]),
        ("a IS NOT DISTINCT FROM b", ["a IS DISTINCT FROM b"]),
        ("a IN ('x')", ["a NOT IN ('x')"]),
        ("a NOT IN ('x')", ["a IN ('x')"]),
        ("min(a)", ["max(a)"]),
        ("greatest(a, b)", ["least(a, b)"]),
        ("a LEFT JOIN b", ["a JOIN b"]),
        ("a JOIN b", ["a LEFT JOIN b"]),
        ("SELECT DISTINCT a", ["SELECT a"]),
        ("a ORDER BY b DESC", ["a", "a ORDER BY b"]),
        ("(SELECT a ORDER BY b) AS c", ["(SELECT a ) AS c"]),
        ("a UNION ALL b", ["a EXCEPT b"]),
        ("coalesce(f(a, b), FALSE)", ["(f(a, b))", "coalesce(f(a, b), TRUE)"]),
        ("CAST(a AS DATE)", ["(a)"]),
        ("a - 1", ["a + 1", "a - 2"]),
        ("a / 86400000000.0", ["a * 86400000000.0", "a / 172800000000.0"]),
        ("quantile_cont(a, 0.9)", ["quantile_cont(a, 0.45)"]),
    ],
)
def test_each_change_it_knows(query: str, expected: list[str]) -> None:
    assert mutants(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "-- a < b AND NOT c, at least 2\nSELECT a",
        "SELECT 'a < 1 AND b'",
        "SELECT count(*), e.* FROM e",
        "SELECT * EXCLUDE (a) FROM e",
        "CREATE OR REPLACE TABLE a AS SELECT b",
    ],
)
def test_comments_quotes_and_words_that_say_nothing_apart_are_left_alone(query: str) -> None:
    assert mutants(query) == []


def test_each_change_is_one_place_with_its_line() -> None:
    query = "SELECT a\nFROM b\nWHERE a < 1"
    assert [(edit.line(query), edit.change(query)) for edit in edits_of(query)] == [(3, "`<` → `<=`"), (3, "`1` → `2`")]


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_every_mutant_of_the_queries_differs_from_them_and_from_each_other(file: Path) -> None:
    query = file.read_text(encoding="utf-8")
    found = {edit.applied(query) for edit in edits_of(query)}
    assert query not in found
    assert len(found) == len(edits_of(query))
