"""Late evidence: is what the buyer did written down when it happened, or when someone asks for it?

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import code_column
from headway.conformance.estimate import Unknown
from headway.conformance.theatre.measured import REPLICATES, Measured, measured_from
from headway.deals.event_log import EventLog, sql_text

USUAL = 0.20  # late by oversight alone, where nothing else that people record says what is usual here
LARGE = 0.10
LEAST_EVIDENCE, LEAST_DEALS, LEAST_OTHERS = 40, 15, 30


def late_evidence(log: EventLog, *, about: str, seed: int = 0) -> Measured | Unknown:
    """Evidence recorded later than the process allows, in this log; see `lateness`. Connectors' own is left out."""
    rows = log.table(sql_text(f"{__package__}", "late_evidence"))
    table = np.column_stack([rows[name].to_numpy() for name in ("evidence", "late", "others", "others_late")])
    return lateness(table.astype(np.int64), rows["deals"].to_numpy(), about=about, seed=seed)


def lateness(
    table: npt.ArrayLike, deals: npt.ArrayLike, *, about: str = "evidence", seed: int = 0
) -> Measured | Unknown:
    """Share of evidence recorded late, set against what is usual: the share of other records that are late, at least
    `USUAL`.

    table: (patterns, 4) of evidence, late evidence, other records, late ones; deals: (patterns,) how many deals have
    that pattern. p and interval: deals drawn anew.
    """
    patterns, counts = np.asarray(table, dtype=np.int64).reshape(-1, 4), code_column("deals", deals)
    evidence, late, others, others_late = (int(total) for total in counts @ patterns)
    backed = int(counts[patterns[:, 0] > 0].sum())
    if evidence < LEAST_EVIDENCE or backed < LEAST_DEALS:
        return Unknown(
            f"needs {LEAST_EVIDENCE} pieces of evidence of {LEAST_DEALS} deals that people recorded at a known time, "
            f"here are {evidence} of {backed}",
            evidence,
            LEAST_EVIDENCE,
        )
    drawn = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=REPLICATES) @ patterns
    values, expected, usual = drawn[:, 1] / np.maximum(drawn[:, 0], 1), USUAL, np.full(REPLICATES, USUAL)
    if others >= LEAST_OTHERS:
        expected = max(USUAL, others_late / others)
        usual = np.maximum(USUAL, drawn[:, 3] / np.maximum(drawn[:, 2], 1))
    value = late / evidence
    return measured_from(values, usual, value=value, expected=expected, large=LARGE, about=about, n=evidence)
