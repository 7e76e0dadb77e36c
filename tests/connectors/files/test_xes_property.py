"""Reading XES where input is endless: what is written is read back, whatever the cuts; and no bytes can break it."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.connectors.files import xes_text
from headway.connectors.files.repairs import RepairLog
from headway.connectors.files.xes import XesTable, read_xes
from headway.connectors.files.xes_guard import markup
from headway.connectors.files.xes_text import Flaw, Text, as_utf8

XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)
SOME_TEXT = XML_TEXT.filter(lambda text: text.strip() != "")
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001
EVENTS = st.tuples(SOME_TEXT, TIMES, st.none() | XML_TEXT, st.none() | XML_TEXT)
TRACES = st.lists(st.tuples(SOME_TEXT, st.lists(EVENTS, max_size=5)), max_size=6, unique_by=lambda one: one[0])


def read_bytes(content: bytes) -> XesTable:
    with tempfile.NamedTemporaryFile(suffix=".xes") as file:
        file.write(content)
        file.flush()
        return read_xes(Path(file.name), attributes=["x"])


def written(traces: list[Any], choose: Any) -> str:
    """The log as XES, each tag in one of the legal ways of writing it."""

    def attribute(tag: str, key: str, value: str | None) -> str:
        if value is None:
            return ""
        # quoteattr escapes what must be; a line end or tab would be read as a blank, as XML demands.
        parts = [f"key={quoteattr(key)}", f"value={quoteattr(value)}"]
        pairs = choose(["{0} {1}", "{1} {0}", "{0}\n  {1} "]).format(*parts)
        return choose([f"<{tag} {pairs}/>", f"<{tag} {pairs}></{tag}>", f"<{tag} {pairs}><!-- <x> --></{tag}>\n"])

    def event(one: Any) -> str:
        name, at, resource, extra = one
        parts = (
            attribute("string", "concept:name", name),
            attribute("date", "time:timestamp", at.isoformat()),
            attribute("string", "org:resource", resource),
            attribute("string", "x", extra),
        )
        return "<event>" + "".join(parts) + "</event>" + choose(["", "\n", "\t "])

    bodies = (attribute("string", "concept:name", name) + "".join(map(event, events)) for name, events in traces)
    return "<log>" + "".join(f"<trace>{body}</trace>" + choose(["", "\n"]) for body in bodies) + "</log>"


@settings(max_examples=100, deadline=None)
@given(traces=TRACES, data=st.data(), codec=st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-8-sig"]))
def test_what_is_written_is_read_back(traces: list[Any], data: st.DataObject, codec: str) -> None:
    text = written(traces, lambda options: data.draw(st.sampled_from(options)))
    content = text.encode(codec)
    expected = [
        (case, name, at.astimezone(UTC).replace(tzinfo=None), resource, extra)
        for case, events in traces
        for name, at, resource, extra in events
    ]
    if not expected:
        with pytest.raises(UserError, match=r"holds no traces|not one event"):
            read_bytes(content)
        return
    table = read_bytes(gzip.compress(content) if data.draw(st.booleans()) else content)
    columns = (table.events[column].to_pylist() for column in ("case", "name", "at", "resource", "x"))
    assert list(zip(*columns, strict=True)) == expected
    assert table.traces["case"].to_pylist() == [case for case, _ in traces]
    assert {repair.what for repair in table.repairs} <= {"trace without events"}


SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/"><global scope="event"><int key="g" value="1"/></global>
<!-- a comment --><trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="A &amp; B"/><date key="time:timestamp" value="2020-01-01T12:00:00+01:00"/>
<string key="x" value='say "é"'><int key="deep" value="1"/></string></event>
<event><date key="time:timestamp" value="2020-01-02T12:00:00"/><string value="C" key="concept:name"></string></event>
</trace><trace><event><string key="concept:name" value="&#x41;"/>
<date key="time:timestamp" value="2020-01-03T12:00:00Z"/></event></trace></log>
"""
PIECES = (
    "<!DOCTYPE x>", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "</trace>", "<trace>", "</event>", "<event>",
    "</log>", "&#0;", "&b;", '"', "'", "<", ">", "&", "\0", "/", "=", ' key="', "\n", "\ufeff", "<log>", "9", "-",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The sample after a few cuts, copies, insertions and changed bytes, in some encoding, packed or not."""
    codec = draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16", "latin-1"]))
    content = bytearray(SAMPLE.encode(codec))
    packed = draw(st.integers(0, 5)) == 0
    if packed:
        content = bytearray(gzip.compress(content, mtime=0))
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        kind = draw(st.integers(0, 4))
        if kind == 0:
            del content[begin : min(end, begin + 40)]
        elif kind == 1:
            content[begin:begin] = content[begin : min(end, begin + 60)]
        elif kind == 2:
            content[begin:begin] = draw(st.sampled_from(PIECES)).encode(codec, "ignore")
        elif kind == 3 and content:
            content[min(begin, len(content) - 1)] = draw(st.integers(0, 255))
        else:
            del content[begin:]
    return bytes(content)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(content=damaged())
@example(content=SAMPLE.encode())
@example(content=SAMPLE.replace("+01:00", "+25:00").encode())
@example(content=SAMPLE.replace("2020-01-01", "9999-12-31").replace("+01:00", "-14:00").encode())
def test_no_bytes_give_anything_but_a_result_or_one_sentence(content: bytes) -> None:
    try:
        table = read_bytes(content)
    except UserError as error:
        assert "\n" not in str(error)
        return
    table.events.validate(full=True)
    got = [tuple(row.values()) for row in table.events.select(["name", "at", "x"]).to_pylist()]
    expected = independently_read(content)
    if expected is not None:
        assert got == expected


def independently_read(content: bytes) -> list[tuple[Any, ...]] | None:
    """Name, time and x of the events that have the first two, read by the standard library; None if it refuses."""
    try:
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError, EOFError, OSError):
        return None
    found = []
    for trace in (child for child in root if child.tag.endswith("trace")):
        for event in (child for child in trace if child.tag.rpartition("}")[2] == "event"):
            own: dict[str, str] = {}
            for child in event:
                if "key" in child.attrib and "value" in child.attrib and not child.tag.endswith(("event", "trace")):
                    own.setdefault(child.attrib["key"], child.attrib["value"])
            name, at = own.get("concept:name", ""), moment(own.get("time:timestamp", ""))
            if name.strip() and at:
                found.append((name, at, own.get("x")))
    return found


def moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_log_that_was_cut_anywhere_is_never_taken_for_a_whole_one(share: float) -> None:
    content = SAMPLE.strip().encode()
    with pytest.raises(UserError):
        read_bytes(content[: int(share * len(content))])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_cuts_between_chunks_change_nothing(size: int) -> None:
    def chunks() -> Iterator[bytes]:
        content = SAMPLE.encode()
        # The first chunk is long enough to tell the encoding, as the first chunk of a file is.
        yield content[:60]
        yield from (content[start : start + size] for start in range(60, len(content), size))

    whole = b"".join(markup(iter([Text(SAMPLE.encode(), 1), Text(b"", 13)]), 10_000))
    assert b"".join(markup(as_utf8(chunks(), RepairLog()), 10_000)) == whole
    assert whole.count(b"\n") == SAMPLE.count("\n")


@pytest.mark.parametrize(
    "definition", [b"<!DOCTYPE log>", b"<!ENTITY a 'b'>", b"<!doctype x>", b"<!X", b"<!>", b"<![IGNORE[]]>"]
)
def test_no_cut_between_chunks_hides_a_definition(definition: bytes) -> None:
    content = b"<log><!-- x --><trace>" + definition + b"</trace></log>"
    for cut in range(1, len(content)):
        for second in range(cut + 1, len(content), 5):
            parts = [content[:cut], content[cut:second], content[second:], b""]
            with pytest.raises(Flaw, match="document type definition"):
                list(markup((Text(part, 1) for part in parts), 10_000))


def test_small_chunks_of_a_file_give_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = [(f"c{number}", [("é" * 9, datetime(2020, 1, 1, tzinfo=UTC), None, "x")] * 20) for number in range(30)]
    for codec in ("utf-8", "utf-16"):
        content = written(traces, lambda options: options[0]).encode(codec)
        whole = read_bytes(content)
        monkeypatch.setattr(xes_text, "CHUNK_BYTES", 1009)
        assert read_bytes(content).events.equals(whole.events)
        monkeypatch.undo()
