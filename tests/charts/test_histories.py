"""The drawing of three histories: every side told, claims against evidence, today, what is agreed, what is folded."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from headway.charts.histories import Ahead, Happening, Histories, Level, levels_of, three_histories

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHAPES = ("act", "proof", "weak", "withdrawn")
moments = st.integers(0, 1_000).map(lambda days: START + timedelta(days=days))
happenings = st.builds(Happening, moments, st.text(max_size=30), st.sampled_from(SHAPES))
levels = st.lists(st.builds(Level, moments, st.integers(0, 9), st.text(max_size=30)), max_size=8).map(
    lambda found: tuple(sorted(found, key=lambda level: level.at))
)


def drawn(shown: Histories) -> ET.Element:
    return ET.fromstring(three_histories(shown, title="Three histories", desc="of a deal"))


def classes(root: ET.Element) -> list[str]:
    return [element.get("class", "") for element in root.iter()]


def texts(root: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def some(**more: object) -> Histories:
    given_ = {
        "starts_at": START,
        "today": START + timedelta(days=60),
        "buyer": (Happening(START + timedelta(days=3), "Dana: replied"), Happening(START, "Dana: said it", "proof")),
        "seller": (Happening(START, "call"),),
        "claimed": (Level(START, 1, "Discovery"), Level(START + timedelta(days=50), 3, "Negotiation")),
        "evidenced": (Level(START + timedelta(days=1), 1),),
        "stages": 4,
    }
    return Histories(**(given_ | more))  # type: ignore[arg-type]


def test_each_side_is_drawn_with_what_happened() -> None:
    found = classes(drawn(some()))
    assert found.count("buyer-act") == 1
    assert found.count("buyer-proof") == 1
    assert found.count("seller-mark") == 1
    assert found.count("shown-area") == 1
    assert "no buyer act seen" not in texts(drawn(some()))


def test_the_claim_that_stands_is_named_however_little_room_it_has() -> None:
    late = some(claimed=(Level(START, 1, "Discovery"), Level(START + timedelta(days=59), 3, "Negotiation")))
    assert "Negotiation" in texts(drawn(late))


def test_a_deal_without_buyer_acts_says_so() -> None:
    assert "no buyer act seen" in texts(drawn(some(buyer=())))


def test_what_is_agreed_lies_beyond_today_and_late_when_its_day_has_passed() -> None:
    ahead = drawn(some(agreed=Ahead(START + timedelta(days=80), "sign")))
    (mark,) = [element for element in ahead.iter() if element.get("class") == "agreed"]
    (today,) = [element for element in ahead.iter() if element.get("class") == "today"]
    assert float(mark.get("cx", "").rstrip("%")) > float(today.get("x1", "").rstrip("%"))
    assert "agreed late" in classes(drawn(some(agreed=Ahead(START + timedelta(days=40), "sign", late=True))))


def test_what_is_folded_is_counted() -> None:
    assert "1,200 earlier not drawn" in texts(drawn(some(folded=1_200)))


def test_words_of_people_cannot_become_markup() -> None:
    nasty = some(buyer=(Happening(START, '<script>alert("x")</script>', "proof"),))
    assert "<script" not in three_histories(nasty, title='"><script>', desc="<b>")


@given(st.lists(happenings, max_size=12), st.lists(happenings, max_size=12), levels, levels, st.integers(0, 9))
def test_whatever_happened_it_is_a_picture_within_its_box(
    buyer: list[Happening],
    seller: list[Happening],
    claimed: tuple[Level, ...],
    evidenced: tuple[Level, ...],
    stages: int,
) -> None:
    root = drawn(some(buyer=tuple(buyer), seller=tuple(seller), claimed=claimed, evidenced=evidenced, stages=stages))
    for element in root.iter():
        for name in ("x", "x1", "x2", "cx", "width"):
            value = element.get(name, "0")
            assert 0 <= float(value.rstrip("%")) <= 100.01


def test_a_level_that_does_not_change_is_one_level() -> None:
    same = [Level(START, 1), Level(START + timedelta(days=1), 1), Level(START + timedelta(days=2), 2)]
    assert levels_of(same) == (same[0], same[2])
