"""The picture of a rewind: the gap between claimed and evidenced, and what a cursor reads from it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts.rewind import RewindPoint, claimed_and_evidenced
from tests.charts.test_charts import NUMBERS, SVG, boxes, checked

FIRST = date(2025, 10, 4)
ENDS = [(date(2025, 12, 31), "Q4 2025"), (date(2026, 3, 31), "Q1 2026")]


def points(*pairs: tuple[float, float | None]) -> list[RewindPoint]:
    return [RewindPoint(FIRST + timedelta(weeks=n), *pair) for n, pair in enumerate(pairs)]


def place(part: ET.Element, name: str) -> float:
    return float((part.get(name) or "").removesuffix("%"))


def words_of(root: ET.Element) -> list[str]:
    return [part.text or "" for part in root.iter(f"{SVG}text")]


@given(
    st.lists(st.tuples(st.floats(0, 1e15), st.none() | st.floats(0, 1)), max_size=130),
    st.lists(st.tuples(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.text(max_size=20)), max_size=30),
    st.none() | st.dates(),
    st.text(max_size=40),
)
def test_any_numbers_make_a_sound_picture(
    drawn: list[tuple[float, float | None]], ends: list[tuple[date, str]], cursor: date | None, name: str
) -> None:
    made = points(*((claimed, None if part is None else claimed * part) for claimed, part in drawn))
    root = checked(claimed_and_evidenced(made, ends, cursor=cursor, title=f"Rewind {name}", desc=name))
    days = boxes(root, "day")
    assert [day.get("data-on") for day in days] == [point.on.isoformat() for point in made]
    assert [float(day.get("data-claimed") or "") for day in days] == pytest.approx([p.claimed for p in made], abs=0.01)
    assert all(
        place(one, "x") + place(one, "width") == pytest.approx(place(two, "x"), abs=0.02) for one, two in pairwise(days)
    )
    for part in root.iter(f"{SVG}path"):
        assert all(0 <= float(number) <= 100 for number in NUMBERS.findall(part.get("d") or ""))


def test_the_cursor_stands_on_the_day_asked_for_where_its_values_are() -> None:
    made = points((10, 4), (20, 5), (16, 8))
    root = checked(claimed_and_evidenced(made, [], cursor=FIRST + timedelta(days=9), title="Rewind"))
    day = boxes(root, "day")[1]
    ring, mark = root.iter(f"{SVG}circle")
    assert (ring.get("cx"), ring.get("cy")) == (day.get("data-x"), day.get("data-claimed-y")) == ("50%", "10")
    assert (mark.get("cx"), mark.get("cy")) == (day.get("data-x"), day.get("data-evidenced-y"))
    assert place(mark, "cy") > place(ring, "cy")
    said = day.find(f"{SVG}title")
    assert said is not None and said.text == "11 Oct 2025: 20 claimed, 5 of it evidenced"


@pytest.mark.parametrize(("cursor", "expected"), [(None, "100%"), (date(2030, 1, 1), "100%"), (date(2000, 1, 1), "0%")])
def test_without_such_a_day_the_cursor_stands_at_the_nearest_end(cursor: date | None, expected: str) -> None:
    root = checked(claimed_and_evidenced(points((1, 0), (2, 1)), [], cursor=cursor, title="Rewind"))
    assert next(root.iter(f"{SVG}circle")).get("cx") == expected


def test_ends_of_periods_within_the_span_are_drawn_and_named() -> None:
    made = points(*[(1, 1)] * 20)
    root = checked(claimed_and_evidenced(made, ENDS, amount_text=lambda value: f"{value:.0f} deals", title="Rewind"))
    ticks = [part for part in root.iter(f"{SVG}line") if part.get("class") == "period-end"]
    assert [place(tick, "x1") for tick in ticks] == [pytest.approx(100 * 88 / 133, abs=0.01)]
    assert "Q4 2025" in words_of(root) and "Q1 2026" not in words_of(root)
    assert {"0 deals", "1 deals", "claimed", "evidenced"} <= set(words_of(root))


def test_the_gap_is_filled_down_to_the_evidenced_line() -> None:
    root = checked(claimed_and_evidenced(points((10, 5), (10, 0)), [], title="Rewind"))
    paths = {part.get("class"): part.get("d") for part in root.iter(f"{SVG}path")}
    assert paths["unbacked"] == "M0 0 L100 0 L100 100 L0 50 Z"
    assert paths["band"] == "M0 50 L100 100 L100 100 L0 100 Z"
