"""What moves a deal's chance, said with counts of past deals that anybody can count again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.conformance.pinning import pin_deals
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.many import record_proof
from headway.forecast.alike import Followed, Like, alike
from headway.forecast.aspects import ASPECTS
from headway.forecast.design import GROUPS
from headway.forecast.event_words import Act
from headway.forecast.facts import facts_of, last_acts
from headway.forecast.snapshots import NEVER, OPEN, UNSEEN, WON, KnownAt, Snapshots
from headway.process.definition import Milestone, Process, Stage
from tests.forecast.snapshot_rows import Formula, everything, known_at, snapshots
from tests.logs import as_of_day, event, fill, numbered

TODAY, HORIZON = 1_000, 30
Lived = tuple[int, int, int, float, bool]
"""Deal, day, key, value, won within the horizon."""
lived = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(900, 960),
        st.integers(0, 2),
        st.one_of(st.integers(-3, 9).map(float), st.just(np.nan)),
        st.booleans(),
    ),
    max_size=25,
    unique_by=lambda row: row[:2],
)
asked = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(-4, 10).map(float)), max_size=6)


@settings(max_examples=150, deadline=None)
@given(lived, asked)
def test_past_deals_are_counted_once_from_the_first_day_they_were_alike(
    rows: Sequence[Lived], questions: Sequence[tuple[int, int, float]]
) -> None:
    ordered = sorted(rows)
    deal, day, key, value, won = (list(column) for column in zip(*ordered, strict=True)) if rows else ([],) * 5
    ended = [at + 5 if one else NEVER for at, one in zip(day, won, strict=True)]
    weekly = snapshots(deal, day=day, exit=[WON if one else OPEN for one in won], exit_day=ended)
    followed = Followed.of(known_at(TODAY, snapshots([]), weekly), HORIZON)
    columns = (np.array(list(column), dtype=np.int64) for column in zip(*questions, strict=True)) if questions else None
    of_deal, of_key, least = columns or (np.zeros(0, dtype=np.int64),) * 3
    found = alike(
        followed, np.array(key, dtype=np.int64), np.array(value), Like(of_deal, of_key, least.astype(np.float64))
    )
    for place, (own, at, wanted) in enumerate(questions):
        first: dict[int, bool] = {}
        for one, _, where, amount, ends in ordered:
            if one != own and where == at and amount >= wanted:
                first.setdefault(one, ends)
        assert (int(found[0][place]), int(found[1][place])) == (len(first), sum(first.values()))


def past_deals(silences: Sequence[float], won: Sequence[bool], **more: object) -> Snapshots:
    """One past deal each, seen once long ago, won ten days later or not at all."""
    size = len(silences)
    ends = {"exit": [WON if one else OPEN for one in won], "exit_day": [910 if one else NEVER for one in won]}
    return snapshots(list(range(100, 100 + size)), day=900, silence=silences, **(ends | more))


def known(now: Snapshots, weekly: Snapshots) -> KnownAt:
    return known_at(TODAY, now, weekly)


QUIET = Formula(lambda rows: np.asarray(-0.2 * np.nan_to_num(rows.silence)))


def test_a_long_silence_is_told_with_the_past_deals_as_silent() -> None:
    """40 deals were heard from a day ago, half of them won; of 12 silent for 19 days or longer two were won."""
    silences = [1.0] * 40 + [19.0] * 6 + [30.0] * 6
    won = [place % 2 == 0 for place in range(40)] + [True, True] + [False] * 10
    weekly = past_deals(silences, won)
    ((fact,),) = facts_of(known(snapshots([1], silence=19.0), weekly), QUIET, HORIZON)
    told = "silent for 19 days: of 12 past deals silent this long at this stage, 2 were won within 30 days"
    assert (fact.about, fact.sentence, fact.past, fact.past_won) == ("silence", told, 12, 2)
    assert fact.points < -0.1
    ((longer,),) = facts_of(known(snapshots([1], silence=20.0), weekly), QUIET, HORIZON)
    assert "of 6 past deals silent this long at this stage, none was won" in longer.sentence
    ((beyond,),) = facts_of(known(snapshots([1], silence=99.0), weekly), QUIET, HORIZON)
    assert beyond.sentence == "silent for 99 days: no past deal silent this long at this stage to go by"


def test_a_fact_whose_past_deals_point_the_other_way_is_left_out() -> None:
    silences, won = [1.0] * 40 + [19.0] * 12, [False] * 40 + [True] * 12
    assert facts_of(known(snapshots([1], silence=19.0), past_deals(silences, won)), QUIET, HORIZON) == ((),)
    lost = past_deals(silences, [False] * 52)  # likelier, the model says, yet none was won
    longed_for = Formula(lambda rows: np.asarray(0.2 * rows.silence))
    assert facts_of(known(snapshots([1], silence=19.0), lost), longed_for, HORIZON) == ((),)


def test_a_claim_ahead_of_the_buyer_and_what_the_buyer_did() -> None:
    weekly = past_deals([3.0] * 60, [True] * 30 + [False] * 30, claimed=[1] * 40 + [2] * 20)
    now = snapshots([1, 2], level=[1, 2], claimed=[2, 2], silence=3.0)
    ahead = Formula(lambda rows: np.asarray(-1.5 * (rows.claimed - rows.level)))
    first, _ = facts_of(known(now, weekly), ahead, HORIZON)
    assert first[0].sentence == (
        "claimed at Proposal, but the buyer has shown only Discovery: "
        "of 20 past deals claimed ahead like this, none was won within 30 days"
    )
    shown = Formula(lambda rows: np.asarray(1.5 * rows.level))
    reached = past_deals([3.0] * 60, [True] * 30 + [False] * 30, level=[2] * 29 + [1] * 31)
    _, second = facts_of(
        known(now, reached), shown, HORIZON, acts={2: Act("Jan Ito signed the risk sheet", proves=True)}
    )
    assert second[0].sentence == (
        "Jan Ito signed the risk sheet, 3 days ago (evidenced at Proposal): "
        "of 29 past deals whose buyers had shown as much, all were won within 30 days"
    )


def test_few_past_deals_are_named_as_few_and_an_act_is_told_once() -> None:
    weekly = past_deals([9.0] * 30 + [1.0] * 4, [False] * 30 + [True] * 4)
    fresh = known(snapshots([1, 2], silence=1.0), weekly)
    acts = {1: Act("Jan Ito replied", proves=False), 2: Act("Mia Sol signed", proves=True)}
    (one,), (two,) = facts_of(fresh, QUIET, HORIZON, acts=acts)
    few = "only 4 past deals heard from as recently at this stage to go by"
    assert (one.sentence, one.past, one.past_won) == (f"Jan Ito replied 1 day ago: {few}", 4, 4)
    assert two.sentence == f"the buyer acted 1 day ago: {few}"  # what proves a milestone is told with the evidence


def test_nothing_is_said_of_a_person() -> None:
    """Whose deal it is never; what the seller did only beside a silent buyer."""
    assert {aspect.about for aspect in ASPECTS} == set(GROUPS) - {"owner", "segment"}
    weekly = past_deals([3.0] * 60, [True] * 30 + [False] * 30)
    now = snapshots([1], owner=2, segment=1)
    whose = Formula(lambda rows: np.asarray(5.0 * rows.owner - 5.0 * rows.segment))
    assert facts_of(known(now, weekly), whose, HORIZON) == ((),)
    busy = Formula(lambda rows: np.asarray(-1.0 * rows.recent))
    assert facts_of(known(snapshots([1], recent=9.0, silence=3.0), weekly), busy, HORIZON) == ((),)
    alone = snapshots([1], recent=9.0, silence=20.0)
    ((fact,),) = facts_of(known(alone, weekly), busy, HORIZON)
    said = (
        "the seller has been active in the last 14 days, the buyer not for 20 days: no past deal worked on in such a "
    )
    assert fact.sentence == f"{said}silence at this stage to go by"


def test_at_most_three_of_different_kinds_and_the_largest_first() -> None:
    random = np.random.default_rng(1)
    size = 300
    weekly = past_deals(
        random.integers(0, 40, size).tolist(),
        (random.random(size) < 0.3).tolist(),
        level=random.integers(-1, 3, size),
        age=random.integers(5, 90, size).astype(float),
        pushes=random.integers(0, 3, size).astype(float),
    )
    now = snapshots(
        list(range(40)),
        level=random.integers(-1, 3, 40),
        silence=np.where(random.random(40) < 0.2, np.nan, random.integers(0, 50, 40).astype(float)),
        pushes=random.integers(0, 4, 40).astype(float),
        due_days=np.where(random.random(40) < 0.3, np.nan, random.integers(-30, 60, 40).astype(float)),
    )
    model = Formula(everything)
    every = facts_of(known(now, weekly), model, HORIZON, currency="EUR")
    assert {len(facts) for facts in every} >= {2, 3}
    for facts in every:
        sizes = [abs(fact.points) for fact in facts]
        assert len(facts) <= 3
        assert sizes == sorted(sizes, reverse=True)
        assert len({fact.about for fact in facts}) == len(facts)
        assert all(0 <= fact.past_won <= fact.past for fact in facts)
    some = np.array([3, 7, 11])
    assert facts_of(known(now, weekly), model, HORIZON, some, currency="EUR") == tuple(every[place] for place in some)


def test_without_a_past_nothing_is_said() -> None:
    now = snapshots([1, 2], silence=40.0)
    assert facts_of(known(now, snapshots([])), QUIET, HORIZON) == ((), ())
    assert facts_of(known(now, past_deals([1.0], [True])), QUIET, 0) == ((), ())
    assert facts_of(known(snapshots([]), past_deals([1.0], [True])), QUIET, HORIZON) == ()


@pytest.mark.parametrize(
    ("columns", "about", "said"),
    [
        ({"pushes": 3.0}, "dates", "close date moved later three times: of 20 past deals moved as often"),
        ({"due_days": -12.0}, "dates", "close date passed 12 days ago: of 20 past deals overdue this long"),
        ({"due_days": np.nan}, "dates", "no close date set: of 20 past deals without one"),
        ({"age": 140.0}, "age", "open for 140 days: of 20 past deals open this long"),
        ({"amount": 9_000.0}, "amount", "worth €9 k: of 20 past deals this large"),
        ({"agreed_days": 4.0}, "agreed", "the buyer has agreed to act, due in 4 days: of 20 past deals with an act"),
        ({"stage_days": 70.0}, "stage", "claimed at Discovery for 70 days: of 20 past deals claimed there this long"),
    ],
)
def test_each_kind_is_said_in_its_own_words(columns: dict[str, float], about: str, said: str) -> None:
    ((name, value),) = columns.items()
    usual = getattr(snapshots([1]), name)[0]
    weekly = past_deals([3.0] * 60, [False] * 60, **{name: [usual] * 40 + [value] * 20})
    unlike = Formula(
        lambda rows: -3.0 * ~np.isclose(getattr(rows, name), usual, equal_nan=True)
    )  # only being unlike the usual costs
    ((fact,),) = facts_of(known(snapshots([1], **columns), weekly), unlike, HORIZON, currency="EUR")
    assert fact.about == about
    assert fact.sentence.startswith(said)


def test_a_buyer_never_seen() -> None:
    weekly = past_deals([3.0] * 40 + [np.nan] * 10, [True] * 40 + [False] * 10, level=[2] * 40 + [UNSEEN] * 10)
    ((fact, *_),) = facts_of(
        known(snapshots([1], level=UNSEEN, silence=np.nan), weekly),
        Formula(lambda rows: np.asarray(2.0 * rows.level, dtype=np.float64)),
        HORIZON,
    )
    told = "the buyer was never seen to act: of 10 past deals whose buyers were not seen either, none was won"
    assert fact.sentence == f"{told} within 30 days"


def test_the_last_act_is_the_latest_that_stands() -> None:
    process = Process("Sales", (Stage("Discovery", (Milestone("pain", "The buyer names the person who signs"),)),))
    kind = EventKind
    start = [event(kind.DEAL_CREATED, 0), event(kind.STAGE_CLAIMED, 0, "Discovery")]
    acted = event(kind.BUYER_ACTED, 2, "replied", contact="Jan Ito", grade=2)
    proof = event(kind.EVIDENCE_RECORDED, 4, "pain", grade=2, contact="Mia Sol", ref="a")
    taken = event(kind.EVIDENCE_RETRACTED, 5, "pain", ref="a")
    histories = [
        DealHistory("one", (*start, acted, proof)),
        DealHistory("two", (*start, acted, proof, taken)),
        DealHistory("three", (*start, event(kind.BUYER_ACTED, 3, "NDA_signature"))),
        DealHistory("four", (*start, event(kind.EVIDENCE_RECORDED, 3, "pain", grade=0))),
    ]
    with EventLog(memory_mib=256, in_memory=True) as log:
        fill(log, numbered(histories))
        log.build(as_of_day(10))
        pin_deals(log, [process])
        record_proof(log, [process])
        found = last_acts(log, [process], range(4))
    assert found == {
        0: Act("Mia Sol named the person who signs", proves=True),
        1: Act("Jan Ito replied", proves=False),
        2: Act("the buyer acted (NDA signature)", proves=False),
    }
