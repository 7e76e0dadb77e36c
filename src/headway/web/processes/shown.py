"""A process as its page shows it, and two versions' differences in words that name lines by their text."""

from __future__ import annotations

from dataclasses import dataclass

from headway.process.definition import Process
from headway.process.difference import Difference, DifferenceKind, PartKind, differences
from headway.process.expectation import Expectation, days_words, expectation, listed

QUIET_PARTS = {"version", "first day in force"}  # said elsewhere on the page


@dataclass(frozen=True, slots=True)
class Change:
    """One difference as a person reads it. `kind`: added, removed, moved, changed or renamed."""

    kind: str
    sentence: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ShownStage:
    """A stage with its expectation in words and the other names it has in the CRM."""

    rank: int
    page: Expectation
    claims: str
    facts: tuple[str, ...]


def shown_stages(process: Process) -> tuple[ShownStage, ...]:
    """Every stage in order."""
    found = []
    for rank, stage in enumerate(process.stages, 1):
        facts = []
        if stage.usual_days is not None:
            facts.append(f"usually decided within {days_words(stage.usual_days)}")
        if stage.limit_days is not None:
            facts.append(f"at most {days_words(stage.limit_days)} here")
        found.append(ShownStage(rank, expectation(process, rank), listed(stage.claims), tuple(facts)))
    return tuple(found)


def whom(process: Process) -> str:
    """Which deals a process is for."""
    parts = [f"pipeline {listed(process.pipelines, 'or')}"] if process.pipelines else []
    parts += [f"type {listed(process.record_types, 'or')}"] if process.record_types else []
    return f"For deals of {' and '.join(parts)}" if parts else "For every deal"


def changes(old: Process, new: Process) -> tuple[Change, ...]:
    """What differs, without what follows from publishing itself."""
    lines = {m.id: m.buyer for _, m in (*old.milestones, *new.milestones)}
    lines |= {s.id: s.seller for _, s in (*old.steps, *new.steps)}
    return tuple(
        _change(one, lines)
        for one in differences(old, new)
        if not (one.what is PartKind.PROCESS and one.name in QUIET_PARTS)
    )


def _change(one: Difference, lines: dict[str, str]) -> Change:
    sentence = one.sentence
    if one.what in (PartKind.MILESTONE, PartKind.STEP):
        part = f"{one.what.value.capitalize()} {one.name}"
        whole = one.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED)
        named = f"A {one.what.value}" if whole else f"“{lines.get(one.name, one.name)}”"
        sentence = sentence.replace(part, named, 1)
        if one.kind is DifferenceKind.CHANGED and one.name in lines and lines[one.name] in (one.was, one.now):
            sentence = f"A {one.what.value} reads differently."
    both = one.kind is DifferenceKind.CHANGED and max(len(one.was), len(one.now)) > 40
    if both and ": " in sentence:
        sentence = sentence.rsplit(" is now ", 1)[0] + " changed."
    return Change(one.kind.value, sentence, one.was if both else "", one.now if both else "")
