"""Reading XES: the real log cell by cell, small logs with every oddity the standard allows, and files that lie."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import duckdb
import pytest

from headway.basics.errors import UserError
from headway.connectors.files.limits import Limits
from headway.connectors.files.xes import Keys, XesTable, read_xes

REAL = Path(__file__).parents[3] / "../shared/data/loan_applications/BPI_Challenge_2012.xes.gz"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real loan log is not in ../shared/data")

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
NOON = "2020-01-01T12:00:00+00:00"


def utc(*parts: int) -> datetime:
    """The event log's instants: UTC, without zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def event(name: str = "A", at: str = NOON, more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{at}"/>{more}</event>\n'
    )


def trace(body: str, case: str = "1", more: str = "") -> str:
    return f'<trace><string key="concept:name" value="{case}"/>{more}\n{body}</trace>\n'


def log(*traces: str, head: str = HEAD) -> str:
    return head + "".join(traces) + "</log>\n"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(content: str | bytes, name: str = "log.xes", **options: Any) -> XesTable:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_xes(path, **options)

    return read_text


def rows(table: XesTable, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table.events[column].to_pylist() for column in columns), strict=True))


def happened(table: XesTable) -> dict[str, tuple[str, int, tuple[int, ...]]]:
    return {repair.what: (repair.action, repair.count, repair.lines) for repair in table.repairs}


# The real log


@pytest.mark.slow
@needs_real
def test_the_real_log_is_read_cell_by_cell_as_the_standard_library_reads_it() -> None:
    table = read_xes(REAL)
    columns = ("case", "name", "lifecycle", "resource", "at", "source_order")
    assert (len(table.traces), len(table.events)) == (13_087, 262_200)
    for number, (got, expected) in enumerate(zip(rows(table, *columns), expected_rows(REAL), strict=True)):
        assert got == expected, f"event {number}"
    about = list(zip(*(table.traces[c].to_pylist() for c in ("case", "AMOUNT_REQ", "REG_DATE")), strict=True))
    assert about == list(expected_traces(REAL))
    assert table.repairs == ()
    assert dict(table.event_keys)["org:resource"] == 244_190


@needs_real
def test_lines_of_the_real_log_are_where_its_events_begin() -> None:
    table = read_xes(REAL)
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        begins = [number for number, text in enumerate(file, 1) if "<event>" in text]
    assert table.events["line"].to_pylist() == begins


@needs_real
def test_the_real_log_has_its_known_size_and_duckdb_takes_it_as_it_is() -> None:
    events = read_xes(REAL).events
    query = 'SELECT count(DISTINCT "case"), count(DISTINCT name), count(resource), min("at"), max("at") FROM events'
    assert duckdb.sql(query).fetchone() == (
        13_087, 24, 244_190, utc(2011, 9, 30, 22, 38, 44, 546000), utc(2012, 3, 14, 15, 4, 54, 681000),
    )  # fmt: skip
    assert len(events) == 262_200


def expected_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    order = 0
    for element in traces_of(path):
        about = attributes_of(element)
        for child in element:
            if local(child) == "event":
                own = attributes_of(child)
                at = datetime.fromisoformat(own["time:timestamp"]).astimezone(UTC).replace(tzinfo=None)
                texts = (own["concept:name"], own.get("lifecycle:transition"), own.get("org:resource"))
                yield (about["concept:name"], *texts, at, order)
                order += 1


def expected_traces(path: Path) -> Iterator[tuple[str, str, str]]:
    for element in traces_of(path):
        about = attributes_of(element)
        yield about["concept:name"], about["AMOUNT_REQ"], about["REG_DATE"]


def traces_of(path: Path) -> Iterator[ElementTree.Element]:
    with gzip.open(path) as file:
        for _, element in ElementTree.iterparse(file):
            if local(element) == "trace":
                yield element
                element.clear()


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def attributes_of(element: ElementTree.Element) -> dict[str, str]:
    """Key and value of the attributes directly under an element, the first of each key."""
    found: dict[str, str] = {}
    for child in element:
        if "key" in child.attrib and local(child) not in ("event", "trace") and "value" in child.attrib:
            found.setdefault(child.attrib["key"], child.attrib["value"])
    return found


