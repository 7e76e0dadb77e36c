"""The picture of verdicts, the two orders, what is left of a review: in place and apart, whatever the numbers."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.charts import marks, order, reinforcement, verdicts
from headway.charts.lettering import Room, shortened, text_width, wrapped
from tests.charts.test_charts import SVG, checked

WORDS = ("works", "process", "practice", "rhythm", "costly", "helps", "unknown")
shares, differences = st.floats(0, 1), st.floats(-1, 1)
spots = st.lists(
    st.builds(
        lambda name, word, share, ends, truth: verdicts.Spot(7, name, word, share, ends[1], ends[0], ends[2], truth),
        st.text(max_size=80), st.sampled_from(WORDS), shares, st.lists(differences, min_size=3, max_size=3).map(sorted),
        st.none() | differences,
    ),
    max_size=25,
)  # fmt: skip


def labels(root: ET.Element) -> list[Room]:
    """The room that each name of a step takes."""
    rooms = []
    for text in root.iter(f"{SVG}text"):
        if "spot-name" in (text.get("class") or ""):
            x, y, wide = float(text.get("x") or 0), float(text.get("y") or 0), text_width(text.text or "")
            left = x if text.get("anchor", text.get("text-anchor")) == "start" else x - wide
            rooms.append(Room(left, y - 10, left + wide, y + 3))
    return rooms


@settings(max_examples=30, deadline=None)
@given(spots, st.floats(0.01, 0.5), st.sampled_from((verdicts.WIDE, verdicts.NARROW)))
def test_names_of_steps_never_lie_on_each_other_nor_beyond_the_picture(
    drawn: list[verdicts.Spot], margin: float, width: float
) -> None:
    root = checked(verdicts.verdict_map(drawn, margin=margin, width=width, title="Steps"))
    found = labels(root)
    assert not any(one.meets(other) for one, other in combinations(found, 2))
    assert all(room.left >= 0 and room.right <= width for room in found)


@pytest.mark.parametrize("width", [verdicts.WIDE, verdicts.NARROW])
def test_a_step_stands_where_its_figures_put_it(width: float) -> None:
    drawn = [
        verdicts.Spot(1, "Call within five days", "unknown", 0.2, 0.3, 0.25, 0.35),
        verdicts.Spot(2, "Send the sheet", "unknown", 0.6, -0.1, -0.15, -0.05, truth=0.3),
    ]
    root = checked(verdicts.verdict_map(drawn, margin=0.1, width=width, title="Steps"))
    costly, helpful = (dot for dot in root.iter(f"{SVG}circle"))
    assert float(costly.get("cx") or 0) < float(helpful.get("cx") or 0)
    assert float(costly.get("cy") or 0) < float(helpful.get("cy") or 0)
    said = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert "1 Call within five days" in said and "2 Send the sheet" in said and "margin 10 points" in said
    assert sum((path.get("class") or "") == "truth" for path in root.iter(f"{SVG}path")) == 1


def test_what_is_known_is_drawn_whole_and_only_an_unknown_interval_is_cut() -> None:
    sure = verdicts.Spot(1, "a", "practice", 0.5, 0.3, 0.2, 0.4)
    with_wild = [sure, verdicts.Spot(2, "b", "unknown", 0.7, 0.1, -0.95, 0.99)]
    alone = verdicts.verdict_map([sure], margin=0.1, width=verdicts.WIDE, title="Steps")
    assert 'cy="' not in alone  # a practice is a triangle, not a ring
    place = alone.split('transform="')[1].split('"')[0]
    assert place in verdicts.verdict_map(with_wild, margin=0.1, width=verdicts.WIDE, title="Steps")


@given(st.permutations(range(6)), st.sampled_from((order.WIDE, order.NARROW)))
def test_each_milestone_keeps_its_line_in_both_orders(gone: list[int], width: float) -> None:
    names = [f"The buyer has done thing {place} and told a colleague so" for place in range(6)]
    root = checked(order.two_orders(names, gone, width=width, title="Order"))
    earlier = sum("way earlier" in (path.get("class") or "") for path in root.iter(f"{SVG}path"))
    assert earlier == sum(place > there for there, place in enumerate(gone))
    with pytest.raises(ValueError, match="every place once"):
        order.two_orders(names, [0, *gone[1:], 9], width=width, title="Order")


@given(st.lists(st.tuples(st.integers(0, 30), shares, shares, shares, st.booleans()), max_size=20))
def test_what_is_left_of_a_review(weeks: list[tuple[int, float, float, float, bool]]) -> None:
    sides: tuple[list[reinforcement.AfterReview], ...] = ([], [])
    for week, *ends, held in weeks:
        low, value, high = sorted(ends)
        sides[held].append(reinforcement.AfterReview(week, value, low, high, 40))
    checked(reinforcement.after_reviews(*sides, title="What is left"))


@given(differences, differences, st.floats(0, 1))
def test_a_difference_grows_from_the_middle_towards_its_side(value: float, end: float, reach: float) -> None:
    low, high = sorted((value, end))
    bar = next(checked(marks.difference_mark(value, reach, low=low, high=high)).iter(f"{SVG}rect"))
    left, width = (float((bar.get(key) or "").removesuffix("%")) for key in ("x", "width"))
    assert left >= 0 and left + width <= 100.01
    assert left == pytest.approx(50) if value >= 0 else left + width == pytest.approx(50, abs=0.02)


@given(st.text(), st.floats(0, 400), st.integers(1, 4))
def test_words_are_cut_to_their_room(text: str, room: float, lines: int) -> None:
    assert text_width(shortened(text, room)) <= room or not shortened(text, room)
    assert len(wrapped(text, room, lines)) <= lines
