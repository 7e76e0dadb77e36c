"""A Headway process file as lines: the names of stages, what the buyer does, what the seller is asked to do."""

from __future__ import annotations

import re

import yaml

from headway.basics.errors import UserError
from headway.process.linter.report import SourceLine

MOST_ALIASES = 100
MOST_CHARACTERS = 1 << 20
DEEPEST = 40
_HEADER = re.compile(r"^headway\s*:\s*[\"']?process/", re.MULTILINE)


def is_process_file(text: str) -> bool:
    """True when the text says at its top level that it is a process file."""
    return _HEADER.search(text) is not None


def lines_of_process(text: str, name: str) -> list[SourceLine]:
    """Stage names, milestones' `buyer` and steps' `seller` texts with their lines (1-based). Raises UserError."""
    try:
        _guard(text, name)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError as problem:
        raise UserError(
            f"{name} is nested too deeply to be a process file: see `headway process new` for the form."
        ) from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise UserError(
            f"{name}, line {line}: not valid YAML ({problem.problem or 'it breaks off'}); mend that line."
        ) from problem
    except yaml.YAMLError as problem:
        raise UserError(f"{name} holds characters that YAML does not allow: save it as plain UTF-8 text.") from problem
    found: list[SourceLine] = []
    for stage in _items(_value(root, "stages")):
        _add(found, _value(stage, "name"))
        for milestone in _items(_value(stage, "milestones")):
            _add(found, _value(milestone, "buyer"))
        for step in _items(_value(stage, "steps")):
            _add(found, _value(step, "seller"))
    return found


def _guard(text: str, name: str) -> None:
    """Walk the events first: what is nested too deeply or repeats itself too often is never built in memory."""
    if len(text) > MOST_CHARACTERS:
        raise UserError(
            f"{name} is larger than {MOST_CHARACTERS >> 20} MB, too large for a process file: take out what is none."
        )
    aliases = depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if aliases > MOST_ALIASES:
            raise UserError(f"{name} repeats itself by more than {MOST_ALIASES} aliases: write the lines out.")
        if depth > DEEPEST:
            raise UserError(
                f"{name} is nested too deeply to be a process file: see `headway process new` for the form."
            )


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key of a mapping, None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if isinstance(name, yaml.ScalarNode) and name.value == key), None)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _add(found: list[SourceLine], node: yaml.Node | None) -> None:
    if isinstance(node, yaml.ScalarNode) and node.value.strip():
        found.append(SourceLine(node.start_mark.line + 1, " ".join(node.value.split())))
