"""The `events` part of a mapping file: which event of a log is what."""

from __future__ import annotations

from typing import cast

from headway.connectors.mapping import ANY, EVENT_ROLES, EventRule, EventsMap, Occurrence, Person, Source
from headway.deals.events import EventKind, Outcome
from headway.process.document import Block

# What an event of a file may become; the rest is written by Headway itself.
KINDS = (
    EventKind.DEAL_CREATED,
    EventKind.STAGE_CLAIMED,
    EventKind.OWNER_SET,
    EventKind.ACTIVITY_DONE,
    EventKind.BUYER_ACTED,
    EventKind.ACT_AGREED,
    EventKind.DEAL_DECIDED,
    EventKind.DEAL_REOPENED,
    EventKind.REVIEW_HELD,
    EventKind.DEAL_INSPECTED,
)
NAMED = (EventKind.STAGE_CLAIMED, EventKind.ACTIVITY_DONE, EventKind.BUYER_ACTED, EventKind.ACT_AGREED)
OUTCOME_TEXT = ", ".join(f"`{outcome.value}`" for outcome in Outcome)


def events_map(block: Block) -> EventsMap:
    """An EventsMap; problems are noted in the block's reader."""
    roles = {}
    for role in EVENT_ROLES:
        node = block.node_of(role)
        if node is not None:
            name = block.text(role)
            roles[role] = Source(columns=(name,), line=node.start_mark.line + 1)
    rules = [_rule(item) for item in block.blocks("rules", "rule")]
    if not rules:
        block.reader.note(block.node, f"{block.what} lacks `rules`; say what the events mean.")
    rules += [_ignored(item) for item in block.blocks("ignore", "`ignore` item")]
    found = EventsMap(
        file=block.text("file", ANY),
        roles=roles,
        rules=tuple(rules),
        automatic=block.texts("automatic"),
        owner=block.texts("owner"),
        stamped=block.flag("stamped"),
    )
    block.close()
    return found


def _rule(block: Block) -> EventRule:
    kind = block.text("kind")
    known = {member.value: member for member in KINDS}
    if kind and kind not in known:
        listed = ", ".join(f"`{name}`" for name in known)
        block.reader.note(block.entries.get("kind", block.node), f"`{kind}` is no kind of event; known are {listed}.")
    member = known.get(kind)
    name = block.text("name", "") or None
    if member is EventKind.DEAL_DECIDED:
        name = block.text("outcome")
        if name and name not in set(Outcome):
            block.reader.note(block.entries["outcome"], f"`{name}` is no outcome; known are {OUTCOME_TEXT}.")
    grade = block.whole("grade", None, high=4)
    if member is EventKind.BUYER_ACTED and grade is None and "grade" not in block.entries:
        block.reader.note(
            block.node, f"{block.what} lacks `grade` (0 to 4): how far is it certain that the buyer did it?"
        )
    rule = EventRule(
        what=_what(block),
        kind=member,
        name=name,
        lifecycle=block.texts("lifecycle"),
        by=_by(block),
        occurrence=_occurrence(block),
        grade=grade,
        reason=block.text("reason", "") or None if member is EventKind.DEAL_DECIDED else None,
        line=block.node.start_mark.line + 1,
    )
    block.close()
    return rule


def _ignored(block: Block) -> EventRule:
    rule = EventRule(
        what=_what(block),
        kind=None,
        lifecycle=block.texts("lifecycle"),
        by=_by(block),
        line=block.node.start_mark.line + 1,
    )
    block.close()
    return rule


def _what(block: Block) -> tuple[str, ...]:
    what = block.texts("what")
    if not what and "what" not in block.entries:
        block.reader.note(block.node, f"{block.what} lacks `what`; name the events it is about.")
    return what


def _by(block: Block) -> Person:
    by = block.text("by", "anyone")
    if by not in ("anyone", "person", "automatic"):
        block.reader.note(block.entries["by"], f"`by` of {block.what} must be `person`, `automatic` or `anyone`.")
        return "anyone"
    return cast("Person", by)


def _occurrence(block: Block) -> Occurrence:
    occurrence = block.text("occurrence", "every")
    if occurrence not in ("every", "first", "later"):
        block.reader.note(
            block.entries["occurrence"], f"`occurrence` of {block.what} must be `every`, `first` or `later`."
        )
        return "every"
    return cast("Occurrence", occurrence)
