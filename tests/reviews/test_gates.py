"""Gates: the ladder, how claims end, the signs of harm, and how often a gate steps down rightly and wrongly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.reviews.gate_harm import LEAST, Entry, HarmFacts, harm_of, junk_entries, steps_down
from headway.reviews.gates import (
    LADDER,
    Earned,
    Rung,
    asks_text,
    ended_of,
    next_rung,
    refusal_to_rise,
    rung_below,
    said,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL_EARNED = [Earned(rung, True, "so it is") for rung in LADDER]
NIGHTS, FIRMS = 26 * 7, 200


def test_the_ladder_has_no_way_around_a_rung() -> None:
    assert [next_rung(rung) for rung in LADDER] == [*LADDER[1:], None]
    assert [rung_below(rung) for rung in LADDER] == [None, *LADDER[:-1]]


@given(rung=st.sampled_from(LADDER), lacks=st.booleans(), reason=st.booleans())
def test_nothing_that_has_its_proof_is_ever_held(rung: Rung, lacks: bool, reason: bool) -> None:
    ended = ended_of(rung, lacks=lacks, reason=reason)
    if not lacks or rung is Rung.OBSERVE:
        assert ended == "passed"
    else:
        assert ended == {Rung.WARN: "warned", Rung.ASK: "reasoned" if reason else "asked", Rung.BLOCK: "blocked"}[rung]


def test_a_rung_is_refused_in_words_until_it_is_earned() -> None:
    assert refusal_to_rise(Rung.WARN, ALL_EARNED) == ""
    assert refusal_to_rise(Rung.WARN, []).startswith("It has not been measured yet")
    not_that = [Earned(Rung.WARN, True, "yes"), Earned(Rung.ASK, False, "too few deals")]
    assert refusal_to_rise(Rung.WARN, not_that) == (
        "Your past does not support that it asks for a reason: too few deals."
    )
    assert "nothing is known" in refusal_to_rise(Rung.ASK, not_that)
    assert refusal_to_rise(Rung.BLOCK, ALL_EARNED) == "This is the highest rung."
    assert refusal_to_rise(Rung.OBSERVE, ALL_EARNED, ["31 of 64 entries."]) == (
        "It does harm where it stands: 31 of 64 entries."
    )


def test_what_is_missing_is_said_in_one_clause() -> None:
    assert said(["A."]) == "“A”"
    assert said(["A", "B", "C"]) == "“A”, “B” and “C”"
    assert said(["A", "B", "C", "D"]) == "“A”, “B” and 2 more"
    assert "why the deal is in Offer" in asks_text("Offer", ["The buyer signs"])


@pytest.mark.parametrize(
    ("facts", "shows"),
    [
        (HarmFacts(), ()),
        (HarmFacts(late_before=(5, 100), late_since=(30, 60)), ("late",)),
        (HarmFacts(late_before=(5, 100), late_since=(8, 60)), ()),
        (HarmFacts(late_before=(0, LEAST - 1), late_since=(60, 60)), ()),
        (HarmFacts(junk_before=(5, 100), junk_since=(30, 60)), ("junk",)),
        (HarmFacts(junk_since=(30, 60)), ("junk",)),
        (HarmFacts(junk_since=(15, 60)), ()),
        (HarmFacts(filled_before=(20, 100), filled_since=(70, 80), won_before=(16, 20), won_since=(12, 60)),
         ("hollow",)),
        (HarmFacts(filled_before=(20, 100), filled_since=(70, 80), won_before=(16, 20), won_since=(48, 60)), ()),
        (HarmFacts(filled_before=(20, 100), filled_since=(16, 80), won_before=(16, 20), won_since=(12, 60)), ()),
    ],
)  # fmt: skip
def test_each_sign_shows_where_it_is_and_not_elsewhere(facts: HarmFacts, shows: tuple[str, ...]) -> None:
    harm = harm_of(facts)
    assert tuple(sign.name for sign in harm.signs if sign.shows) == shows
    assert steps_down(harm) == bool(shows) == bool(harm.sentences)


def test_a_sign_says_its_counts() -> None:
    (late, *_) = harm_of(HarmFacts(late_before=(5, 100), late_since=(30, 60))).signs
    assert late.sentence.startswith("30 of 60 deals were first seen") and "5 of 100 before" in late.sentence
    assert late.change.value == pytest.approx(0.45)


def entry(deal: int, text: str, before_claim: float | None = None, *, checkable: bool = False) -> Entry:
    claimed = None if before_claim is None else AT + timedelta(seconds=before_claim)
    return Entry(deal, text, AT, claimed, checkable)


def test_junk_is_short_or_repeated_or_typed_in_to_pass() -> None:
    long = "Petra confirmed the sum on the phone"
    assert junk_entries([entry(1, long), entry(2, f"{long} again"), entry(3, long)]) == 0
    assert junk_entries([entry(1, "ok"), entry(2, "  budget there "), entry(3, "")]) == 3
    assert junk_entries([entry(n, f"{long}." if n else long.upper()) for n in range(3)]) == 3
    assert junk_entries([entry(1, long)] * 5) == 0, "one deal may say the same of five milestones"
    assert junk_entries([entry(1, long, 30), entry(2, f"{long} b", 90), entry(3, f"{long} c", -5)]) == 1
    assert junk_entries([entry(1, "ok", 5, checkable=True)]) == 0


def watched(rng: np.random.Generator, *, late: float, junk: float, filled: float, won: float) -> int | None:
    """The night on which a gate of a firm with four new deals a week steps down; None: it never does in half a year.

    Before it, for a year: 10 % first seen late, 10 % junk, 40 % have the proof, half of these are won.
    """
    weekly, year = 4, 208
    before = {name: int(rng.binomial(n, share)) for name, n, share in
              (("late", year, 0.1), ("junk", 150, 0.1), ("filled", 150, 0.4))}  # fmt: skip
    won_before = int(rng.binomial(before["filled"], 0.5))
    n, counts, had, good = 0, {"late": 0, "junk": 0, "filled": 0}, 0, 0
    for night in range(NIGHTS):
        for _ in range(int(rng.poisson(weekly / 7))):
            n += 1
            hit = rng.random(4)
            counts["late"] += int(hit[0] < late)
            counts["junk"] += int(hit[1] < junk)
            counts["filled"] += int(hit[2] < filled)
            had += int(hit[2] < filled)
            good += int(hit[2] < filled and hit[3] < won)
        facts = HarmFacts(
            (before["late"], year), (counts["late"], n), (before["junk"], 150), (counts["junk"], n),
            (before["filled"], 150), (counts["filled"], n), (won_before, before["filled"]), (good, had),
        )  # fmt: skip
        if steps_down(harm_of(facts)):
            return night
    return None


PLANTED = {
    "no harm": {"late": 0.1, "junk": 0.1, "filled": 0.4, "won": 0.5},
    "it works: more have it, and win as before": {"late": 0.1, "junk": 0.1, "filled": 0.7, "won": 0.5},
    "deals kept out of sight": {"late": 0.5, "junk": 0.1, "filled": 0.4, "won": 0.5},
    "junk typed in": {"late": 0.1, "junk": 0.5, "filled": 0.4, "won": 0.5},
    "filled in and hollow": {"late": 0.1, "junk": 0.1, "filled": 0.9, "won": 0.15},
}


@pytest.mark.parametrize("planted", PLANTED)
def test_it_steps_down_where_harm_is_planted_and_hardly_ever_where_none_is(
    planted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures of docs/methods/gates.md; every night of half a year is a look."""
    rng = np.random.default_rng(7)
    nights = [watched(rng, **PLANTED[planted]) for _ in range(FIRMS)]
    stepped = [night for night in nights if night is not None]
    with capsys.disabled():
        days = f", median day {int(np.median(stepped))}" if stepped else ""
        print(f"\n  {planted}: {len(stepped)} of {FIRMS} gates stepped down in half a year{days}")
    if planted.startswith(("no harm", "it works")):
        assert len(stepped) <= 0.03 * FIRMS
    else:
        assert len(stepped) >= 0.9 * FIRMS
