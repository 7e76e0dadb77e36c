"""Headway's own event file is known by its columns, in whichever kind of file they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from headway.basics.errors import UserError
from headway.connectors.files.headway_events import holds_headway_events
from tests.connectors.reading_log import read

TEXT = """deal,kind,name,happened_at,contact,grade,amount,due_on,note
D-1,deal_created,,2026-02-02T09:30:00Z,,,,,
D-1,amount_set,,2026-02-02T09:30:00Z,,,1250.5,,
D-1,stage_claimed,Discovery,2026-02-03T00:00:00Z,,,,,
D-1,evidence_recorded,problem_stated,2026-02-03T10:00:00Z,Dana Reyes,2,,,"We lose a day, every week."
D-1,act_agreed,sends the list,2026-02-04T10:00:00Z,Dana Reyes,,,2026-02-11,
"""


def as_parquet(folder: Path, text: str) -> Path:
    """The same rows with instants, dates and numbers as what they are."""
    names, *rows = (line.replace('"', "").split(",", 8) for line in text.splitlines())
    columns = {name: [row[place] or None for row in rows] for place, name in enumerate(names)}
    typed = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    moments = [datetime.fromisoformat(said or "").astimezone(UTC) for said in columns["happened_at"]]
    typed["happened_at"] = pa.array(moments, pa.timestamp("us", "UTC"))
    typed["grade"] = pa.array([said and int(said) for said in columns["grade"]], pa.uint8())
    typed["amount"] = pa.array([said and float(said) for said in columns["amount"]], pa.float64())
    typed["due_on"] = pa.array([said and datetime.fromisoformat(said).date() for said in columns["due_on"]])
    path = folder / "acts.parquet"
    pq.write_table(pa.table(typed), path)
    return path


def test_text_and_parquet_say_the_same(tmp_path: Path) -> None:
    text = tmp_path / "acts.csv"
    text.write_text(TEXT, encoding="utf-8")
    parquet = as_parquet(tmp_path, TEXT)
    one, two = read([text]), read([parquet])
    assert one.events == two.events and len(one.events) == 5
    assert one.deals == two.deals


def test_another_parquet_file_and_a_cut_off_one_are_not_taken_for_it(tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"Id": ["1"], "kind": ["x"]}), other)
    cut_off = as_parquet(tmp_path, TEXT)
    assert holds_headway_events(cut_off)
    cut_off.write_bytes(cut_off.read_bytes()[:-20])
    assert not holds_headway_events(other) and not holds_headway_events(cut_off)
    with pytest.raises(UserError, match="damaged or cut-off Parquet"):
        read([cut_off])
