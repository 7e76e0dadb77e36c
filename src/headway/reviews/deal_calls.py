"""How good one person's blind calls on deals were, for themselves only: Brier score, calibration, and beside what.

Nobody is compared with anybody else. Method page: docs/methods/deal-calls.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.basics.figures import count_text, counted, percent_figure
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.shares import share
from headway.forecast.scores import brier_losses, paired_difference
from headway.verdict.value import Interval

LEAST = 10  # decided calls, before anything is said
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class DealCalled:
    """One call that counts: the last one of a person on a deal in a review, blind.

    `chance`: said, that the buyer says yes by the end of its period. `model`: the model's of the same moment, as it was
    frozen on the agenda; None where there was none. `came`: whether it came true; None while nobody can tell.
    """

    deal: str
    name: str
    period: str
    said_on: date
    chance: float
    model: float | None = None
    came: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Calls at one of the five steps: of `n`, `came` came true. The interval (90 %, Wilson) counts deals, not calls:
    the same deal called in five reviews tells once. `deals`: how many."""

    said: float
    n: int
    came: int
    deals: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """That came true."""
        return self.came / self.n


@dataclass(frozen=True, slots=True)
class Beside:
    """Another way to foretell, on the same calls. `difference`: one's own Brier score minus its (below zero: closer),
    90 % interval over deals drawn again."""

    name: str
    n: int
    own: float
    other: float
    difference: Interval

    @property
    def word(self) -> str:
        """closer, further off, or not told apart."""
        if self.difference.high < 0:
            return "closer"
        return "further off" if self.difference.low > 0 else "not told apart"


@dataclass(frozen=True, slots=True)
class OwnCalls:
    """What somebody's calls were worth. `known` False: fewer than ten are decided; then only counts are said."""

    made: int
    decided: int
    deals: int
    waiting: int
    known: bool
    brier: float | None
    leans: Interval | None  # mean of said minus share that came true; above zero: too hopeful
    steps: tuple[Step, ...]
    beside: tuple[Beside, ...]
    sentence: str


def came_true(outcome: str, decided_on: date | None, ends_on: date, shown_on: date) -> bool | None:
    """Whether the buyer said yes by `ends_on`; None while the deal is open and the period is not over."""
    if outcome == "won" and decided_on is not None:
        return decided_on <= ends_on
    if outcome or shown_on > ends_on:
        return False
    return None


def own_calls(calls: Iterable[DealCalled]) -> OwnCalls:
    """Score them. Calls nobody can tell of yet are counted as waiting."""
    made = list(calls)
    told = [call for call in made if call.came is not None]
    deals = len({call.deal for call in told})
    waiting = len(made) - len(told)
    if len(told) < LEAST:
        said = f"Not known yet: {counted(len(told), 'call')} decided so far; it takes {LEAST}."
        return OwnCalls(len(made), len(told), deals, waiting, False, None, None, (), (), said)
    chance, came, deal = _columns(told)
    losses = brier_losses(chance, came)
    beside = [_beside("one chance for every deal", losses, brier_losses(usual_chance(came, deal), came), deal)]
    modelled = np.array([call.model is not None for call in told])
    if int(modelled.sum()) >= LEAST:
        model = np.array([call.model if call.model is not None else np.nan for call in told])[modelled]
        beside.insert(
            0, _beside("the model, at the same moment", losses[modelled], brier_losses(model, came[modelled]),
                       deal[modelled]),
        )  # fmt: skip
    leans = paired_difference(chance, came.astype(np.float64), deal, deal, over="deals", level=LEVEL)
    steps = steps_of(chance, came, deal)
    return OwnCalls(
        len(made), len(told), deals, waiting, True, float(losses.mean()), leans, steps, tuple(beside),
        _sentence(leans, float(chance.mean()), float(came.mean()), len(told), deals),
    )  # fmt: skip


def steps_of(chance: FloatArray, came: BoolArray, deal: IntArray) -> tuple[Step, ...]:
    """Each chance that was said, the lowest first, with what came true of it."""
    found = []
    for said in np.unique(chance):
        inside = chance == said
        n, k, deals = int(inside.sum()), int(came[inside].sum()), int(np.unique(deal[inside]).size)
        wilson = share(round(k / n * deals), deals, level=LEVEL)
        found.append(Step(float(said), n, k, deals, min(wilson.low, k / n), max(wilson.high, k / n)))
    return tuple(found)


def usual_chance(came: BoolArray, deal: IntArray) -> FloatArray:
    """(n,): for each call the share of one's other calls, on other deals, that came true; 0.5 where there are none.

    Leaving its own deal out keeps it from knowing what it foretells.
    """
    usual = np.full(came.size, 0.5)
    for one in np.unique(deal):
        others = deal != one
        if others.any():
            usual[~others] = came[others].mean()
    return usual


def _columns(told: Sequence[DealCalled]) -> tuple[FloatArray, BoolArray, IntArray]:
    places: dict[str, int] = {}
    for call in told:
        places.setdefault(call.deal, len(places))
    return (
        np.array([call.chance for call in told], dtype=np.float64),
        np.array([bool(call.came) for call in told]),
        np.array([places[call.deal] for call in told], dtype=np.int64),
    )


def _beside(name: str, own: FloatArray, other: FloatArray, deal: IntArray) -> Beside:
    difference = paired_difference(own, other, deal, deal, over="deals", level=LEVEL)
    return Beside(name, int(own.size), float(own.mean()), float(other.mean()), difference)


def _sentence(leans: Interval, said: float, came: float, n: int, deals: int) -> str:
    of = f"{counted(n, 'call')} on {counted(deals, 'deal')}"
    figures = f"you said {percent_figure(said)} % on average, {percent_figure(came)} % came true ({of})"
    if leans.low > 0:
        return f"You are too hopeful: {figures}."
    if leans.high < 0:
        return f"You are too careful: {figures}."
    off = count_text(round(100 * max(abs(leans.low), abs(leans.high))))
    return f"You lean neither way as far as can be told: {figures}; off by {off} points at most."
