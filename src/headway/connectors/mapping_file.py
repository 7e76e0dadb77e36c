"""From a mapping file to a Mapping: every problem at once, each with its line (docs/how-to/mapping.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.connectors.event_rules import events_map
from headway.connectors.mapping import (
    ANY,
    DEAL_ROLES,
    HISTORY_ROLES,
    CleanUp,
    DealsMap,
    HistoryMap,
    Known,
    Lookup,
    Mapping,
    Outcomes,
    Source,
    StageDate,
)
from headway.deals.events import Outcome
from headway.process.document import Block, compose

FORMAT = "mapping/1"
LOOKUP_ROLES = ("name", "account", "pipeline", "record_type", "segment", "team", "currency", "owner")


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises UserError (unreadable) or InvalidFileError (all problems, with lines)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; check the path, or see docs/how-to/mapping.md to write one.") from None
    except UnicodeDecodeError as problem:
        raise InvalidFileError(
            str(path), (Problem(1, f"byte {problem.start} is not UTF-8; save the file as UTF-8."),)
        ) from None
    except (OSError, ValueError) as problem:
        raise UserError(f"{path} cannot be read ({getattr(problem, 'strerror', problem)}); check the path.") from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, path: str) -> Mapping:
    """A Mapping from the text of a mapping file; `path` names it in messages."""
    reader, top = compose(text, path)
    if top.text("headway", "") != FORMAT:
        reader.note(top.node, f"the first line must be `headway: {FORMAT}`; a mapping file begins with it.")
    deals = top.block("deals", "`deals`")
    history = top.block("history", "`history`")
    events = top.block("events", "`events`")
    if not (deals or history or events):
        reader.note(top.node, "a mapping needs `deals`, `history` or `events`; add the one that your file holds.")
    mapping = Mapping(
        path=path,
        deals=_deals(deals) if deals else None,
        history=_history(history) if history else None,
        events=events_map(events) if events else None,
        lookups=tuple(_lookup(block) for block in top.blocks("lookups", "lookup")),
        clean=_clean(top),
        day_order=_day_order(top),
        zone=_zone(top),
        exported_on=_exported_on(top),
    )
    top.close()
    reader.finish()
    return mapping


def _deals(block: Block) -> DealsMap:
    roles = sources(block, DEAL_ROLES)
    if "id" not in roles and "name" not in roles:
        block.reader.note(block.node, f"{block.what} lacks `id`; name the column that tells deals apart.")
    outcome = block.block("outcome", f"`outcome` of {block.what}")
    reasons = block.block("reasons", f"`reasons` of {block.what}")
    stage_dates = block.block("stage_dates", f"`stage_dates` of {block.what}")
    deals = DealsMap(
        file=block.text("file", ANY),
        roles=roles,
        stage_dates=tuple(StageDate(stage, source) for stage, source in _stage_dates(stage_dates)),
        outcomes=_outcomes(outcome) if outcome else None,
        reasons=outcome_texts(reasons) if reasons else {},
    )
    for inner in (reasons, block):
        if inner:
            inner.close()
    return deals


def _stage_dates(block: Block | None) -> Iterator[tuple[str, Source]]:
    for stage, node in block.entries.items() if block else ():
        found = source_at(cast("Block", block), stage, node)
        if found:
            yield stage, found


def _outcomes(block: Block) -> Outcomes:
    source = sources(block, ("column",)).get("column", Source(line=block.node.start_mark.line + 1))
    if not source.columns:
        block.reader.note(block.node, f"{block.what} lacks `column`; name the column whose texts it lists.")
    outcomes = Outcomes(source, outcome_texts(block), block.texts("open"))
    if not outcomes.texts:
        block.reader.note(block.node, f"{block.what} lists no text; add for example `won: [Won]`.")
    block.close()
    return outcomes


def outcome_texts(block: Block) -> dict[str, Outcome]:
    """Which text means which outcome: `won: [Won]`, `lost: [Lost]`, `no_decision: [...]`, `withdrawn: [...]`."""
    found: dict[str, Outcome] = {}
    for outcome in Outcome:
        for text in block.texts(outcome.value):
            if text in found:
                node = block.entries[outcome.value]
                block.reader.note(node, f"`{text}` is both {found[text].value} and {outcome.value}; keep one.")
            found[text] = outcome
    return found


def _history(block: Block) -> HistoryMap:
    roles = sources(block, HISTORY_ROLES)
    for needed in ("deal", "when"):
        if needed not in roles:
            block.reader.note(block.node, f"{block.what} lacks `{needed}`; name the column.")
    outcome = block.block("outcome", f"`outcome` of {block.what}")
    history = HistoryMap(file=block.text("file", ANY), roles=roles, outcomes=outcome_texts(outcome) if outcome else {})
    if outcome:
        outcome.close()
    block.close()
    return history


def sources(block: Block, roles: tuple[str, ...]) -> dict[str, Source]:
    """The roles that a block names, each with where its value comes from."""
    found = {}
    for role in roles:
        node = block.node_of(role)
        source = source_at(block, role, node) if node is not None else None
        if source:
            found[role] = source
    return found


def source_at(block: Block, key: str, node: yaml.Node) -> Source | None:
    """`column`, `[column, column]` or `{column: ..., always: ..., blank: [...], known: creation}`; else None."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        inner = Block(block.reader, node, f"`{key}` of {block.what}")
        source = Source(
            columns=inner.texts("column"),
            always=inner.text("always", None) or None,
            blank=inner.texts("blank"),
            known=_known(inner),
            line=line,
        )
        if bool(source.columns) == (source.always is not None):
            block.reader.note(node, f"`{key}` of {block.what} needs either `column` or `always`.")
        inner.close()
        return source
    texts = block.texts(key)
    if not texts and key not in block.asked[:-1]:
        block.reader.note(node, f"`{key}` of {block.what} must be the name of a column.")
    return Source(columns=texts, line=line) if texts else None


