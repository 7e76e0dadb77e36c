"""Processes in buyer terms that come with Headway, to begin from."""

from __future__ import annotations

from importlib import resources

from headway.basics.errors import UserError
from headway.process.definition import Process
from headway.process.loader import parse_process

_SUFFIX = ".yaml"


def list_starters() -> tuple[str, ...]:
    """The names of all starters, in alphabetical order."""
    files = resources.files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(_SUFFIX) for f in files if f.name.endswith(_SUFFIX)))


def starter_text(name: str) -> str:
    """The file of a starter, with its comments. Raises UserError for a name that is none."""
    if name not in list_starters():
        known = ", ".join(list_starters())
        raise UserError(f"There is no starter called {name!r}; take one of: {known}.")
    return resources.files(__package__).joinpath(name + _SUFFIX).read_text(encoding="utf-8")


def get_starter(name: str) -> Process:
    """The process of a starter. Raises UserError for a name that is none."""
    return parse_process(starter_text(name), name + _SUFFIX)
