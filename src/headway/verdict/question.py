"""One thing asked of the log: who is compared with whom, put together alike for steps and rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.verdict.covariates import OtherStep, covariates
from headway.verdict.known import DAY_US, NEVER, Known
from headway.verdict.landmark import Landmark

LOOKS_AFTER_DAYS = 14
"""A review that looks at a deal this long after the due time still looks at what was left out."""
LEAST_SEEN = 0.30
"""Share of the compared deals with a dated buyer act by the landmark, below which buyers count as unobserved."""
EXPECTED_OTHERS = 10
"""Deals of the side missing in one state of the buyer, had chance alone sorted them: e⁻¹⁰ that none is there."""
HORIZON_SHARE = 0.9
"""The horizon is the time from landmark to decision within which this share of decided deals was decided."""


@dataclass(frozen=True, slots=True)
class Naive:
    """What a dashboard says: finished deals and how many of them were won, ever done and never done."""

    done: int = 0
    done_won: int = 0
    never: int = 0
    never_won: int = 0

    @property
    def difference(self) -> float | None:
        """Share won of those that never did it minus of those that did; None where either side is empty."""
        if not self.done or not self.never:
            return None
        return self.never_won / self.never - self.done_won / self.done


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A step or rule at its landmark, and the counts that stand beside its verdict (`headway.verdict.value`).

    `when`: the landmark in words, as in `deals that were still open WHEN`. `meant_for`: what a rule is for besides
    winning; empty where it is for that. `unseen`: no activity in the log shows that it was ever done.
    """

    subject: str
    id: str
    label: str
    process: str
    stage: str
    when: str
    landmark: Landmark
    horizon_days: float
    not_followed: int
    decided_before: int
    adjusted_for: tuple[str, ...]
    naive: Naive
    evidence_seen: float
    meant_for: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Fallen:
    """Deals (n,) on which something was asked, from when, due when, and whether it was left out by then."""

    deals: IntArray
    started: IntArray
    due: IntArray
    left_out: BoolArray

    def only(self, rows: BoolArray) -> Fallen:
        """Some of them."""
        return Fallen(self.deals[rows], self.started[rows], self.due[rows], self.left_out[rows])


def together(parts: Sequence[Fallen]) -> Fallen:
    """All of them, one after another."""
    nothing = np.zeros(0, dtype=np.int64)
    if not parts:
        return Fallen(nothing, nothing, nothing, np.zeros(0, dtype=np.bool_))
    return Fallen(
        np.concatenate([part.deals for part in parts]),
        np.concatenate([part.started for part in parts]),
        np.concatenate([part.due for part in parts]),
        np.concatenate([part.left_out for part in parts]),
    )


def followed(known: Known, fallen: Fallen, horizon_days: float) -> tuple[Fallen, int, int]:
    """Those open at the landmark and followed for the horizon; how many were too recent; how many decided before.

    Recent deals are left out whether they are decided by now or not: to keep the decided ones would keep the quick.
    """
    fallen = fallen.only(~known.repeated[fallen.deals])
    is_open = (known.decided[fallen.deals] > fallen.due) & (fallen.due <= known.at)
    long_enough = fallen.due + round(horizon_days * DAY_US) <= known.at
    before = int((known.decided[fallen.deals] <= fallen.due).sum())
    return fallen.only(is_open & long_enough), int((is_open & ~long_enough).sum()), before


def comparable(known: Known, chosen: Fallen) -> tuple[Fallen, int]:
    """Without the deals in a state of the buyer (milestones proven by then) in which all did the same; how many.

    There nobody can be compared with anybody, and a model would make up the other side. A state counts as such where
    the overall share would have made it `EXPECTED_OTHERS` deals of the side that is missing.
    """
    state = known.milestones.count(chosen.deals, chosen.due)
    deals = np.bincount(state)[state]
    left_out = np.bincount(state, weights=chosen.left_out)[state]
    share = chosen.left_out.mean() if state.size else 0.0
    all_did = (left_out == 0) & (deals * share >= EXPECTED_OTHERS)
    none_did = (left_out == deals) & (deals * (1 - share) >= EXPECTED_OTHERS)
    aside = all_did | none_did
    return chosen.only(~aside), int(aside.sum())


def leaving_aside(when: str, aside: int) -> str:
    """The landmark in words, with the deals that could not be compared."""
    return f"{when}, leaving aside {aside:,} whose buyers stood where all deals did the same" if aside else when


def horizon_of(known: Known, fallen: Sequence[Fallen]) -> float:
    """Whole days: the 90th percentile of the time from landmark to decision; 0 where no deal was decided after one."""
    spans: list[FloatArray] = []
    for one in fallen:
        decided = known.decided[one.deals]
        after = (decided > one.due) & (decided != NEVER) & ~known.repeated[one.deals]
        spans.append((decided[after] - one.due[after]) / DAY_US)
    days = np.concatenate(spans) if spans else np.zeros(0)
    return float(np.ceil(np.quantile(days, HORIZON_SHARE))) if days.size else 0.0


def horizons_of(known: Known, names: Sequence[str], fallen: Sequence[Fallen]) -> dict[str, float]:
    """Days within which nine in ten deals are decided after a landmark: one figure per process."""
    return {
        name: horizon_of(known, [one for own, one in zip(names, fallen, strict=True) if own == name])
        for name in dict.fromkeys(names)
    }


def landmark_of(
    known: Known,
    chosen: Fallen,
    horizon_days: float,
    others: Sequence[OtherStep] = (),
    *,
    at_buyers_request: bool = False,
    without: Collection[str] = (),
    reviews: bool = True,
) -> tuple[Landmark, tuple[str, ...], float]:
    """The landmark of `chosen`, what its deals are adjusted for, and the share with a buyer act seen by then.

    `without`: what is not adjusted for (`covariates`). `reviews`: whether it matters that reviews were held.
    """
    deals, due = chosen.deals, chosen.due
    columns = covariates(known, deals, due, others, without=without)
    seen = float(columns.seen.mean()) if deals.size else 0.0
    landmark = Landmark(
        left_out=chosen.left_out,
        won=known.outcome(deals, due, round(horizon_days * DAY_US)),
        covariates=columns.values,
        names=columns.names,
        evidence=columns.evidence,
        owners=known.owner_at(deals, due),
        inspected=known.inspected(deals, chosen.started, due + LOOKS_AFTER_DAYS * DAY_US),
        known_on=due / DAY_US + horizon_days,
        dated_evidence=seen >= LEAST_SEEN,
        reviews=known.reviews and reviews,
        at_buyers_request=at_buyers_request,
    )
    owners = ("owner",) if np.unique(landmark.owners).size > 1 else ()
    return landmark, (*columns.adjusted_for, *owners), seen
