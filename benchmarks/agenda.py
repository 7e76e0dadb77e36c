"""Preventable losses met by Headway's agenda, by one sorted by amount, and by lot, within the same minutes.

`python -m benchmarks.agenda` plays the weekly reviews of simulated firms through each agenda and writes the tables of
docs/methods/agenda.md to standard output. Each agenda is told what was known on the eve of the review and nothing else;
how deals ended, and why, is looked up afterwards. Weights were set on firms with seeds 100 to 111, and the first two
of each kind (200, 201, 300, 301, 400, 401) were looked at on the way; those judged are others.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.agenda_contest import AGENDAS, STRICT, WINDOWS, Met, Window, played, reachable
from benchmarks.agenda_world import World, world_of
from benchmarks.forecast_simulated import ENDS_ON
from headway.conformance.arrays import FloatArray
from headway.demo.company import Company, simulate
from headway.demo.firms import Firm, simulate_firm

MINUTES = 30
RESAMPLES = 10_000
MONTHS = 18
ROOT = Path(__file__).resolve().parent.parent
SOURCE, KEPT = ROOT / "src" / "headway", ROOT / "bench-data" / "agenda"


@dataclass(frozen=True, slots=True)
class Firms:
    """A kind of firms that is judged. `make`: one by its seed."""

    name: str
    seeds: Sequence[int]
    make: Callable[[int], Company]


JUDGED = (
    Firms("4 sellers", range(202, 224), lambda seed: simulate(seed, ENDS_ON, 4, MONTHS)),
    Firms("7 sellers", range(302, 310), lambda seed: simulate(seed, ENDS_ON, 7, MONTHS)),
    Firms("steps left out by few", range(402, 408), lambda seed: simulate_firm(Firm("bad practice"), seed)),
    Firms("no rhythm", range(402, 408), lambda seed: simulate_firm(Firm("no rhythm"), seed)),
    Firms("several causes", range(402, 408), lambda seed: simulate_firm(Firm("mixed"), seed)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one kind of firms: per firm, in order; `reach`: losses that could be met at all, and their money."""

    open_deals: float
    reach: FloatArray
    met: dict[str, list[Met]]

    def losses(self, agenda: str, window: Window = STRICT) -> FloatArray:
        """Losses met per firm."""
        return np.array([one.losses[window.name] for one in self.met[agenda]], dtype=np.float64)

    def money(self, agenda: str) -> FloatArray:
        """Money of the losses met per firm."""
        return np.array([one.money[STRICT.name] for one in self.met[agenda]])


def outcome_of(worlds: Sequence[World], minutes: float = MINUTES) -> Outcome:
    """Play every firm through every agenda."""
    return Outcome(
        open_deals=float(np.mean([world.open_deals for world in worlds])),
        reach=np.array([reachable(world) for world in worlds], dtype=np.float64),
        met={name: [played(world, picks, minutes) for world in worlds] for name, picks in AGENDAS.items()},
    )


def interval(pairs: FloatArray) -> tuple[float, float, float]:
    """Mean of (n,) differences, one per firm, with its 95 % percentile bootstrap over firms."""
    rng = np.random.default_rng(0)
    means = pairs[rng.integers(0, pairs.size, (RESAMPLES, pairs.size))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(pairs.mean()), float(low), float(high)


def table(found: Outcome) -> str:
    """One row per agenda, as Markdown."""
    reach, money = found.reach.mean(axis=0)
    lines = [
        "| agenda | deals a week | different deals | preventable losses met | of those there were | their money |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, met in found.met.items():
        losses, sums = found.losses(name).mean(), found.money(name).mean()
        deals, different = np.mean([one.deals for one in met]), np.mean([one.different for one in met])
        lines.append(
            f"| {name} | {deals:.1f} | {different:.0f} | {losses:.1f} | {losses / reach:.0%} | €{sums / 1e3:,.0f} k"
            f" of €{money / 1e3:,.0f} k |"
        )
    return "\n".join(lines)


def differences(found: Outcome) -> str:
    """Headway's agenda less each other one, per firm, with intervals."""
    lines = []
    for name in list(found.met)[1:]:
        more = interval(found.losses("Headway") - found.losses(name))
        money = interval((found.money("Headway") - found.money(name)) / 1e3)
        times = found.losses("Headway").sum() / max(1.0, found.losses(name).sum())
        lines.append(
            f"- than {name}: **{more[0]:+.1f}** losses a firm ({more[1]:+.1f} to {more[2]:+.1f}), {times:.2f} times as"
            f" many; €{money[0]:+,.0f} k ({money[1]:+,.0f} to {money[2]:+,.0f})"
        )
    for window in WINDOWS[1:]:
        more = interval(found.losses("Headway", window) - found.losses("by amount", window))
        lines.append(f"- than by amount, counted {window.name}: {more[0]:+.1f} ({more[1]:+.1f} to {more[2]:+.1f})")
    return "\n".join(lines)


def _kept(firms: Firms, seed: int) -> World:
    """A firm's world, kept under a hash of the code that made it, so that a run that was cut goes on."""
    path = KEPT / f"{firms.name.replace(' ', '-')}-{seed}-{_code()}.pickle"
    if path.exists():
        found: World = pickle.loads(path.read_bytes())
        return found
    world = world_of(firms.make(seed))
    KEPT.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".new").write_bytes(pickle.dumps(world))
    path.with_suffix(".new").replace(path)
    return world


@cache
def _code() -> str:
    files = [Path(__file__).parent / "agenda_world.py", SOURCE / "reviews" / "left_out.py"]
    files += [
        path for room in ("demo", "deals", "evidence", "forecast") for path in sorted((SOURCE / room).rglob("*.py"))
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, help="at most so many firms of each kind")
    parser.add_argument("--kind", type=int, nargs="*", help="kinds of firms by number, all without it")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    told = parser.parse_args()
    for number, firms in enumerate(JUDGED):
        if told.kind and number not in told.kind:
            continue
        worlds = []
        for seed in firms.seeds[: told.firms]:
            worlds.append(_kept(firms, seed))
            print(f"{firms.name}: {len(worlds)} of {len(firms.seeds[: told.firms])}", file=sys.stderr, flush=True)
        found = outcome_of(worlds, told.minutes)
        seeds = f"seeds {firms.seeds[0]} to {firms.seeds[len(worlds) - 1]}"
        print(f"### {firms.name}: {len(worlds)} firms ({seeds}), {found.open_deals:.0f} open deals, "
              f"{told.minutes:g} minutes a week\n\n{table(found)}\n\n{differences(found)}\n", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
