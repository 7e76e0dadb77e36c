"""A YAML document read as nodes that know their line, so that every problem can name the place it stands at.

Nothing is constructed: scalars stay text, tags and aliases are refused, so no file can run code or grow in memory.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from headway.basics.errors import InvalidFileError, Problem

MAX_CHARACTERS = 200_000
MOST_PROBLEMS = 100  # beyond, a file is not mended line by line
SHOWN = 60  # characters of a user's own text repeated in a message
_MISSING: Any = object()


def shown(text: str) -> str:
    """A user's own text as a message repeats it: one line, short, without control characters."""
    flat = " ".join(text.split())
    clean = "".join("·" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") else c for c in flat)
    return clean if len(clean) <= SHOWN else clean[: SHOWN - 1] + "…"


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
        if not self.problems:
            return
        problems = sorted(set(self.problems), key=lambda p: (p.line, p.message))
        if len(problems) > MOST_PROBLEMS:
            rest = f"there are {len(problems) - MOST_PROBLEMS:,} more problems from here on."
            problems = [*problems[:MOST_PROBLEMS], Problem(problems[MOST_PROBLEMS].line, rest)]
        raise InvalidFileError(self.path, tuple(problems))


class Block:
    """A mapping node: values are taken by key; `close` notes the keys that nobody asked for."""

    def __init__(self, reader: Reader, node: yaml.Node, what: str) -> None:
        self.reader, self.node, self.what = reader, node, what
        self.entries: dict[str, yaml.Node] = {}
        self.keys: dict[str, yaml.Node] = {}
        self.asked: list[str] = []
        self.sound = isinstance(node, yaml.MappingNode)
        if not isinstance(node, yaml.MappingNode):
            reader.note(node, f"{what} must be a list of `key: value` lines.")
            return
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                reader.note(key, f"a key of {what} must be a single word.")
                continue
            if key.value in self.entries:
                reader.note(key, f"`{shown(key.value)}` stands twice in {what}; keep one.")
            self.entries[key.value], self.keys[key.value] = value, key

    def node_of(self, key: str) -> yaml.Node | None:
        """The node under `key`, or None; an explicit null counts as absent."""
        self.asked.append(key)
        node = self.entries.get(key)
        return None if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")) else node

    def text(self, key: str, default: str | None = _MISSING) -> str:
        """Text under `key`; without a default its absence is a problem."""
        node = self.node_of(key)
        if node is None:
            absent: str = self._absent(key, default, "")
            return absent
        text = _plain_text(node)
        if text is None:
            self.reader.note(node, f"`{key}` of {self.what} must be text.")
        return text or ""

    def whole(self, key: str, default: int | None = _MISSING, *, low: int = 0, high: int = 36_500) -> int | None:
        """A whole number in [low, high]."""
        node = self.node_of(key)
        if node is None:
            absent: int | None = self._absent(key, default, 0)
            return absent
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        # At most nine digits: int() refuses thousands of them, and takes quadratic time for fewer.
        number = int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else -1
        if not low <= number <= high:
            self.reader.note(node, f"`{key}` of {self.what} must be a whole number from {low} to {high}.")
            return default if default is not _MISSING else 0
        return number

    def number(self, key: str) -> float | None:
        """A number of at least 0, or None when absent."""
        node = self.node_of(key)
        if node is None:
            return None
        try:
            value = float(node.value) if isinstance(node, yaml.ScalarNode) and len(node.value) <= 40 else -1.0
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
        value = node.value.lower() if isinstance(node, yaml.ScalarNode) else ""
        if value not in ("true", "false", "yes", "no"):
            self.reader.note(node, f"`{key}` of {self.what} must be true or false.")
        return value in ("true", "yes")

    def day(self, key: str) -> date | None:
        """A date written YYYY-MM-DD, or None when absent."""
        node = self.node_of(key)
        if node is None:
            return None
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        try:
            return date.fromisoformat(value if len(value) == 10 else "")
        except ValueError:
            self.reader.note(node, f"`{key}` of {self.what} must be a date like 2026-01-31.")
            return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts (or a single text); empty when absent."""
        node = self.node_of(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        texts = [_plain_text(item) for item in items]
        for item, text in zip(items, texts, strict=True):
            if text is None:
                self.reader.note(item, f"`{key}` of {self.what} must be a list of texts.")
        return tuple(text for text in texts if text)

    def block(self, key: str, what: str) -> Block | None:
        """The mapping under `key`, or None when absent."""
        node = self.node_of(key)
        return None if node is None else Block(self.reader, node, what)

    def blocks(self, key: str, what: str, within: str = "") -> Iterator[Block]:
        """Each mapping in the list under `key`, called `what 1 of within` in messages."""
        node = self.node_of(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.reader.note(node, f"`{key}` of {self.what} must be a list whose items begin with `- `.")
            return
        for number, item in enumerate(node.value, 1):
            yield Block(self.reader, item, f"{what} {number}" + (f" of {within}" if within else ""))

    def close(self) -> None:
        """Note every key that is not known here."""
        for key, node in self.keys.items():
            if key not in self.asked:
                known = list(dict.fromkeys(self.asked))
                alike = get_close_matches(key[:SHOWN], [name for name in known if name not in self.entries], 1)
                names = ", ".join(f"`{name}`" for name in known)
                cure = f"did you mean `{alike[0]}`?" if alike else f"known are {names}."
                self.reader.note(node, f"`{shown(key)}` is not known in {self.what}; {cure}")

    def _absent(self, key: str, default: Any, filler: Any) -> Any:
        if default is not _MISSING:
            return default
        if self.sound:  # otherwise that it is no mapping has been said already
            self.reader.note(self.node, f"{self.what} lacks `{key}`; add it.")
        return filler


def _plain_text(node: yaml.Node) -> str | None:
    """The text of a scalar without outer white space; None for anything else, and for what no screen can show."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    text = str(node.value).strip()
    odd = any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text)
    return None if odd or not text else text


