"""Which stages of two versions of a process belong together, and which of them kept their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from headway.process.definition import Process, Stage


def stage_mapping(old: Process, new: Process) -> dict[str, str | None]:
    """For each old stage the new one its deals are suggested to move to; None only where the new process has none.

    By equal name, by a shared name of claims, by most shared milestones; else by the nearest place, from 0 (first) to 1
    (last), and of two the earlier one: nothing is assumed to be done. Several old stages may lead to one new one.
    """
    found: dict[str, str | None] = {}
    for place, stage in enumerate(old.stages):
        alike = (_most_alike(stage, new.stages, test) for test in LIKENESS)
        chosen = next((other for other in alike if other), None)
        if chosen is None and new.stages:
            chosen = new.stages[_nearest(place, len(old.stages), len(new.stages))]
        found[stage.name] = chosen.name if chosen else None
    return found


def _most_alike(stage: Stage, others: Sequence[Stage], test: Callable[[Stage, Stage], float]) -> Stage | None:
    best = max(others, key=lambda other: test(stage, other), default=None)
    return best if best is not None and test(stage, best) > 0 else None


def _nearest(place: int, count: int, others: int) -> int:
    relative = place / max(1, count - 1)
    return min(range(others), key=lambda at: (abs(at / max(1, others - 1) - relative), at))


def folded(name: str) -> str:
    """A stage name for comparison: case and runs of spaces do not matter."""
    return " ".join(name.split()).casefold()


def _alike_by_label(old: Stage, new: Stage) -> float:
    return float(bool({folded(label) for label in old.labels} & {folded(label) for label in new.labels}))


def _shared(old: Stage, new: Stage) -> float:
    return float(len({m.id for m in old.milestones} & {m.id for m in new.milestones}))


# How alike two stages are, the surest sign first; 0 is not at all.
LIKENESS: tuple[Callable[[Stage, Stage], float], ...] = (
    lambda old, new: float(folded(old.name) == folded(new.name)),
    _alike_by_label,
    _shared,
)


def _paired_by_content(old: Sequence[Stage], new: Sequence[Stage]) -> dict[int, int]:
    """Place of an old stage -> place of the new one that it became, each at most once."""
    pairs: dict[int, int] = {}
    for test in LIKENESS:
        alike = [(-test(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new) if test(a, b)]
        for _, i, j in sorted(alike):
            if i not in pairs and j not in pairs.values():
                pairs[i] = j
    return pairs


def paired_stages(old: Sequence[Stage], new: Sequence[Stage]) -> dict[int, int]:
    """The same, and stages with nothing in common that stand in the same place between two that belong together."""
    pairs = _paired_by_content(old, new)
    edges = sorted([(-1, -1), *pairs.items(), (len(old), len(new))])
    for (i, j), (next_i, next_j) in pairwise(edges):
        if next_i - i == next_j - j:
            between = {i + n: j + n for n in range(1, next_i - i)}
            if not set(between.values()) & set(pairs.values()):
                pairs |= between
    return pairs


def kept_in_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Old places of the longest run of pairs that kept their order (so that as few as possible count as moved)."""
    best: list[tuple[int, ...]] = []
    for place, (old, new) in enumerate(pairs):
        before = [run for run, (_, other) in zip(best, pairs[:place], strict=True) if other < new]
        best.append((*_longest(before), old))
    return set(_longest(best))


def _longest(runs: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=lambda run: len(run)) if runs else ()
