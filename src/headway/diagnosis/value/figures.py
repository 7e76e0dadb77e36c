"""What every section rests on: a share with its interval, and a sentence that names deals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share with its 95 % interval and the number of cases it rests on."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the five sentences. `deals` are the ids of the deals it names, in the order of their names in `text`."""

    text: str
    deals: tuple[str, ...] = ()
