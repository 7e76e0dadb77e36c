"""Edits before reviews: is the CRM filled in for the meeting?

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.conformance.arrays import BoolArray, FloatArray, IntArray, code_column
from headway.conformance.estimate import Unknown
from headway.conformance.meetings import DAY_US, LEAST_OWNERS, Meetings
from headway.conformance.theatre.measured import REPLICATES, Measured, middle
from headway.deals.event_log import EventLog, sql_text

SLOT_US = 1_800_000_000  # half an hour
DAY_SLOTS, WEEK_SLOTS = 48, 240  # a week of five working days
LEAST_REVIEWS = 8
LEAST_EDITS = 60
LARGE = 1.5  # times the edits to be expected; less may come from the habits of a weekday
MOST_REVIEWS = 4000  # more are sampled
MOST_MEETINGS = 8  # that go by a name of their own; a name for every date is no meeting


@dataclass(frozen=True, slots=True)
class Edits:
    """The crowding before all reviews, of which there were so many, and where it is large before each meeting's own."""

    measured: Measured
    reviews: int
    meetings: tuple[Measured, ...] = ()


def edits_before_reviews(log: EventLog, meetings: Meetings, *, seed: int = 0) -> Edits | Unknown:
    """The crowding in this log; see `crowding`. Unknown where reviews or instants of edits are not known.

    By meeting only where the teams it concerns have three owners or more: else it would be about a person.
    """
    if not meetings.held.any():
        return Unknown("no review was recorded as held", 0, LEAST_REVIEWS)
    rows = log.table(sql_text(__package__, "edits"))
    teams, slots, counts = (rows[name].to_numpy() for name in ("team", "slot", "edits"))
    if rows["undated"].to_numpy().sum() > counts.sum() / 2:
        return Unknown("the source knows the day of an edit and not its hour", 0, LEAST_EDITS)

    def before(which: BoolArray, about: str) -> Measured | Unknown:
        held = meetings.held & which
        places = slots_of(meetings.at_us[held])
        return crowding(teams, slots, counts, meetings.team[held], places, about=about, seed=seed)

    everywhere = np.ones(meetings.held.size, np.bool_)
    found = before(everywhere, _called(meetings.names))
    if isinstance(found, Unknown):
        return found
    each = []
    if found.large and 1 < len(meetings.names) <= MOST_MEETINGS:
        owners = dict(log.connection.execute(sql_text(__package__, "team_owners")).fetchall())
        for place, name in enumerate(meetings.names):
            which = meetings.named == place
            if sum(owners.get(team, 0) for team in np.unique(meetings.team[which]).tolist()) >= LEAST_OWNERS:
                each.append(before(which, name))
    return Edits(found, meetings.reviews_held, tuple(one for one in each if isinstance(one, Measured)))


def _called(names: tuple[str, ...]) -> str:
    return names[0] or "reviews" if len(names) == 1 else f"{len(names)} review meetings"


def slots_of(at_us: IntArray) -> IntArray:
    """Half hours of working time since Monday 29 December 1969; a weekend counts as the Monday after it."""
    days = at_us // DAY_US + 3
    weekday = days % 7
    within = np.where(weekday < 5, weekday * DAY_SLOTS + at_us // SLOT_US % DAY_SLOTS, WEEK_SLOTS)
    found: IntArray = days // 7 * WEEK_SLOTS + within
    return found


def crowding(
    teams: npt.ArrayLike,
    slots: npt.ArrayLike,
    edits: npt.ArrayLike,
    review_teams: npt.ArrayLike,
    review_slots: npt.ArrayLike,
    *,
    about: str = "reviews",
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Measured | Unknown:
    """Share of a team's edits within the 24 working hours before its reviews, among those of the week about them.

    teams, slots, edits: (n,) counts by team and half hour of working time; review_teams, review_slots: (m,) reviews
    held. Expected, and p: each review moved, by itself, to a random half hour of the five working days about it.
    Interval: reviews drawn anew, week by week.
    """
    codes, counts, teams_held = (
        code_column("teams", teams),
        code_column("edits", edits),
        code_column("team", review_teams),
    )
    places, slots_held = np.asarray(slots, dtype=np.int64), np.asarray(review_slots, dtype=np.int64)
    rng = np.random.default_rng(seed)
    if slots_held.size > MOST_REVIEWS:
        chosen = np.sort(rng.choice(slots_held.size, MOST_REVIEWS, replace=False))
        teams_held, slots_held = teams_held[chosen], slots_held[chosen]
    if _daily(teams_held, slots_held):
        return Unknown("a review is held nearly every day, so that every edit is made before one", 0, LEAST_REVIEWS)
    weeks, week_of = np.unique(slots_held // WEEK_SLOTS, return_inverse=True)
    if slots_held.size < LEAST_REVIEWS or weeks.size < LEAST_REVIEWS:
        return Unknown(
            f"needs {LEAST_REVIEWS} weeks with a review, here are {weeks.size}", int(weeks.size), LEAST_REVIEWS
        )
    before = _counts_before(codes, places, counts, teams_held, slots_held)
    around = before.mean(axis=1)
    seen, expected = float(before[:, WEEK_SLOTS // 2].sum()), float(around.sum())
    n = round(expected * WEEK_SLOTS / DAY_SLOTS)
    if n < LEAST_EDITS:
        return Unknown(f"needs {LEAST_EDITS} edits in the weeks of reviews, here are {n}", n, LEAST_EDITS)
    as_many = 0
    rows = np.arange(slots_held.size)
    for _ in range(replicates):
        as_many += int(before[rows, rng.integers(0, WEEK_SLOTS, rows.size)].sum() >= seen)
    by_week = np.column_stack([np.bincount(week_of, weights=column) for column in (before[:, WEEK_SLOTS // 2], around)])
    drawn = rng.multinomial(weeks.size, np.full(weeks.size, 1 / weeks.size), size=replicates) @ by_week
    low, high = middle(drawn[:, 0] / np.maximum(drawn[:, 1], 1e-9) * DAY_SLOTS / WEEK_SLOTS)
    share = DAY_SLOTS / WEEK_SLOTS
    return Measured(
        about=about,
        value=min(1.0, seen / expected * share),
        expected=share,
        low=min(1.0, low),
        high=min(1.0, high),
        p_value=(1 + as_many) / (1 + replicates),
        large=low >= LARGE * share,
        n=n,
    )


def _daily(teams: IntArray, slots: IntArray) -> bool:
    """Whether a team's reviews usually follow each other within two working days."""
    order = np.lexsort((slots, teams))
    gaps = np.diff(slots[order])[np.diff(teams[order]) == 0]
    return bool(gaps.size and np.median(gaps) < 2 * DAY_SLOTS)


def _counts_before(
    codes: IntArray, places: IntArray, counts: IntArray, teams_held: IntArray, slots_held: IntArray
) -> FloatArray:
    """(reviews, 240): edits in the 24 hours before each half hour of the week about a review; it stands at 120."""
    found = np.zeros((slots_held.size, WEEK_SLOTS))
    offsets = np.arange(WEEK_SLOTS) - WEEK_SLOTS // 2
    for team in np.unique(teams_held):
        mine, reviews = codes == team, teams_held == team
        order = np.argsort(places[mine], kind="stable")
        written, so_far = places[mine][order], np.concatenate([[0], np.cumsum(counts[mine][order])])
        ends = slots_held[reviews, None] + offsets
        found[reviews] = so_far[np.searchsorted(written, ends)] - so_far[np.searchsorted(written, ends - DAY_SLOTS)]
    return found
