"""Exceptions with a predicted result: what came true, and against which deals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

import pytest

from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.deals.predictions import Predicted, predicted_in, ref_of
from headway.process.definition import Milestone, Process, Proof, Stage, Step
from headway.verdict.own_way_of_deal import came_true
from headway.verdict.own_ways import own_ways, scored_way
from headway.verdict.value import OwnWay
from tests.conformance.judged import judged
from tests.logs import as_of_day, claims, day, decided, event, numbered

PROCESS = Process(
    "Sales",
    (
        Stage("Meet", (Milestone("problem", "The buyer has named the problem"),)),
        Stage(
            "Propose",
            (Milestone("budget", "The buyer has named who pays", proof=Proof(grade=1)),),
            steps=(Step("press", "Press for a date", "budget", due_days=5, activities=("press",)),),
        ),
        Stage("Close"),
    ),
)
Deals = dict[str, Sequence[Event]]


def allowed(
    at: float, rule: str = "overstay", predicted: str | None = "won", until: float | None = 60, why: str = "Why"
) -> Event:
    ref = f"predicted: {predicted}" if predicted else None
    return event(EventKind.EXCEPTION_ALLOWED, at, rule, due=until, ref=ref, note=why)


def deal(at: float, ends: str | None, *more: Event, stage: str = "Propose") -> list[Event]:
    """In a stage from day `at` on; decided twenty days after."""
    return [*claims((at, stage)), *more, *([decided(at + 20, ends)] if ends else [])]


def plain(n: int, won: int, **more: str) -> Deals:
    return {f"plain-{i}": deal(i % 40, "won" if i < won else "lost", **more) for i in range(n)}


def told(deals: Deals, *, at: float = 200) -> dict[tuple[str, str], OwnWay]:
    with judged([PROCESS], deals, at=at) as found:
        return {(way.rule, way.predicted): way for way in own_ways(found.log, [PROCESS])}


def test_a_prediction_is_read_from_the_event_and_from_nothing_else() -> None:
    assert [predicted_in(ref_of(one)) for one in Predicted] == list(Predicted)
    assert predicted_in("Predicted:  WON ") is Predicted.WON
    assert [predicted_in(ref) for ref in (None, "", "won", "predicted: rain", "e-17")] == [None] * 5


def test_a_way_that_wins_more_often_than_deals_alike_keeps_winning_and_is_proposed_as_a_trial() -> None:
    mine = {f"mine-{i}": deal(i, "won" if i < 11 else "lost", allowed(i + 5)) for i in range(14)}
    way = told(plain(60, 20) | mine)["overstay", "won"]
    assert (way.allowed, way.decided, way.came_true, way.word) == (14, 14, 11, "keeps winning")
    assert way.share
    # Wilson, 90 %: statsmodels.stats.proportion.proportion_confint(11, 14, 0.1, "wilson")
    assert (way.share.value, way.share.low, way.share.high) == pytest.approx((11 / 14, 0.567951, 0.910932), abs=1e-6)
    assert way.expected == pytest.approx(20 / 60)
    assert "Surely not worse" in way.sentence
    assert "randomly chosen half of new deals" in way.sentence


def test_a_way_that_wins_less_often_is_not_better_and_a_short_row_is_unknown() -> None:
    mine = {f"mine-{i}": deal(i, "won" if i < 1 else "lost", allowed(i + 5)) for i in range(14)}
    worse = told(plain(60, 40) | mine)["overstay", "won"]
    assert (worse.word, worse.came_true) == ("not better", 1)
    few = told(plain(60, 20) | dict(list(mine.items())[:4]))["overstay", "won"]
    assert (few.word, few.decided) == ("unknown", 4)
    assert "more such deals" in few.sentence


def test_only_deals_alive_in_the_same_stage_at_the_same_age_are_compared() -> None:
    mine = {f"mine-{i}": deal(i, "won", allowed(i + 15)) for i in range(12)}
    gone = {f"gone-{i}": [*claims((i, "Propose")), decided(i + 10, "won")] for i in range(40)}  # before that age
    elsewhere = {f"else-{i}": deal(i, "won", stage="Meet") for i in range(40)}
    young = {f"young-{i}": deal(190, None) for i in range(40)}
    way = told(plain(50, 10) | mine | gone | elsewhere | young)["overstay", "won"]
    assert way.expected == pytest.approx(10 / 50)


def test_deals_whose_buyer_was_further_are_not_alike() -> None:
    def real(at: float) -> list[Event]:
        return [event(EventKind.EVIDENCE_RECORDED, at, name, grade=1) for name in ("problem", "budget")]

    mine = {f"mine-{i}": deal(i, "won", *real(i), allowed(i + 5)) for i in range(12)}
    ready = {f"ready-{i}": deal(i, "won" if i < 30 else "lost", *real(i)) for i in range(40)}
    way = told(plain(60, 6) | ready | mine)["overstay", "won"]
    assert way.expected == pytest.approx(30 / 40)


def test_each_kind_of_prediction_is_scored_by_what_it_says() -> None:
    shown = [event(EventKind.EVIDENCE_RECORDED, 8, name, grade=1) for name in ("problem", "budget")]
    late = [event(EventKind.EVIDENCE_RECORDED, 90, name, grade=1) for name in ("problem", "budget")]
    seen = event(EventKind.BUYER_ACTED, 1, "replied")
    deals: Deals = {
        "done in time": [*deal(0, None), *shown, allowed(5, "skip", "proven", until=30)],
        "done too late": [*deal(0, None), seen, *late, allowed(5, "skip", "proven", until=30)],
        "not over": [*deal(0, None), seen, allowed(5, "skip", "proven", until=300)],
        "nothing to prove": [*deal(0, None, stage="Close"), seen, allowed(5, "skip", "proven", until=30)],
        "ended": deal(0, "no_decision", allowed(5, "jump", "ended")),
        "won instead": deal(0, "won", allowed(5, "jump", "ended")),
        "open": deal(0, None, allowed(5, "jump", "ended")),
        "after its end": deal(0, "lost", allowed(30, "jump", "ended")),
    }
    ways = told(deals)
    assert {key: (w.allowed, w.decided, w.came_true) for key, w in ways.items()} == {
        ("skip", "proven"): (4, 2, 1),
        ("jump", "ended"): (3, 2, 1),
    }


def test_the_first_prediction_counts_and_the_latest_reason_is_shown() -> None:
    deals: Deals = {
        "a": deal(0, "lost", allowed(2, why="Old reason"), allowed(9, predicted="ended", why="New reason")),
        "b": deal(0, "won", allowed(3, predicted=None, why="Older still")),
    }
    ways = told(deals)
    assert {key: (w.allowed, w.decided, w.came_true, w.why) for key, w in ways.items()} == {
        ("overstay", "won"): (1, 1, 0, "New reason"),
        ("overstay", ""): (1, 0, 0, "New reason"),
    }
    assert "cannot be scored" in ways["overstay", ""].sentence


def test_a_step_is_named_by_what_it_asks_and_an_unknown_name_by_itself() -> None:
    ways = told({"a": deal(0, "won", allowed(2, "press")), "b": deal(0, "won", allowed(2, "no such rule"))})
    assert {way.label for way in ways.values()} == {"Press for a date", "no such rule"}


@pytest.mark.parametrize(
    "deals",
    [
        {},
        {"a": deal(0, None)},
        {"a": [allowed(1)]},  # in no stage
        {"a": deal(0, "won", allowed(0, until=None))},
        {f"d{i}": deal(0, "won", allowed(5)) for i in range(30)},  # everybody, all won
        plain(30, 0) | {f"d{i}": deal(0, "lost", allowed(5, predicted="ended")) for i in range(30)},  # all lost
    ],
)
def test_poor_logs_give_unknown_and_figures_with_their_n(deals: Deals) -> None:
    for way in told(deals).values():
        assert way.word in ("unknown", "comes true")
        assert way.share is None or way.share.n == way.decided > 0
        assert "nan" not in way.sentence.lower()


def any_deal(random: Random) -> list[Event]:
    """A deal to which anything of weight here happens, in any order; often within one and the same day."""
    kinds: tuple[Callable[[int], Event], ...] = (
        lambda at: claims((at, random.choice(["Meet", "Propose", "Close", "Nowhere"])))[0],
        lambda at: event(
            EventKind.EVIDENCE_RECORDED, at + 0.25, random.choice(["problem", "budget"]), grade=random.randint(0, 2)
        ),
        lambda at: event(EventKind.EVIDENCE_RETRACTED, at + 0.5, "budget"),
        lambda at: decided(at + 0.75, random.choice(["won", "lost", "no_decision"])),
        lambda at: event(EventKind.DEAL_REOPENED, at + 0.8),
        lambda at: allowed(
            at + 0.6, "skip", random.choice(["won", "ended", "proven", "proven", None]),
            until=random.choice([None, 5, 20, 40, 60, 90]),
        ),
    )  # fmt: skip
    chosen = random.choices(kinds, (6, 8, 1, 2, 1, 4), k=random.randint(2, 12))
    return [make(random.randint(0, 60)) for make in chosen]


def test_one_deal_is_scored_like_many() -> None:
    random = Random(7)
    deals = {f"d{number}": any_deal(random) for number in range(300)}
    histories = {history.id: history for history in numbered([DealHistory(k, tuple(v)) for k, v in deals.items()])}
    with judged([PROCESS], deals, at=70) as found:
        own_ways(found.log)
        rows = found.log.rows(
            "SELECT d.id, e.ordinal, w.* FROM own_ways AS w "
            "JOIN deals AS d USING (deal) JOIN events AS e ON e.turn = w.way"
        )
    scores = {
        row["ordinal"]: (row["id"], scored_way(row, day(70).replace(tzinfo=None), timedelta()).came_true)
        for row in rows
    }
    assert min(sum(score is kind for _, score in scores.values()) for kind in (True, False, None)) > 8
    for ordinal, (name, score) in scores.items():
        exception = next(e for e in histories[name].events if e.ordinal == ordinal)
        assert came_true(histories[name], PROCESS, exception, as_of_day(70)) is score, histories[name]