# What the standard allows


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-01-01T12:00:00+02:00", utc(2020, 1, 1, 10)),
        ("2020-01-01T12:00:00+0200", utc(2020, 1, 1, 10)),
        ("2020-01-01T12:00:00-05:30", utc(2020, 1, 1, 17, 30)),
        ("2020-01-01T12:00:00Z", utc(2020, 1, 1, 12)),
        ("2020-01-01T12:00:00.5Z", utc(2020, 1, 1, 12, 0, 0, 500_000)),
        ("2020-01-01T12:00:00.123456789+01:00", utc(2020, 1, 1, 11, 0, 0, 123_456)),
        ("1969-12-31T23:59:59.999Z", utc(1969, 12, 31, 23, 59, 59, 999_000)),
        (" 2020-01-01T12:00:00Z ", utc(2020, 1, 1, 12)),
    ],
)
def test_a_time_with_a_zone_is_that_instant(read: Any, written: str, meant: datetime) -> None:
    table = read(log(trace(event(at=written))))
    assert rows(table, "at") == [(meant,)]
    assert table.repairs == ()


def test_a_time_without_a_zone_is_taken_to_be_in_the_zone_given_and_counted(read: Any) -> None:
    text = log(trace(event(at="2020-07-01T12:00:00") + event(at="2020-01-01") + event()))
    assert rows(read(text), "at") == [(utc(2020, 7, 1, 12),), (utc(2020, 1, 1),), (utc(2020, 1, 1, 12),)]
    amsterdam = read(text, zone=ZoneInfo("Europe/Amsterdam"))
    assert [at for (at,) in rows(amsterdam, "at")][:2] == [utc(2020, 7, 1, 10), utc(2019, 12, 31, 23)]
    assert happened(amsterdam) == {"time without a zone": ("assumed", 2, (4, 5))}


