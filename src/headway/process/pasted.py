"""A form from text that somebody pastes: a process file, or the stages of any document, one per line."""

from __future__ import annotations

import re
from itertools import pairwise

from headway.basics.errors import InvalidFileError, UserError
from headway.process.definition import Process
from headway.process.form import MilestoneForm, ProcessForm, StageForm, form_of
from headway.process.linter import SourceLine, Who, lint_lines
from headway.process.linter.blocks import is_label
from headway.process.linter.process_file import is_process_file
from headway.process.linter.reading import lines_of_string
from headway.process.loader import parse_process
from headway.process.soundness import MAX_STAGES

_HEADING = re.compile(r"\s{0,3}#{1,6}\s|\s*<h[1-6]", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:(?:stage|step|phase|gate)\s*#?\s*\d|\(?\d{1,2}[.):]\s)", re.IGNORECASE)
MOST_WORDS = 8
_BULLET = re.compile(r"\s*[-*+•‣◦–]\s")


def form_from_text(text: str, *, name: str = "Our process") -> ProcessForm:
    """Stages with the lines below them as milestones, as they stand; whoever edits the form then rewrites them.

    Headings and numbers part stages from the lines below them; where all lines are alike, each is a stage and, in
    its own words, the first milestone of it. What only says how a deal ended is left out. A process file is taken
    whole. Raises UserError for an unsound process file, for text without any line of a process, and for too many.
    """
    if is_process_file(text):
        return form_of(_parsed(text))
    found = lines_of_string(text)
    found = sorted([*found, *_stages_above_lists(text, {line.line for line in found})], key=lambda line: line.line)
    source = [line for line in lint_lines(found).lines if line.who is not Who.OUTCOME]
    if not source:
        raise UserError("No stage was found in this text: write one stage per line.")
    depths = _depths(text, [line.line for line in source])
    stages = _grouped([SourceLine(line.line, line.text) for line in source], depths)
    if len(stages) > MAX_STAGES:
        raise UserError(f"This text has {len(stages)} stages, and a process at most {MAX_STAGES}: paste those only.")
    return ProcessForm(name=name, stages=tuple(_stage(number, *stage) for number, stage in enumerate(stages, 1)))


def _parsed(text: str) -> Process:
    try:
        return parse_process(text, "the text")
    except InvalidFileError as error:
        first = error.problems[:5]
        told = " ".join(f"Line {problem.line}: {problem.message}" for problem in first)
        more = len(error.problems) - len(first)
        raise UserError(f"This process file cannot be read. {told}" + (f" And {more} more." if more else "")) from None


def _stages_above_lists(text: str, known: set[int]) -> list[SourceLine]:
    """Short plain lines right above a list, which a document's reader takes for running text: names of stages."""
    raw = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return [
        SourceLine(number, " ".join(line.split()).rstrip(":"))
        for (number, line), (below, item) in pairwise(raw)
        if below in known and _BULLET.match(item) and number not in known and not _BULLET.match(line)
        if len(line.split()) <= MOST_WORDS and not is_label(line)
    ]


def _depths(text: str, numbers: list[int]) -> list[int]:
    """How deep each line stands: headings, then numbered lines, plain ones, bullets; indented lines deeper."""
    raw = text.splitlines()
    found = []
    for number in numbers:
        line = raw[number - 1] if 0 < number <= len(raw) else ""
        if _HEADING.match(line):
            found.append(0)
            continue
        indent = (len(line) - len(line.lstrip())) // 2
        kind = 0 if _NUMBERED.match(line) else 2 if _BULLET.match(line) else 1
        found.append(1 + indent * 3 + kind)
    return found


def _grouped(lines: list[SourceLine], depths: list[int]) -> list[tuple[str, list[str]]]:
    """(name of the stage, its lines), in order."""
    top = min(depths)
    if len(set(depths)) == 1 or depths[0] != top:
        return [(line.text, [line.text]) for line in lines]
    stages: list[tuple[str, list[str]]] = []
    for line, depth in zip(lines, depths, strict=True):
        if depth == top:
            stages.append((line.text, []))
        else:
            stages[-1][1].append(line.text)
    return [(name, below or [name]) for name, below in stages]


def _stage(number: int, name: str, below: list[str]) -> StageForm:
    milestones = tuple(MilestoneForm(uid=f"m{number}-{place}", buyer=text) for place, text in enumerate(below, 1))
    return StageForm(uid=f"s{number}", name=name, milestones=milestones)
