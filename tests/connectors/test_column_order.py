"""Whatever the order of columns and rows, a file says the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors import hubspot_exports as crm
from tests.connectors import salesforce_exports as sf
from tests.connectors.exports import Row, written
from tests.connectors.reading_log import Found, read

TABLES: dict[str, Callable[[], list[list[Row]]]] = {
    "loader": lambda: [sf.opportunities(deleted=True), sf.opportunity_history()],
    "report": lambda: [sf.report("de"), sf.history_report("de")],
    "fields": lambda: [sf.report("fr"), sf.field_history("fr")],
    "hubspot": lambda: [crm.hubspot("es", pipelines=("One", "Two"))],
    "pipedrive": lambda: [crm.pipedrive("de")],
}


def read_tables(tables: list[list[Row]], orders: list[Any]) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (rows, order) in enumerate(zip(tables, orders, strict=True)):
            columns = order if order is not None else list(rows[0])
            path = Path(folder) / f"{number}.csv"
            path.write_bytes(written([{column: row.get(column, "") for column in columns} for row in rows]))
            paths.append(path)
        return read(paths)


@cache
def as_written(name: str) -> Found:
    tables = TABLES[name]()
    return read_tables(tables, [None] * len(tables))


@pytest.mark.parametrize("name", list(TABLES))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_shuffled_columns_and_extra_ones_give_the_same_log(name: str, data: st.DataObject) -> None:
    tables = TABLES[name]()
    orders = [data.draw(st.permutations([*rows[0], "Anything else"])) for rows in tables]
    plain, shuffled = as_written(name), read_tables(tables, orders)
    assert shuffled.events == plain.events
    assert shuffled.deals == plain.deals
    assert shuffled.repairs() == plain.repairs()
    assert [file.layout for file in shuffled.report.files] == [file.layout for file in plain.report.files]
