"""A process as somebody types it: every field is text, and anything may be wrong or missing still.

A form is what a draft keeps, so that nothing typed is lost. `headway.process.form_check` makes a Process of it.
Stages, milestones and steps carry a `uid` that never changes, so that of two people editing each field finds its twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from headway.process.definition import Limits, Milestone, Process, Stage, Step

LONGEST = 2_000  # characters of one field
MOST_STAGES, MOST_LINES = 120, 60  # kept; more is refused by `form_check` or never typed by hand


@dataclass(frozen=True, slots=True)
class MilestoneForm:
    """A milestone as typed. `id` empty: not published yet. `acts` and `record_types`: one per line."""

    uid: str
    id: str = ""
    buyer: str = ""
    ask: str = ""
    usual_days: str = ""
    grade: str = "1"
    shelf_life_days: str = ""
    acts: str = ""
    amount_from: str = ""
    record_types: str = ""


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step as typed. `serves`: the uid of a milestone. `at_buyers_request`: "yes" or empty. `times` empty: once."""

    uid: str
    id: str = ""
    seller: str = ""
    serves: str = ""
    due_days: str = ""
    after: str = ""
    activities: str = ""
    at_buyers_request: str = ""
    times: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class StageForm:
    """A stage as typed. `claims`: other names of it in the CRM, one per line."""

    uid: str
    name: str = ""
    claims: str = ""
    usual_days: str = ""
    limit_days: str = ""
    milestones: tuple[MilestoneForm, ...] = ()
    steps: tuple[StepForm, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessForm:
    """A whole process as typed. `pipelines` and `record_types`: one per line; empty means any."""

    name: str = ""
    pipelines: str = ""
    record_types: str = ""
    silence_days: str = str(Limits().silence_days)
    late_entry_days: str = str(Limits().late_entry_days)
    activities_without_movement: str = str(Limits().activities_without_movement)
    stages: tuple[StageForm, ...] = ()

    @property
    def milestones(self) -> tuple[MilestoneForm, ...]:
        """Every milestone, in order."""
        return tuple(milestone for stage in self.stages for milestone in stage.milestones)


def form_of(process: Process) -> ProcessForm:
    """The form that says what a process says; uids are the ids of milestones and steps, and s1, s2 ... for stages."""
    return ProcessForm(
        name=process.name,
        pipelines="\n".join(process.pipelines),
        record_types="\n".join(process.record_types),
        silence_days=str(process.limits.silence_days),
        late_entry_days=str(process.limits.late_entry_days),
        activities_without_movement=str(process.limits.activities_without_movement),
        stages=tuple(_stage(rank, stage) for rank, stage in enumerate(process.stages, 1)),
    )


def as_json(form: ProcessForm) -> dict[str, Any]:
    """The form as plain JSON values."""
    return asdict(form)


def read_form(data: object) -> ProcessForm:
    """A form from JSON values of any origin: what is no text counts as empty, what is too long is cut.

    Items without a uid, or with one used before, get one, so that the result is always well formed.
    """
    given = data if isinstance(data, Mapping) else {}
    used: set[str] = set()
    stages = []
    for item in _items(given.get("stages"), MOST_STAGES):
        uid = _uid(item, "s", used)
        milestones = [
            MilestoneForm(_uid(m, "m", used), **_texts(MilestoneForm, m)) for m in _listed(item, "milestones")
        ]
        steps = [StepForm(_uid(s, "t", used), **_texts(StepForm, s)) for s in _listed(item, "steps")]
        stages.append(StageForm(uid, **_texts(StageForm, item), milestones=tuple(milestones), steps=tuple(steps)))
    return ProcessForm(**_texts(ProcessForm, given), stages=tuple(stages))


def _stage(rank: int, stage: Stage) -> StageForm:
    return StageForm(
        uid=f"s{rank}",
        name=stage.name,
        claims="\n".join(stage.claims),
        usual_days=_number(stage.usual_days),
        limit_days=_number(stage.limit_days),
        milestones=tuple(_milestone(milestone) for milestone in stage.milestones),
        steps=tuple(_step(step) for step in stage.steps),
    )


def _milestone(milestone: Milestone) -> MilestoneForm:
    return MilestoneForm(
        uid=f"m-{milestone.id}",
        id=milestone.id,
        buyer=milestone.buyer,
        ask=milestone.ask,
        usual_days=_number(milestone.usual_days),
        grade=str(milestone.proof.grade),
        shelf_life_days=_number(milestone.proof.shelf_life_days),
        acts="\n".join(milestone.proof.acts),
        amount_from="" if milestone.amount_from is None else _amount(milestone.amount_from),
        record_types="\n".join(milestone.record_types),
    )


def _step(step: Step) -> StepForm:
    return StepForm(
        uid=f"t-{step.id}",
        id=step.id,
        seller=step.seller,
        serves=f"m-{step.serves}",
        due_days=str(step.due_days),
        after=step.after or "",
        activities="\n".join(step.activities),
        at_buyers_request="yes" if step.at_buyers_request else "",
        times="" if step.times == 1 else str(step.times),
        unless=step.unless or "",
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _amount(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _items(value: object, most: int) -> list[Mapping[str, object]]:
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else []
    return [item for item in listed[:most] if isinstance(item, Mapping)]


def _listed(item: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    return _items(item.get(key), MOST_LINES)


def _texts(kind: type[Any], item: Mapping[str, object]) -> dict[str, str]:
    names = [field.name for field in fields(kind) if field.name not in ("uid", "stages", "milestones", "steps")]
    given = {name: item[name] for name in names if name in item}
    return {name: value[:LONGEST] if isinstance(value, str) else "" for name, value in given.items()}


def _uid(item: Mapping[str, object], letter: str, used: set[str]) -> str:
    given = item.get("uid")
    uid = given[:80] if isinstance(given, str) and given.replace("-", "").replace("_", "").isalnum() else letter
    number = 0
    unique = uid if uid != letter else f"{letter}{number}"
    while unique in used:
        number += 1
        unique = f"{uid}{number}" if uid == letter else f"{uid}-{number}"
    used.add(unique)
    return unique
