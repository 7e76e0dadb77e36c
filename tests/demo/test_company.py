"""The simulated firm: chronology, plausible shares, and a truth that can be found again in its files."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from headway.deals.events import EventKind
from headway.demo.company import Company, simulate
from headway.demo.planted import planted_steps
from headway.demo.seller import CLOSED_LOST, CLOSED_WON, STAGES
from headway.process.loader import load_process

ENDS_ON = date(2026, 11, 21)
SEEDS = (1, 7, 20)
DERIVED_BY_READERS = {"deal_created", "stage_claimed", "amount_set", "close_date_set", "deal_decided", "deal_reopened"}


@cache
def firm(seed: int) -> Company:
    return simulate(seed, ENDS_ON)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm")
    firm(7).write(folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_same_arguments_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in simulate(7, ENDS_ON).write(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_another_seed_or_day_gives_another_firm() -> None:
    assert simulate(8, ENDS_ON, months=3).deals[0] != simulate(7, ENDS_ON, months=3).deals[0]
    later = simulate(7, date(2026, 12, 22), months=3)
    assert later.calendar.starts_on > simulate(7, ENDS_ON, months=3).calendar.starts_on


@pytest.mark.parametrize(
    "ends_on", [date(2026, 11, 16 + day) for day in range(7)] + [date(2024, 2, 29), date(2027, 1, 1)]
)
def test_nothing_happens_after_the_last_day(ends_on: date, tmp_path: Path) -> None:
    simulate(3, ends_on, sellers=3, months=4).write(tmp_path)
    moments = [row["CreatedDate"] for row in rows(tmp_path / "opportunity_history.csv")]
    for row in rows(tmp_path / "buyer_acts.csv"):
        moments += [row["happened_at"], row["recorded_at"]]
    moments += [row["LastModifiedDate"] for row in rows(tmp_path / "opportunities.csv")]
    last = max(instant(moment) for moment in moments).date()
    assert 0 <= (ends_on - last).days <= 3  # the last working day, or nearly


def test_days_are_working_days(folder: Path) -> None:
    assert all(instant(row["happened_at"]).weekday() < 5 for row in rows(folder / "buyer_acts.csv"))


@pytest.mark.parametrize("seed", SEEDS)
def test_size_and_outcomes_are_plausible(seed: int) -> None:
    company = firm(seed)
    outcomes = company.outcomes()
    decided = len(company.deals) - outcomes["open"]
    assert 650 <= len(company.deals) <= 900
    assert 70 <= outcomes["open"] <= 130
    assert 0.16 <= outcomes["won"] / decided <= 0.32
    assert 0.2 <= outcomes["no_decision"] / decided <= 0.45
    assert 0.05 <= outcomes["withdrawn"] / decided <= 0.2
    amounts = sorted(deal.changes[-1].amount for deal in company.deals)
    assert 24_000 <= amounts[len(amounts) // 2] <= 36_000
    assert 3 <= sum(amount > 300_000 for amount in amounts) <= 25
    assert all(amount > 0 for amount in amounts)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deal_is_told_in_order(seed: int) -> None:
    for deal in firm(seed).deals:
        moments = [change.moment for change in deal.changes]
        assert moments == sorted(moments)
        assert deal.changes[0].stage in STAGES[:2]
        closed = [change.stage in (CLOSED_WON, CLOSED_LOST) for change in deal.changes]
        assert (deal.outcome is not None) == closed[-1]
        created, last = moments[0], moments[-1]
        for act in deal.acts:
            assert created <= act.happened <= act.recorded
            assert deal.outcome is None or act.happened <= last
        assert list(deal.way.ends) == sorted(deal.way.ends)
        assert all(created < reached.moment <= deal.way.last_sign for reached in deal.way.reached)


@pytest.mark.parametrize("seed", SEEDS)
def test_won_deals_mostly_have_every_milestone_and_others_do_not(seed: int) -> None:
    def shares(outcome: str) -> float:
        deals = [deal for deal in firm(seed).deals if deal.outcome == outcome]
        whole = 0
        for deal in deals:
            proven = {act.name for act in deal.acts if act.kind is EventKind.EVIDENCE_RECORDED and act.grade}
            whole += {"problem_stated", "budget_confirmed", "group_met", "risk_review_done", "path_agreed"} <= proven
        return whole / len(deals)

    assert shares("won") > 0.65
    assert shares("lost") < 0.15
    assert shares("no_decision") < 0.1


def test_every_kind_of_event_is_there(folder: Path) -> None:
    written = {row["kind"] for row in rows(folder / "buyer_acts.csv")}
    assert written | DERIVED_BY_READERS == {kind.value for kind in EventKind}
    history = rows(folder / "opportunity_history.csv")
    stages: dict[str, list[str]] = {}
    for row in history:
        stages.setdefault(row["OpportunityId"], []).append(row["StageName"])
    assert any(CLOSED_LOST in path and path[path.index(CLOSED_LOST) + 1 :] for path in stages.values())  # reopened
    ranks = [[STAGES.index(stage) for stage in path if stage in STAGES] for path in stages.values()]
    moves = Counter(after - before for path in ranks for before, after in pairwise(path))
    assert moves[-1] + moves[-2] > 30  # regressions
    assert moves[2] + moves[3] > 100  # jumps
    assert moves[0] > 300  # pushed dates and changed amounts


def test_files_hold_together(folder: Path) -> None:
    deals = {row["Id"]: row for row in rows(folder / "opportunities.csv")}
    history = rows(folder / "opportunity_history.csv")
    assert len(deals) == len(firm(7).deals)
    assert {row["OpportunityId"] for row in history} == set(deals)
    assert {row["deal"] for row in rows(folder / "buyer_acts.csv")} - {""} <= set(deals)
    last = {row["OpportunityId"]: row for row in history}
    for id_, row in deals.items():
        assert len(id_) == 18
        assert (row["StageName"], row["Amount"], row["CloseDate"]) == tuple(
            last[id_][column] for column in ("StageName", "Amount", "CloseDate")
        )
    assert len({row["Id"] for row in history}) == len(history)
    assert len({id_[:15] for id_ in deals}) == len(deals)


def test_names_are_varied(folder: Path) -> None:
    deals = rows(folder / "opportunities.csv")
    assert len({row["Account.Name"] for row in deals}) > 0.6 * len(deals)
    assert max(Counter(row["Name"] for row in deals).values()) <= 2
    assert {row["Owner.UserRole.Name"] for row in deals} == {"North", "Central", "South"}
    assert len({row["Owner.Name"] for row in deals}) == 12


def test_process_file_speaks_of_the_same_stages_milestones_and_steps(folder: Path) -> None:
    process = load_process(folder / "process.yaml")
    assert tuple(stage.name for stage in process.stages) == STAGES
    acts = rows(folder / "buyer_acts.csv")
    evidenced = {row["name"] for row in acts if row["kind"] == "evidence_recorded"}
    assert evidenced == {milestone.id for _, milestone in process.milestones}
    done = {row["name"] for row in acts if row["kind"] == "activity_done"}
    own = {step.id: step for _, step in process.steps if not step.at_buyers_request}
    assert set(own) == {step.id for step in firm(7).truth.steps}
    for rank, step in process.steps:
        assert set(step.activities) <= done
        if step.id in own:
            truth = firm(7).truth.step(step.id)
            assert (step.activities, step.due_days, rank) == ((truth.activity,), truth.due_days, truth.phase - 1)


def test_planted_steps_are_what_they_are_meant_to_be() -> None:
    pooled: dict[str, list[float]] = {}
    for seed in SEEDS:
        for step in planted_steps(firm(seed)):
            pooled.setdefault(step.id, []).append(step.cost)
            assert step.asked > 100
    cost = {name: sum(costs) / len(costs) for name, costs in pooled.items()}
    assert abs(cost["write_back_problem"]) < 0.001
    assert cost["ask_who_signs"] > 0.08
    assert cost["send_risk_answers"] > 0.15
    assert cost["press_for_date"] < -0.08
    asks = next(step for step in planted_steps(firm(7)) if step.id == "ask_who_signs")
    assert asks.done_before > 0.8
    assert asks.done_after < asks.done_before - 0.3


def test_reviews_stop_and_three_owners_differ() -> None:
    company = firm(7)
    stopped = company.calendar.moment(company.truth.reviews_stopped_on)
    before = [review.held for review in company.rhythm.reviews if review.moment < stopped]
    after = [review.held for review in company.rhythm.reviews if review.moment >= stopped]
    assert sum(before) / len(before) > 0.85
    assert sum(after) / len(after) < 0.2
    shares = {}
    for owner in company.truth.owners:
        asked = [d for d in company.deals if d.owner is owner and "send_risk_answers" in d.way.fell_due]
        shares[owner.name] = sum("send_risk_answers" in d.way.done for d in asked) / len(asked)
    odd = set(company.truth.odd_owners)
    assert len(odd) == 3
    assert max(shares[name] for name in odd) < min(shares[name] for name in shares if name not in odd)


def test_a_small_firm_and_a_large_one() -> None:
    assert len({deal.owner.name for deal in simulate(1, ENDS_ON, sellers=30, months=6).deals}) == 30
    assert simulate(1, ENDS_ON, sellers=1, months=3).deals
    with pytest.raises(ValueError, match="at least"):
        simulate(1, ENDS_ON, sellers=0)
