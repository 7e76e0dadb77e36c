"""A deal as people place it: what the buyer did, by kind and day, and nothing that says which deal it is. Pure.

Method page: docs/methods/placing.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.proof import is_withdrawn
from headway.process.definition import Process

MOST_LINES = 40
LONGEST_QUOTE = 400
SAYS_LITTLE = 4  # words; a quote of fewer needs beside it what it was recorded for
LEAST_SIGNS = 3  # a name's part shorter than this is no name to anybody

BUYER, PERSON, OURS, AMOUNT, DAY, ADDRESS, DEAL = (
    "[buyer]", "[person]", "[us]", "[amount]", "[day]", "[address]", "[product]",
)  # fmt: skip
_FORMS = (
    "gmbh ag kg se ltd limited inc llc plc corp corporation co company sa sas sarl srl spa bv nv ab as oy aps sro doo "
    "zoo group holding international the and und der die das of for von van dr mr mrs ms"
)
_WORDS = (
    "will may mark bill grant frank grace hope joy art rose june april august sky case price long short young old best "
    "good rich sage page hand stone wood field green brown black white gray grey king cook baker miller day summer "
    "winter spring sunny pat rob sue drew chance dean faith guy jack jay lane major miles norm ray reed rusty sandy "
    "skip wade"
)
FORMS = frozenset(_FORMS.split())  # parts of a firm's name that tell nothing
WORDS = frozenset(_WORDS.split())  # names that are words as well: small they are words
MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)\b\.?"
)
DAYS = re.compile(
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d\d?[./]\d\d?[./](?:\d{4}|\d\d)?(?!\d)"
    rf"|\b\d\d?(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{MONTH}(?:\s+\d{{4}})?"
    rf"|\b{MONTH}\s+\d\d?(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|\b{MONTH}\s+\d{{4}}\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
SCALE = r"(?:k|m|mn|mio\.?|bn|tsd\.?|thousand|million|billion|tausend|millionen)"
MONEY = r"(?:€|\$|£|¥|eur|usd|gbp|chf|euros?|dollars?|pounds?|francs?)"
FIGURE = r"\d(?:[\d.,'’\u00a0\u202f ]*\d)?"
AMOUNTS = re.compile(
    rf"{MONEY}\s*{FIGURE}(?:\s*{SCALE}\b)?|\b{FIGURE}\s*(?:{SCALE}\s*)?{MONEY}(?!\w)|\b\d[\d.,]*\s*{SCALE}\b"
    r"|\b\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?\b|\b\d{4,}(?:[.,]\d+)?\b",
    re.IGNORECASE,
)
ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\w+|(?<!\w)[+0]\d(?:[\s/().-]?\d){6,}", re.IGNORECASE)
TITLES = "Mr|Mrs|Ms|Dr|Prof|Herr|Herrn|Frau|Madame|Monsieur|Signora?"
TITLED = re.compile(rf"\b(?:{TITLES})\b\.?\s+(?:\w+\.\s+)?[^\W\d_a-z]\w+")
PART = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Names:
    """What must not be read: of the deal, its account, people of the buyer, people of ours (owners too)."""

    deal: str = ""
    account: str = ""
    buyers: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    firm: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the buyer did. `day`: since the first; `what`: how it was seen, or what it is recorded for;
    `who`: "person A", the same letter for the same person; `grade` None: a plain act. `often`: times it was seen."""

    day: int
    what: str
    who: str = ""
    quote: str = ""
    grade: int | None = None
    disputed: bool = False
    often: int = 1


def masked(text: str, names: Names) -> str:
    """`text` without any of `names`, amounts, days and addresses. Names that nobody told us of stay."""
    text = unicodedata.normalize("NFC", text)
    for whole, instead in ((names.deal, DEAL), (names.account, BUYER), (names.firm, OURS)):
        if len(whole.strip()) >= LEAST_SIGNS:
            text = re.sub(rf"(?<!\w){re.escape(whole.strip())}(?!\w)", instead, text, flags=re.IGNORECASE)
    text = ADDRESSES.sub(ADDRESS, text)
    text = TITLED.sub(PERSON, text)
    text = _without(_parts(names), text)
    text = AMOUNTS.sub(AMOUNT, DAYS.sub(DAY, text))
    text = re.sub(r"(\[[a-z]+\])(?:[\s,.-]*\1)+", r"\1", text)
    return " ".join(text.split())


def blinded_lines(
    history: DealHistory, process: Process, as_of: AsOf, names: Names, sources: Mapping[str, str] | None = None
) -> tuple[tuple[Line, ...], int]:
    """What is shown of a deal, oldest first, and on which day (since the first act) it is asked about.

    Of each kind of act the latest stands, with how often it was seen. `sources`: ref of evidence -> how the buyer did
    it. A decided deal is asked about on the day of its decision, which is not said.
    """
    known = history.known(as_of)
    decision = known.decision
    at = min(as_of.at, decision[1]) if decision else as_of.at
    events = tuple(event for event in known.events if event.happened_at <= at)
    seen = [event for event in events if _is_seen(event, events)]
    if not seen:
        return (), 0
    first, letters = seen[0].happened_at, _letters(seen)
    latest: dict[tuple[str, str | None], tuple[Event, int]] = {}
    for event in seen:
        kind = (event.kind.value, event.name)
        latest[kind] = (event, latest[kind][1] + 1 if kind in latest else 1)
    told = {m.id: m.buyer for _, m in process.milestones}
    lines = [
        _line(event, often, first, letters, told, sources or {}, names, events) for event, often in latest.values()
    ]
    return tuple(_joined(lines)[:MOST_LINES]), _days(first, at)


