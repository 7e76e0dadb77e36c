"""A decided change put into a draft of the process, and taken out of it again. Forms in, forms out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from headway.basics.errors import UserError
from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm
from headway.reviews.process_topics import About

DROP, REWORD, LATER, LARGE, MARK = "drop", "reword", "later", "large", "mark"
WAYS: dict[About, tuple[tuple[str, str], ...]] = {
    About.STEP: ((DROP, "Drop the step"), (REWORD, "Ask for it in other words"), (LATER, "Give it more days")),
    About.MILESTONE: (
        (DROP, "Drop the milestone"), (REWORD, "Say it in other words"), (LARGE, "Ask for it on large deals only"),
    ),
    About.RULE: ((MARK, "Begin a draft, changed there"),),
    About.WAY: ((MARK, "Begin a draft, changed there"),),
    About.STAGE: ((MARK, "Begin a draft, changed there"),),
    About.WISH: ((MARK, "Begin a draft, changed there"),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """A form as changed. `was`: the piece as it stood before, as JSON: what `put_back` needs. None: nothing changed."""

    form: ProcessForm
    was: dict[str, Any] | None


def with_change(form: ProcessForm, about: About, id: str, way: str, words: str = "") -> Changed:
    """The draft in which a step or milestone is dropped, worded anew, due later, or asked of large deals only.

    `words`: the new text, days or amount. UserError where the draft has no such piece, or the words are not fit.
    """
    if way == MARK or about not in (About.STEP, About.MILESTONE):
        return Changed(form, None)
    kind = "steps" if about is About.STEP else "milestones"
    for number, stage in enumerate(form.stages):
        pieces: tuple[Any, ...] = getattr(stage, kind)
        for place, piece in enumerate(pieces):
            if piece.id == id:
                new = _pieces(pieces, place, way, words.strip())
                was = {"kind": kind, "stage": stage.uid, "place": place, "piece": asdict(piece), "way": way}
                if kind == "milestones" and way == DROP:
                    was["served"] = [step.uid for one in form.stages for step in one.steps if step.serves == piece.uid]
                changed = _with_stage(form, number, _with_pieces(stage, kind, new))
                return Changed(_released(changed, was.get("served", ())), was)
    raise UserError("The draft of this process has it no more: somebody dropped it meanwhile.")


def put_back(form: ProcessForm, was: dict[str, Any]) -> ProcessForm:
    """Undo: the piece stands again as it was, and everything else in the draft stays as it is now."""
    form_of = StepForm if was["kind"] == "steps" else MilestoneForm
    known = {field.name for field in fields(form_of)}
    piece = form_of(**{name: value for name, value in was["piece"].items() if name in known})
    for number, stage in enumerate(form.stages):
        pieces = list(getattr(stage, was["kind"]))
        here = next((place for place, one in enumerate(pieces) if one.uid == piece.uid), None)
        if here is not None:
            pieces[here] = piece
        elif stage.uid == was["stage"]:
            pieces.insert(min(was["place"], len(pieces)), piece)
        else:
            continue
        return _serving(_with_stage(form, number, _with_pieces(stage, was["kind"], tuple(pieces))), piece.uid, was)
    raise UserError("The stage it stood in is gone from the draft: put it back by hand in the editor.")


def _pieces(pieces: tuple[Any, ...], place: int, way: str, words: str) -> tuple[Any, ...]:
    if way == DROP:
        return (*pieces[:place], *pieces[place + 1 :])
    return (*pieces[:place], _changed(pieces[place], way, words), *pieces[place + 1 :])


def _changed(piece: Any, way: str, words: str) -> Any:
    step = isinstance(piece, StepForm)
    if way == REWORD:
        if not words or words == (piece.seller if step else piece.buyer):
            raise UserError("Write the other words: these are the ones it has.")
        return replace(piece, seller=words) if step else replace(piece, buyer=words)
    if way == LATER and step:
        if not words.isdecimal() or not 0 < int(words) <= 365:
            raise UserError("Write a whole number of days, from 1 to 365.")
        return replace(piece, due_days=words)
    if way == LARGE and not step:
        if not words.isdecimal() or int(words) < 1:
            raise UserError("Write the amount from which it is asked, in figures.")
        return replace(piece, amount_from=words)
    raise UserError("Choose one of the changes offered.")


def _with_pieces(stage: StageForm, kind: str, pieces: tuple[Any, ...]) -> StageForm:
    return replace(stage, steps=pieces) if kind == "steps" else replace(stage, milestones=pieces)


def _with_stage(form: ProcessForm, number: int, stage: StageForm) -> ProcessForm:
    return replace(form, stages=(*form.stages[:number], stage, *form.stages[number + 1 :]))


def _released(form: ProcessForm, served: Any) -> ProcessForm:
    """Steps of a dropped milestone serve nothing any more; the editor then asks what they are for."""
    return _with_serves(form, set(served), "")


def _serving(form: ProcessForm, uid: str, was: dict[str, Any]) -> ProcessForm:
    return _with_serves(form, set(was.get("served", ())), uid)


def _with_serves(form: ProcessForm, uids: set[str], serves: str) -> ProcessForm:
    if not uids:
        return form
    stages = tuple(
        replace(one, steps=tuple(replace(step, serves=serves) if step.uid in uids else step for step in one.steps))
        for one in form.stages
    )
    return replace(form, stages=stages)
