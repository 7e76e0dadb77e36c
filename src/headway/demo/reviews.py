"""The firm's rhythm: which weekly reviews were held, and which deals they looked at."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from headway.demo.truth import Truth
from headway.demo.workdays import Workdays

REVIEW_WEEKDAY, REVIEW_HOUR = 2, 0.15  # Wednesday, 09:30


@dataclass(frozen=True, slots=True)
class Review:
    """One meeting of one team that was due; missed ones count too."""

    name: str
    team: str
    moment: float
    held: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All reviews that were due, and by team the moments of those held."""

    reviews: tuple[Review, ...]
    held: dict[str, tuple[float, ...]]

    def next_held(self, team: str, moment: float) -> float | None:
        """The next review of a team that is held after a moment; None where there is none."""
        held = self.held[team]
        place = bisect_right(held, moment)
        return held[place] if place < len(held) else None

    def eve_of_next(self, team: str, moment: float) -> float | None:
        """The end of the working day before the next review held; None where none follows within three weeks."""
        following = self.next_held(team, moment + 1)
        return None if following is None or following > moment + 15 else following // 1 - 0.12

    def inspections(
        self, truth: Truth, rng: np.random.Generator, team: str, created: float, amount: float
    ) -> list[float]:
        """Moments at which reviews looked at a deal of this amount, were it open for a year."""
        chance = truth.inspection * min(2.4, max(0.3, 1 + 0.45 * math.log(amount / truth.median_amount)))
        held = [moment for moment in self.held[team] if created + truth.inspects_from < moment < created + 260]
        lucky = rng.random(len(held)) < chance
        return [moment for moment, looked in zip(held, lucky, strict=True) if looked]


def rhythm_of(truth: Truth, calendar: Workdays, rng: np.random.Generator) -> Rhythm:
    """Weekly reviews of every team, mostly held before the stop and mostly missed after it."""
    reviews = []
    teams = list(dict.fromkeys(owner.team for owner in truth.owners))
    stopped = calendar.moment(truth.reviews_stopped_on)
    for week in range((calendar.days + 4) // 5):
        for place, team in enumerate(teams):
            moment = week * 5 + REVIEW_WEEKDAY + REVIEW_HOUR + 0.1 * place
            if moment >= calendar.days:
                continue
            held = bool(rng.random() < truth.review_held[int(moment >= stopped)])
            held = held and not any(first <= week <= last for first, last in truth.absences)
            reviews.append(Review(f"Pipeline review {team}", team, moment, held))
    held_by_team = {team: tuple(r.moment for r in reviews if r.team == team and r.held) for team in teams}
    return Rhythm(tuple(reviews), held_by_team)
