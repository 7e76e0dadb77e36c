"""What the regression looks at: finite for any snapshot, in named groups, without what never differed."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forecast_speed import made_up
from headway.forecast.design import GROUPS, POOLED_DEALS, design_of
from headway.forecast.snapshots import UNSEEN, Snapshots

KNOWN = made_up(400, 200)
NAMES = KNOWN.owners, KNOWN.segments
DESIGN = design_of(KNOWN.weekly, KNOWN.stages, NAMES)
ODD = (np.nan, np.inf, -np.inf, 0.0, -1e12, 1e300, 3.0)
CODES = (UNSEEN, 0, 1, 2, 99)


@st.composite
def odd_rows(draw: st.DrawFn) -> Snapshots:
    """A few snapshots of which any column may hold anything."""
    rows = KNOWN.weekly.take(np.arange(3))
    columns = {}
    for one in fields(rows):
        held = getattr(rows, one.name)
        pool = ODD if held.dtype.kind == "f" else CODES
        columns[one.name] = np.array([draw(st.sampled_from(pool)) for _ in range(3)], dtype=held.dtype)
    return replace(rows, **columns)


@given(odd_rows())
@settings(max_examples=60, deadline=None)
def test_any_snapshot_is_finite_and_no_further_off_than_the_past(rows: Snapshots) -> None:
    matrix = DESIGN.matrix(rows)
    assert matrix.shape == (3, len(DESIGN.columns))
    assert np.isfinite(matrix).all()
    past = DESIGN.matrix(KNOWN.weekly)
    assert (matrix >= past.min(axis=0) - 1e-9).all() and (matrix <= past.max(axis=0) + 1e-9).all()


@given(odd_rows())
@settings(max_examples=30, deadline=None)
def test_odd_snapshots_can_be_learnt_from(rows: Snapshots) -> None:
    design = design_of(rows, KNOWN.stages, NAMES)
    assert np.isfinite(design.matrix(rows)).all()


def test_what_never_differed_has_no_column_and_all_others_have_a_group_in_words() -> None:
    groups = {column.group for column in DESIGN.columns}
    assert groups <= set(GROUPS)
    assert {"evidence", "silence", "claim", "age", "amount"} <= groups
    assert "agreed" not in groups and "segment" not in groups  # nothing was agreed, there are no segments
    assert len({column.name for column in DESIGN.columns}) == len(DESIGN.columns)


def test_columns_are_on_one_scale_save_those_of_owners() -> None:
    matrix = DESIGN.matrix(KNOWN.weekly)
    assert np.allclose(matrix.mean(axis=0), 0, atol=1e-9)
    own = np.array([column.group == "owner" for column in DESIGN.columns])
    assert np.allclose(matrix[:, ~own].std(axis=0), 1)
    assert not own.any() or (matrix[:, own].std(axis=0) < 0.2).all()


def test_one_group_can_be_told_without_the_others() -> None:
    rows = KNOWN.now
    changed = DESIGN.matrix(rows) != DESIGN.matrix(replace(rows, amount=rows.amount * 3))
    assert {DESIGN.columns[place].group for place in np.flatnonzero(changed.any(axis=0))} == {"amount"}


def test_an_unknown_amount_is_told_apart_and_does_not_count_as_small() -> None:
    design = design_of(
        replace(KNOWN.weekly, amount=np.where(KNOWN.weekly.deal % 3 == 0, np.nan, KNOWN.weekly.amount)), (), ((), ())
    )
    one = KNOWN.now.take(np.array([0]))
    names = [column.name for column in design.columns]
    flag = names.index("amount not known, or not above nought")
    for amount, missing in ((np.nan, True), (0.0, True), (-5.0, True), (50_000.0, False)):
        assert (design.matrix(replace(one, amount=np.array([amount])))[0, flag] > 0) == missing


def test_owners_have_a_column_from_enough_deals_on() -> None:
    rows = KNOWN.weekly
    owner = np.where(rows.deal % 2 == 0, 7, 8)
    few = np.unique(rows.deal)[: POOLED_DEALS - 1]
    owner[np.isin(rows.deal, few)] = 9
    told = {column.name for column in design_of(replace(rows, owner=owner), (), (KNOWN.owners, ())).columns}
    assert {"owner Owner 7", "owner Owner 8"} <= told
    assert "owner Owner 9" not in told


def test_the_order_of_rows_changes_nothing() -> None:
    order = np.random.default_rng(0).permutation(len(KNOWN.weekly))
    other = design_of(KNOWN.weekly.take(order), KNOWN.stages, NAMES)
    assert other.columns == DESIGN.columns
    assert np.allclose(other.matrix(KNOWN.now), DESIGN.matrix(KNOWN.now))
