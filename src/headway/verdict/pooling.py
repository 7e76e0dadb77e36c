"""The sceptical prior: how large effects are in this workspace at all, learned from all its steps together.

With many steps some look bad by chance. Each effect is drawn towards zero by a normal prior whose scale all steps have
in common (empirical Bayes): where most steps do nothing it is narrow, and a step must speak up to be called worse.
That is how the number of comparisons is allowed for. Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from headway.conformance.arrays import FloatArray

SCALES = (0.3, 0.5, 0.8, 1.2)
"""Scales of the sceptical prior, in log-odds, that are averaged over; never narrower than the first."""
WIDE = 2.5
"""Scale of the wide prior, against which "no worse" has to be shown: towards zero it draws next to nothing."""
_USUAL = 1.0  # half-normal prior of the scale itself


def scale_weights(evidences: Sequence[FloatArray]) -> FloatArray:
    """(scales,) weights, adding up to one, from the log-evidence (scales,) of each step; the order cannot matter."""
    logs = np.array([-0.5 * (scale / _USUAL) ** 2 for scale in SCALES])
    logs += np.array([math.fsum(float(step[i]) for step in evidences) for i in range(len(SCALES))])
    weights: FloatArray = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights
