"""The picture of a trial: whole, readable where bounds lie close, and drawn from one look on."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.charts.trial import LEAST, LookShown, narrowing

SHARES = st.floats(-1, 1)


@given(st.lists(st.tuples(SHARES, SHARES, SHARES).map(sorted), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_any_looks_make_a_whole_picture_whose_labels_do_not_touch(looks: list[list[float]], margin: float) -> None:
    shown = [
        LookShown(date(2026, 1, 1) + timedelta(weeks=n), value, low, high, n)
        for n, (low, value, high) in enumerate(looks)
    ]
    drawn = narrowing(shown, margin, title="A & B", desc="Go on.")
    ElementTree.fromstring(drawn)
    assert "style=" not in drawn
    places = sorted(float(y) for y in re.findall(r'<text x="[\d.]+%" y="([\d.]+)" dx="8"', drawn))
    assert len(places) == 3
    assert all(after - before >= LEAST - 0.02 for before, after in itertools.pairwise(places))


def test_without_a_look_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no picture"):
        narrowing([], 0.1, title="A")
