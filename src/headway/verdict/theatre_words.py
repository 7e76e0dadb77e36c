"""The sentences that theatre and its signs are said in."""

from __future__ import annotations

from collections.abc import Sequence

from headway.basics.figures import counted, listed
from headway.conformance.estimate import Unknown
from headway.conformance.theatre.mandatory import Criterion
from headway.conformance.theatre.measured import Measured
from headway.verdict.value import Sign

WHAT = {
    "edits before reviews": "the CRM is filled in for the review",
    "claims in bursts": "stages are claimed in one sitting",
    "late evidence": "evidence is written down long after it happened",
    "dates at period ends": "close dates are put on the last days of a month",
    "mandatory criterion": "a criterion stopped telling anything once it had to be filled in",
}


def played(kinds: Sequence[str]) -> str:
    """Theatre was found."""
    return f"The process is played rather than followed: {listed([WHAT[kind] for kind in kinds])}."


def not_played(kinds: Sequence[str]) -> str:
    """Theatre was looked for and not found."""
    if not kinds:
        return "No sign that the process is played rather than followed."
    return f"One sign alone, {WHAT[kinds[0]]}; it has other explanations, so it is not called theatre."


def not_known(signs: Sequence[Sign]) -> str:
    """Too few signs could be looked for."""
    reasons = tuple(dict.fromkeys(sign.reason for sign in signs if sign.reason))[:2]
    return (
        f"Whether the process is played cannot be told yet: {'; '.join(reasons)}."
        if reasons
        else ("Whether the process is played cannot be told from this log.")
    )


def too_few_owners(owners: int, needed: int) -> str:
    """Theatre is never said of a person."""
    return f"Not looked at: with {counted(owners, 'owner')} it would be about a person; it takes {needed}."


def unknown(kind: str, why: Unknown) -> str:
    """A sign that could not be told."""
    return f"Whether {WHAT[kind]} cannot be told: {why.reason}."


def no_criterion() -> str:
    """No fill rate rose."""
    return "No criterion came to be filled in much more often from one day on, so there is none to compare."


def sentence(kind: str, one: Measured, *, found: bool, sure: bool, reviews: int, criterion: Criterion | None) -> str:
    """The sign in one sentence with its figures."""
    figures = _FIGURES[kind](one, reviews, criterion)
    if found:
        return f"{figures}: {WHAT[kind]}."
    return f"{figures}. {'More than usual, but too little to matter' if sure else 'No more than usual'}."


def meeting(one: Measured, found: bool) -> str:
    """One of several meetings, by itself."""
    return (
        f"Before {one.about}: {percent(one.value)} (90 % interval {percent(one.low)} to {percent(one.high)}, "
        f"{counted(one.n, 'edit')}), against {percent(one.expected)} at any other time of the week"
        f"{'' if found else '; by itself too little to tell'}."
    )


def _edits(one: Measured, reviews: int, _: Criterion | None) -> str:
    return (
        f"{percent(one.value)} of the edits in weeks with a review were made in the working day before it "
        f"(90 % interval {percent(one.low)} to {percent(one.high)}), against {percent(one.expected)} at any other time "
        f"of the week ({counted(one.n, 'edit')}, {counted(reviews, 'review')})"
    )


def _bursts(one: Measured, _reviews: int, _: Criterion | None) -> str:
    return (
        f"{percent(one.value)} of claims were made with those of two more deals within ten minutes "
        f"(90 % interval {percent(one.low)} to {percent(one.high)}), against {percent(one.expected)} if each had its "
        f"own moment on the same days ({counted(one.n, 'claim')})"
    )


def _late(one: Measured, _reviews: int, _: Criterion | None) -> str:
    return (
        f"{percent(one.value)} of the evidence that people recorded was written down late (90 % interval "
        f"{percent(one.low)} to {percent(one.high)}), against a usual {percent(one.expected)} "
        f"({one.n:,} pieces of evidence)"
    )


def _dates(one: Measured, _reviews: int, _: Criterion | None) -> str:
    return (
        f"{percent(one.value)} of expected close dates fall on the last three days of a month (90 % interval "
        f"{percent(one.low)} to {percent(one.high)}), but only {percent(one.expected)} of wins do "
        f"({counted(one.n, 'date')})"
    )


def _mandatory(one: Measured, _reviews: int, criterion: Criterion | None) -> str:
    assert criterion is not None
    return (
        f"“{criterion.buyer}” was filled in for {percent(criterion.before)} of deals and then for "
        f"{percent(criterion.after)}; of deals that had it, the share won fell by {points(one.value)} more than "
        f"that of all deals (90 % interval {between(one.low, one.high)}, {counted(one.n, 'decided deal')})"
    )


_FIGURES = {
    "edits before reviews": _edits,
    "claims in bursts": _bursts,
    "late evidence": _late,
    "dates at period ends": _dates,
    "mandatory criterion": _mandatory,
}


def percent(share: float) -> str:
    """0.314 as `31 %`."""
    return f"{round(100 * share)} %"


def points(difference: float) -> str:
    """−0.02 as `−2 points`."""
    whole = round(100 * difference)
    return f"{'−' if whole < 0 else ''}{abs(whole)} {'point' if abs(whole) == 1 else 'points'}"


def between(low: float, high: float) -> str:
    """An interval of differences as `−2 to 5 points`."""
    return f"{points(low).split()[0]} to {points(high)}"
