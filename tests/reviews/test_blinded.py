"""What is shown of a blinded deal, and that nobody can be recognised by a name, an amount, a day or an address."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.process.starters import get_starter
from headway.reviews.blinded import FORMS, WORDS, Names, as_json, blinded_lines, lines_from, masked

PROCESS = get_starter("buyer_terms")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NAMES = Names(
    deal="Dunmore Tools – shift planning", account="Dunmore Tools Ltd", buyers=("Jana Novák", "Will Grant"),
    ours=("Bob Adler",), firm="Acme Sales",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jana told Bob that it is urgent", "[person] told [person] that it is urgent"),
        ("NOVAK’s team agrees", "[person]’s team agrees"),
        ("We at Dunmore trust the tools", "We at [buyer] trust the tools"),
        ("We will sign, says Will", "We will sign, says [person]"),
        ("€120,000 is set aside", "[amount] is set aside"),
        ("It costs 250k EUR or 1.5 million", "It costs [amount] or [amount]"),
        ("About 2,5 Mio. Euro a year", "About [amount] a year"),
        ("We sign by 3 March 2026", "We sign by [day]"),
        ("On 2026-03-14, or the 14.03.", "On [day], or the [day]"),
        ("Mail jana@dunmore.com or +49 170 1234567", "Mail [address] or [address]"),
        ("See https://dunmore.com/plan", "See [address]"),
        ("Frau Schmidt decides", "[person] decides"),
        ("12 people on 3 sites, 40 % less scrap", "12 people on 3 sites, 40 % less scrap"),
        ("Two decisions in the market", "Two decisions in the market"),
        ("shift planning for Dunmore Tools – shift planning", "shift planning for [product]"),
    ],
)
def test_words_that_tell_who_it_is_are_gone_and_others_stay(text: str, shown: str) -> None:
    assert masked(text, NAMES) == shown


name = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=12)


@given(st.lists(name, min_size=1, max_size=4), st.lists(st.text(max_size=12), min_size=1, max_size=6), st.data())
def test_no_part_of_a_person_s_name_is_left(parts: list[str], between: list[str], data: st.DataObject) -> None:
    """Wherever it stands, however it is written, with accents or without."""
    person = " ".join(parts)
    written = [data.draw(st.sampled_from([part, part.upper(), part.lower(), unicodedata.normalize("NFD", part)]))
               for part in parts]  # fmt: skip
    text = " ".join(word for pair in zip(between, written, strict=False) for word in pair)
    shown = masked(text, Names(buyers=(person,)))
    left = re.findall(r"[^\W_]+", re.sub(r"\[[a-z]+\]", " ", shown))
    for part in parts:
        folded = fold(part)
        if len(folded) >= 3 and folded not in FORMS | WORDS:
            assert folded not in {fold(word) for word in left}


def fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word).casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def event(kind: EventKind, name: str, day: int, **more: object) -> Event:
    happened_at = START + timedelta(days=day)
    return Event(kind, happened_at, day, name, happened_at, **more)  # type: ignore[arg-type]


def history(*events: Event) -> DealHistory:
    return DealHistory("d", events)


def shown(*events: Event, at: int = 90) -> tuple[list[tuple[int, str, str, str]], int]:
    lines, asked_on = blinded_lines(history(*events), PROCESS, AsOf.moment(START + timedelta(days=at)), NAMES)
    return [(line.day, line.what, line.quote, line.who) for line in lines], asked_on


def evidence(day: int, milestone: str, **more: object) -> Event:
    return event(EventKind.EVIDENCE_RECORDED, milestone, day, **{"grade": 1, **more})


def test_no_claim_no_owner_no_amount_and_no_outcome_is_shown() -> None:
    found, asked_on = shown(
        event(EventKind.DEAL_CREATED, "", 0),
        event(EventKind.STAGE_CLAIMED, "Signature", 1),
        event(EventKind.OWNER_SET, "Bob Adler", 1),
        event(EventKind.AMOUNT_SET, "", 1, amount=90_000.0),
        event(EventKind.ACTIVITY_DONE, "demo", 2),
        event(EventKind.BUYER_ACTED, "replied", 10, contact="Jana Novák"),
        evidence(14, "problem_stated", note="Jana says that planning costs us €40,000 a year", contact="Jana Novák"),
        event(EventKind.DEAL_DECIDED, "won", 20),
        event(EventKind.BUYER_ACTED, "signed", 25),
    )
    assert found == [
        (0, "replied", "", "person A"),
        (4, "", "[person] says that planning costs us [amount] a year", "person A"),
    ]
    assert asked_on == 10  # the day of its decision, from the first act, which is not said


def test_what_says_too_little_carries_what_it_is_recorded_for() -> None:
    milestone = PROCESS.milestones[0][1]
    found, _ = shown(evidence(0, milestone.id, note="Yes."))
    assert found == [(0, milestone.buyer, "Yes.", "")]


def test_of_each_kind_the_latest_stands_with_how_often() -> None:
    acts = [event(EventKind.BUYER_ACTED, "replied", day, contact="Will Grant") for day in (0, 5, 30)]
    lines, _ = blinded_lines(history(*acts), PROCESS, AsOf.moment(START + timedelta(days=31)), NAMES)
    assert [(line.day, line.often) for line in lines] == [(30, 3)]


def test_what_was_taken_back_is_gone_and_what_is_disputed_says_so() -> None:
    events = (
        evidence(0, "problem_stated", ref="a", note="The plan is wrong every week"),
        evidence(3, "problem_confirmed", ref="b", note="We see the same at our plant"),
        event(EventKind.EVIDENCE_RETRACTED, "problem_stated", 5, ref="a"),
        event(EventKind.EVIDENCE_DISPUTED, "problem_confirmed", 6, ref="b"),
    )
    lines, _ = blinded_lines(history(*events), PROCESS, AsOf.moment(START + timedelta(days=9)), NAMES)
    assert [(line.day, line.disputed) for line in lines] == [(0, True)]


def test_an_act_and_its_quote_are_one_line() -> None:
    found, _ = shown(
        event(EventKind.BUYER_ACTED, "described the problem", 2, contact="Jana Novák"),
        evidence(2, "problem_stated", note="The plan is wrong every week", contact="Jana Novák"),
    )
    assert found == [(0, "described the problem", "The plan is wrong every week", "person A")]


def test_nothing_the_buyer_did_shows_nothing() -> None:
    assert shown(event(EventKind.ACTIVITY_DONE, "demo", 2)) == ([], 0)


def test_what_is_kept_reads_back() -> None:
    lines, asked_on = blinded_lines(
        history(evidence(0, "problem_stated", note="The plan is wrong every week")), PROCESS,
        AsOf.moment(START + timedelta(days=9)), NAMES,
    )  # fmt: skip
    kept = as_json(lines, asked_on, 1)
    assert lines_from(kept) == lines
    assert (kept["asked_on"], kept["rank"]) == (9, 1)
