"""The causes of a change add up exactly, whatever changed; each names the event that is behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.conformance.arrays import FloatArray, IntArray
from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.many import record_proof
from headway.forecast import why_it_moved, why_pieces
from headway.forecast.event_words import act_said
from headway.forecast.known_at import day_number, past_of
from headway.forecast.snapshots import LOST, OPEN, WON, Snapshots
from headway.forecast.value import Moved, Period, Piece
from headway.forecast.why_groups import CAUSES, KEYS, Told
from headway.forecast.why_it_moved import State, moved_between
from headway.forecast.why_pieces import Days, Pieces, pieces_between
from headway.process.definition import Milestone, Process, Proof, Stage
from tests.forecast.snapshot_rows import Formula, everything, known_at, snapshots, spans
from tests.logs import as_of_day, claims, decided, event, fill, numbered

NONE = np.zeros(0, dtype=np.int64)
QUIET = Told(NONE, NONE)
MODEL = Formula(everything)
lengths = st.one_of(st.just(np.nan), st.integers(0, 90).map(float))
amounts = st.one_of(st.just(np.nan), st.floats(-1e4, 1e7, allow_nan=False).map(lambda x: round(x, 2)))
drawn_row = st.fixed_dictionaries(
    {
        "level": st.integers(-1, 3),
        "claimed": st.integers(-1, 3),
        "silence": lengths,
        "seller_silence": lengths,
        "age": st.integers(0, 300).map(float),
        "stage_days": st.integers(0, 90).map(float),
        "amount": amounts,
        "due_days": st.one_of(st.just(np.nan), st.integers(-40, 90).map(float)),
        "agreed_days": st.one_of(st.just(np.nan), st.integers(-40, 90).map(float)),
        "pushes": st.integers(0, 4).map(float),
        "activities": st.integers(0, 9).map(float),
        "recent": st.integers(0, 4).map(float),
        "owner": st.integers(-1, 2),
        "segment": st.integers(-1, 2),
        "process": st.integers(0, 1),
        "spell": st.integers(0, 2),
    }
)
drawn_day = st.dictionaries(st.integers(0, 7), st.one_of(drawn_row, amounts), max_size=6)


def state(drawn: dict[int, Any], day: int, model: Formula) -> State:
    """Deals by number: open with these columns, or booked for this amount."""
    rows = {deal: columns for deal, columns in drawn.items() if isinstance(columns, dict)}
    booked = {deal: amount for deal, amount in drawn.items() if not isinstance(amount, dict)}
    columns = {name: [row[name] for row in rows.values()] for name in next(iter(rows.values()), {})}
    lived = [(deal, day - 1, day, WON if deal in booked else OPEN) for deal in drawn]
    known = known_at(day, snapshots(list(rows), **({**columns, "day": day} if rows else {})), lived=spans(*lived))
    return State(
        known, model, np.array(list(booked), dtype=np.int64), np.array(list(booked.values()), dtype=np.float64)
    )


def number_of(one: State, days: Days) -> float:
    """Booked, and amount times the chance of being won in the period."""
    day, now = one.known.day, one.known.now
    horizons = (max(days.first - 1 - day, 0), max(days.last - day, 0))
    chances = one.model.chances(now, horizons).value[:, :, WON]
    return float(np.nan_to_num(one.booked).sum() + (np.nan_to_num(now.amount) * (chances[:, 1] - chances[:, 0])).sum())


@settings(max_examples=60, deadline=None)
@given(drawn_day, drawn_day, st.sampled_from([(900, 1_100), (900, 1_003), (1_004, 1_100), (1_020, 1_100)]))
def test_pieces_add_up_to_the_cent_whatever_changed(
    before: dict[int, Any], after: dict[int, Any], period: tuple[int, int]
) -> None:
    days = Days(*period)
    one, two = state(before, 1_000, MODEL), state(after, 1_007, Formula(lambda rows: everything(rows) - 0.5))
    left_over: list[float] = []
    rounded = why_pieces._to_the_cent

    def watched(added: FloatArray, change: IntArray) -> IntArray:
        left_over.extend(np.abs(100 * added.sum(axis=0) - change).tolist())
        return rounded(added, change)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(why_pieces, "_to_the_cent", watched)
        found = pieces_between(one, two, days, Told(np.array([0, 2, 4]), np.array([1, 2])))
    assert max(left_over, default=0.0) <= 1.1  # cents of a deal: the causes explain all but the rounding
    assert int(found.cents.sum()) == found.after - found.before
    assert found.before / 100 == pytest.approx(number_of(one, days), abs=0.05)
    assert found.after / 100 == pytest.approx(number_of(two, days), abs=0.05)
    for deal in set(before) & set(after):  # and of each deal on its own
        mine = pieces_between(_only(one, deal), _only(two, deal), days, QUIET)
        assert mine.after - mine.before == int(found.cents[found.deal == deal].sum())


def _only(one: State, deal: int) -> State:
    now, booked = one.known.now, one.booked_deals == deal
    known = replace(one.known, now=now.take(now.deal == deal))
    return State(known, one.model, one.booked_deals[booked], one.booked[booked])


def changed(told: Told = QUIET, *, days: int = 7, **columns: Any) -> dict[str, int]:
    """What each cause adds, in cents, on a deal of which only these columns changed; the model knows no age."""
    was = snapshots([3], level=1, amount=1_000.0)
    passed = {"day": 1_000 + days, "silence": 5.0 + days, "age": 30.0 + days, "stage_days": 10.0 + days}
    now = snapshots([3], **({"level": 1, "amount": 1_000.0, "due_days": 30.0 - days} | passed | columns))
    found = pieces_between(_open(was), _open(now), Days(900, 1_200), told)
    return {KEYS[cause]: int(cents) for cause, cents in zip(found.cause, found.cents, strict=True)}


def _open(rows: Snapshots) -> State:
    return State(known_at(int(rows.day[0]), rows), MODEL, NONE, np.zeros(0))


def test_time_alone_is_silence_and_days() -> None:
    found = changed()
    assert set(found) == {"silence", "time"}
    assert found["silence"] < 0 and found["time"] < 0


@pytest.mark.parametrize(
    ("columns", "cause", "sign"),
    [
        ({"amount": 2_000.0}, "amount", 1),
        ({"claimed": 2, "stage_days": 3.0}, "claim", 1),
        ({"due_days": 60.0, "pushes": 1.0}, "date", -1),
        ({"agreed_days": 4.0}, "agreed", 1),
        ({"recent": 3.0, "activities": 6.0, "seller_silence": 1.0}, "outreach", 1),
        ({"owner": 1}, "other", 1),
        ({"spell": 9}, "reopened", 0),
        ({"level": 0}, "lapsed", -1),
    ],
)
def test_each_group_is_its_own_cause(columns: dict[str, Any], cause: str, sign: int) -> None:
    found = changed(**columns)
    assert set(found) <= {"silence", "time", cause}
    assert np.sign(found.get(cause, 0)) == sign


def test_an_act_shortens_the_silence_and_what_follows_it_lengthens_it() -> None:
    """The buyer acted three days after the earlier day: that helps in full, and four days of silence cost."""
    found = changed(silence=4.0)
    assert found["acted"] > 0 > found["silence"]
    assert found["acted"] + found["silence"] > changed()["silence"]


def test_evidence_is_gained_by_what_was_shown_and_doubted_by_what_was_disputed() -> None:
    there = np.array([3])
    assert changed(Told(there, NONE), level=2)["evidence"] > 0
    assert changed(Told(NONE, there), level=0)["doubted"] < 0
    # A stage that asks nothing of the buyer counts as far as it is claimed.
    assert set(changed(level=2, claimed=2, stage_days=0.0)) == {"silence", "time", "claim"}
    assert changed(level=2)["other"] > 0  # nothing was shown, so the process asks for something else


def test_what_ended_or_began_in_between() -> None:
    model = Formula(everything)
    was = {0: _row(), 1: _row(), 2: _row(), 3: _row(), 5: 500.0}
    now = {0: 300.0, 4: _row(), 5: 400.0, 6: 50.0}
    one, two = state(was, 1_000, model), state(now, 1_007, model)
    ends = spans((1, 990, 1_003, LOST), (2, 990, 1_004, 2), (0, 990, 1_002, WON), (6, 1_001, 1_002, WON))
    found = pieces_between(one, replace(two, known=replace(two.known, spans=ends)), Days(900, 1_100), QUIET)
    told = {int(deal): KEYS[cause] for deal, cause in zip(found.deal, found.cause, strict=True)}
    assert told == {0: "won", 1: "lost", 2: "no_decision", 3: "other", 4: "new", 5: "amount", 6: "won"}
    again = pieces_between(
        replace(two, known=replace(two.known, day=1_000, spans=spans((5, 900, 950, WON)))),
        state({5: _row(), 0: 300.0, 4: 10.0, 6: 50.0}, 1_007, model),
        Days(900, 1_100),
        QUIET,
    )
    assert KEYS[again.cause[again.deal == 5][0]] == "reopened"


def _row() -> dict[str, Any]:
    columns = snapshots([0], amount=1_000.0)
    return {name: getattr(columns, name)[0] for name in ("level", "claimed", "silence", "amount", "spell", "process")}


DESCRIBED = "described the problem"
PROCESS = Process(
    "Sales",
    (
        Stage("Discovery", (Milestone("pain", "The buyer says what is wrong", proof=Proof(acts=(DESCRIBED,))),)),
        Stage("Proposal", (Milestone("budget", "The buyer confirms a sum", proof=Proof(shelf_life_days=20)),)),
        Stage("Agreement", (Milestone("paper", "Legal returns the contract"),)),
    ),
)  # fmt: skip
KIND = EventKind


def _history(name: str, *events: Any) -> DealHistory:
    start = [event(KIND.DEAL_CREATED, 0), *claims((0, "Discovery")), event(KIND.AMOUNT_SET, 0, amount=1_000.0)]
    start.append(event(KIND.BUYER_ACTED, 1, DESCRIBED, contact="Jan Ito", grade=3))
    return DealHistory(name, tuple(sorted([*start, *events], key=lambda one: one.happened_at)))


HISTORIES = (
    _history("shown", event(KIND.EVIDENCE_RECORDED, 25, "budget", grade=2, contact="Mia Sol", ref="a")),
    _history("lapses", event(KIND.EVIDENCE_RECORDED, 6, "budget", grade=2, ref="b")),
    _history("disputed", event(KIND.EVIDENCE_RECORDED, 12, "budget", grade=2, ref="c"),
             event(KIND.EVIDENCE_DISPUTED, 26, "budget", ref="c", note="Another project")),
    _history("larger", event(KIND.AMOUNT_SET, 27, amount=3_000.0)),
    _history("claimed", *claims((24, "Agreement"))),
    _history("late", event(KIND.CLOSE_DATE_SET, 2, due=40), event(KIND.CLOSE_DATE_SET, 24, due=70)),
    _history("acted", event(KIND.BUYER_ACTED, 26, "signature", contact="Jan Ito", grade=3)),
    _history("called", event(KIND.ACTIVITY_DONE, 25, "call")),
    _history("agreed", event(KIND.ACT_AGREED, 25, "send the criteria", due=33, contact="Jan Ito")),
    _history("won", decided(25, "won")),
    _history("lost", decided(26, "lost", "Chose another")),
    _history("gone", decided(27, "withdrawn")),
    _history("again", decided(10, "lost"), event(KIND.DEAL_REOPENED, 25)),
    DealHistory(
        "new", (event(KIND.DEAL_CREATED, 24), *claims((24, "Discovery")), event(KIND.AMOUNT_SET, 24, amount=500.0))
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def moved() -> Moved:
    """From 22 to 29 January 2026, of a quarter."""
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered(HISTORIES), **{one.id: {"currency": "EUR"} for one in HISTORIES})
        log.build(as_of_day(28.2))
        pin_deals(log, [PROCESS])
        record_proof(log, [PROCESS])
        past = past_of(log, [PROCESS])
        first, last = past.at(day_number(date(2026, 1, 22))), past.at(day_number(date(2026, 1, 29)))
        numbers = dict(log.connection.execute("SELECT id, deal FROM deals").fetchall())
        before = State(first, MODEL, NONE, np.zeros(0))
        after = State(last, MODEL, np.array([numbers["won"]]), np.array([1_000.0]))
        return moved_between(
            before, after, Period("Q1", date(2026, 1, 1), date(2026, 3, 31)), log, [PROCESS], currency="EUR"
        )


def _piece(moved: Moved, deal: str, cause: str) -> Piece:
    return next(piece for piece in moved.pieces if piece.deal == deal and piece.cause == cause)


@pytest.mark.parametrize(
    ("deal", "cause", "why"),
    [
        ("shown", "evidence", "Mia Sol confirmed a sum, on 26 January; now evidenced at Proposal"),
        ("lapses", "lapsed", "proof of Proposal is older than it may be; now evidenced at Discovery"),
        ("disputed", "doubted", "evidence for “The buyer confirms a sum” disputed on 27 January (Another project); "
                                "now evidenced at Discovery"),
        ("larger", "amount", "amount went from €1 k to €3 k on 28 January"),
        ("claimed", "claim", "claim moved from Discovery to Agreement on 25 January; evidenced at Discovery"),
        ("late", "date", "close date moved from 10 February to 12 March on 25 January"),
        ("acted", "acted", "Jan Ito acted (signature) on 27 January, after 20 days of silence"),
        ("acted", "silence", "no sign of the buyer since 27 January, 2 days"),
        ("called", "outreach", "1 activity of the seller, on 26 January (call)"),
        ("agreed", "agreed", "Jan Ito agreed on 26 January: “send the criteria”, by 3 February"),
        ("lost", "lost", "lost on 27 January: Chose another"),
        ("gone", "no_decision", "withdrawn by the seller on 28 January"),
        ("again", "reopened", "opened again on 26 January"),
        ("new", "new", "new: created on 25 January"),
        ("shown", "time", "7 days older, and as many fewer until 31 March"),
    ],
)  # fmt: skip
def test_each_piece_says_what_happened(moved: Moved, deal: str, cause: str, why: str) -> None:
    assert _piece(moved, deal, cause).why == why


def test_pieces_name_their_events_and_add_up(moved: Moved) -> None:
    won = _piece(moved, "won", "won")
    assert won.why.startswith("won on 26 January: €1 k, of which ") and won.why.endswith(" % was counted already")
    ordinals = {
        one.name: one.ordinal for history in numbered(HISTORIES) for one in history.events if history.id == "won"
    }
    assert won.events == (ordinals["won"],)
    change = round(moved.after - moved.before, 2)
    assert round(sum(piece.amount for piece in moved.pieces), 2) == change
    assert round(sum(amount for _, amount, _ in moved.causes), 2) == change
    assert {cause for cause, _, _ in moved.causes} <= set(CAUSES)
    assert "learned" not in {cause for cause, _, _ in moved.causes}  # the same model on both days


@pytest.mark.parametrize(
    ("contact", "name", "said"),
    [
        ("Jan Ito", "Signed_the_offer", "Jan Ito signed the offer"),
        ("", "sent the criteria", "the buyer sent the criteria"),
        ("Jan Ito", "Portal login", "Jan Ito acted (Portal login)"),
        (None, None, "the buyer acted"),
        (None, "x" * 100, f"the buyer acted ({'x' * 79}…)"),
    ],
)
def test_an_act_is_said_as_a_sentence(contact: str | None, name: str | None, said: str) -> None:
    assert act_said(contact, name) == said


def test_many_small_pieces_become_one_per_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    cents = np.array([10_000, -9_000, 30, 20, -10, 5], dtype=np.int64)
    pieces = Pieces(np.arange(6), np.array([0, 1, 0, 1, 1, 0]), cents, 0, int(cents.sum()))
    named = why_it_moved._named(pieces)
    assert named.tolist() == [True, True, True, True, True, False]  # half a per cent of €10.45 is more than 5 cents
    monkeypatch.setattr(why_it_moved, "MOST_PIECES", 2)
    named = why_it_moved._named(pieces)
    rest = why_it_moved._rest(pieces, ~named)
    assert named.tolist() == [True, True, False, False, False, False]
    assert [(piece.deal_name, piece.cause, piece.amount) for piece in rest] == [
        ("2 other deals", KEYS[0], 0.35),
        ("2 other deals", KEYS[1], 0.10),
    ]


def test_the_later_day_must_be_later() -> None:
    one = _open(snapshots([1]))
    with pytest.raises(ValueError, match="later"):
        moved_between(one, one, Period("Q", date(2026, 1, 1), date(2026, 3, 31)), None, [])  # type: ignore[arg-type]
