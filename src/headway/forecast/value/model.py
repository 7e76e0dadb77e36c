"""The readable numbers that the model is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One readable number of the model: a daily chance and the counts it rests on (`days` spent there, `events`)."""

    state: str
    silence: str
    to: str
    daily: float
    events: int
    days: float


@dataclass(frozen=True, slots=True)
class Weight:
    """One readable number of the model: what one more `unit` of something does to the odds (factor)."""

    name: str
    unit: str
    factor: float
    low: float
    high: float
