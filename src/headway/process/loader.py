"""From a process file to a Process: every problem at once, each with its line."""

from __future__ import annotations

from pathlib import Path

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.process.definition import Limits, Milestone, Process, Proof, Stage, Step
from headway.process.document import Block, compose
from headway.process.soundness import note_unsound

FORMAT = "process/1"


def load_process(path: Path) -> Process:
    """Read and check a process file. Raises UserError (unreadable) or InvalidFileError (all problems, with lines)."""
    return parse_process(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a small file that a person wrote, or one sentence about why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(
            f"{path} does not exist; check the path, or write a process with `headway process new`."
        ) from None
    except UnicodeDecodeError as problem:
        message = f"byte {problem.start} is not UTF-8; save the file as UTF-8."
        raise InvalidFileError(str(path), (Problem(1, message),)) from None
    except OSError as problem:
        raise UserError(f"{path} cannot be read ({problem.strerror}); check the path and its permissions.") from None


def parse_process(text: str, path: str) -> Process:
    """A Process from the text of a process file; `path` names it in messages."""
    reader, top = compose(text, path)
    if top.text("headway", "") != FORMAT:
        top.reader.note(top.node, f"the first line must be `headway: {FORMAT}`; a process file begins with it.")
    chosen = top.block("for", "`for`")
    limits = top.block("limits", "`limits`")
    process = Process(
        name=top.text("name"),
        version=top.text("version", "1"),
        valid_from=top.day("valid_from"),
        pipelines=chosen.texts("pipelines") if chosen else (),
        record_types=chosen.texts("record_types") if chosen else (),
        limits=_limits(limits) if limits else Limits(),
        stages=tuple(_stage(block) for block in top.blocks("stages", "stage")),
    )
    if chosen:
        chosen.close()
    top.close()
    note_unsound(process, top)
    reader.finish()
    return process


def _limits(block: Block) -> Limits:
    usual = Limits()
    limits = Limits(
        silence_days=block.whole("silence_days", usual.silence_days, low=1) or usual.silence_days,
        late_entry_days=block.whole("late_entry_days", usual.late_entry_days) or 0,
        activities_without_movement=block.whole("activities_without_movement", usual.activities_without_movement, low=1)
        or usual.activities_without_movement,
    )
    block.close()
    return limits


def _stage(block: Block) -> Stage:
    stage = Stage(
        name=block.text("name"),
        claims=block.texts("claims"),
        usual_days=block.whole("usual_days", None, low=1),
        limit_days=block.whole("limit_days", None, low=1),
        milestones=tuple(_milestone(item) for item in block.blocks("milestones", f"milestone of {block.what},")),
        steps=tuple(_step(item) for item in block.blocks("steps", f"step of {block.what},")),
    )
    block.close()
    return stage


def _milestone(block: Block) -> Milestone:
    proof = block.block("proof", f"`proof` of {block.what}")
    bound = block.block("required_when", f"`required_when` of {block.what}")
    milestone = Milestone(
        id=block.text("id"),
        buyer=block.text("buyer"),
        ask=block.text("ask", ""),
        usual_days=block.whole("usual_days", None, low=1),
        proof=Proof(
            grade=proof.whole("grade", 1, high=4) or 0,
            shelf_life_days=proof.whole("shelf_life_days", None, low=1),
            acts=proof.texts("acts"),
        )
        if proof
        else Proof(),
        amount_from=bound.number("amount_from") if bound else None,
        record_types=bound.texts("record_types") if bound else (),
    )
    for inner in (proof, bound, block):
        if inner:
            inner.close()
    return milestone


def _step(block: Block) -> Step:
    step = Step(
        id=block.text("id"),
        seller=block.text("seller"),
        serves=block.text("serves"),
        due_days=block.whole("due_days") or 0,
        after=block.text("after", None) or None,
        activities=block.texts("activities"),
        at_buyers_request=block.flag("at_buyers_request"),
    )
    block.close()
    return step
