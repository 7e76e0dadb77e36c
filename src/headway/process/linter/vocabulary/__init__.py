"""The linter's words: parties, artefacts and verbs, in text files that anybody can read and add to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a vocabulary file: `[name] flag key=value`, then phrases separated by commas."""

    name: str
    flags: tuple[str, ...]
    phrases: tuple[str, ...]

    def value(self, key: str) -> str | None:
        """The value of `key=value` in the heading, None where it is absent."""
        return next((flag.partition("=")[2] for flag in self.flags if flag.startswith(f"{key}=")), None)


def sections_of(file: str) -> tuple[Section, ...]:
    """The sections of one vocabulary file, in its order; lines that start with # are comments."""
    found: list[tuple[str, list[str]]] = []
    for line in files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found.append((line, []))
        elif line.strip() and not line.startswith("#"):
            found[-1][1].append(line)
    sections = []
    for heading, lines in found:
        name, _, flags = heading[1:].partition("]")
        phrases = tuple(phrase.strip() for phrase in " ".join(lines).split(",") if phrase.strip())
        sections.append(Section(name, tuple(flags.split()), phrases))
    return tuple(sections)


@cache
def _grammar() -> dict[str, frozenset[str]]:
    return {section.name: frozenset(section.phrases) for section in sections_of("grammar.txt")}


def words_of(section: str) -> frozenset[str]:
    """The words of one section of grammar.txt."""
    return _grammar()[section]
