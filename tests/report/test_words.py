"""Figures as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.diagnosis.value import Sentence, Share
from headway.report import words
from headway.report.deal_links import anchor, sentence_markup


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.004, "under 1 %"), (0.47, "47 %"), (0.999, "over 99 %"), (1.0, "100 %"), (None, "unknown")],
)
def test_shares_tell_none_from_hardly_any(share: float | None, text: str) -> None:
    assert plain(words.percent_text(share)) == text


def test_a_share_carries_its_interval_and_n() -> None:
    assert plain(words.share_text(Share(0.47, 0.42, 0.52, 1640))) == "47 % (42–52 %, n 1,640)"
    assert words.share_text(None) == "unknown"


@pytest.mark.parametrize(
    ("days", "text"), [(0.25, "0.2 days"), (1.0, "1 day"), (11.6, "12 days"), (None, "unknown"), (0, "0 days")]
)
def test_days(days: float | None, text: str) -> None:
    assert plain(words.days_text(days)) == text


def test_a_sum_of_nothing_over_deals_is_unknown_and_not_zero() -> None:
    assert words.total_worth(0.0, 12, "EUR") == "amounts unknown"
    assert plain(words.total_worth(0.0, 0, "EUR")) == "€0"
    assert plain(words.total_worth(4_130_000.0, 3, "EUR")) == "€4.13 M"


@given(st.text(), st.text())
def test_anchors_are_safe_and_tell_deals_apart(one: str, other: str) -> None:
    assert anchor(one).startswith("deal-") and not set(anchor(one)) & set(" \"'<>&#\n\t")
    assert (anchor(one) == anchor(other)) == (one == other)


@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_a_sentence_with_links_reads_the_same_and_escapes_names(name: str, around: str) -> None:
    sentence = Sentence(f"{around} {name}.", ("1",))
    markup = sentence_markup(sentence, {"1": name}, frozenset({"1"}), lambda deal: f"#{anchor(deal)}")
    assert markup.striptags() == " ".join(markup.striptags().split())
    assert str(markup).count("<a ") == 1
    inside = str(markup).replace('<a href="#deal-1"><bdi>', "").replace("</bdi></a>", "")
    assert "<" not in inside
