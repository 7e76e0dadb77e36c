"""From a process file to a Process: every problem at once, each with its line."""

from __future__ import annotations

from pathlib import Path

from headway.basics.errors import InvalidFileError, Problem, UserError
from headway.process.definition import Limits, Milestone, Process, Proof, Stage, Step
from headway.process.document import MAX_CHARACTERS, Block, compose, shown
from headway.process.soundness import note_unsound

FORMAT = "process/1"
MOST_TIMES = 100  # a step asked for more often than this is a mistake of typing


def load_process(path: Path) -> Process:
    """Read and check a process file. Raises UserError (unreadable) or InvalidFileError (all problems, with lines)."""
    return parse_process(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a small file that a person wrote, or one sentence about why it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(4 * MAX_CHARACTERS + 1)  # never the whole of an endless or enormous file
    except FileNotFoundError:
        raise UserError(
            f"{path} does not exist; check the path, or write a process with `headway process new`."
        ) from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise UserError(f"{path} cannot be read ({reason}); check the path and its permissions.") from None
    if len(data) > 4 * MAX_CHARACTERS:
        raise _unreadable(path, 1, f"the file is longer than {MAX_CHARACTERS:,} characters; shorten it.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, 1, "the file is saved as UTF-16; save it as UTF-8.")
    if b"\x00" in data:
        raise _unreadable(path, 1, "this is not a text file; a process file is UTF-8 text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise _unreadable(path, line, "a character here is not UTF-8; save the file as UTF-8.") from None


def _unreadable(path: Path, line: int, message: str) -> InvalidFileError:
    return InvalidFileError(str(path), (Problem(line, message),))


def parse_process(text: str, path: str) -> Process:
    """A Process from the text of a process file; `path` names it in messages."""
    reader, top = compose(text, path)
    _note_format(top)
    chosen = top.block("for", "`for`")
    limits = top.block("limits", "`limits`")
    process = Process(
        name=_line(top, "name", needed=True),
        version=_line(top, "version", "1"),
        valid_from=top.day("valid_from"),
        pipelines=_lines(chosen, "pipelines") if chosen else (),
        record_types=_lines(chosen, "record_types") if chosen else (),
        limits=_limits(limits) if limits else Limits(),
        stages=tuple(_stage(block) for block in top.blocks("stages", "stage")),
    )
    if chosen:
        chosen.close()
    top.close()
    note_unsound(process, top)
    reader.finish()
    return process


def _note_format(top: Block) -> None:
    told = top.text("headway", "")
    if told == FORMAT:
        return
    if told.startswith("process/"):
        message = f"this Headway reads `{FORMAT}`, not `{shown(told)}`; install the version that wrote the file."
    elif told:
        message = f"`headway: {shown(told)}` is no process file; a process file begins with `headway: {FORMAT}`."
    else:
        message = f"the first line must be `headway: {FORMAT}`; a process file begins with it."
    top.reader.note(top.keys.get("headway", top.node), message)


def _line(block: Block, key: str, default: str | None = None, *, needed: bool = False) -> str:
    """Text under `key` on one line: a line break typed for the editor's sake means a space."""
    return " ".join((block.text(key) if needed else block.text(key, default) or "").split())


def _lines(block: Block, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in block.texts(key)))


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
        name=_line(block, "name", needed=True),
        claims=_lines(block, "claims"),
        usual_days=block.whole("usual_days", None, low=1),
        limit_days=block.whole("limit_days", None, low=1),
        milestones=tuple(_milestone(item) for item in block.blocks("milestones", "milestone", block.what)),
        steps=tuple(_step(item) for item in block.blocks("steps", "step", block.what)),
    )
    block.close()
    return stage


def _milestone(block: Block) -> Milestone:
    proof = block.block("proof", f"`proof` of {block.what}")
    bound = block.block("required_when", f"`required_when` of {block.what}")
    milestone = Milestone(
        id=_line(block, "id", needed=True),
        buyer=_line(block, "buyer", needed=True),
        ask=_line(block, "ask"),
        usual_days=block.whole("usual_days", None, low=1),
        proof=Proof(
            grade=proof.whole("grade", 1, high=4) or 0,
            shelf_life_days=proof.whole("shelf_life_days", None, low=1),
            acts=_lines(proof, "acts"),
        )
        if proof
        else Proof(),
        amount_from=bound.number("amount_from") if bound else None,
        record_types=_lines(bound, "record_types") if bound else (),
    )
    for inner in (proof, bound, block):
        if inner:
            inner.close()
    return milestone


def _step(block: Block) -> Step:
    step = Step(
        id=_line(block, "id", needed=True),
        seller=_line(block, "seller", needed=True),
        serves=_line(block, "serves", needed=True),
        due_days=block.whole("due_days") or 0,
        after=_line(block, "after") or None,
        activities=_lines(block, "activities"),
        at_buyers_request=block.flag("at_buyers_request"),
        times=block.whole("times", 1, low=1, high=MOST_TIMES) or 1,
        unless=_line(block, "unless") or None,
    )
    block.close()
    return step
