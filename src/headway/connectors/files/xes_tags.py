"""The tags of one block of XES as columns: every byte of every tag is checked, each distinct tag only once.

In well-formed XML a "<" stands nowhere but at the start of a tag (the guard has taken out comments and the
like), so cutting at "<" gives the tags exactly. Event logs repeat themselves: of 1.6 million tags in a log of
262,200 events 0.3 million are distinct, nearly all of them timestamps. So the tags are dictionary-encoded, the
distinct ones are cut into `<tag key="..." value="` / the value / the rest, and the first and last of these are
few enough to be parsed one by one. Whatever is not written in this usual way goes through a full parser of one tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.xes_text import Flaw

OTHER, TRACE, EVENT, ATTRIBUTE, KEYLESS = range(5)
ATTRIBUTE_TAGS = frozenset(("string", "date", "int", "float", "boolean", "id", "list", "container"))
DEEPEST = 64
BROKEN = "has a broken tag"

Ints = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a block, in order; n tags of which u are distinct.

    distinct: n indices into what follows, which has u entries each:
    kind: one of the constants above.  delta: +1 opens, -1 closes, 0 does both.  name: index of the tag's name.
    key: index into `keys`, -1 without one.  values: the attribute's text, null without one.
    level: n depths, the outermost tag being 1.  line: n lines, the block beginning on line 1.  line_ends: in all.
    """

    distinct: Ints
    kind: Ints
    delta: Ints
    name: Ints
    key: Ints
    keys: tuple[str, ...]
    values: pa.StringArray
    level: Ints
    line: Ints
    line_ends: int


class Tag(NamedTuple):
    """One tag. `kind` and `delta` as in `Tags`."""

    kind: int
    delta: int
    name: str
    key: str | None = None
    value: str | None = None


class _Columns:
    """What `Tags` holds per distinct tag, while it is being filled."""

    def __init__(self, count: int) -> None:
        self.kind, self.delta = np.zeros(count, np.int8), np.zeros(count, np.int8)
        self.name, self.key = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
        self.line_ends = np.zeros(count, np.int32)
        self.names: dict[str, int] = {}
        self.keys: dict[str, int] = {}

    def ids_of_heads(self, heads: pa.StringArray) -> tuple[Ints, Ints]:
        """Numbers of the name and the key in each of `heads`, -1 where it is not written in the usual way."""
        found = pc.extract_regex(heads, HEAD)
        parts = (pc.struct_field(found, part).dictionary_encode() for part in ("name", "key"))
        ids = []
        for part, known in zip(parts, (self.names, self.keys), strict=True):
            numbers = [known.setdefault(text, len(known)) for text in part.dictionary.to_pylist()]
            places = part.indices.fill_null(len(numbers)).to_numpy()
            ids.append(np.array([*numbers, -1], np.int32)[places])
        structure = [self.names[name] for name in self.names if _kind(name, has_key=True) != ATTRIBUTE]
        ids[0][np.isin(ids[0], structure)] = -1
        return ids[0], ids[1]

    def ids_of(self, tag: Tag) -> tuple[int, int]:
        name = self.names.setdefault(tag.name, len(self.names))
        return name, -1 if tag.key is None else self.keys.setdefault(tag.key, len(self.keys))


def tags_of(block: bytes) -> Tags:
    """The tags of a block that is a whole small log; raises Flaw where it is not well-formed.

    The line of a Flaw counts from the start of the block (1-based).
    """
    starts = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("<")).astype(np.int32)
    offsets = np.append(starts, np.int32(len(block)))
    tokens = pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(block))
    encoded = tokens.dictionary_encode()
    distinct = encoded.indices.to_numpy()
    try:
        columns, values = _parsed(encoded.dictionary)
    except Flaw as flaw:
        first = int(np.flatnonzero(distinct == flaw.line)[0])
        what = flaw.what.replace(BROKEN, "is cut off in", 1) if first == len(starts) - 1 else flaw.what
        raise Flaw(what, block.count(b"\n", 0, int(starts[first])) + 1) from None
    delta, ends = columns.delta[distinct], columns.line_ends[distinct]
    level = np.cumsum(delta, dtype=np.int32) + (delta <= 0)
    lines = np.cumsum(ends, dtype=np.int32)
    line = lines - ends + 1
    _require_nesting(delta, level, columns.name[distinct], line)
    return Tags(
        distinct=distinct,
        kind=columns.kind,
        delta=columns.delta,
        name=columns.name,
        key=columns.key,
        keys=tuple(columns.keys),
        values=values,
        level=level,
        line=line,
        line_ends=int(lines[-1]),
    )


