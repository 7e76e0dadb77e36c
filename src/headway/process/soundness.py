"""What a process must satisfy as a whole, beyond each line being well-formed."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from headway.process.definition import Process
from headway.process.document import Block

MAX_STAGES = 100  # ranks are small integers in the event log


def note_unsound(process: Process, top: Block) -> None:
    """Note problems of the whole at the line of the stage, milestone or step they concern."""
    stages = _items(top.entries.get("stages"))
    if not 1 <= len(process.stages) <= MAX_STAGES:
        top.reader.note(
            top.node, f"a process needs from 1 to {MAX_STAGES} `stages`; this one has {len(process.stages)}."
        )
    labels = [
        (label, node)
        for stage, node in zip(process.stages, stages, strict=False)
        for label in dict.fromkeys(stage.labels)
    ]
    _note_twice(top, labels, "stage name or claim")
    milestones = [
        (m.id, item)
        for stage, node in zip(process.stages, stages, strict=False)
        for m, item in zip(stage.milestones, _items(_child(node, "milestones")), strict=False)
    ]
    steps = [
        (step, item)
        for stage, node in zip(process.stages, stages, strict=False)
        for step, item in zip(stage.steps, _items(_child(node, "steps")), strict=False)
    ]
    _note_twice(top, [*milestones, *((step.id, item) for step, item in steps)], "id")
    known = {name for name, _ in milestones}
    for step, node in steps:
        if step.serves and step.serves not in known:
            top.reader.note(node, f"step `{step.id}` serves `{step.serves}`, which is no milestone of this process.")


def _note_twice(top: Block, named: Iterable[tuple[str, yaml.Node]], what: str) -> None:
    seen: dict[str, int] = {}
    for name, node in named:
        key = " ".join(name.split()).casefold()
        if key and key in seen:
            top.reader.note(node, f"the {what} `{name}` is used before, in line {seen[key]}; each must be its own.")
        seen.setdefault(key, node.start_mark.line + 1)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if getattr(name, "value", None) == key), None)
