"""What a list over companies shows of an analysis: a few figures in its summary, so that the list reads no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.diagnosis.value import Diagnosis


def company_figures(found: Diagnosis, words: Mapping[str, str]) -> dict[str, Any]:
    """`words`: verdict by step id. `gap_stages`: claimed minus evidenced, summed over `gap_deals` open deals with an
    observed buyer act. `gap`: money with its interval, None where hidden. `movement`: share, interval, n, None where
    unknown for `reason`.
    """
    gaps = [deal.gap for deal in found.open_deals if deal.gap is not None]
    money, overall = found.gap, found.movement.overall
    decided = overall.decided if overall else None
    return {
        "deals": found.log.deals,
        "currency": found.log.currency,
        "observed": money.observed_deals,
        "inflated": money.inflated,
        "gap_stages": sum(gaps),
        "gap_deals": len(gaps),
        "gap": None if money.amount is None else [money.amount, money.amount_low, money.amount_high],
        "movement": [decided.value, decided.low, decided.high, decided.n] if decided else None,
        "days": overall.usual_days if overall else None,
        "basis": overall.basis if overall else "",
        "upper": found.movement.upper_bound,
        "reason": (overall.reason if overall else None) or found.movement.reason or "",
        "verdicts": dict(words),
    }
