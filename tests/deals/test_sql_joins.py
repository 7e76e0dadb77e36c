"""No query asks of the left side alone inside the ON of an outer join: the engine answers that with a nested loop.

On 100,000 deals such a join took over ten minutes where an equality takes a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

ENDS = r"\b(?:LEFT|JOIN|WHERE|GROUP|ORDER|CROSS|INNER|WINDOW|QUALIFY|UNION|HAVING)\b|\)\s*(?:,|SELECT)|;|\Z"
OUTER = re.compile(rf"LEFT JOIN\s+(?:\w+|\(.*?\))\s+(?:AS\s+)?(\w+)\s+ON\s+(.*?)(?={ENDS})", re.DOTALL)


def asked_of_the_left(query: str) -> Iterator[str]:
    """The parts of ON that do not name what is joined."""
    for alias, condition in OUTER.findall(re.sub(r"--.*", "", query)):
        yield from (part.strip() for part in re.split(r"\bAND\b", condition) if f"{alias}." not in part)


def queries() -> list[Path]:
    """Every query of the product."""
    return sorted(Path(str(files("headway"))).rglob("*.sql"))


@pytest.mark.parametrize("file", queries(), ids=lambda file: f"{file.parent.parent.name}-{file.stem}")
def test_an_outer_join_asks_of_what_it_joins(file: Path) -> None:
    found = list(asked_of_the_left(file.read_text()))
    assert not found, f"{file.name}: put into a column of the left side: {found}"


def test_the_check_sees_such_a_join() -> None:
    slow = "SELECT * FROM f LEFT JOIN e AS x ON x.n = f.n AND f.rule = 'late' WHERE true"
    assert list(asked_of_the_left(slow)) == ["f.rule = 'late'"]
    assert not list(asked_of_the_left("SELECT * FROM f LEFT JOIN e AS x ON x.n = f.late AND x.kind = 'a'"))
