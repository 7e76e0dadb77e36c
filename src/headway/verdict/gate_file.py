"""From a rule file (YAML) to a Gate: every problem at once, each with its line. Format: docs/how-to/backtest.md."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import yaml

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.deals.event_log import folded
from headway.process.definition import Process
from headway.process.document import Block, compose, shown
from headway.process.loader import read_text
from headway.verdict.gate import Gate
from headway.verdict.gate_replay import fitting, rank_of

FORMAT = "rule/1"
EXAMPLE = "docs/how-to/backtest.md shows one to begin with"


def load_gate(path: Path, processes: Sequence[Process] | None) -> Gate:
    """Read and check a rule file against the processes; None: they are not known yet, and only the file is checked.

    Raises UserError (unreadable) or InvalidFileError (all problems, with lines).
    """
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise UserError(
            f"{path} is no rule file: name the rule (YAML) first and then the data, as in "
            "`headway backtest rule.yaml deals.csv`."
        )
    if not path.exists():
        raise UserError(f"{path} does not exist; check the path of the rule, or write one: {EXAMPLE}.")
    return parse_gate(read_text(path), str(path), processes)


def parse_gate(text: str, path: str, processes: Sequence[Process] | None) -> Gate:
    """A Gate from the text of a rule file; `path` names it in messages."""
    if not text.strip():
        raise InvalidFileError(path, (Problem(1, f"the file is empty; {EXAMPLE}."),))
    reader, top = compose(text, path)
    _note_format(top)
    at = top.block("at", "`at`")
    needs = top.block("needs", "`needs`")
    chosen = top.block("for", "`for`")
    gate = Gate(
        name=" ".join(top.text("name").split()),
        stage=" ".join(at.text("stage", "").split()) or None if at else None,
        after_days=(at.whole("after_days", 0) or 0) if at else 0,
        milestones=_ids(needs, "milestones"),
        steps=_ids(needs, "steps"),
        buyer_act_within_days=needs.whole("buyer_act_within_days", None, low=1) if needs else None,
        amount_from=chosen.number("amount_from") if chosen else None,
        pipelines=_ids(chosen, "pipelines"),
        record_types=_ids(chosen, "record_types"),
    )
    for block in (at, needs, chosen, top):
        if block:
            block.close()
    _note_incomplete(gate, top, at, needs)
    if processes is not None:
        _note_unknown(gate, processes, top, at, needs)
    reader.finish()
    return gate


def _ids(block: Block | None, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in block.texts(key))) if block else ()


def _note_format(top: Block) -> None:
    told = top.text("headway", "")
    if told == FORMAT:
        return
    if told.startswith("rule/"):
        message = f"this Headway reads `{FORMAT}`, not `{shown(told)}`; install the version that wrote the file."
    elif told.startswith("process/"):
        message = f"this is a process file; pass it with --process, and name a rule file (`headway: {FORMAT}`) first."
    else:
        message = f"the first line must be `headway: {FORMAT}`; a rule file begins with it."
    top.reader.note(top.keys.get("headway", top.node), message)


def _note_incomplete(gate: Gate, top: Block, at: Block | None, needs: Block | None) -> None:
    """What a gate cannot do without: a moment at which it asks, and something that it asks for."""
    if at is None:
        top.reader.note(top.node, "the rule lacks `at`; say when it asks, for example `at: {stage: Proposal}`.")
    elif at.sound and gate.stage is None and not gate.after_days:
        top.reader.note(at.node, "`at` needs a `stage`, or `after_days` (of at least 1) since the deal was created.")
    if needs is None:
        top.reader.note(
            top.node, "the rule lacks `needs`; say what it asks for: `milestones`, `steps` or `buyer_act_within_days`."
        )
    elif needs.sound and not needs.entries:
        top.reader.note(needs.node, "`needs` asks for nothing; give `milestones`, `steps` or `buyer_act_within_days`.")
    elif needs.sound and not (gate.milestones or gate.steps or gate.buyer_act_within_days):
        # Keys that are unknown or not well-formed have been named already; an empty list has not.
        for key in ("milestones", "steps"):
            if key in needs.entries:
                top.reader.note(needs.entries[key], f"`{key}` of `needs` is empty; name at least one by its id.")


def _note_unknown(gate: Gate, processes: Sequence[Process], top: Block, at: Block | None, needs: Block | None) -> None:
    """What the rule speaks of and the processes have not. Of several, the one that fits best is spoken of."""
    if not processes or fitting(processes, gate):
        if processes:
            _note_requested(gate, processes, top, needs)
        return
    process = min(processes, key=lambda one: len(_missing(gate, one)))
    whose = "your process as practised" if process.practised else f"“{shown(process.name)}”"
    for kind, name in _missing(gate, process):
        block, key = (at, "stage") if kind == "stage" else (needs, f"{kind}s")
        node = _node(block, key, name) or top.node
        if process.practised and kind != "stage":
            cure = "pass the process that has it with --process."
        else:
            cure = _alike(name, _known(process, kind))
        top.reader.note(node, f"{kind} `{shown(name)}` is not in {whose}; {cure}")


def _note_requested(gate: Gate, processes: Sequence[Process], top: Block, needs: Block | None) -> None:
    requested = {step.id for n in fitting(processes, gate) for _, step in processes[n].steps if step.at_buyers_request}
    for name in gate.steps:
        if name in requested:
            top.reader.note(
                _node(needs, "steps", name) or top.node,
                f"step `{shown(name)}` is done at the buyer's request, so leaving it out tells nothing; "
                "ask for a milestone instead.",
            )


def _missing(gate: Gate, process: Process) -> list[tuple[str, str]]:
    """(kind, name) of what the gate speaks of and this process has not."""
    missing = [("stage", gate.stage)] if gate.stage and rank_of(process, gate.stage) is None else []
    for kind, names in (("milestone", gate.milestones), ("step", gate.steps)):
        known = _known(process, kind)
        missing += [(kind, name) for name in names if name not in known]
    return missing


def _known(process: Process, kind: str) -> list[str]:
    if kind == "stage":
        return [stage.name for stage in process.stages]
    return [one.id for _, one in (process.milestones if kind == "milestone" else process.steps)]


def _alike(name: str, known: Sequence[str]) -> str:
    by_folded = {folded(one): one for one in known}
    found = get_close_matches(folded(name), list(by_folded), 1)
    if found:
        return f"did you mean `{by_folded[found[0]]}`?"
    return f"known are {', '.join(f'`{shown(one)}`' for one in known)}." if known else "it has none."


def _node(block: Block | None, key: str, name: str) -> yaml.Node | None:
    """The node under `key` that says `name`."""
    node = block.entries.get(key) if block else None
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    return next((one for one in items if " ".join(str(getattr(one, "value", "")).split()) == name), node)