def _known(block: Block) -> Known:
    known = block.text("known", "export")
    if known not in ("export", "creation"):
        block.reader.note(block.entries["known"], f"`known` of {block.what} must be `export` or `creation`.")
        return "export"
    return cast("Known", known)


def _lookup(block: Block) -> Lookup:
    take = block.block("take", f"`take` of {block.what}")
    taken: dict[str, str] = {}
    if take is None:
        block.reader.note(block.node, f"{block.what} lacks `take`; say for example `take: {{segment: sector}}`.")
    else:
        taken = {role: take.text(role) for role in LOOKUP_ROLES if role in take.entries}
        take.asked = list(LOOKUP_ROLES)
        take.close()
    lookup = Lookup(
        file=block.text("file"),
        key=block.text("key"),
        matches=block.text("matches"),
        take=taken,
        line=block.node.start_mark.line + 1,
    )
    block.close()
    return lookup


def _clean(top: Block) -> tuple[CleanUp, ...]:
    block = top.block("clean", "`clean`")
    found = []
    for column, node in block.entries.items() if block else ():
        inner = Block(top.reader, node, f"`{column}` of `clean`")
        texts = {old: inner.text(old) for old in inner.entries}
        found.append(CleanUp(column, texts, node.start_mark.line + 1))
    return tuple(found)


def _day_order(top: Block) -> Literal["dmy", "mdy"] | None:
    order = top.text("dates", "")
    if order not in ("", "dmy", "mdy", "ymd"):
        top.reader.note(top.entries["dates"], "`dates` must be `dmy` (31/12/2026), `mdy` (12/31/2026) or `ymd`.")
    return cast("Literal['dmy', 'mdy']", order) if order in ("dmy", "mdy") else None


def _zone(top: Block) -> str | None:
    name = top.text("zone", "")
    if not name:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.reader.note(top.entries["zone"], f"`{name}` is no time zone; write one such as Europe/Berlin.")
    return name


def _exported_on(top: Block) -> str | None:
    text = top.text("exported_on", "")
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        top.reader.note(top.entries["exported_on"], "`exported_on` must be a date like 2026-01-31.")
        return None
