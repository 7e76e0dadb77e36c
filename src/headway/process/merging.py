"""Two people edited one draft: their forms put together over the form both began with, with nothing lost.

A three-way merge by uid: what only one side changed is taken; what both changed differently is a conflict, in which
the merged form holds `mine` until somebody chooses. An item that one side removed and the other changed is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm

Item = StageForm | MilestoneForm | StepForm
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that both changed. `field` "removed": one side removed the whole line that the other changed.

    `mine` and `theirs` are the texts of the field, of the line itself for "removed" (empty on the side that removed).
    """

    uid: str
    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged form, and what is to be chosen in it."""

    form: ProcessForm
    conflicts: tuple[Conflict, ...]


def merged(base: ProcessForm, mine: ProcessForm, theirs: ProcessForm) -> Merge:
    """Both sides' changes since `base`. Without conflicts the form needs no choice."""
    conflicts: list[Conflict] = []
    sides = (_Side(base), _Side(mine), _Side(theirs))
    kept = _kept(*sides, conflicts)
    parents = _parents(*sides, kept)
    stages = []
    for uid in _order([side.children[""] for side in sides], [u for u, at in parents.items() if at == ""]):
        stage = kept[uid]
        assert isinstance(stage, StageForm)
        here = [u for u, at in parents.items() if at == uid]
        below = [kept[u] for u in _order([side.children.get(uid, ()) for side in sides], here)]
        stages.append(
            replace(
                stage,
                milestones=tuple(item for item in below if isinstance(item, MilestoneForm)),
                steps=tuple(item for item in below if isinstance(item, StepForm)),
            )
        )
    whole = _fields_merged("", base, mine, theirs, conflicts)
    return Merge(replace(mine, **whole, stages=tuple(stages)), tuple(conflicts))


class _Side:
    """A form taken apart: items by uid, where each stands, and the order below each parent ("" for stages)."""

    def __init__(self, form: ProcessForm) -> None:
        self.items: dict[str, Item] = {}
        self.parent: dict[str, str] = {}
        self.children: dict[str, Sequence[str]] = {"": [stage.uid for stage in form.stages]}
        for stage in form.stages:
            below: list[Item] = [*stage.milestones, *stage.steps]
            self.items[stage.uid] = replace(stage, milestones=(), steps=())
            self.parent[stage.uid] = ""
            self.children[stage.uid] = [item.uid for item in below]
            for item in below:
                self.items[item.uid] = item
                self.parent[item.uid] = stage.uid


def _kept(base: _Side, mine: _Side, theirs: _Side, conflicts: list[Conflict]) -> dict[str, Item]:
    """Every item that stands afterwards, with its fields merged."""
    kept: dict[str, Item] = {}
    for uid in dict.fromkeys(chain(mine.items, theirs.items)):
        before, own, other = base.items.get(uid), mine.items.get(uid), theirs.items.get(uid)
        if own is not None and other is not None:
            kind = before if type(before) is type(own) else None
            changes = _fields_merged(uid, kind or own, own, other, conflicts) if type(own) is type(other) else {}
            kept[uid] = _changed(own, changes)
            continue
        left = own if own is not None else other
        assert left is not None
        if before is None:
            kept[uid] = left
        elif left != before:
            kept[uid] = left
            conflicts.append(Conflict(uid, REMOVED, _line_of(own), _line_of(other)))
    return kept


def _parents(base: _Side, mine: _Side, theirs: _Side, kept: dict[str, Item]) -> dict[str, str]:
    """Where each kept item stands: where I moved it, else where they have it. A stage stays where a line of it does."""
    places: dict[str, str] = {}
    for uid in list(kept):
        own, other, before = mine.parent.get(uid), theirs.parent.get(uid), base.parent.get(uid)
        found = own if own is not None and (other is None or own != before) else other
        places[uid] = at = found if found is not None else (before or "")
        if at and at not in kept:
            kept[at] = next(side.items[at] for side in (mine, theirs, base) if at in side.items)
            places[at] = ""
    return places


def _order(orders: Sequence[Sequence[str]], here: list[str]) -> list[str]:
    """The items `here` in my order where I changed it, else in theirs; others' additions after their neighbour."""
    base, mine, theirs = orders
    common = set(base) & set(mine)
    moved = [u for u in base if u in common] != [u for u in mine if u in common]
    first, second = (mine, theirs) if moved else (theirs, mine)
    wanted = set(here)
    result = [uid for uid in first if uid in wanted]
    for place, uid in enumerate(second):
        if uid in wanted and uid not in result:
            before = next((u for u in reversed(second[:place]) if u in result), None)
            result.insert(result.index(before) + 1 if before else 0, uid)
    return result + [uid for uid in here if uid not in result]


def _changed(item: Item, changes: Mapping[str, Any]) -> Item:
    return replace(item, **changes)


def _fields_merged(uid: str, base: object, mine: object, theirs: object, conflicts: list[Conflict]) -> dict[str, str]:
    """Each text field: the side that changed it; mine, and a conflict, where both did."""
    found: dict[str, str] = {}
    for field in fields(mine):  # type: ignore[arg-type]
        own, other = getattr(mine, field.name), getattr(theirs, field.name)
        before = getattr(base, field.name, own)
        if field.name == "uid" or not isinstance(own, str):
            continue
        found[field.name] = other if own == before else own
        if own not in (before, other) and other != before:
            conflicts.append(Conflict(uid, field.name, own, other))
    return found


def _line_of(item: Item | None) -> str:
    """The text by which a person knows a line."""
    if item is None:
        return ""
    return item.name if isinstance(item, StageForm) else item.buyer if isinstance(item, MilestoneForm) else item.seller
