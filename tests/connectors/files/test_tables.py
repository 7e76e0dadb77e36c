"""Reading tables: whatever the bytes, a table or one sentence; what was written is what is read."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.connectors.files import delimited
from headway.connectors.files.dialect import Dialect, sniffed
from headway.connectors.files.limits import COMMAND_LINE, UPLOAD, Limits
from headway.connectors.files.parquet import parquet_columns
from headway.connectors.files.repairs import RepairLog
from headway.connectors.files.tables import Table, read_table
from tests.connectors.files.corpus import shape_cases, text_cases, workbook_cases

_SMALL = [case.data for case in text_cases.CASES + shape_cases.CASES + workbook_cases.CASES if len(case.data) < 20_000]
_WITHIN = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)


def _read(tmp_path: Path, data: bytes, name: str = "deals.csv", limits: Limits = COMMAND_LINE) -> Table:
    path = tmp_path / name
    path.write_bytes(data)
    return read_table(path, limits=limits)


def _table_or_sentence(tmp_path: Path, data: bytes) -> None:
    try:
        table = _read(tmp_path, data, limits=UPLOAD)
    except UserError as refused:
        assert "\n" not in str(refused)
        assert "deals.csv" in str(refused)
        return
    assert table.data.num_rows == len(table.lines)
    assert table.data.column_names == list(table.columns)
    assert len(set(table.columns)) == len(table.columns) == len(table.kinds)
    assert all(column.type == pa.string() for column in table.data.columns)
    assert all(line > 0 for line in table.lines.to_pylist())


@given(st.binary(max_size=400))
@_WITHIN
def test_any_bytes_give_a_table_or_a_sentence(tmp_path: Path, data: bytes) -> None:
    _table_or_sentence(tmp_path, data)


@given(st.text(alphabet="ab1,;\t|\"'\n\r\\ é\0", max_size=120))
@example('"')
@example('a,b\n"x""')
@_WITHIN
def test_any_text_gives_a_table_or_a_sentence(tmp_path: Path, text: str) -> None:
    _table_or_sentence(tmp_path, text.encode())


@given(st.sampled_from(_SMALL), st.data())
@_WITHIN
def test_a_damaged_file_gives_a_table_or_a_sentence(tmp_path: Path, seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    _table_or_sentence(tmp_path, bytes(damaged[:cut] if data.draw(st.booleans()) else damaged))


# Letters that every encoding below has; what a cell may not begin or end with is what is trimmed.
_CELL = st.text(alphabet="abcXYZ019 ,;\t|\"'\n.éüß€-", max_size=8).map(str.strip)
_NAME = st.text(alphabet="abcdefgéüß", min_size=1, max_size=8)


@st.composite
def _written(draw: st.DrawFn) -> tuple[list[str], list[list[str]], bytes]:
    names = draw(st.lists(_NAME, min_size=2, max_size=5, unique=True))
    rows = draw(st.lists(st.lists(_CELL, min_size=len(names), max_size=len(names)), min_size=3, max_size=12))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    separator = draw(st.sampled_from(",;\t|"))
    out = io.StringIO(newline="")
    # Where quotes are optional, the cells hold none of the other separators: nothing could decide between them then.
    if quoting == csv.QUOTE_MINIMAL:
        rows = [[cell.translate(str.maketrans("", "", ',;\t|"\n')).strip() for cell in row] for row in rows]
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow(names)
    writer.writerows(rows)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]))
    # In Windows-1252 an accented letter before a euro sign spells one UTF-8 letter (DF 80): nothing could tell.
    assume(encoding != "cp1252" or "€" not in out.getvalue())
    data = out.getvalue().encode(encoding)
    return names, rows, gzip.compress(data) if draw(st.booleans()) else data


@given(_written())
@_WITHIN
def test_what_was_written_is_read_back(tmp_path: Path, written: tuple[list[str], list[list[str]], bytes]) -> None:
    names, rows, data = written
    table = _read(tmp_path, data)
    assert table.columns == tuple(names)
    read = [[row[name] for name in names] for row in table.data.to_pylist()]
    assert read == [[cell or None for cell in row] for row in rows if any(row)]


@given(st.lists(st.sampled_from(["a,b,c", '"x","y","z"', '1,"two\nlines",3', "", "a,b", "a,b,c,d", ",,", "a,b,c,,",
                                 '"Grand Totals (3 records)"', '"Grand Totals (3 records)",,', " ,x,y", '"q""q",1,2']),
                max_size=30))  # fmt: skip
@_WITHIN
def test_the_fast_way_and_the_careful_way_agree(lines: list[str]) -> None:
    text = "\r\n".join(["Id,Name,Amount", *lines])
    dialect = Dialect(",", '"')
    outcomes = []
    for read, content in ((delimited._quickly, text.encode()), (delimited._carefully, text)):
        log = RepairLog()
        try:
            found = read(content, dialect, "deals.csv", COMMAND_LINE, log)  # type: ignore[operator]
            assert found is not None, "this text is regular"
            table = delimited.finished("deals.csv", *found, "", COMMAND_LINE, log)
            repairs = sorted((repair.what, repair.count, sorted(repair.lines)) for repair in table.repairs)
            outcomes.append((table.columns, table.data.to_pylist(), table.lines.to_pylist(), repairs))
        except UserError as refused:
            outcomes.append(str(refused))
    assert outcomes[0] == outcomes[1]


def test_a_large_file_is_read_whole_with_its_lines(tmp_path: Path) -> None:
    """Many parser blocks, quoted line ends and a ragged row in the middle: no row is lost or moved."""
    rows = [f'{number},"name\n{number}",{number}.50' for number in range(300_000)]
    rows[150_000] = "short,row"
    table = _read(tmp_path, ("Id,Name,Amount\n" + "\n".join(rows)).encode())
    assert len(table) == 300_000
    assert table.data["Id"].to_pylist()[-1] == "299999"
    assert table.lines[149_999].as_py() == 2 + 149_999 * 2
    assert [(repair.what, repair.lines) for repair in table.repairs] == [("short row", (2 + 150_000 * 2,))]
    assert table.lines[150_001].as_py() == 2 + 150_000 * 2 + 1
    assert table.data["Name"][299_999].as_py() == "name\n299999"


def test_the_dialect_of_a_large_file_is_checked_against_every_record(tmp_path: Path) -> None:
    """A long run of quoted notes with commas does not turn a semicolon file into a comma file."""
    rows = [f"{number};{number},50;a" for number in range(100)] + [f'{n};"{"x, " * 20}";b' for n in range(80_000)]
    table = _read(tmp_path, ("Id;Amount;Name\n" + "\n".join(rows)).encode())
    assert table.columns == ("Id", "Amount", "Name")
    assert len(table) == 80_100
    assert table.repairs == ()


def test_limits_are_kept(tmp_path: Path) -> None:
    rows = b"Id,Name\n" + b"1,a\n" * 50
    with pytest.raises(UserError, match="more than the 20 rows"):
        _read(tmp_path, rows, limits=Limits(rows=20))
    with pytest.raises(UserError, match="more than the 20 rows"):
        _read(tmp_path, rows + b'1,"a"b"\n', limits=Limits(rows=20))
    with pytest.raises(UserError, match="larger than the 100 bytes"):
        _read(tmp_path, rows, limits=Limits(bytes=100))
    with pytest.raises(UserError, match=r"unpacked.* larger than the 1.0 MB"):
        _read(tmp_path, gzip.compress(b"Id,Name\n" + b"0" * 5_000_000), limits=Limits(bytes=1_000_000))
    with pytest.raises(UserError, match="'Name', holds 30 bytes"):
        _read(tmp_path, b"Id,Name\n1," + b"a" * 30 + b"\n", limits=Limits(cell_bytes=20))
    assert len(_read(tmp_path, rows, limits=Limits(rows=50))) == 50


def test_a_parquet_file_over_the_limits_is_refused_by_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"case": pa.array(["x" * 100] * 100_000)}), path, use_dictionary=False, compression="zstd")
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="more than the 1,000 rows"):
        read_table(path, limits=Limits(rows=1_000))
    with pytest.raises(UserError, match=r"unpacks to 10\.\d MB, more than the 1\.0 MB"):
        read_table(path, limits=Limits(bytes=1_000_000))


def test_the_columns_of_a_parquet_file_are_known_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"case": ["a", "b"], "n": [1, 2]}), path)
    found = parquet_columns(path)
    assert (found.columns, found.kinds, found.rows) == (("case", "n"), ("text", "number"), 2)
    assert found.path == path
    with pytest.raises(UserError, match=r"gone\.parquet does not exist"):
        parquet_columns(tmp_path / "gone.parquet")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone\.csv does not exist"):
        read_table(tmp_path / "gone.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_table(tmp_path)


def test_the_real_export_needs_no_repair() -> None:
    path = Path(__file__).parents[4] / "shared/data/crm_sales/sales_pipeline.csv"
    if not path.exists():
        pytest.skip("the crm_sales data set is not beside the repository")
    table = read_table(path)
    assert (len(table), len(table.columns), table.repairs) == (8_800, 10, ())
    assert table.data["close_value"].null_count == 2_089


def test_a_dialect_is_noted_once() -> None:
    log = RepairLog()
    dialect, body = sniffed(b"sep=;\nId;Name\n1;a\n", log)
    assert (dialect.separator, dialect.lines_before, body) == (";", 1, b"Id;Name\n1;a\n")
    assert [repair.lines for repair in log.repairs()] == [(1,)]
