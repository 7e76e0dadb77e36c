"""The order of stages as practised, inferred from which stage deals entered first.

Method page: docs/methods/order.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import IntArray
from headway.conformance.estimate import LEVEL, Estimate, Unknown
from headway.conformance.shares import Share, share, wilson_bounds

LEAST_CERTAINTY = 0.6
"""Below this share of deals agreeing, a pair of stages has no order and gives no findings."""

EXACT_UP_TO = 12
"""Up to so many stages the best order is found for certain; beyond, by local search."""


@dataclass(frozen=True, slots=True)
class PairOrder:
    """`agree`: of the deals that entered both stages, the share that entered `before` first.

    ordered: at least 60 % agree; otherwise the two have no order.
    """

    before: str
    after: str
    agree: Share
    ordered: bool


@dataclass(frozen=True, slots=True)
class StageOrder:
    """Stages in the order that most deals took. `pairs` holds each pair once, in that order.

    certainty: share of all `comparisons` (two stages entered by one deal) that agree with the order. Its n and
    interval are those of the deals of the fullest pair, since comparisons of one deal go together. exact: no other
    order agrees better; otherwise none that differs by moving one stage does.
    """

    stages: tuple[str, ...]
    pairs: tuple[PairOrder, ...]
    certainty: Estimate | Unknown
    comparisons: int
    exact: bool

    @property
    def adjacent(self) -> tuple[PairOrder, ...]:
        """The pairs of neighbours in the order."""
        neighbours = set(pairwise(self.stages))
        return tuple(pair for pair in self.pairs if (pair.before, pair.after) in neighbours)

    def is_ordered(self, before: str, after: str) -> bool:
        """Whether findings may rest on `before` coming before `after`. ValueError for a stage not in the order."""
        first, second = self.stages.index(before), self.stages.index(after)
        if first >= second:
            return False
        # pairs holds first all pairs of stage 0, then those of stage 1, ...
        skipped = first * len(self.stages) - first * (first + 1) // 2
        return self.pairs[skipped + second - first - 1].ordered


def stage_order(
    stages: Sequence[str],
    first_entered: npt.ArrayLike,
    *,
    follows: npt.ArrayLike | None = None,
    terminal: Sequence[str] = (),
    level: float = LEVEL,
) -> StageOrder:
    """The total order of `stages` with which the most deals agree.

    first_entered: (k, k) counts, [a, b] = deals that entered both and a before b for the first time; follows: (k, k)
    counts of direct moves a to b, which decides between orders that agree alike; terminal: stages that end a
    deal, put last as given. What is still equal goes by name. The linear ordering problem: solved exactly by
    dynamic programming over subsets (Held and Karp 1962) up to 12 stages, by insertion search beyond.
    """
    names = list(stages)
    if len(set(names)) != len(names) or not set(terminal) <= set(names) or len(set(terminal)) != len(terminal):
        raise ValueError("stages must have different names, and terminal stages be among them")
    counts = _count_matrix("first_entered", first_entered, len(names))
    moves = _count_matrix("follows", follows, len(names)) if follows is not None else np.zeros_like(counts)
    free = sorted((place for place, name in enumerate(names) if name not in set(terminal)), key=names.__getitem__)
    weights = _weights(counts[np.ix_(free, free)], moves[np.ix_(free, free)])
    exact = len(free) <= EXACT_UP_TO
    found = _best_order(weights) if exact else _searched_order(weights)
    order = [free[place] for place in found] + [names.index(name) for name in terminal]
    return _described(names, order, counts, exact, level)


def _described(names: Sequence[str], order: Sequence[int], counts: IntArray, exact: bool, level: float) -> StageOrder:
    pairs = []
    agreeing = compared = fullest = 0
    for place, before in enumerate(order):
        for after in order[place + 1 :]:
            agree = int(counts[before, after])
            both = agree + int(counts[after, before])
            result = share(agree, both, level=level)
            ordered = result.value is not None and result.value >= LEAST_CERTAINTY
            pairs.append(PairOrder(names[before], names[after], result, ordered))
            agreeing, compared, fullest = agreeing + agree, compared + both, max(fullest, both)
    return StageOrder(
        stages=tuple(names[place] for place in order),
        pairs=tuple(pairs),
        certainty=_certainty(agreeing, compared, fullest, level),
        comparisons=compared,
        exact=exact,
    )


def _certainty(agreeing: int, compared: int, fullest: int, level: float) -> Estimate | Unknown:
    if compared == 0:
        return Unknown("no deal entered two of the stages", 0, 1)
    value = agreeing / compared
    low, high = wilson_bounds(value * fullest, float(fullest), level)
    return Estimate(value, low, high, fullest)


def _weights(counts: IntArray, moves: IntArray) -> IntArray:
    """(k, k) of what an order gains by putting a before b: deals first, direct moves only where deals tie."""
    scale = int(moves.sum()) + 1
    if int(counts.sum()) * scale + scale >= 2**62:
        return counts
    return counts * scale + moves


def _best_order(weights: IntArray) -> list[int]:
    """The order of greatest total weight; of several, the first when spelled by place."""
    size = weights.shape[0]
    everything = (1 << size) - 1
    # rest[placed, a]: what a gains when it comes next, over all stages not yet placed.
    rest = np.zeros((everything + 1, size), dtype=np.int64)
    rest[0] = weights.sum(axis=1)
    for placed in range(1, everything + 1):
        lowest = (placed & -placed).bit_length() - 1
        rest[placed] = rest[placed & (placed - 1)] - weights[:, lowest]
    best = np.zeros(everything + 1, dtype=np.int64)
    for placed in range(everything - 1, -1, -1):
        best[placed] = max(
            rest[placed, place] + best[placed | 1 << place] for place in range(size) if not placed >> place & 1
        )
    order: list[int] = []
    placed = 0
    while placed != everything:
        order.append(
            next(
                place
                for place in range(size)
                if not placed >> place & 1 and rest[placed, place] + best[placed | 1 << place] == best[placed]
            )
        )
        placed |= 1 << order[-1]
    return order


def _searched_order(weights: IntArray) -> list[int]:
    """An order that moving any one stage cannot improve, from the order by wins minus losses."""
    gain = weights - weights.T
    order = sorted(range(weights.shape[0]), key=lambda place: (-int(gain[place].sum()), place))
    improved = True
    while improved:
        improved = False
        for stage in list(order):
            others = [place for place in order if place != stage]
            # Putting the stage before the i-th other gains what it beats from there on, less what beats it before.
            steps = np.concatenate(([0], np.cumsum(-gain[stage, others])))
            now = order.index(stage)
            target = int(np.argmax(steps))
            if steps[target] > steps[now]:
                order = [*others[:target], stage, *others[target:]]
                improved = True
    return order


def _count_matrix(name: str, values: npt.ArrayLike, size: int) -> IntArray:
    matrix = np.asarray(values)
    if matrix.shape != (size, size) and not (size == 0 and matrix.size == 0):
        raise ValueError(f"{name} must have shape ({size}, {size}), not {matrix.shape}")
    if size == 0:
        return np.zeros((0, 0), dtype=np.int64)
    if matrix.dtype.kind not in "iu" and not (np.isfinite(matrix).all() and (matrix == np.floor(matrix)).all()):
        raise ValueError(f"{name} must hold whole numbers")
    if (matrix < 0).any():
        raise ValueError(f"{name} holds negative values")
    counts: IntArray = matrix.astype(np.int64)
    np.fill_diagonal(counts, 0)
    return counts
