"""Charts: whatever the numbers, well-formed SVG with finite places, no style, no script, names escaped."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.charts import flow, marks, movement, scale, timeline, weeks
from headway.charts.svg import number, words

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
shares = st.floats(0, 1)
amounts = st.floats(0, 1e15)
names = st.text(max_size=60)


def checked(svg: str) -> ET.Element:
    """Parses the chart and fails on anything that a strict page would refuse."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    for part in root.iter():
        assert part.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "g", "rect", "line", "circle", "path", "text",
        }  # fmt: skip
        for key, value in part.attrib.items():
            assert key != "style" and not key.startswith("on") and "href" not in key
            assert not re.search(r"\b(nan|inf)\b", value, re.IGNORECASE)
            if key in {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"}:
                assert math.isfinite(float(value.removesuffix("%")))
            if key in {"width", "height", "r"}:
                assert float(value.removesuffix("%")) >= 0
    if root.get("role") == "img":
        title = root.find(f"{SVG}title")
        assert title is not None and title.text
    else:
        assert root.get("aria-hidden") == "true"
    return root


def boxes(root: ET.Element, css: str) -> list[ET.Element]:
    return [part for part in root.iter(f"{SVG}rect") if css in (part.get("class") or "").split()]


@given(shares, shares, shares)
def test_a_share_and_its_interval(value: float, one: float, other: float) -> None:
    root = checked(marks.share_mark(value, min(one, other), max(one, other), title="Share"))
    width = float((boxes(root, "fill")[0].get("width") or "").removesuffix("%"))
    assert width == pytest.approx(100 * value, abs=0.01)


@given(amounts, amounts, amounts)
def test_claimed_is_hollow_evidenced_is_full_on_one_scale(claimed: float, evidenced: float, more: float) -> None:
    top = max(claimed, evidenced) + more
    root = checked(marks.pair_mark(claimed, evidenced, top, title="Pair"))
    hollow, full = (float((boxes(root, css)[0].get("width") or "").removesuffix("%")) for css in ("hollow", "fill"))
    assert (hollow >= full) == (claimed >= evidenced) or abs(hollow - full) < 0.02


@given(st.none() | st.integers(0, 40), st.none() | st.integers(0, 40), st.integers(0, 40))
def test_a_deal_on_its_rail(claimed: int | None, evidenced: int | None, last: int) -> None:
    root = checked(marks.dumbbell_mark(claimed, evidenced, last))
    kinds = [part.get("class") for part in root.iter(f"{SVG}circle")]
    assert kinds == ["ring"] * (claimed is not None) + ["mark"] * (evidenced is not None)


@given(st.lists(amounts, min_size=3, max_size=3), st.none() | amounts, amounts)
def test_ranges_grow_from_median_to_p90(values: list[float], won: float | None, more: float) -> None:
    median, p75, p90 = sorted(values)
    root = checked(marks.range_mark(median, p75, p90, p90 + more, won_p90=won, title="Days"))
    assert len(list(root.iter(f"{SVG}circle"))) == (won is not None)


@given(st.lists(st.tuples(names, amounts, st.sampled_from(["won", "lost"])), max_size=6))
def test_parts_fill_the_whole_and_no_more(parts: list[tuple[str, float, str]]) -> None:
    root = checked(marks.parts_mark(parts, title="Parts"))
    widths = [float((part.get("width") or "").removesuffix("%")) for part in boxes(root, "part")]
    assert sum(widths) <= 100.1
    assert not any(size > 0 for _, size, _ in parts) or sum(widths) == pytest.approx(100, abs=0.1)


@st.composite
def curves(draw: st.DrawFn) -> list[movement.Shares]:
    steps = draw(st.lists(st.tuples(st.floats(0, 1e4), shares, shares, shares), max_size=30))
    days, won, lost, ended, left, made = 0.0, 0.0, 0.0, 0.0, 1.0, []
    for wait, one, two, three in steps:
        days += wait
        gained = [left * part / (3.01) for part in (one, two, three)]
        won, lost, ended, left = won + gained[0], lost + gained[1], ended + gained[2], left - sum(gained)
        made.append(movement.Shares(days, won, lost, ended))
    return made


@given(curves(), st.none() | st.floats(0, 1e4), names)
def test_movement_curves_name_each_part_and_stay_in_the_frame(
    points: list[movement.Shares], usual: float | None, name: str
) -> None:
    root = checked(movement.movement_curves(points, usual, title=f"Curves {name}", desc=name))
    labels = [part.text or "" for part in root.iter(f"{SVG}text")]
    for word in ("Won", "Lost", "Ended", "Open") if points else ():
        assert sum(label.startswith(f"{word} ") for label in labels) == 1
    for part in root.iter(f"{SVG}path"):
        assert all(0 <= float(place) <= 100 for place in NUMBERS.findall(part.get("d") or ""))


@given(
    st.lists(st.tuples(shares, shares, shares, st.integers(1, 900)), max_size=60),
    st.integers(-5, 70),
    shares,
    st.booleans(),
)
def test_weeks_with_and_without_a_change(
    rows: list[tuple[float, float, float, int]], on: int, level: float, changed: bool
) -> None:
    start = date(2025, 1, 6)
    made = [
        weeks.WeekShare(start + timedelta(weeks=place), value, min(low, value), max(high, value), n)
        for place, (value, low, high, n) in enumerate(rows)
    ]
    day = start + timedelta(weeks=on)
    change = weeks.Change(day, day - timedelta(days=9), day + timedelta(days=9), level, None) if changed else None
    root = checked(weeks.weekly_share(made, change, title="Weeks"))
    assert len(list(root.iter(f"{SVG}circle"))) == len(made)


@settings(deadline=None)
@given(st.data(), st.integers(0, 40), st.sampled_from([flow.WIDE, flow.NARROW]))
def test_flow_tells_skips_from_moves_back_without_colour(data: st.DataObject, count: int, width: float) -> None:
    size = st.integers(0, 10**7)
    nodes = [flow.Node(data.draw(names), *(data.draw(size) for _ in range(5))) for _ in range(count)]
    place = st.integers(0, max(count - 1, 0))
    moves = data.draw(st.lists(st.builds(flow.Move, place, place, size), max_size=30)) if count else []
    root = checked(flow.stage_flow(nodes, moves, width=width, title="Flow"))
    assert len(boxes(root, "node")) == count
    kinds = [(part.get("class") or "") for part in root.iter(f"{SVG}path")]
    skips = sum(move.moves > 0 and move.target > move.source + 1 for move in moves)
    returns = sum(move.moves > 0 and move.target < move.source for move in moves)
    assert kinds.count("arrow skip") == min(skips, flow.ARROWS)
    assert kinds.count("arrow return") == min(returns, flow.ARROWS)


@given(
    st.lists(st.tuples(st.integers(0, 10**8), names), max_size=20),
    st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 40), names), max_size=12),
    st.none() | st.sampled_from(["won", "lost"]),
)
def test_a_deal_over_time(acts: list[tuple[int, str]], claims: list[tuple[int, int, str]], end: str | None) -> None:
    start = datetime(2025, 3, 1, tzinfo=UTC)

    def at(seconds: int) -> datetime:
        return start + timedelta(seconds=seconds)

    marked = [timeline.Mark(at(seconds), text) for seconds, text in acts]
    stepped = [timeline.Claim(at(seconds), rank, text) for seconds, rank, text in sorted(claims)]
    root = checked(
        timeline.deal_time_line(
            starts_at=start, ends_at=at(10**8), buyer=marked, seller=marked[:3], claims=stepped, last_rank=6, end=end,
            title="Deal",
        )
    )  # fmt: skip
    assert len(list(root.iter(f"{SVG}circle"))) == len(acts)
    said = "".join(root.itertext())
    assert ("no buyer act observed" in said) == (not acts)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "draw", [number, lambda value: marks.share_mark(value, 0, 1), lambda value: marks.amount_mark(1, value)]
)
def test_what_is_not_a_number_is_refused(draw: Callable[[float], str], value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        draw(value)


def test_words_are_escaped_and_control_signs_dropped() -> None:
    assert words("<b>&\x00\x1f\ufffe", x=0, y=0) == '<text x="0" y="0">&lt;b&gt;&amp;</text>'


@given(st.floats(0, 1e12), st.integers(1, 8))
def test_ticks_are_round_few_and_within(top: float, wanted: int) -> None:
    ticks = scale.round_ticks(top, wanted)
    assert ticks[0] == 0 and len(ticks) <= wanted + 2 and all(tick <= top * 1.0002 for tick in ticks)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 9000))
def test_months_are_first_days_within_the_span(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    ticks = scale.month_ticks(first, last)
    assert all(tick.day == 1 and first <= tick <= last for tick in ticks) and len(ticks) <= 8


@given(st.lists(st.floats(0, 100), max_size=5))
def test_labels_are_moved_apart_within_their_room(places: list[float]) -> None:
    moved = sorted(scale.spread(places, 15, 0, 100))
    assert all(after - before >= 15 - 1e-9 for before, after in pairwise(moved))
    assert all(-1e-9 <= place <= 100 for place in moved)