@pytest.mark.parametrize(
    "written", ["01.02.2020 10:00", "yesterday", "2020-13-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
def test_an_unreadable_time_drops_the_event_and_is_counted_with_its_line(read: Any, written: str) -> None:
    table = read(log(trace(event("A") + event("B", at=written) + event("C"))))
    assert rows(table, "name", "source_order") == [("A", 0), ("C", 2)]
    assert happened(table) == {"unreadable time": ("dropped", 1, (5,))}


def test_events_without_name_or_time_are_dropped_and_counted(read: Any) -> None:
    nameless = f'<event><date key="time:timestamp" value="{NOON}"/></event>\n'
    timeless = '<event><string key="concept:name" value="B"/></event>\n'
    table = read(log(trace(event("A") + nameless + timeless + "<event/>\n" + event("  ") + event("Z"))))
    assert rows(table, "name", "source_order", "line") == [("A", 0, 4), ("Z", 5, 9)]
    assert happened(table) == {
        "event without a name": ("dropped", 3, (5, 7, 8)),
        "event without a time": ("dropped", 1, (6,)),
    }


def test_values_of_every_type_are_the_text_that_was_written(read: Any) -> None:
    more = (
        '<int key="i" value="007"/><float key="f" value="0.10"/><boolean key="b" value="true"/>'
        '<id key="u" value="x-1"/>'
        '<int key="name" value="5"/>'
    )
    named_by_number = f'<event><int key="concept:name" value="5"/><date key="time:timestamp" value="{NOON}"/></event>'
    keys = ("i", "f", "b", "u", "absent", "name")
    table = read(log(trace(event(more=more) + named_by_number, more='<int key="line" value="9"/>')), attributes=keys)
    columns = ("name", "i", "f", "b", "u", "absent", "attribute:name")
    assert rows(table, *columns) == [
        ("A", "007", "0.10", "true", "x-1", None, "5"),
        ("5", None, None, None, None, None, None),
    ]
    assert table.traces["attribute:line"].to_pylist() == ["9"]
    assert dict(table.event_keys) == {"concept:name": 2, "time:timestamp": 2, "i": 1, "f": 1, "b": 1, "u": 1, "name": 1}


def test_what_is_nested_never_replaces_what_is_not(read: Any) -> None:
    hidden = '<string key="concept:name" value="HIDDEN"/>'
    more = f'<string key="o" value="outer">{hidden}</string><list key="l"><values>{hidden}</values></list>'
    table = read(log(trace(event(more=more), more=f'<container key="c">{hidden}</container>\n')), attributes=["o", "l"])
    assert rows(table, "case", "name", "o", "l") == [("1", "A", "outer", None)]
    assert happened(table) == {"nested": ("dropped", 3, (3, 5, 5))}


def test_the_first_of_two_values_for_one_key_is_kept_and_counted(read: Any) -> None:
    table = read(log(trace(event(more='\n<string key="concept:name" value="B"/>'))))
    assert rows(table, "name") == [("A",)]
    assert happened(table) == {"doubled": ("dropped", 1, (5,))}


def test_defaults_of_global_attributes_are_not_put_where_a_value_is_missing(read: Any) -> None:
    scope = '<global scope="event"><string key="org:resource" value="UNKNOWN"/></global>\n'
    assert rows(read(log(trace(event()), head=HEAD + scope)), "resource") == [(None,)]


def test_two_traces_are_two_cases_whatever_they_are_called(read: Any) -> None:
    nameless = f"<trace>\n{event()}</trace>\n"
    table = read(log(trace(event()), trace(event("B")), nameless, trace(event(), case="trace 3"), trace(event())))
    assert [case for (case,) in rows(table, "case")] == ["1", "1 (2)", "trace 3 (2)", "trace 3", "1 (3)"]
    assert table.traces["concept:name"].to_pylist() == ["1", "1", None, "trace 3", "1"]
    assert happened(table) == {
        "trace without a name": ("repaired", 1, (9,)),
        "repeated trace name": ("repaired", 2, (6, 15)),
    }


def test_traces_are_listed_with_their_attributes_even_without_events(read: Any) -> None:
    table = read(log(trace("", more='<string key="AMOUNT" value="10"/>'), trace(event(), case="2")))
    assert table.traces.to_pylist() == [
        {"case": "1", "events": 0, "line": 3, "concept:name": "1", "AMOUNT": "10"},
        {"case": "2", "events": 1, "line": 5, "concept:name": "2", "AMOUNT": None},
    ]
    assert happened(table) == {"trace without events": ("noted", 1, (3,))}


def test_an_attribute_that_follows_the_events_still_belongs_to_its_trace(read: Any) -> None:
    text = log(f'<trace>{event()}<string key="concept:name" value="late"/></trace>')
    assert rows(read(text), "case") == [("late",)]


def test_events_outside_traces_are_counted(read: Any) -> None:
    table = read(log(event("LOOSE"), trace(event())))
    assert rows(table, "name") == [("A",)]
    assert happened(table) == {"loose event": ("dropped", 1, (3,))}


def test_other_attributes_may_hold_case_name_and_time(read: Any) -> None:
    own = f'<event><string key="act" value="X"/><string key="when" value="{NOON}"/></event>'
    table = read(log(trace(own, more='<string key="id" value="c7"/>')), keys=Keys(case="id", name="act", at="when"))
    assert rows(table, "case", "name", "at") == [("c7", "X", utc(2020, 1, 1, 12))]


def test_a_key_that_was_named_and_is_nowhere_is_a_slip(read: Any) -> None:
    with pytest.raises(UserError, match=r"has no trace with id: name the attribute .* \(concept:name\)"):
        read(log(trace(event())), keys=Keys(case="id"))
    with pytest.raises(UserError, match=r"none with both a name \(act\).*events carry concept:name, time:timestamp"):
        read(log(trace(event())), keys=Keys(name="act"))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A &amp; B &lt;C&gt; &quot;D&quot; &apos;E&apos;", "A & B <C> \"D\" 'E'"),
        ("&#8364; &#x20AC; &#x1F600;", "€ € 😀"),
        ("a > b / c", "a > b / c"),
        ("two\nlines\tand tab\r\nend", "two lines and tab end"),
        ("&#10;kept", "\nkept"),
        ("it's", "it's"),
        ("Café 日本", "Café 日本"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_a_value_is_the_text_that_xml_says_it_is(read: Any, written: str, meant: str) -> None:
    text = log(trace(event(written)))
    assert rows(read(text), "name") == [(meant,)]
    parsed = ElementTree.fromstring(text.encode())
    assert [e.attrib["value"] for e in parsed.iter() if e.attrib.get("key") == "concept:name"][1] == meant


def test_every_legal_way_of_writing_a_tag_is_read(read: Any) -> None:
    text = f"""<?xml version='1.0'?>
<!-- <event> in a comment --><?note <trace> in an instruction ?>
<x:log xmlns:x="urn:x"><x:global scope='event'></x:global>
<x:trace ><x:string value='1' key='concept:name' ></x:string ><![CDATA[ <x:event> ]]>
<x:event
  id="7"><x:string  key = "concept:name"
 value = 'say "hi"' /><x:date value="{NOON}" key="time:timestamp"><!-- - -> --></x:date></x:event>
</x:trace>
</x:log>
<!-- end -->
"""
    table = read(text)
    assert rows(table, "case", "name", "at", "line") == [("1", 'say "hi"', utc(2020, 1, 1, 12), 5)]
    assert table.repairs == ()


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("GB18030", "gb18030"),
        ("UTF-16", "utf-8"),  # says one thing, is another: .NET does this
        ("US-ASCII", "utf-8"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_encodings(read: Any, declared: str, codec: str, packed: bool) -> None:
    content = log(trace(event("Café ß")), head=HEAD.replace("UTF-8", declared)).encode(codec)
    table = read(gzip.compress(content) if packed else content, name="any.name")
    assert rows(table, "name", "line") == [("Café ß", 4)]
    assert table.repairs == ()


def test_bytes_that_are_not_the_utf8_they_claim_to_be_are_read_as_windows_and_counted(read: Any) -> None:
    content = (HEAD + trace(event("X")) + trace(event("Café"), "2")).encode() + trace(event("Caf€"), "3").encode(
        "cp1252"
    )
    table = read(content + b"</log>")
    assert [name for (name,) in rows(table, "name")] == ["X", "Café", "Caf€"]
    assert happened(table) == {"wrong encoding": ("repaired", 1, (10,))}


def test_progress_is_told_and_ends_at_the_end(read: Any) -> None:
    told: list[tuple[int, int, int]] = []
    text = log(*(trace(event(), case=str(number)) for number in range(100)))
    read(text, progress=lambda *step: told.append(step))
    assert told[-1] == (len(text.encode()), len(text.encode()), 100)


def test_zones_of_one_log_may_differ_and_their_order_is_that_of_the_file(read: Any) -> None:
    zones = [timezone(timedelta(hours=hours)) for hours in (-11, 0, 5, 14)]
    texts = [datetime(2021, 3, 4, 5, 6, 7, tzinfo=zone).isoformat() for zone in zones]
    table = read(log(trace("".join(event(at=text) for text in texts))))
    expected = [datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) for text in texts]
    assert [at for (at,) in rows(table, "at")] == expected


# Limits


def test_limits_are_refused_with_what_to_do(read: Any) -> None:
    text = log(*(trace(event(), case=str(number)) for number in range(50)))
    with pytest.raises(UserError, match=r"log\.xes\.gz unpacks to more than the 1\.0 kB .* split it by date"):
        read(gzip.compress(text.encode()), name="log.xes.gz", limits=Limits(bytes=1000))
    with pytest.raises(UserError, match="holds more than the 49 events"):
        read(text, limits=Limits(rows=49))
    assert len(read(text, limits=Limits(bytes=len(text), rows=50)).events) == 50


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(read: Any) -> None:
    bomb = gzip.compress(HEAD.encode() + b" " * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(UserError, match="unpacks to more than"):
        read(bomb, limits=Limits(bytes=1_000_000))
    with pytest.raises(UserError, match="longer than"):
        read(bomb)


def test_a_value_of_one_megabyte_is_read_and_one_far_longer_is_refused(read: Any) -> None:
    assert rows(read(log(trace(event("x" * 1_000_000)))), "name") == [("x" * 1_000_000,)]
    with pytest.raises(UserError, match="holds a tag or value longer than"):
        read(log(trace(event("x" * 9_000_000))))


def test_a_small_file_cannot_ask_for_a_table_of_any_size(read: Any) -> None:
    many = "".join(f'<trace><int key="k{number}" value="1"/>{event()}</trace>\n' for number in range(30_000))
    with pytest.raises(UserError, match="traces with more than 1,000 different attributes"):
        read(log(many))
    with pytest.raises(UserError, match="events with more than 50 different attributes"):
        wide = "".join(f'<int key="k{number}" value="1"/>' for number in range(51))
        read(log(trace(event(more=wide))), limits=Limits(columns=50))
    with pytest.raises(UserError, match="holds more than the 1,000 events"):
        read(log("<trace/>" * 1_001), limits=Limits(rows=1_000))


def test_wide_traces_are_read_whole(read: Any) -> None:
    wide = "".join(f'<int key="k{number}" value="{number}"/>' for number in range(900))
    traces = read(log(trace(event(), more=wide), trace(event(), "2", more='<int key="k7" value="x"/>'))).traces
    assert [traces[f"k{number}"].to_pylist() for number in range(900)] == [
        [str(number), "x" if number == 7 else None] for number in range(900)
    ]


# Files that are not what they say


def cut(content: str, share: float) -> bytes:
    return content.encode()[: int(len(content.encode()) * share)]


MANY = log(*(trace(event(f"N{number}"), case=str(number)) for number in range(300)))
ENTITIES = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t ", "is empty"),
    "gzip of nothing": (gzip.compress(b""), "unpacks to nothing"),
    "text": (b"hello, world", "is not XML"),
    "csv": (b"case,name,at\n1,A,2020-01-01\n", "is not XML"),
    "html": (b"<!doctype html><html><body>Log in</body></html>", "is a web page"),
    "html without doctype": (b"<html><body>Log in</body></html>", "is a web page"),
    "other xml": (b"<ocel><events/></ocel>", "outermost tag is <ocel>"),
    "zip": (b"PK\x03\x04" + bytes(100), "is a ZIP archive"),
    "parquet": (b"PAR1" + bytes(100), "is a Parquet file"),
    "gzip twice": (gzip.compress(gzip.compress(MANY.encode())), "is not XML"),
    "truncated gzip": (gzip.compress(MANY.encode())[:-100], "is cut off"),
    "gzip head only": (gzip.compress(MANY.encode())[:5], "is cut off"),
    "damaged gzip": (gzip.compress(MANY.encode())[:200] + bytes(200) + gzip.compress(MANY.encode())[400:], "gzip data"),
    "junk after gzip": (gzip.compress(MANY.encode()) + b"junk", "damaged gzip"),
    "cut in the middle": (cut(MANY, 0.5), "is cut off"),
    "cut after a trace": (MANY.removesuffix("</log>\n").encode(), "is cut off"),
    "cut in a tag": (log(trace(event())).encode()[:-12], "is cut off"),
    "cut in a comment": ((HEAD + "<!-- " + "x" * 100).encode(), "is cut off"),
    "comment only": (b"<!-- nothing -->", "only comments"),
    "no traces": (log().encode(), "holds no traces"),
    "empty root": (b"<log/>", "holds no traces"),
    "no events": (log(trace("")).encode(), "not one event"),
    "no times": (log(trace(event(at="never"))).encode(), "none with both a name (concept:name) and a time"),
    "wrong nesting": ((HEAD + "<trace><event></trace></event></log>").encode(), "does not close its tags"),
    "closed twice": (log(trace(event()), "</trace>").encode(), "closes a tag that was never opened"),
    "trace in trace": (log(trace(trace(event()))).encode(), "does not stand directly in <log>"),
    "trace below": (log("<x><trace/></x>").encode(), "does not stand directly in <log>"),
    "wrong order": (log("<trace><event><id></event></id></trace>").encode(), "closes its tags in the wrong order"),
    "two logs": ((log(trace(event())) + log(trace(event()), head="<log>")).encode(), "more than one log"),
    "trace elsewhere": (log("<x>" + trace(event()) + "</x>").encode(), "a <trace> inside another tag"),
    "tag broken": (log(trace(event(more='<string key="a" value=b/>'))).encode(), "has a broken tag"),
    "attribute twice": (log(trace(event(more='<id key="a" key="b"/>'))).encode(), "names an attribute twice"),
    "value with <": (log(trace(event("a<b"))).encode(), "has a broken tag"),
    "comment in a value": (log(trace(event("a<!-- x -->b"))).encode(), "broken tag"),
    "bare ampersand": (log(trace(event("a & b"))).encode(), "write a plain & as &amp;"),
    "unknown entity": (log(trace(event("&nbsp;"))).encode(), "reference that XML does not define"),
    "reference to NUL": (log(trace(event("&#0;"))).encode(), "reference that XML does not define"),
    "NUL": (log(trace(event("a\0b"))).encode(), "U+0000"),
    "deep": (log(trace(event(more='<list key="l">' * 500 + "</list>" * 500))).encode(), "nests tags more than"),
    "deeper": (log(trace(event(more='<list key="l">' * 50_000 + "</list>" * 50_000))).encode(), "nests tags more than"),
    "entity bomb": ((ENTITIES + log(trace(event("&b;")), head="<log>")).encode(), "document type definition"),
    "external entity": (
        ('<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + log(trace(event("&a;")), head="<log>")).encode(),
        "document type definition",
    ),
    "external DTD": ((b'<!DOCTYPE log SYSTEM "http://example.com/x.dtd"><log/>'), "document type definition"),
    "DTD in UTF-16": ((ENTITIES + log(trace(event()), head="<log>")).encode("utf-16"), "document type definition"),
    "DTD in UTF-16 without mark": ((ENTITIES + "<log/>").encode("utf-16-le"), "document type definition"),
    "DTD in UTF-32": ((ENTITIES + "<log/>").encode("utf-32"), "document type definition"),
    "DTD in UTF-7": (b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE log+AD4-<log/>', "encoding utf-7"),
    "DTD after the log": ((log(trace(event())) + ENTITIES).encode(), "document type definition"),
    "entity inside": (log(trace(event()), '<!ENTITY a "b">').encode(), "document type definition"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><log/>', "encoding klingon"),
    "codec that is no encoding": (b'<?xml version="1.0" encoding="rot13"?><log/>', "encoding rot13"),
    "undefined in its encoding": (
        log(trace(event("X")), head=HEAD.replace("UTF-8", "windows-1252")).encode().replace(b'"X"', b'"\x81"'),
        "is not written in CP1252",
    ),
    "half of a UTF-16 pair": (log(trace(event())).encode("utf-16")[:-1], "is not written in UTF-16-LE"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_file_gets_one_sentence_that_says_what_and_what_to_do(read: Any, kind: str, packed: bool) -> None:
    content, sentence = BAD[kind]
    if packed and (content[:2] == b"\x1f\x8b" or kind in ("empty", "zip", "parquet")):
        pytest.skip("is about the packing itself")
    with pytest.raises(UserError) as error:
        read(gzip.compress(content) if packed else content, name="deals.xes")
    message = str(error.value)
    assert sentence in message
    assert message.startswith("deals.xes ")
    assert message.endswith(".")
    assert "\n" not in message
    assert ":" in message or ";" in message  # what is wrong, and then what to do


def test_a_message_names_the_line(read: Any) -> None:
    with pytest.raises(UserError, match=r"log\.xes \(line 7\) has a broken tag"):
        read(log(trace(event()), "<!-- two\nlines -->", "<broken attribute>"))
    with pytest.raises(UserError, match=r"log\.xes \(line 3\) holds a document type definition"):
        read("<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE log>\n<log/>")


def test_what_is_no_file_gets_a_sentence_too(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.xes cannot be read \(No such file or directory\): check the path"):
        read_xes(tmp_path / "absent.xes")
    with pytest.raises(UserError, match="cannot be read"):
        read_xes(tmp_path)
