"""What enforcing a gate costs, before its rung and since: three signs of harm, and when it steps down by itself.

Pure functions of counts. Method, thresholds and how often they are wrong: docs/methods/gates.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.conformance.shares import Share, ShareDifference, share, share_difference

LEVEL = 0.998
"""Of the intervals: a gate is looked at every night, so 95 % would be wrong far too often."""
LEAST = 20
"""Deals or entries on either side; below, nothing is concluded."""
RISE = 0.10
"""A share must have gone up by at least this much; less is not worth giving up a gate for."""
MOST_JUNK = 0.30
"""Where nothing was entered before, surely more junk than this share of the entries is harm."""
SHORTEST_WORDS = 3
SAME_ON = 3
AT_ONCE = timedelta(minutes=1)

Counts = tuple[int, int]
"""(how many of them, of how many)"""


@dataclass(frozen=True, slots=True)
class HarmFacts:
    """Counts before the rung and since. `late`: deals whose first recorded claim already is at the gate's stage or
    beyond, of those first claimed then. `junk`: junk entries, of those typed in for the gate. `filled`: deals that had
    all that the stage requires when they reached it, of those that reached it. `won`: deals won, of those that had it
    and are decided.
    """

    late_before: Counts = (0, 0)
    late_since: Counts = (0, 0)
    junk_before: Counts = (0, 0)
    junk_since: Counts = (0, 0)
    filled_before: Counts = (0, 0)
    filled_since: Counts = (0, 0)
    won_before: Counts = (0, 0)
    won_since: Counts = (0, 0)


@dataclass(frozen=True, slots=True)
class Sign:
    """One way in which a gate may do harm. `shows`: it surely does; `sentence`: with its figures."""

    name: str
    before: Share
    since: Share
    change: ShareDifference
    shows: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Harm:
    """All signs of one gate since it stands on its rung."""

    signs: tuple[Sign, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Of the signs that show."""
        return tuple(sign.sentence for sign in self.signs if sign.shows)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something typed in for a gate. `checkable`: a link, a file, or a grade beyond the seller's word stands behind it.

    `claimed_at`: when the deal was claimed at the gate; None: it was not.
    """

    deal: int
    text: str
    at: datetime
    claimed_at: datetime | None = None
    checkable: bool = False


def harm_of(facts: HarmFacts) -> Harm:
    """The three signs, whether or not they show."""
    late = _risen("late", facts.late_before, facts.late_since)
    junk = _risen("junk", facts.junk_before, facts.junk_since)
    return Harm((_late(*late), _junk(*junk), _hollow(facts)))


def steps_down(harm: Harm) -> bool:
    """Whether the gate goes one rung down by itself: one sign that shows is enough."""
    return any(sign.shows for sign in harm.signs)


def junk_entries(entries: Sequence[Entry]) -> int:
    """How many say nothing: under three words; the same words on three deals or more; or typed in within a minute
    before the claim that they let through. What can be checked (link, file, the buyer's own act) never counts."""
    spread = Counter(text for _, text in {(entry.deal, _folded(entry.text)) for entry in entries})
    return sum(_is_junk(entry, spread) for entry in entries)


def _is_junk(entry: Entry, spread: Counter[str]) -> bool:
    if entry.checkable:
        return False
    text = _folded(entry.text)
    if len(text.split()) < SHORTEST_WORDS or spread[text] >= SAME_ON:
        return True
    return entry.claimed_at is not None and timedelta() <= entry.claimed_at - entry.at <= AT_ONCE


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!…")


def _risen(name: str, before: Counts, since: Counts) -> tuple[str, Share, Share, ShareDifference, bool]:
    change = share_difference(*since, *before, level=LEVEL)
    shows = enough(before, since) and change.value is not None and change.value >= RISE and change.low > 0
    return name, share(*before, level=LEVEL), share(*since, level=LEVEL), change, shows


def enough(before: Counts, since: Counts) -> bool:
    """Whether either side is large enough to compare."""
    return before[1] >= LEAST and since[1] >= LEAST


def _late(name: str, before: Share, since: Share, change: ShareDifference, shows: bool) -> Sign:
    told = (
        f"{_of(since)} deals were first seen at this stage or beyond since it stands on this rung, {_of(before)} before"
    )
    return Sign(name, before, since, change, shows, _sentence(told, shows, "deals are kept out of sight until late."))


def _junk(name: str, before: Share, since: Share, change: ShareDifference, shows: bool) -> Sign:
    if not shows and before.n < LEAST and since.n >= LEAST:
        shows = since.low > MOST_JUNK
    told = f"{_of(since)} entries for it say nothing that can be checked since then, {_of(before)} before"
    return Sign(name, before, since, change, shows, _sentence(told, shows, "people type in what opens it."))


def _hollow(facts: HarmFacts) -> Sign:
    """Fill rate surely up while deals that have it surely win less: it is filled in, and tells less."""
    _, filled_before, filled_since, _, risen = _risen("filled", facts.filled_before, facts.filled_since)
    *_, change, fallen = _risen("won", _rest(facts.won_before), _rest(facts.won_since))
    won_before, won_since = share(*facts.won_before, level=LEVEL), share(*facts.won_since, level=LEVEL)
    told = (
        f"{_of(filled_since)} deals had what it asks for since then, {_of(filled_before)} before; of those decided "
        f"{_of(won_since)} were won, {_of(won_before)} before"
    )
    shows = risen and fallen
    said = _sentence(told, shows, "it is filled in more and tells less.")
    return Sign("hollow", filled_before, filled_since, change, shows, said)


def _rest(counts: Counts) -> Counts:
    """The others of them: what was not won."""
    return counts[1] - counts[0], counts[1]


def _of(one: Share) -> str:
    return f"{one.done:,} of {one.n:,}"


def _sentence(told: str, shows: bool, so: str) -> str:
    return f"{told}: {so}" if shows else f"{told}."
