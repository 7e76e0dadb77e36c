"""A process as the text of a process file, with comments that say what each part is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from headway.process.definition import Limits, Milestone, Process, Proof, Stage, Step
from headway.process.loader import FORMAT

HEAD = """\
# A stage is real for a deal when the buyer has done every milestone below it. What the seller does stands under
# `steps`: it may help, and it proves nothing.
"""
HELP = {
    "\n    milestones:": "what the buyer must have done; `ask` is the question that the seller can put to the buyer",
    "\n    steps:": "what is asked of the seller; `due_days` count from the day on which this stage is claimed",
}


def process_text(process: Process, *, head: str = HEAD, below: Sequence[Sequence[str]] = ()) -> str:
    """The file of a process. Reading it again gives an equal process (`practised` is not kept).

    `below`: per stage, comment lines that stand below it.
    """
    lines = [f"headway: {FORMAT}", "", *head.splitlines(), ""]
    lines += [f"name: {scalar(process.name)}", f"version: {quoted(process.version)}"]
    if process.valid_from:
        lines.append(f"valid_from: {process.valid_from.isoformat()}   # deals created from this day on")
    if process.pipelines or process.record_types:
        lines += ["for:   # only deals with one of these", *_list("pipelines", process.pipelines, 2)]
        lines += _list("record_types", process.record_types, 2)
    lines += ["", "stages:"]
    for place, stage in enumerate(process.stages):
        lines += [*stage_lines(stage), *(below[place] if below else ()), ""]
    lines += _limits(process.limits)
    return _explained(lines)


def _explained(lines: Sequence[str]) -> str:
    """The lines as text, with a word of help where milestones, steps and proof come first."""
    text = "\n".join(lines) + "\n"
    for key, explanation in HELP.items():
        text = text.replace(key, f"{key}   # {explanation}", 1)
    return text


def stage_lines(stage: Stage) -> Iterator[str]:
    """The lines of one stage, as an item of `stages`."""
    yield f"  - name: {scalar(stage.name)}"
    yield from _list("claims", stage.claims, 4)
    if stage.usual_days is not None:
        yield f"    usual_days: {stage.usual_days}"
    if stage.limit_days is not None:
        yield f"    limit_days: {stage.limit_days}"
    if stage.milestones:
        yield "    milestones:"
        for milestone in stage.milestones:
            yield from milestone_lines(milestone)
    if stage.steps:
        yield "    steps:"
        for step in stage.steps:
            yield from _step(step)


def milestone_lines(milestone: Milestone) -> Iterator[str]:
    """The lines of one milestone, as an item of `milestones`."""
    yield f"      - id: {scalar(milestone.id)}"
    yield f"        buyer: {scalar(milestone.buyer)}"
    if milestone.ask:
        yield f"        ask: {scalar(milestone.ask)}"
    if milestone.usual_days is not None:
        yield f"        usual_days: {milestone.usual_days}"
    yield f"        proof: {_proof(milestone.proof)}"
    bounds = []
    if milestone.amount_from is not None:
        bounds.append(f"amount_from: {_number(milestone.amount_from)}")
    if milestone.record_types:
        bounds.append(f"record_types: {_flow(milestone.record_types)}")
    if bounds:
        yield f"        required_when: {{{', '.join(bounds)}}}"


def _proof(proof: Proof) -> str:
    parts = [f"grade: {proof.grade}"]
    if proof.shelf_life_days is not None:
        parts.append(f"shelf_life_days: {proof.shelf_life_days}")
    if proof.acts:
        parts.append(f"acts: {_flow(proof.acts)}")
    return f"{{{', '.join(parts)}}}"


def _step(step: Step) -> Iterator[str]:
    yield f"      - id: {scalar(step.id)}"
    yield f"        seller: {scalar(step.seller)}"
    yield f"        serves: {scalar(step.serves)}"
    yield f"        due_days: {step.due_days}"
    if step.after:
        yield f"        after: {scalar(step.after)}   # due counts from this act of the buyer's"
    yield from _list("activities", step.activities, 8)
    if step.at_buyers_request:
        yield "        at_buyers_request: true   # never judged: the buyer asked for it"
    if step.times != 1:
        yield f"        times: {step.times}   # so often, to count as done"
    if step.unless:
        yield f"        unless: {scalar(step.unless)}   # not asked where the buyer did this before it was due"


def _limits(limits: Limits) -> Iterator[str]:
    yield "limits:   # used until there are enough decided deals of your own to go by"
    yield f"  silence_days: {limits.silence_days}   # longer without a sign from the buyer counts as silence"
    yield f"  late_entry_days: {limits.late_entry_days}   # recorded later than this after it happened counts as late"
    yield f"  activities_without_movement: {limits.activities_without_movement}   # so much selling, and no move"


def _list(key: str, texts: Sequence[str], indent: int) -> list[str]:
    return [f"{' ' * indent}{key}: {_flow(texts)}"] if texts else []


def _flow(texts: Sequence[str]) -> str:
    return f"[{', '.join(scalar(text, inside=True) for text in texts)}]"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def scalar(text: str, *, inside: bool = False) -> str:
    """A text on one line of YAML, plain where it can be. `inside`: of a list in brackets, where commas part."""
    held = yaml.safe_dump(
        [text] if inside else {"k": text}, default_flow_style=inside, allow_unicode=True, width=10**9
    ).strip()
    plain = held[1:-1] if inside else held.removeprefix("k: ")
    return text if plain == text else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, on one line."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9).strip()