def _parsed(tokens: pa.StringArray) -> tuple[_Columns, pa.StringArray]:
    """Columns and values of distinct tags; the `line` of a Flaw is the index of the tag."""
    columns = _Columns(len(tokens))
    heads, values, tails, usual = _cut(tokens)
    head, tail = heads.indices.to_numpy(), tails.indices.to_numpy()
    names, keys = columns.ids_of_heads(heads.dictionary)
    closes = [_usual_tail(text) for text in tails.dictionary.to_pylist()]
    ends = np.array([2 if closed is None else int(closed) for closed in closes], np.int8)
    line_ends = np.array([text.count("\n") for text in tails.dictionary.to_pylist()], np.int32)
    usual &= (names[head] >= 0) & (ends[tail] < 2)
    head, tail = head[usual], tail[usual]
    columns.name[usual], columns.key[usual], columns.kind[usual] = names[head], keys[head], ATTRIBUTE
    columns.delta[usual], columns.line_ends[usual] = 1 - ends[tail], line_ends[tail]
    unusual = np.flatnonzero(~usual)
    texts: list[str | None] = []
    for place, token in zip(unusual.tolist(), tokens.take(pa.array(unusual)).to_pylist(), strict=True):
        tag = parsed_tag(token, place)
        columns.name[place], columns.key[place] = columns.ids_of(tag)
        columns.kind[place], columns.delta[place] = tag.kind, tag.delta
        columns.line_ends[place] = token.count("\n")
        texts.append(tag.value)
    return columns, pc.replace_with_mask(values, pa.array(~usual), pa.array(texts, pa.string()))


def _cut(
    tokens: pa.StringArray,
) -> tuple[pa.DictionaryArray, pa.StringArray, pa.DictionaryArray, npt.NDArray[np.bool_]]:
    """Each token in three (up to its third double quote, the text up to the fourth, the rest), and where that is right.

    It is where there are four quotes, and no reference (&) nor control character between the last two.
    """
    count = len(tokens)
    _, offsets_buffer, data_buffer = tokens.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32, count + 1, tokens.offset * 4)
    data = np.frombuffer(data_buffer, np.uint8)
    quotes = np.flatnonzero(data == ord('"')).astype(np.int32)
    first = np.searchsorted(quotes, offsets)
    usual = np.diff(first) == 4
    at = first[:-1][usual]
    begin, end = offsets[1:].copy(), offsets[1:].copy()
    begin[usual], end[usual] = quotes[at + 2] + 1, quotes[at + 3]
    bounds = np.empty(3 * count + 1, np.int32)
    bounds[0:-1:3], bounds[1::3], bounds[2::3], bounds[-1] = offsets[:-1], begin, end, offsets[-1]
    parts = pa.StringArray.from_buffers(3 * count, pa.py_buffer(bounds), data_buffer)
    heads, values, tails = (parts.take(pa.array(np.arange(part, 3 * count, 3, dtype=np.int32))) for part in range(3))
    return heads.dictionary_encode(), values, tails.dictionary_encode(), usual & ~_special(values)


