"""What the buyer's evidence tells about the outcome, and what it leaves hidden.

Sellers leave a step out where the buyer is already convinced. Evidence that does not tell who is convinced cannot
take that out of the comparison, however many deals there are: then nothing is called harmless. Evidence that tells
takes most of it out, but never all: records of buyers are few and late. Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from headway.verdict.effect import Draws, Posterior
from headway.verdict.rows import LEFT_OUT, Rows

TELLS = 0.4
"""Log-odds of winning per standard deviation of the evidence taken together, from which on it tells."""
MAY_TELL = 0.2
"""Chance that it tells so much, below which nothing is called harmless: a loose guard, few deals cannot trip it."""
HIDDEN = 0.5
"""At most this share of what evidence explains away is taken to be still hidden; anything from none to it alike."""


def less_what_is_hidden(draws: Draws, explained: float) -> Draws:
    """The draws with what evidence that sees only a part of the buyer leaves behind taken out of the comparison.

    `explained`: the difference where evidence is not looked at less the one where it is. A bias analysis with a uniform
    prior (Greenland 2005, Journal of the Royal Statistical Society A 168:267-306): evidence whose noise is a fifth of
    its variance leaves about a third of what it explains.
    """
    count = draws.without.size
    share = HIDDEN * (np.random.default_rng(count).permutation(count) + 0.5) / count
    return Draws(np.clip(draws.without - share * explained, 0.0, 1.0), draws.with_it)


def evidence_tells(rows: Rows, posterior: Posterior, evidence: Sequence[int]) -> bool:
    """Whether the evidence columns of the covariates may well predict the outcome strongly enough."""
    strength, deviation = strength_of_evidence(rows, posterior, evidence)
    return strength + float(ndtri(1.0 - MAY_TELL)) * deviation >= TELLS


def strength_of_evidence(rows: Rows, posterior: Posterior, evidence: Sequence[int]) -> tuple[float, float]:
    """Standard deviation over deals of what the evidence adds to the log-odds, and the posterior deviation of that.

    What chance adds to it by every column after the first is taken off, so that many columns are no better than one.
    (0, 0) without any.
    """
    columns = LEFT_OUT + 1 + np.flatnonzero(np.isin(rows.kept, np.asarray(evidence, dtype=np.int64)))
    if not columns.size:
        return 0.0, 0.0
    part = posterior.parts[0]
    held = rows.dense[:, columns]
    spread = held.T @ held / max(len(held), 1)
    unsure = np.linalg.inv(part.root @ part.root.T)[np.ix_(columns, columns)]
    slope = spread @ part.dense[columns]
    length = math.sqrt(max(float(part.dense[columns] @ slope), 1e-12))
    by_chance = float(np.trace(spread @ unsure)) * (1.0 - 1.0 / columns.size)
    return math.sqrt(max(0.0, length**2 - by_chance)), math.sqrt(max(0.0, float(slope @ unsure @ slope))) / length
