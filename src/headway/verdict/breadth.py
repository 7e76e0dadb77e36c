"""How broad it is: by how many owners a step is left out. Counted, never named.

Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln

from headway.conformance.arrays import BoolArray, IntArray
from headway.verdict.decide import LEAVES_OUT

_CONCENTRATIONS = 2.0 ** np.arange(-1, 11)  # of the beta distribution of owners' shares: the larger, the more alike


def owners_leaving_out(left_out: BoolArray, owners: IntArray) -> tuple[int, int]:
    """How many owners there are, and how many of them leave it out.

    An owner leaves it out where the owner's share of deals, drawn towards the share of all, is a quarter or more. How
    far it is drawn is learned from how much owners differ (beta-binomial, its concentration averaged by evidence), so
    that one deal of one owner tells little.
    """
    if not left_out.size:
        return 0, 0
    _, codes = np.unique(owners, return_inverse=True)
    deals = np.bincount(codes)
    without = np.bincount(codes[left_out], minlength=deals.size)
    share = (without.sum() + 0.5) / (deals.sum() + 1.0)
    first, second = share * _CONCENTRATIONS[:, None], (1 - share) * _CONCENTRATIONS[:, None]
    order = np.lexsort((deals, without))  # the same sum whatever the owners are called
    each = betaln(first + without[order], second + (deals - without)[order]) - betaln(first, second)
    logs = each.sum(axis=1)
    weights = np.exp(logs - logs.max())
    drawn = (first + without) / (_CONCENTRATIONS[:, None] + deals)
    shrunk = weights @ drawn / weights.sum()
    return int(deals.size), int(np.count_nonzero(shrunk >= LEAVES_OUT))
