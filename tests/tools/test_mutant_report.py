"""What a run of mutants says: shares, intervals, survivors and those that nothing can kill."""

from __future__ import annotations

import pytest

from headway.conformance.shares import wilson_bounds
from tools.mutation.report import Row, figure, markdown, meets_bar, pooled, with_reasons


def row(file: str, status: str, language: str = "SQL", line: int = 3) -> Row:
    return Row(language, f"src/headway/{file}", line, "WHERE a < b", "`<` → `<=`", status)


KILLED = [row("evidence/sql/a.sql", "killed")] * 7 + [row("evidence/sql/b.sql", "timeout")]
SURVIVED = [row("evidence/sql/b.sql", "survived")] * 2


def test_a_share_counts_timeouts_as_killed_and_has_wilsons_interval() -> None:
    found = figure(KILLED + SURVIVED, 240)
    assert (found.killed, found.n, found.made, found.share) == (8, 10, 240, 0.8)
    assert (found.low, found.high) == pytest.approx(wilson_bounds(8, 10))


def test_a_package_weighs_each_sample_by_the_mutants_it_stands_for() -> None:
    found = pooled([figure(KILLED, 300), figure(SURVIVED, 100), figure([], 0)])
    assert (found.share, found.made, found.n) == (0.75, 400, 10)
    alike = pooled([figure(KILLED + SURVIVED, 50), figure(KILLED + SURVIVED, 50)])
    assert (alike.low, alike.high) == pytest.approx(wilson_bounds(16, 20))


def test_the_bar_is_asked_of_each_package() -> None:
    rows = KILLED + SURVIVED
    assert meets_bar(rows, {("evidence", "SQL"): 240})
    assert not meets_bar(rows + SURVIVED, {("evidence", "SQL"): 240})


def test_the_page_lists_survivors_with_place_and_change() -> None:
    page = markdown(KILLED + SURVIVED[:1], {("evidence", "SQL"): 240}, "make mutants")
    assert "| evidence | SQL | 240 | 9 | 8 | 89 %" in page
    assert "| `evidence/sql/b.sql` | 2 | 1 | 50 %" in page
    assert "- `evidence/sql/b.sql:3` `<` → `<=` in `WHERE a < b`\n" in page
    assert page.index("## Survivors") < page.index("evidence/sql/b.sql:3") < page.index("## Equivalent")


def test_only_survivors_listed_by_file_line_and_change_have_a_reason() -> None:
    assert all(found.reason == "" for found in with_reasons(SURVIVED))