def _special(values: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Which values hold a reference (&) or a control character, white space other than a blank included."""
    _, offsets, data_buffer = values.buffers()
    data = np.frombuffer(data_buffer, np.uint8)
    places = np.flatnonzero((data < 32) | (data == ord("&")))
    if not len(places):
        return np.zeros(len(values), bool)
    return np.diff(np.searchsorted(places, np.frombuffer(offsets, np.int32, len(values) + 1))) > 0


SPACE = r"[ \t\r\n]"
NAME = r"""[^\s<>/="'&!?\x00-\x1f]+"""
HEAD = rf'^<(?P<name>{NAME}){SPACE}+key="(?P<key>[^"<&\x00-\x1f]*)"{SPACE}+value="$'
TAIL = re.compile(rf'"{SPACE}*(/?)>{SPACE}*')


def _usual_tail(tail: str) -> bool | None:
    """True for the end of a tag that closes itself, False for one that stays open, None for anything else."""
    found = TAIL.fullmatch(tail)
    return None if not found else found[1] == "/"


ONE_ATTRIBUTE = rf"""{SPACE}++({NAME}){SPACE}*+={SPACE}*+(?:"([^"<]*+)"|'([^'<]*+)')"""
CLOSING = re.compile(rf"</({NAME}){SPACE}*>[^<]*")
OPENING = re.compile(
    rf"""<({NAME})((?:{SPACE}++{NAME}{SPACE}*+={SPACE}*+(?:"[^"<]*+"|'[^'<]*+'))*+){SPACE}*(/?)>[^<]*"""
)
ATTRIBUTES = re.compile(ONE_ATTRIBUTE)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parsed_tag(token: str, place: int) -> Tag:
    """One tag with the text after it, in any legal way of writing; Flaw (with `place` as its line) for others."""
    if bad := FORBIDDEN.search(token):
        raise Flaw(f"holds a character that XML forbids (U+{ord(bad[0]):04X}): export it again without", place)
    if token.startswith("<!>"):
        return Tag(OTHER, 0, "!")
    if closing := CLOSING.fullmatch(token):
        return Tag(_kind(closing[1], has_key=True), -1, closing[1])
    opening = OPENING.fullmatch(token)
    if not opening:
        raise Flaw(f"{BROKEN} {token.strip()[:60]!r}: export it again", place)
    pairs = [(name, _text(double or single, place)) for name, double, single in ATTRIBUTES.findall(opening[2])]
    attributes = dict(pairs)
    if len(attributes) < len(pairs):
        raise Flaw(f"names an attribute twice in {token.strip()[:60]!r}: export it again", place)
    kind = _kind(opening[1], "key" in attributes)
    key, value = (attributes.get("key"), attributes.get("value")) if kind == ATTRIBUTE else (None, None)
    return Tag(kind, 0 if opening[3] else 1, opening[1], key, value)


def _kind(name: str, has_key: bool) -> int:
    local = name.rpartition(":")[2]
    if local in ("trace", "event"):
        return TRACE if local == "trace" else EVENT
    if has_key:
        return ATTRIBUTE
    return KEYLESS if local in ATTRIBUTE_TAGS else OTHER


REFERENCE = re.compile(r"&(?:#(\d{1,8});|#x([0-9a-fA-F]{1,8});|(amp|lt|gt|quot|apos);|)")
NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
LINE_ENDS = re.compile(r"\r\n|[\t\r\n]")


def _text(raw: str, place: int) -> str:
    """The value of an attribute: white space made plain, references resolved (only those XML itself defines)."""

    def resolved(found: re.Match[str]) -> str:
        decimal, hexadecimal, name = found.groups()
        if name:
            return NAMED[name]
        code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else -1
        legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        if not legal:
            shown = raw[found.start() : found.start() + 20]
            raise Flaw(f"holds a reference that XML does not define ({shown!r}): write a plain & as &amp;", place)
        return chr(code)

    return REFERENCE.sub(resolved, LINE_ENDS.sub(" ", raw))


def _require_nesting(delta: Ints, level: Ints, names: Ints, line: Ints) -> None:
    """Raise Flaw unless every tag that opens is closed by one of its name, at its depth, and none is too deep."""
    nested = np.flatnonzero(delta)
    wrong = nested[level[nested] < 1]
    if len(wrong):
        raise Flaw("closes a tag that was never opened: export it again", int(line[wrong[0]]))
    if int(level.max()) > DEEPEST:
        place = int(line[np.argmax(level > DEEPEST)])
        raise Flaw(f"nests tags more than {DEEPEST} deep: check how it was exported", place)
    if int(delta.sum()):
        # A block that was cut from a longer log always ends in the log's closing tag (see `xes_blocks`).
        ends = bool(delta[-1] < 0 and names[-1] == names[nested[0]])
        what = "does not close its tags, or has a <trace> inside another tag than <log>" if ends else "is cut off"
        raise Flaw(f"{what}: export it again", int(line[-1]))
    # At one depth tags open and close in turn, so a stable sort by depth puts each pair side by side.
    order = nested[np.argsort(level[nested].astype(np.int8), kind="stable")]
    opens, closes = order[0::2], order[1::2]
    wrong = closes[names[opens] != names[closes]]
    if len(wrong):
        raise Flaw("closes its tags in the wrong order: export it again", int(line[wrong.min()]))