class _PlainLoader(yaml.SafeLoader):
    """Composes plain mappings, lists and texts only.

    Aliases are refused, since a few lines of them can stand for gigabytes; tags, since they ask for Python objects.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(event, f"aliases (`*{shown(str(event.anchor))}`) are not allowed")
        if tag is not None and tag not in ("!", "tag:yaml.org,2002:str"):
            raise _RefusedError(event, f"tags (`{shown(str(tag))}`) are not allowed")
        return super().compose_node(parent, index)


class _RefusedError(Exception):
    """Valid YAML that a file here may not use, at this event."""

    def __init__(self, event: yaml.Event, message: str) -> None:
        super().__init__(message)
        self.line = event.start_mark.line + 1 if event.start_mark else 1


def compose(text: str, path: str) -> tuple[Reader, Block]:
    """The document's outermost mapping. Raises InvalidFileError where it is no single plain YAML mapping."""
    reader = Reader(path)
    if len(text) > MAX_CHARACTERS:
        raise _invalid(path, 1, f"the file is longer than {MAX_CHARACTERS:,} characters; shorten it.")
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except _RefusedError as problem:
        raise _invalid(path, problem.line, f"{problem}; write the text out.") from None
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        sign = problem.character if isinstance(problem.character, int) else ord(str(problem.character)[:1] or "?")
        raise _invalid(
            path, line, f"the character U+{sign:04X} cannot stand in YAML text; delete it, or save the file as UTF-8."
        ) from None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        if problem.context == "expected a single document in the stream":
            raise _invalid(path, line, "a second document begins here; keep one to a file.") from None
        if "'\\t'" in str(problem.problem):
            raise _invalid(path, line, "a tab stands where spaces must; indent with spaces.") from None
        what = shown(str(problem.problem or problem.context))
        raise _invalid(
            path, line, f"this is not valid YAML ({what}); mend the indentation or quote the text."
        ) from None
    except RecursionError:
        raise _invalid(
            path, 1, "lists and mappings are nested too deeply; a process needs about five levels."
        ) from None
    except (yaml.YAMLError, ValueError):
        raise _invalid(path, 1, "this is not YAML text; save the file as UTF-8 YAML.") from None
    if node is None:
        raise _invalid(path, 1, "the file is empty; `headway process new` writes one to start from.")
    block = Block(reader, node, "the file")
    if not block.sound:
        reader.finish()
    return reader, block


def _invalid(path: str, line: int, message: str) -> InvalidFileError:
    return InvalidFileError(path, (Problem(line, message),))
