"""Charts of the rhythm's health: sound XML for any numbers, shapes that tell states apart, unknown drawn as unknown."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from headway.charts.course import CourseStep, course_line
from headway.charts.mended import MendedBy, mended_curve
from headway.charts.occurrences import OccurrenceMark, strip
from headway.charts.ranges import Ranged, ranged

SVG = "{http://www.w3.org/2000/svg}"
FIRST, LAST = date(2025, 3, 3), date(2026, 3, 2)
shares = st.floats(0, 1)


def drawn(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def test_each_state_of_a_review_has_a_shape_of_its_own() -> None:
    def shape(state: str) -> tuple[str, str | None, str | None]:
        group = drawn(strip([OccurrenceMark(FIRST, state)], FIRST, LAST, title="x")).find(f".//{SVG}g")
        assert group is not None
        mark = next(part for part in group if part.get("class") != "day" and part.tag != f"{SVG}title")
        return mark.tag, mark.get("height"), mark.get("class")

    assert len({shape(state) for state in ("held", "late", "empty", "skipped")}) == 4


def test_a_strip_keeps_every_review_within_itself() -> None:
    marks = [OccurrenceMark(FIRST + timedelta(weeks=week), "held", f"week {week} <b>") for week in range(53)]
    picture = drawn(strip(marks, FIRST, LAST, title="A year & a day"))
    boxes = [one for one in picture.iter(f"{SVG}rect") if one.get("class") == "held-mark"]
    assert len(boxes) == 53
    for one in boxes:
        left, width = (float(str(one.get(name)).rstrip("%")) for name in ("x", "width"))
        assert left >= 0 and left + width <= 100.01


def test_an_unknown_figure_is_a_dash_and_no_dot() -> None:
    points = [Ranged("0", 0.4, 0.2, 0.6, "first"), Ranged("30", None), Ranged("60", 0.5)]
    picture = drawn(ranged(points, ticks=[(0.0, "0"), (1.0, "100 %")], title="x"))
    assert len(list(picture.iter(f"{SVG}circle"))) == 2
    assert "–" in [one.text for one in picture.iter(f"{SVG}text")]


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.floats(-10, 10)), st.floats(-10, 10), st.floats(-10, 10)), min_size=1),
    st.text(max_size=20),
)
def test_any_ranges_are_sound(rows: list[tuple[float | None, float, float]], title: str) -> None:
    points = [Ranged(str(n), value, low, high, said=title) for n, (value, low, high) in enumerate(rows)]
    drawn(ranged(points, ticks=[(0.0, "0"), (1.0, "1")], title=title or "x"))


@given(st.lists(st.tuples(st.floats(0, 400), shares, shares, shares)), st.one_of(st.none(), st.floats(0, 500)))
def test_any_curve_is_sound(rows: list[tuple[float, float, float, float]], half: float | None) -> None:
    drawn(mended_curve([MendedBy(*row) for row in sorted(rows)], 180, half_days=half, title="x"))


@given(st.integers(1, 200), st.sampled_from(["done", "passed over", "late", "now", "ahead"]))
def test_today_stands_within_the_course_and_each_step_is_drawn(today: int, state: str) -> None:
    steps = [CourseStep(day, state, f"day {day}") for day in (1, 45, 90)]
    picture = drawn(course_line([(1, 30, "A"), (31, 60, "B"), (61, 90, "C")], steps, today, days=90, title="x"))
    line = next(one for one in picture.iter(f"{SVG}line") if one.get("class") == "today")
    assert 0 <= float(str(line.get("x1")).rstrip("%")) <= 100
    assert len(list(picture.iter(f"{SVG}circle"))) == 3
