"""Claims in bursts: are the stages of many deals claimed at one sitting?

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, IntArray, code_column
from headway.conformance.estimate import Unknown
from headway.conformance.meetings import DAY_US
from headway.conformance.theatre.measured import Measured, middle, resampled_sums
from headway.deals.event_log import EventLog, sql_text

BURST = 3  # claims ...
WITHIN_US = 600_000_000  # ... of a team within ten minutes
MS_US = 1_000  # a line of many teams is counted in milliseconds, for the sake of its length
LEAST_CLAIMS = 40
LARGE_RATIO, LARGE_POINTS = 1.5, 0.05
MOST_CLAIMS = 30_000  # more are sampled, by whole days
REPLICATES = 499


def claims_in_bursts(log: EventLog, *, about: str, seed: int = 0) -> Measured | Unknown:
    """The share of claims made in bursts in this log; see `bursts`."""
    claims: int = log.value("SELECT count(*) FROM events WHERE kind = 'stage_claimed' AND previous <> code") or 0
    rows = log.table(sql_text(__package__, "claims"), {"every": 1 + claims // MOST_CLAIMS})
    return bursts(rows["team"].to_numpy(), rows["at_us"].to_numpy(), rows["deal"].to_numpy(), about=about, seed=seed)


def bursts(
    teams: npt.ArrayLike,
    at_us: npt.ArrayLike,
    deals: npt.ArrayLike,
    *,
    about: str = "claims",
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Measured | Unknown:
    """Share of claims that lie with those of two other deals of their team within ten minutes.

    teams, at_us, deals: (n,) one row per claim, microseconds UTC. Expected, and p: the times of day of a team's
    claims exchanged at random among its days, so that each day keeps its number of claims and each hour its share.
    Interval: team-days drawn anew.
    """
    codes, whose = code_column("teams", teams), code_column("deals", deals)
    instants = np.asarray(at_us, dtype=np.int64)
    order = np.lexsort((whose, instants, codes))
    codes, whose, instants = codes[order], whose[order], instants[order]
    again = (codes[1:] == codes[:-1]) & (whose[1:] == whose[:-1]) & (instants[1:] - instants[:-1] <= WITHIN_US)
    kept = np.concatenate([[True], ~again]) if codes.size else np.zeros(0, bool)
    codes, instants = codes[kept], instants[kept]
    if codes.size < LEAST_CLAIMS:
        return Unknown(f"needs {LEAST_CLAIMS} claims, here are {codes.size}", int(codes.size), LEAST_CLAIMS)
    days, clock = instants // DAY_US, instants % DAY_US
    if np.unique(clock, return_counts=True)[1].max() > codes.size / 2:
        return Unknown("the source knows the day of a claim and not its minute", 0, LEAST_CLAIMS)
    apart = instants.max() - instants.min() + 2 * DAY_US
    line = codes * (apart // MS_US) + (instants - instants.min()) // MS_US  # teams end to end, never touching
    together = in_bursts(line)
    value = float(together.mean())
    rng = np.random.default_rng(seed)
    clock = clock // MS_US
    base = line - clock
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    ends = np.append(starts[1:], codes.size)
    drawn = np.empty(replicates)
    for place in range(replicates):
        mixed = np.concatenate([rng.permutation(clock[a:b]) for a, b in zip(starts, ends, strict=True)])
        drawn[place] = in_bursts(np.sort(base + mixed)).mean()
    expected = float(drawn.mean())
    low, high = _interval(codes, days, together, seed)
    return Measured(
        about=about,
        value=value,
        expected=expected,
        low=min(low, value),
        high=max(high, value),
        p_value=float(1 + np.count_nonzero(drawn >= value - 1e-12)) / (1 + replicates),
        large=value >= LARGE_RATIO * expected and low - expected >= LARGE_POINTS,
        n=int(codes.size),
    )


def in_bursts(line: IntArray) -> BoolArray:
    """(n,) of sorted instants in milliseconds: does it lie among `BURST` that are within ten minutes of each other?"""
    found = np.zeros(line.size + 1, dtype=np.int64)
    if line.size >= BURST:
        first = np.flatnonzero(line[BURST - 1 :] - line[: line.size - BURST + 1] <= WITHIN_US // MS_US)
        np.add.at(found, first, 1)
        np.add.at(found, first + BURST, -1)
    inside: BoolArray = np.cumsum(found)[:-1] > 0
    return inside


def _interval(codes: IntArray, days: IntArray, together: BoolArray, seed: int) -> tuple[float, float]:
    _, unit = np.unique((days - days.min()) * (int(codes.max()) + 1) + codes, return_inverse=True)
    table = np.column_stack([np.bincount(unit, weights=together), np.bincount(unit)]).astype(np.int64)
    sums = resampled_sums(table, seed)
    return middle(sums[:, 0] / np.maximum(sums[:, 1], 1))
