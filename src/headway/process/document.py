"""A YAML document read as nodes that know their line, so that every problem can name the place it stands at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from headway.basics.errors import InvalidFileError, Problem

MAX_BYTES = 1_000_000
_MISSING: Any = object()


@dataclass(slots=True)
class Reader:
    """Collects all problems of one document instead of stopping at the first."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def note(self, node: yaml.Node | int, message: str) -> None:
        """Remember a problem at `node` (or at a 1-based line)."""
        line = node if isinstance(node, int) else node.start_mark.line + 1
        self.problems.append(Problem(line, message))

    def finish(self) -> None:
        """Raise InvalidFileError with all problems, in the order of their lines, if there are any."""
        if self.problems:
            raise InvalidFileError(self.path, tuple(sorted(set(self.problems), key=lambda p: (p.line, p.message))))


class Block:
    """A mapping node: values are taken by key; `close` notes the keys that nobody asked for."""

    def __init__(self, reader: Reader, node: yaml.Node, what: str) -> None:
        self.reader, self.node, self.what = reader, node, what
        self.entries: dict[str, yaml.Node] = {}
        self.asked: list[str] = []
        if not isinstance(node, yaml.MappingNode):
            reader.note(node, f"{what} must be a list of `key: value` lines.")
            return
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name in self.entries:
                reader.note(key, f"`{name}` stands twice in {what}; keep one.")
            self.entries[name] = value

    def node_of(self, key: str) -> yaml.Node | None:
        """The node under `key`, or None; an explicit null counts as absent."""
        self.asked.append(key)
        node = self.entries.get(key)
        return None if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")) else node

    def text(self, key: str, default: str | None = _MISSING) -> str:
        """Text under `key`; without a default its absence is a problem."""
        node = self.node_of(key)
        if node is None:
            return self._absent(key, default, "")
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.reader.note(node, f"`{key}` of {self.what} must be text.")
            return ""
        return str(node.value).strip()

    def whole(self, key: str, default: int | None = _MISSING, *, low: int = 0, high: int = 36_500) -> int | None:
        """A whole number in [low, high]."""
        node = self.node_of(key)
        if node is None:
            return self._absent(key, default, 0)
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
            self.reader.note(node, f"`{key}` of {self.what} must be a whole number from {low} to {high}.")
            return default if default is not _MISSING else 0
        return int(value)

    def number(self, key: str) -> float | None:
        """A number of at least 0, or None when absent."""
        node = self.node_of(key)
        if node is None:
            return None
        try:
            value = float(node.value) if isinstance(node, yaml.ScalarNode) else -1.0
        except ValueError:
            value = -1.0
        if not 0 <= value < 1e15:
            self.reader.note(node, f"`{key}` of {self.what} must be a number of at least 0, written like 50000.")
            return None
        return value

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        node = self.node_of(key)
        if node is None:
            return False
        value = str(node.value).lower() if isinstance(node, yaml.ScalarNode) else ""
        if value not in ("true", "false", "yes", "no"):
            self.reader.note(node, f"`{key}` of {self.what} must be true or false.")
        return value in ("true", "yes")

    def day(self, key: str) -> date | None:
        """A date written YYYY-MM-DD, or None when absent."""
        node = self.node_of(key)
        if node is None:
            return None
        try:
            return date.fromisoformat(str(node.value))
        except ValueError:
            self.reader.note(node, f"`{key}` of {self.what} must be a date like 2026-01-31.")
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts (or a single text); empty when absent."""
        node = self.node_of(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(item, yaml.ScalarNode) and item.value.strip() for item in items):
            self.reader.note(node, f"`{key}` of {self.what} must be a list of texts.")
            return ()
        return tuple(str(item.value).strip() for item in items)

    def block(self, key: str, what: str) -> Block | None:
        """The mapping under `key`, or None when absent."""
        node = self.node_of(key)
        return None if node is None else Block(self.reader, node, what)

    def blocks(self, key: str, what: str) -> Iterator[Block]:
        """Each mapping in the list under `key`."""
        node = self.node_of(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.reader.note(node, f"`{key}` of {self.what} must be a list whose items begin with `- `.")
            return
        for number, item in enumerate(node.value, 1):
            yield Block(self.reader, item, f"{what} {number}")

    def close(self) -> None:
        """Note every key that is not known here."""
        for key, node in self.entries.items():
            if key not in self.asked:
                known = ", ".join(f"`{name}`" for name in dict.fromkeys(self.asked))
                self.reader.note(node, f"`{key}` is not known in {self.what}; known are {known}.")

    def _absent(self, key: str, default: Any, filler: Any) -> Any:
        if default is not _MISSING:
            return default
        self.reader.note(self.node, f"{self.what} lacks `{key}`; add it.")
        return filler


def compose(text: str, path: str) -> tuple[Reader, Block]:
    """The document's outermost mapping. Raises InvalidFileError where it is no single plain YAML mapping.

    Aliases are refused: a few lines of them can stand for gigabytes.
    """
    reader = Reader(path)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidFileError(path, (Problem(1, f"the file is larger than {MAX_BYTES:,} bytes; shorten it."),))
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise InvalidFileError(path, (Problem(1, "YAML aliases (`*name`) are not allowed; write the text out."),))
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        message = (
            f"this is not valid YAML ({problem.problem or problem.context}); mend the indentation or quote the text."
        )
        raise InvalidFileError(path, (Problem(line, message),)) from None
    except (yaml.YAMLError, RecursionError):
        raise InvalidFileError(path, (Problem(1, "this is not YAML text; save the file as UTF-8 YAML."),)) from None
    if node is None:
        raise InvalidFileError(
            path, (Problem(1, "the file is empty; `headway process new` writes one to start from."),)
        )
    block = Block(reader, node, "the file")
    reader.finish()
    return reader, block
