"""The minutes of a meeting as a bar: parts side by side, never beyond its end, each with its name."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts.minutes_bar import Share, minutes_bar

SHARES = st.lists(
    st.builds(Share, st.text(max_size=20), st.floats(0.5, 60), st.booleans()), max_size=40
)  # fmt: skip


@given(SHARES, st.integers(5, 120))
def test_parts_stand_side_by_side_and_end_within_the_bar(shares: list[Share], minutes: int) -> None:
    drawn = minutes_bar(shares, minutes, title="Minutes")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    boxes = re.findall(r'<rect x="([\d.]+)%" y="1" width="([\d.]+)%"[^>]* class="(planned|given-back)"', drawn)
    assert [css == "given-back" for _, _, css in boxes] == [share.settled for share in shares]
    end = 0.0
    for left, width, _ in boxes:
        assert float(left) == pytest.approx(end, abs=0.5)
        end = float(left) + float(width)
    assert end <= 100.1


def test_a_part_says_its_name_and_a_narrow_one_only_when_pointed_at() -> None:
    drawn = minutes_bar([Share("Weidental", 29), Share("<Lozana>", 1, settled=True)], 30, title="Minutes")
    assert "<title>Weidental: 29 min</title>" in drawn
    assert "<title>&lt;Lozana&gt;: 1 min, settled before the meeting</title>" in drawn
    assert drawn.count("<text") == 1
