"""How sellers play a process rather than follow it: what they change, they change for the review."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from headway.demo.reviews import Rhythm
from headway.demo.seller import CLOSED_LOST, CLOSED_WON, Change
from headway.demo.truth import Truth

HOURS_BEFORE = 0.3  # of a working day: from the evening before a review on Wednesday morning


def kept_for_reviews(
    truth: Truth, rhythm: Rhythm, team: str, changes: tuple[Change, ...], rng: np.random.Generator
) -> tuple[Change, ...]:
    """The same changes, a share `staged` of them kept for the hours before the team's next review, still in order.

    A deal is created, decided and reopened when it is; what would have to wait beyond the decision does not wait.
    """
    moved: list[Change] = list(changes)
    for place in range(len(changes) - 2, 0, -1):
        change, limit = changes[place], moved[place + 1].moment
        if change.stage in (CLOSED_WON, CLOSED_LOST) or changes[place - 1].stage in (CLOSED_WON, CLOSED_LOST):
            continue
        draw, review = rng.random(2), rhythm.next_held(team, change.moment + HOURS_BEFORE)
        if draw[0] < truth.staged and review is not None:
            moment = review - HOURS_BEFORE * float(draw[1])
            if change.moment < moment < limit:
                moved[place] = replace(change, moment=moment)
    return tuple(moved)
