"""How many more decided deals it would take, and how strong a hidden cause would have to be.

Method page: docs/methods/verdict.md.
"""

from __future__ import annotations

import math

from scipy.special import ndtri

from headway.verdict.decide import MIN_EACH, MIN_OUTCOMES, SURE_NO_WORSE

POWER = 0.80
_FEWEST_APART = 0.25  # of the margin: nearer to it than this no number of deals is promised


def deals_needed(
    n: int, left_out: int, won: int, margin: float, difference: float | None = None, deviation: float | None = None
) -> int:
    """How many more compared deals until a true difference of 0 clears the margin with 80 % power, at least 1.

    `deviation`: the posterior standard deviation of the difference; without it that of two binomial shares of this
    mix is taken. `difference`: where already enough deals for a true 0 were compared, the distance between it and what
    would settle the verdict takes the margin's place. Counts under the least that a verdict needs ask for those too.
    """
    share_left_out, share_won = (left_out + 2) / (n + 4), (won + 2) / (n + 4)
    per_deal = math.sqrt(share_won * (1 - share_won) / (share_left_out * (1 - share_left_out)))
    if deviation is not None and n > 0:
        per_deal = deviation * math.sqrt(n)
    reach = float(ndtri(SURE_NO_WORSE) + ndtri(POWER))
    wanted = (reach * per_deal / margin) ** 2
    if wanted <= n and difference is not None:
        distance = max(difference + margin, -difference if difference <= -margin / 2 else 0.0)
        wanted = (reach * per_deal / max(distance, _FEWEST_APART * margin)) ** 2
    fewest = max(MIN_EACH / min(share_left_out, 1 - share_left_out), MIN_OUTCOMES / min(share_won, 1 - share_won))
    return max(1, math.ceil(max(wanted, fewest)) - n)


def e_value(without: float, with_it: float, target: float = 1.0) -> float:
    """How many times likelier a hidden cause would have to be on one side, and make winning, to make `target` of this.

    `without` and `with_it`: shares won; `target`: the ratio of the two that the cause would have to hide, 1 for no
    difference. VanderWeele and Ding (2017), Annals of Internal Medicine 167:268-274. At least 1.
    """
    least = 1e-9
    ratio = max(without, least) / max(with_it, least) / max(target, least)
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))
