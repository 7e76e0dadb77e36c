"""How many owners leave it out: a deal or two of one owner tells little, many deals tell much."""

import numpy as np
from scipy.stats import betabinom

from headway.verdict.breadth import owners_leaving_out


def deals(*owners: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Per owner: deals that left it out, deals in all."""
    left_out = np.concatenate([np.arange(n) < k for k, n in owners])
    return left_out, np.repeat(np.arange(len(owners)), [n for _, n in owners])


def test_owners_with_many_deals_are_counted_by_their_own_share() -> None:
    assert owners_leaving_out(*deals((30, 60), (2, 60), (3, 60), (14, 60), (17, 60))) == (5, 2)


def test_one_deal_of_one_owner_is_read_by_what_the_others_do() -> None:
    assert owners_leaving_out(*deals((1, 1), (1, 50), (2, 50), (0, 50), (1, 50))) == (5, 0)
    assert owners_leaving_out(*deals((0, 1), (30, 60), (35, 60), (28, 60))) == (4, 4)


def test_nobody_and_everybody() -> None:
    assert owners_leaving_out(np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64)) == (0, 0)
    assert owners_leaving_out(*deals((0, 30), (0, 5))) == (2, 0)
    assert owners_leaving_out(*deals((30, 30), (5, 5))) == (2, 2)


def test_what_owners_are_called_does_not_matter() -> None:
    left_out, owners = deals((9, 30), (8, 31), (7, 29), (2, 7))
    assert owners_leaving_out(left_out, owners) == owners_leaving_out(left_out, 1000 - 7 * owners)


def test_the_shares_are_drawn_together_as_the_beta_binomial_says() -> None:
    """By scipy's beta-binomial: four of ten beside owners at five per cent is no quarter, beside mixed ones it is."""
    alike, mixed = ((4, 10), (5, 100), (4, 100), (6, 100)), ((4, 10), (0, 50), (40, 50), (2, 50))
    for owners, expected in ((alike, 0), (mixed, 2)):
        share = (sum(k for k, _ in owners) + 0.5) / (sum(n for _, n in owners) + 1)
        sizes = 2.0 ** np.arange(-1, 11)
        logs = np.array([sum(betabinom.logpmf(k, n, share * m, (1 - share) * m) for k, n in owners) for m in sizes])
        weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
        first = weights @ ((share * sizes + 4) / (sizes + 10))
        assert bool(first >= 0.25) is bool(expected)
        assert owners_leaving_out(*deals(*owners))[1] == expected