def as_json(lines: Sequence[Line], asked_on: int, rank: int | None) -> dict[str, Any]:
    """As `PlacingDeal.shown` keeps it; `rank`: where Headway has the deal, which no page shows before the results."""
    rows = [{name: getattr(line, name) for name in Line.__slots__} for line in lines]
    return {"lines": rows, "asked_on": asked_on, "rank": rank}


def lines_from(shown: Mapping[str, Any]) -> tuple[Line, ...]:
    """The lines that `as_json` wrote; what it does not know is left out."""
    return tuple(
        Line(**{name: row[name] for name in Line.__slots__ if name in row}) for row in shown.get("lines", ())
    )  # fmt: skip


def _is_seen(event: Event, events: tuple[Event, ...]) -> bool:
    if event.kind is EventKind.BUYER_ACTED:
        return True
    return event.kind is EventKind.EVIDENCE_RECORDED and not is_withdrawn(
        event, event.name or "", events, EventKind.EVIDENCE_RETRACTED
    )


def _line(
    event: Event, often: int, first: datetime, letters: Mapping[str, str], told: Mapping[str, str],
    sources: Mapping[str, str], names: Names, events: tuple[Event, ...],
) -> Line:  # fmt: skip
    proof = event.kind is EventKind.EVIDENCE_RECORDED
    quote = masked(event.note or "", names)[:LONGEST_QUOTE] if proof else ""
    act = masked(sources.get(event.ref or "", "") if proof else event.name or "", names)
    if proof and len(quote.split()) < SAYS_LITTLE:
        act = masked(told.get(event.name or "", (event.name or "").replace("_", " ")), names)
    return Line(
        _days(first, event.happened_at), act, letters.get(event.contact or "", ""), quote,
        event.grade if proof else None,
        proof and is_withdrawn(event, event.name or "", events, EventKind.EVIDENCE_DISPUTED), often,
    )  # fmt: skip


def _joined(lines: Iterable[Line]) -> list[Line]:
    """By day; an act and the one quote of that day and person are one line, as they are recorded twice so often."""
    ordered = sorted(lines, key=lambda line: line.day)
    found: list[Line] = []
    for line in ordered:
        same = [one for one in ordered if (one.day, one.who) == (line.day, line.who) and line.who]
        acts = [one for one in same if one.grade is None]
        quotes = [one for one in same if one.grade is not None]
        if len(acts) == len(quotes) == 1 and quotes[0].quote and not quotes[0].what:
            if line is quotes[0]:
                found.append(replace(line, what=acts[0].what, often=max(line.often, acts[0].often)))
        else:
            found.append(line)
    return found


def _letters(seen: Iterable[Event]) -> dict[str, str]:
    """Person at the buyer -> `person A`, in the order in which they were first seen."""
    people = list(dict.fromkeys(event.contact for event in seen if event.contact))
    return {name: f"person {chr(65 + place) if place < 26 else place + 1}" for place, name in enumerate(people)}


def _days(first: datetime, later: datetime) -> int:
    return (later.date() - first.date()).days


@lru_cache(maxsize=256)
def _parts(names: Names) -> Mapping[str, tuple[str, bool]]:
    """Each single part of a name, folded -> what stands instead, and whether it also does for a small letter.

    Of a firm's name that is so for the first part alone: of Dunmore Tools, `tools` is a word.
    """
    found: dict[str, tuple[str, bool]] = {}
    for texts, instead in (
        ((names.firm,), OURS), ((names.account,), BUYER), (names.ours, PERSON), (names.buyers, PERSON),
    ):  # fmt: skip
        for text in texts:
            parts = [_folded(part) for part in PART.findall(unicodedata.normalize("NFC", text))]
            parts = [part for part in parts if len(part) >= LEAST_SIGNS and part not in FORMS]
            for place, part in enumerate(parts):
                found[part] = (instead, part not in WORDS and (instead == PERSON or place == 0))
    return found


def _without(parts: Mapping[str, tuple[str, bool]], text: str) -> str:
    def instead(found: re.Match[str]) -> str:
        folded = _folded(found[0])
        for whole in (folded, folded.removesuffix("s")):  # Adlers, Novaks
            known, small = parts.get(whole, ("", False))
            if known and (small or not found[0].islower()):
                return known
        return found[0]

    return PART.sub(instead, text)


def _folded(part: str) -> str:
    """Without case and accents: Zoë and zoe are one name."""
    plain = unicodedata.normalize("NFKD", part.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
