"""The ways deals take, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the stages, and how the deals that went it ended."""

    stages: tuple[str, ...]
    deals: int
    won: int
    lost: int
    no_decision: int
    withdrawn: int
    open: int
    amount: float
    process: str = ""  # empty: any


@dataclass(frozen=True, slots=True)
class Edge:
    """Moves from one stage to another. Beside stages: source "" is the creation, target an outcome's name."""

    source: str
    target: str
    moves: int
    deals: int
    median_days: float | None
    amount: float
    process: str = ""  # empty: any


@dataclass(frozen=True, slots=True)
class Dwell:
    """Days spent in one visit of a stage."""

    process: str
    rank: int
    stage: str
    visits: int
    median: float | None
    p75: float | None
    p90: float | None
    won_p90: float | None
    won_visits: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Paths, the stage graph and dwell."""

    variants: int
    paths: tuple[Path, ...]
    edges: tuple[Edge, ...]
    dwell: tuple[Dwell, ...]
