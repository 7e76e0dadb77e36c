"""Many simulated trials at once: new deals every week, decided after weeks or months, looked at every week.

`python -m tests.trials.simulated 4000` prints the table of docs/methods/trials.md (about ten minutes).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.trials.course import cohort, read
from headway.trials.sequential import SHOWN, STOPPING, Sequence, difference, running

HORIZON = 160.0  # days
Z = 1.959964


@dataclass(frozen=True)
class World:
    """Shares won as usual and in the other arm; `hurry`: how many times as fast lost deals are decided there."""

    won: float
    effect: float = 0.0
    hurry: float = 1.0
    deals_a_week: float = 4.0
    weeks: int = 104


@dataclass(frozen=True)
class Counts:
    """Per look (axis 1) of every trial (axis 0): won and all of the usual arm, won and all of the other one."""

    counted: tuple[npt.NDArray[np.float64], ...]
    decided: tuple[npt.NDArray[np.float64], ...]


def simulate(world: World, trials: int, seed: int) -> Counts:
    """Losses come sooner than wins, as in real pipelines: after 50 days in the middle, wins after 90."""
    rng = np.random.default_rng([seed, trials])
    deals = round(world.deals_a_week * world.weeks)
    assigned = np.sort(rng.uniform(0, world.weeks * 7, (trials, deals)), axis=1)
    flips = rng.random((trials, (deals + 1) // 2)) < 0.5  # blocks of two
    other = np.stack([flips, ~flips], axis=2).reshape(trials, -1)[:, :deals]
    won = rng.random((trials, deals)) < world.won + world.effect * other
    speed = np.where(other & ~won, world.hurry, 1.0)
    days = np.where(won, 90, 50) * np.exp(0.5 * rng.standard_normal((trials, deals))) / speed
    end = assigned + np.minimum(days, HORIZON)
    won &= days <= HORIZON
    columns = []
    for day in np.arange(1, world.weeks + 1) * 7.0:
        known = end <= day
        size = cohort(known & (assigned <= day))
        size = np.minimum(size, (assigned <= day).sum(axis=1))
        counted = known & (np.arange(deals) < size[:, None])
        columns.append([_sums(rows, other, won) for rows in (counted, known)])
    table = np.array(columns, dtype=np.float64)  # looks, 2, 4, trials
    return Counts(*(tuple(table[:, which, column].T for column in range(4)) for which in (0, 1)))


def _sums(rows: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_], won: npt.NDArray[np.bool_]) -> list[object]:
    return [(rows & arm & what).sum(axis=1) for arm in (~other, other) for what in (won, rows)]


def intervals(counts: tuple[npt.NDArray[np.float64], ...], margin: float = 0.1) -> tuple[Sequence, Sequence]:
    """The running interval shown and the one that stops."""
    found = [running(difference(*counts, miss=miss, margin=margin)) for miss in (SHOWN, STOPPING)]
    return found[0], found[1]


@dataclass(frozen=True)
class Rates:
    """Shares of trials. `apart`: ever a difference, at the end; `alike`: ever none; `covered`: by every interval."""

    apart: float
    alike: float
    covered: float
    naive: float
    naive_decided: float
    alike_decided: float
    median_deals: float


def rates(world: World, trials: int, seed: int, margin: float = 0.1) -> Rates:
    """How often the test says what, and what others would have said of the same trials."""
    counts = simulate(world, trials, seed)
    shown, stopping = intervals(counts.counted, margin)
    states, said = read(shown, stopping, margin)
    ever = np.array([row[np.argmax(row != "running")] for row in states])
    raw = difference(*counts.counted, miss=SHOWN, margin=margin)
    truth = world.effect
    missed = ((raw.low > truth) | (raw.high < truth)).any(axis=1)  # comparisons with NaN are false
    hasty, _ = read(*intervals(counts.decided, margin), margin)
    deals = counts.counted[1] + counts.counted[3]
    first = np.where(said.any(axis=1), deals[np.arange(len(deals)), np.argmax(said, axis=1)], np.nan)
    return Rates(
        apart=float(np.isin(ever, ["better with", "better without"]).mean()),
        alike=float((ever == "no difference").mean()),
        covered=float(1 - missed.mean()),
        naive=float(naive(counts.counted).mean()),
        naive_decided=float(naive(counts.decided).mean()),
        alike_decided=float(np.any(hasty == "no difference", axis=1).mean()),
        median_deals=float(np.nanmedian(first)) if said.any() else float("nan"),
    )


def naive(counts: tuple[npt.NDArray[np.float64], ...]) -> npt.NDArray[np.bool_]:
    """Whether an ordinary test at 5 % was ever significant at a weekly look, from the same number of deals on."""
    x0, n0, x1, n1 = counts
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (x0 + x1) / (n0 + n1)
        z = np.abs(x1 / n1 - x0 / n0) / np.sqrt(share * (1 - share) * (1 / n0 + 1 / n1))
    enough = (np.minimum(n0, n1) >= 12) & (np.minimum(x0 + x1, n0 + n1 - x0 - x1) >= 6)
    return np.any(enough & (z > Z), axis=1)


HEAD = (
    *("won", "difference", "losses sooner", "deals a week", "says a difference", "says none", "every interval right"),
    *("usual test, every week", "... as deals are decided", "none, as deals are decided", "deals until it says so"),
)
WORLDS = (
    *(World(won, effect) for won in (0.1, 0.3, 0.5) for effect in (0.0, -0.05, 0.1, 0.2)),
    *(World(0.3, effect, 1.0, a_week) for a_week in (1.5, 15.0) for effect in (0.0, 0.1, 0.2)),
    *(World(0.3, effect, 2.0, 40.0, 52) for effect in (0.0, 0.1)),
)


def main(trials: int) -> None:
    """Print the table."""
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for world in WORLDS:
        found = rates(world, trials, 1)
        shares = (found.apart, found.alike, found.covered, found.naive, found.naive_decided, found.alike_decided)
        cells = [
            f"{100 * world.won:.0f} %",
            f"{100 * world.effect:+.0f}",
            f"{world.hurry:.0f}×",
            f"{world.deals_a_week:g}",
        ]
        cells += [f"{100 * share:.1f} %" for share in shares] + [f"{found.median_deals:.0f}"]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
