"""Close dates at period ends: are they the buyers' dates, or ours?

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import code_column
from headway.conformance.estimate import Unknown
from headway.conformance.theatre.measured import REPLICATES, Measured, measured_from
from headway.deals.event_log import EventLog, sql_text

LAST_DAYS = 3
LEAST_DEALS, LEAST_WON = 20, 8
EVEN = LAST_DAYS / 30.44  # of days are such days; wins fall there at least as often
LARGE = 0.15


def dates_at_period_ends(log: EventLog, *, about: str, seed: int = 0) -> Measured | Unknown:
    """Expected close dates on the last days of months, in this log; see `piling`. Quarters end where months do."""
    rows = log.table(sql_text(__package__, "close_dates"), {"days": LAST_DAYS})
    if not int((rows["dates"].to_numpy() * rows["deals"].to_numpy()).sum()):
        return Unknown("the source holds no history of expected close dates", 0, LEAST_DEALS)
    table = np.column_stack([rows[name].to_numpy() for name in ("dates", "late", "won", "won_late")])
    return piling(table, rows["deals"].to_numpy(), about=about, seed=seed)


def piling(table: npt.ArrayLike, deals: npt.ArrayLike, *, about: str = "dates", seed: int = 0) -> Measured | Unknown:
    """Share of expected close dates on the last three days of a month, set against the wins that fall there.

    table: (patterns, 4) of dates expected, those on the last days, won (0 or 1), won on the last days; deals:
    (patterns,) how many deals have that pattern. p and interval: deals drawn anew; the interval is of the value.
    """
    patterns, counts = np.asarray(table, dtype=np.int64), code_column("deals", deals)
    dates, late, won, won_late = (float(total) for total in counts @ patterns)
    dated = int(counts[patterns[:, 0] > 0].sum())
    if dated < LEAST_DEALS or won < LEAST_WON:
        return Unknown(
            f"needs {LEAST_DEALS} deals with an expected close date and {LEAST_WON} won, "
            f"here are {dated} and {won:.0f}",
            dated,
            LEAST_DEALS,
        )
    drawn = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=REPLICATES) @ patterns
    values, usual = drawn[:, 1] / np.maximum(drawn[:, 0], 1), np.maximum(EVEN, drawn[:, 3] / np.maximum(drawn[:, 2], 1))
    value, expected = late / dates, max(EVEN, won_late / won)
    return measured_from(values, usual, value=value, expected=expected, large=LARGE, about=about, n=int(dates))
