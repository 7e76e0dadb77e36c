"""Is the process played rather than followed? The signs, taken together, said in words.

Method page: docs/methods/theatre.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from headway.conformance.estimate import Unknown
from headway.conformance.meetings import LEAST_OWNERS, lay_out_meetings, owners_in
from headway.conformance.theatre.bursts import claims_in_bursts
from headway.conformance.theatre.close_dates import dates_at_period_ends
from headway.conformance.theatre.edits import Edits, edits_before_reviews
from headway.conformance.theatre.late_evidence import late_evidence
from headway.conformance.theatre.mandatory import Criterion, mandatory_criteria
from headway.conformance.theatre.measured import Measured
from headway.deals.event_log import EventLog
from headway.process.definition import Process
from headway.verdict import theatre_words as words
from headway.verdict.value import Sign, Theatre

ALPHA = 0.05  # over all signs together
KINDS = ("edits before reviews", "claims in bursts", "late evidence", "dates at period ends", "mandatory criterion")
ENOUGH = 2  # kinds of signs; one alone has other explanations
LEAST_KNOWN = 2  # kinds that could be told, to say that it is not found


def theatre_of(log: EventLog, processes: Sequence[Process], *, seed: int = 0) -> Theatre:
    """Every sign of theatre in a log whose deals are pinned and proven, and whether together they are enough.

    Unknown under three owners: it would be about a person. Where no owner is known, it can be about none.
    """
    owners = owners_in(log)
    if 0 < owners < LEAST_OWNERS:
        return Theatre(None, words.too_few_owners(owners, LEAST_OWNERS), ())
    about = _about(processes)
    edits = edits_before_reviews(log, lay_out_meetings(log), seed=seed)
    found: list[tuple[str, Measured | Unknown]] = [
        (KINDS[0], edits.measured if isinstance(edits, Edits) else edits),
        (KINDS[1], claims_in_bursts(log, about=about, seed=seed)),
        (KINDS[2], late_evidence(log, about=about, seed=seed)),
        (KINDS[3], dates_at_period_ends(log, about=about, seed=seed)),
    ]
    criteria = mandatory_criteria(log, processes, seed=seed)
    found += [(KINDS[4], one.fall) for one in criteria]
    sure = holm([one.p_value if isinstance(one, Measured) else None for _, one in found], ALPHA)
    reviews = edits.reviews if isinstance(edits, Edits) else 0
    signs = [
        _sign(kind, one, is_sure, about=about, reviews=reviews, criterion=_criterion(criteria, place - 4))
        for place, ((kind, one), is_sure) in enumerate(zip(found, sure, strict=True))
    ]
    if isinstance(edits, Edits) and signs[0].found:
        signs[1:1] = _by_meeting(edits)  # asked only once it is found in all together, so it costs the others nothing
    if not criteria:
        signs.append(Sign(KINDS[4], about, False, words.no_criterion()))
    return together(signs)


def together(signs: Sequence[Sign]) -> Theatre:
    """Found where `ENOUGH` kinds of signs are; unknown where too few could be told."""
    kinds = tuple(kind for kind in KINDS if any(sign.kind == kind and sign.found for sign in signs))
    known = {sign.kind for sign in signs if sign.found is not None and sign.n}
    if len(kinds) >= ENOUGH:
        return Theatre(True, words.played(kinds), tuple(signs))
    if len(known) < LEAST_KNOWN:
        return Theatre(None, words.not_known(signs), tuple(signs))
    return Theatre(False, words.not_played(kinds), tuple(signs))


def holm(p_values: Sequence[float | None], alpha: float) -> tuple[bool, ...]:
    """Which hypotheses fall, by Holm (1979, Scandinavian Journal of Statistics 6:65-70). None: not tested."""
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    fallen: set[int] = set()
    for rank, (p, place) in enumerate(tested):
        if p > alpha / (len(tested) - rank):
            break
        fallen.add(place)
    return tuple(place in fallen for place in range(len(p_values)))


def _about(processes: Sequence[Process]) -> str:
    names = tuple(dict.fromkeys(process.name for process in processes))
    return names[0] if len(names) == 1 else f"all {len(names)} processes" if names else "the process"


def _by_meeting(edits: Edits) -> list[Sign]:
    sure = holm([one.p_value for one in edits.meetings], ALPHA)
    found = [is_sure and one.large for one, is_sure in zip(edits.meetings, sure, strict=True)]
    return [
        Sign(
            KINDS[0],
            one.about,
            is_found,
            words.meeting(one, is_found),
            one.value,
            one.expected,
            one.low,
            one.high,
            one.n,
        )
        for one, is_found in zip(edits.meetings, found, strict=True)
    ]


def _criterion(criteria: Sequence[Criterion], place: int) -> Criterion | None:
    return criteria[place] if 0 <= place < len(criteria) else None


def _sign(
    kind: str, one: Measured | Unknown, sure: bool, *, about: str, reviews: int, criterion: Criterion | None
) -> Sign:
    if isinstance(one, Unknown):
        about = criterion.buyer if criterion else "reviews" if kind == KINDS[0] else about
        return Sign(kind, about, None, words.unknown(kind, one), n=one.n, reason=one.reason)
    found = sure and one.large
    said = words.sentence(kind, one, found=found, sure=sure, reviews=reviews, criterion=criterion)
    return Sign(kind, one.about, found, said, one.value, one.expected, one.low, one.high, one.n)
