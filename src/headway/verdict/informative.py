"""Whether the buyer's evidence tells anything about the outcome: without that, nothing is called harmless.

Sellers leave a step out where the buyer is already convinced. Evidence that does not tell who is convinced cannot
take that out of the comparison, however many deals there are. Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from headway.verdict.effect import LEFT_OUT, Posterior, Rows

TELLS = 0.35
"""Log-odds of winning per standard deviation of the evidence taken together, beyond chance."""


def evidence_tells(rows: Rows, posterior: Posterior, evidence: Sequence[int]) -> bool:
    """Whether the evidence columns of the covariates predict the outcome strongly enough."""
    return strength(rows, posterior, evidence) >= TELLS


def strength(rows: Rows, posterior: Posterior, evidence: Sequence[int]) -> float:
    """Standard deviation over deals of what the evidence adds to the log-odds, less what chance adds to it."""
    columns = LEFT_OUT + 1 + np.flatnonzero(np.isin(rows.kept, np.asarray(evidence, dtype=np.int64)))
    if not columns.size:
        return 0.0
    part = posterior.parts[0]
    held = rows.dense[:, columns]
    spread = held.T @ held / max(len(held), 1)
    unsure = np.linalg.inv(part.root @ part.root.T)[np.ix_(columns, columns)]
    effect = part.dense[columns]
    return math.sqrt(max(0.0, float(effect @ spread @ effect - np.trace(spread @ unsure))))
