"""Texts told in another language: whole, with gaps, in parts, and never what people typed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.language import best_of, language, speaking, told
from headway.basics.language.catalogue import catalogue, catalogue_of, plain_of
from headway.basics.language.forms import in_dative, localised
from headway.basics.language.markup import told_blocks, told_lines, told_markup, told_page
from headway.basics.language.told import _told

PAIRS = (
    ("deals", "Deals"),
    ("open", "offen"),
    ("{0} deals", "{0} Deals"),
    ("{0} days", "{0} Tage"),
    ("{0} of {1}", "{0} von {1}"),
    ("{0} are silent for {1}", "seit {1:n} sind {0} still"),
    ("Close date set to {0}", "Abschlussdatum auf {0} gesetzt"),
    ("Silent for {0}{1}.", "Still seit {0}{1}."),
    ("days", "Tage"),
    ("Not before {0}.", "Nicht vor {0}."),
    ("Nothing yet", "Noch nichts"),
    ("Ask {0} for a date.", "Bitten Sie {0} um ein Datum."),
)


@pytest.fixture(autouse=True)
def _german(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small catalogue of German, spoken in each test."""
    small = catalogue_of(PAIRS)
    module = sys.modules["headway.basics.language.told"]
    monkeypatch.setattr(module, "catalogue", lambda _code: small)
    _told.cache_clear()
    with speaking("de"):
        yield
    _told.cache_clear()


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Nothing yet", "Noch nichts"),
        ("Not before 1 Dec.", "Nicht vor 1. Dez."),
        ("12 deals are silent for 3 days", "seit 3 Tagen sind 12 Deals still"),
        ("1,204 of 3,000", "1.204 von 3.000"),
        ("Close date set to 30 Nov 2026", "Abschlussdatum auf 30. Nov. 2026 gesetzt"),
        ("Silent for 12 days.", "Still seit 12 Tage."),  # two gaps side by side: the figure, then its word
        ("Open", "Offen"),  # a phrase at the beginning of a line
        ("Nothing yet · 4 deals", "Noch nichts · 4 Deals"),
        ("Nothing yet. Ask Anna for a date.", "Noch nichts. Bitten Sie Anna um ein Datum."),
        ("€4.13 M", "4,13 Mio. €"),
        ("  open ", "  offen "),
    ],
)
def test_what_headway_says_is_told(english: str, german: str) -> None:
    assert plain_of(told(english)) == german


@pytest.mark.parametrize(
    "typed", ["Head of Sales", "Kind of Blue", "Acme, Inc.", "Deal of the year", "<b>deals</b>", "", "Ünïcode – ✓"]
)
def test_what_people_typed_stays(typed: str) -> None:
    assert told(typed) == typed


def test_words_in_quotes_stay_between_the_marks_of_the_language() -> None:
    assert told("Ask “Nothing yet” for a date.") == "Bitten Sie „Nothing yet“ um ein Datum."
    assert told("“Nothing yet. 4 deals; open”; open") == "„Nothing yet. 4 deals; open“; offen"


def test_what_somebody_typed_stays_in_a_page_where_it_is_marked() -> None:
    page = '<p translate="no" title="Nothing yet">Nothing yet</p><p>Nothing yet</p>'
    assert told_markup(page) == '<p translate="no" title="Noch nichts">Nothing yet</p><p>Noch nichts</p>'


def test_no_gap_reaches_over_a_dot_between_parts() -> None:
    assert told("Close date set to 30 Nov 2026 · 4 deals") == "Abschlussdatum auf 30. Nov. 2026 gesetzt · 4 Deals"


def test_the_dative_stands_before_the_dot_of_a_sentence() -> None:
    assert (in_dative("3 Tage."), in_dative("3 Tage"), in_dative("1 Tag.")) == ("3 Tagen.", "3 Tagen", "1 Tag.")


def test_sentences_that_are_known_are_told_one_by_one_before_a_vague_one_takes_both() -> None:
    assert told("Nothing yet. Ask 3 of 4 for a date.") == "Noch nichts. Bitten Sie 3 von 4 um ein Datum."


def test_english_is_left_alone_and_languages_do_not_leak() -> None:
    with speaking("en"):
        assert told("Nothing yet") == "Nothing yet"
        with speaking("xx"):
            assert language() == "en"
    assert language() == "de"


@given(st.text(alphabet=ascii_letters + " .,:;“”{}<>%0123456789", max_size=200))
def test_any_text_is_told_or_left(text: str) -> None:
    with speaking("de"):
        assert isinstance(told(text), str)
        assert told_markup("<p>no</p>").startswith("<p>")


def test_figures_days_and_money_take_their_form() -> None:
    said = plain_of(localised("Tue 3 Nov 2026, 1,204.5 and $930 k; −€1,200", "de"))
    assert said == "Di. 3. Nov. 2026, 1.204,5 and 930.000 $; −1.200 €"
    assert localised("127.0.0.1 at 14:05 on 2026-11-22", "de") == "127.0.0.1 at 14:05 on 2026-11-22"
    assert [in_dative(one) for one in ("3 Tage", "1 Tag", "2 Deals", "4 Wochen", "alle", "18. November")] == [
        "3 Tagen", "1 Tag", "2 Deals", "4 Wochen", "alle", "18. November",
    ]  # fmt: skip


def test_pages_and_letters_made_in_english_are_told_text_by_text() -> None:
    page = '<html lang="en"><p title="Nothing yet" data-x="Nothing yet">4 deals <b>open</b> &lt;deals&gt;</p></html>'
    assert told_page(page) == (
        '<html lang="de"><p title="Noch nichts" data-x="Nothing yet">4 Deals <b>offen</b> &lt;deals&gt;</p></html>'
    )
    assert told_lines("Nothing yet\n\n12 days") == "Noch nichts\n\n12 Tage"
    assert told_blocks([{"type": "section", "text": {"text": "Nothing yet", "action_id": "open"}}]) == [
        {"type": "section", "text": {"text": "Noch nichts", "action_id": "open"}}
    ]


def test_the_browser_is_asked_which_language() -> None:
    asked = {"de-AT,de;q=0.9,en;q=0.5": "de", "fr,en;q=0.8,de;q=0.7": "en", "": "en", "de;q=0": "en", "x;q=y,de": "de"}
    assert {header: best_of(header) for header in asked} == asked


def test_the_real_catalogue_reads() -> None:
    assert catalogue("xx").whole == {}
    assert len(catalogue("de").whole) > 3_000


def test_what_is_told_is_not_told_again() -> None:
    once = told("€215,000")
    assert plain_of(once) == "215.000 €"
    assert told(once) == once


def test_a_translation_that_leaves_a_gap_out_never_loses_a_figure() -> None:
    small = catalogue_of([("{0} open deal{1}", "offene Deals: {0}"), ("{0} days", "{0} Tage")])
    (sentence,) = small.sentences("12 open deals")
    assert sentence.dropped == {1}
    sys.modules["headway.basics.language.told"].catalogue = lambda _code: small  # type: ignore[attr-defined]
    _told.cache_clear()
    assert told("12 open deals") == "offene Deals: 12"
    assert told("12 open deals, €400 k") != "offene Deals: 12"
    assert "400" in told("12 open deals, €400 k")
