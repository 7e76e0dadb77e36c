"""What differs between two versions of a process, in sentences, and which new stage each old one became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from headway.process.definition import Limits, Milestone, Process, Stage, Step
from headway.process.expectation import bounds_words, days_words, due_words, listed, proof_words, shelf_life_words
from headway.process.stage_pairs import kept_in_order, paired_stages, stage_mapping

__all__ = ["Difference", "DifferenceKind", "PartKind", "differences", "stage_mapping"]

Part = TypeVar("Part", Milestone, Step)


class DifferenceKind(StrEnum):
    """What was done to a part of a process."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"
    RENAMED = "renamed"


class PartKind(StrEnum):
    """Which part of a process it was done to."""

    PROCESS = "process"
    STAGE = "stage"
    MILESTONE = "milestone"
    STEP = "step"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `name`: of the stage, or the id of the milestone or step (the new one, where it was renamed), or
    what of the process. `was` and `now` in words, empty where there is none."""

    kind: DifferenceKind
    what: PartKind
    name: str
    was: str
    now: str
    sentence: str


def differences(old: Process, new: Process) -> tuple[Difference, ...]:
    """Everything that differs: of the process, its stages in order, milestones, steps, limits. Empty where nothing is.

    Stages belong together by name, by a name they are claimed under, by the milestones they share, else by standing in
    the same place between two that do. Milestones and steps belong together by id.
    """
    pairs = paired_stages(old.stages, new.stages)
    ranks = {was + 1: now + 1 for was, now in pairs.items()}
    return (
        *_of_process(old, new),
        *_of_stages(old.stages, new.stages, pairs),
        *_of_parts(PartKind.MILESTONE, old, new, old.milestones, new.milestones, ranks, MILESTONE_FIELDS),
        *_of_parts(PartKind.STEP, old, new, old.steps, new.steps, ranks, STEP_FIELDS),
        *_of_limits(old.limits, new.limits),
    )


def _of_process(old: Process, new: Process) -> Iterator[Difference]:
    if old.name != new.name:
        sentence = f"The process “{old.name}” is now called “{new.name}”."
        yield Difference(DifferenceKind.RENAMED, PartKind.PROCESS, new.name, old.name, new.name, sentence)
    fields: tuple[tuple[str, Any, Any, Callable[[Any], str]], ...] = (
        ("version", old.version, new.version, str),
        ("first day in force", old.valid_from, new.valid_from, lambda day: day.isoformat() if day else "not set"),
        ("pipelines", old.pipelines, new.pipelines, lambda names: listed(names) or "any"),
        ("record types", old.record_types, new.record_types, lambda names: listed(names) or "any"),
        ("origin", old.practised, new.practised, lambda inferred: "inferred from deals" if inferred else "written"),
    )
    for name, was, now, words in fields:
        if was != now:
            yield _changed(PartKind.PROCESS, name, "The process", name, words(was), words(now))


def _of_stages(old: Sequence[Stage], new: Sequence[Stage], pairs: dict[int, int]) -> Iterator[Difference]:
    for place, stage in enumerate(old):
        if place not in pairs:
            sentence = f"Stage “{stage.name}” was removed."
            yield Difference(DifferenceKind.REMOVED, PartKind.STAGE, stage.name, stage.name, "", sentence)
    moved = set(pairs) - kept_in_order([(i, pairs[i]) for i in sorted(pairs)])
    back = {now: was for was, now in pairs.items()}
    for place, stage in enumerate(new):
        if place not in back:
            after = f"after “{new[place - 1].name}”" if place else "as the first"
            sentence = f"Stage “{stage.name}” was added {after}."
            yield Difference(DifferenceKind.ADDED, PartKind.STAGE, stage.name, "", stage.name, sentence)
            continue
        was = old[back[place]]
        if was.name != stage.name:
            sentence = f"Stage “{was.name}” is now called “{stage.name}”."
            yield Difference(DifferenceKind.RENAMED, PartKind.STAGE, stage.name, was.name, stage.name, sentence)
        if back[place] in moved:
            first, then = f"place {back[place] + 1}", f"place {place + 1}"
            sentence = f"Stage “{stage.name}” moved from {first} to {then}."
            yield Difference(DifferenceKind.MOVED, PartKind.STAGE, stage.name, first, then, sentence)
        for label, value, words in STAGE_FIELDS:
            if value(was) != value(stage):
                subject = f"Stage “{stage.name}”"
                yield _changed(PartKind.STAGE, stage.name, subject, label, words(was), words(stage))


def _of_parts(
    what: PartKind,
    old: Process,
    new: Process,
    before: Sequence[tuple[int, Part]],
    after: Sequence[tuple[int, Part]],
    ranks: dict[int, int],
    fields: Fields,
) -> Iterator[Difference]:
    """Milestones or steps: (rank of the stage, part). `ranks`: old rank of a stage -> its new one."""
    was, now = _numbered(before), _numbered(after)
    shared = [key for key in was if key in now]
    places = {key: place for place, key in enumerate(now)}
    for key, (rank, part) in was.items():
        if key not in now:
            sentence = f"{_subject(what, part)} was removed from “{old.stages[rank - 1].name}”: “{_line(part)}”."
            yield Difference(DifferenceKind.REMOVED, what, part.id, _line(part), "", sentence)
    within = [key for key in shared if ranks.get(was[key][0]) == now[key][0]]
    kept: set[int] = set()
    for rank in {now[key][0] for key in within}:
        kept |= kept_in_order(
            [(n, places[key]) for n, key in enumerate(shared) if key in within and now[key][0] == rank]
        )
    for key, (rank, part) in now.items():
        stage = new.stages[rank - 1].name
        if key not in was:
            sentence = f"{_subject(what, part)} was added to “{stage}”: “{_line(part)}”."
            yield Difference(DifferenceKind.ADDED, what, part.id, "", _line(part), sentence)
            continue
        old_rank, old_part = was[key]
        if ranks.get(old_rank) != rank:
            first = old.stages[old_rank - 1].name
            sentence = f"{_subject(what, part)} moved from “{first}” to “{stage}”."
            yield Difference(DifferenceKind.MOVED, what, part.id, first, stage, sentence)
        elif shared.index(key) not in kept:
            sentence = f"{_subject(what, part)} stands in another place within “{stage}”."
            yield Difference(DifferenceKind.MOVED, what, part.id, stage, stage, sentence)
        for label, value, words in fields:
            if value(old_part) != value(part):
                yield _changed(what, part.id, _subject(what, part), label, words(old_part), words(part))


def _numbered(parts: Sequence[tuple[int, Part]]) -> dict[tuple[str, int], tuple[int, Part]]:
    """By id; an id that stands there twice (which a sound process does not have) is counted."""
    seen: Counter[str] = Counter()
    found = {}
    for rank, part in parts:
        seen[part.id] += 1
        found[part.id, seen[part.id]] = (rank, part)
    return found


def _subject(what: PartKind, part: Milestone | Step) -> str:
    return f"{what.value.capitalize()} {part.id}"


def _line(part: Milestone | Step) -> str:
    return (part.buyer if isinstance(part, Milestone) else part.seller).strip().rstrip(".")


def _of_limits(old: Limits, new: Limits) -> Iterator[Difference]:
    for name, label in LIMITS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            sentence = f"{label.capitalize()}: now {now}, was {was}."
            yield Difference(DifferenceKind.CHANGED, PartKind.LIMIT, name, str(was), str(now), sentence)


def _changed(what: PartKind, name: str, subject: str, label: str, was: str, now: str) -> Difference:
    sentence = f"{subject}, {label}: now {_said(now)}, was {_said(was)}."
    return Difference(DifferenceKind.CHANGED, what, name, was, now, sentence)


def _said(words: str) -> str:
    return f"“{words}”" if words else "empty"


def _days(days: int | None) -> str:
    return "not set" if days is None else days_words(days)


Fields = Sequence[tuple[str, Callable[[Any], Any], Callable[[Any], str]]]
STAGE_FIELDS: Fields = (
    ("the names it is claimed under", lambda s: s.claims, lambda s: listed(s.claims) or "only its own"),
    ("the usual time to a decision", lambda s: s.usual_days, lambda s: _days(s.usual_days)),
    ("the longest stay", lambda s: s.limit_days, lambda s: _days(s.limit_days)),
)
MILESTONE_FIELDS: Fields = (
    ("what the buyer does", lambda m: m.buyer, lambda m: m.buyer),
    ("the question", lambda m: m.ask, lambda m: m.ask),
    ("the usual time", lambda m: m.usual_days, lambda m: _days(m.usual_days)),
    ("the proof needed", lambda m: m.proof.grade, lambda m: proof_words(m.proof.grade)),
    ("the shelf life", lambda m: m.proof.shelf_life_days, lambda m: shelf_life_words(m.proof.shelf_life_days)),
    ("what an observed act may be", lambda m: m.proof.acts, lambda m: listed(m.proof.acts) or "none"),
    (
        "who needs it",
        lambda m: (m.amount_from, m.record_types),
        lambda m: bounds_words(m.amount_from, m.record_types) or "every deal",
    ),
)
STEP_FIELDS: Fields = (
    ("what the seller does", lambda s: s.seller, lambda s: s.seller),
    ("the milestone it serves", lambda s: s.serves, lambda s: s.serves),
    ("when it is due", lambda s: (s.due_days, s.after, s.times, s.unless), lambda s: due_words(s)),
    ("the activities that do it", lambda s: s.activities, lambda s: listed(s.activities) or "none"),
    (
        "whose wish it is",
        lambda s: s.at_buyers_request,
        lambda s: "the buyer's request" if s.at_buyers_request else "the seller's own",
    ),
)
LIMITS = {
    "silence_days": "days without a sign after which a buyer or seller is called silent",
    "late_entry_days": "days after which an entry counts as late",
    "activities_without_movement": "activities without a move of the buyer's that count as too many",
}
