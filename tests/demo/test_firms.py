"""Firms with a known cause: each shows its marks, costs what it is meant to, and goes whole into an event log."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind
from headway.demo.company import Company
from headway.demo.export import process_text
from headway.demo.firms import CAUSES, FEW, Firm, points_meant, simulate_firm
from headway.demo.happenings import firm_rows
from headway.demo.log_rows import fill_log
from headway.demo.planted import change_of_winning, open_when_due, planted_truths
from headway.demo.records import Act
from headway.demo.seller import STAGES
from headway.demo.workdays import working
from headway.process.loader import parse_process

COLUMNS = "deal, kind, name, happened_at, recorded_at, recorded_how, actor, contact, grade, amount, due_on, ref, note"


@cache
def firm(cause: str, readiness: str = "recorded", decided: int = 250, seed: int = 3) -> Company:
    return simulate_firm(Firm(cause, readiness, decided), seed)


def acts(company: Company) -> list[Act]:
    return [act for deal in company.deals for act in deal.acts] + [act for _, act in firm_rows(company)]


def left_out(company: Company) -> dict[str, float]:
    asked = {step.id: [d for d in company.deals if step.id in d.way.fell_due] for step in company.truth.steps}
    return {name: sum(name not in d.way.done for d in deals) / len(deals) for name, deals in asked.items()}


def inspected(company: Company, name: str) -> float:
    """Share of the deals open when a step fell due that a review looked at between its asking and two weeks after."""
    step, looked = company.truth.step(name), []
    for deal in company.deals:
        if open_when_due(company, deal, step):
            asked = next(change.moment for change in deal.changes if change.stage == STAGES[step.phase - 2])
            looked.append(any(asked <= at <= asked + working(step.due_days + 14) for at in deal.inspections))
    return sum(looked) / len(looked)


@pytest.mark.parametrize("decided, sellers", [(30, 3), (2_000, 60)])
def test_every_size_has_exactly_the_decided_deals_asked_for(decided: int, sellers: int) -> None:
    company = simulate_firm(Firm("mixed", decided=decided, sellers=sellers), 1)
    assert len(company.deals) == decided
    assert all(deal.outcome for deal in company.deals)
    assert len({owner.name for owner in company.truth.owners}) == sellers


@pytest.mark.parametrize(
    "wrong", [{"cause": "bad luck"}, {"readiness": "seen"}, {"decided": 29}, {"sellers": 2}, {"cost": 31}]
)
def test_a_firm_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cause|readiness|deals"):
        Firm(**({"cause": "mixed"} | wrong))  # type: ignore[arg-type]


def test_the_same_firm_and_seed_give_the_same_and_another_seed_another() -> None:
    assert simulate_firm(Firm("theatre", decided=40), 5) == simulate_firm(Firm("theatre", decided=40), 5)
    assert simulate_firm(Firm("theatre", decided=40), 5).deals != simulate_firm(Firm("theatre", decided=40), 6).deals


@pytest.mark.parametrize("cost", [5, 20])
def test_leaving_a_step_out_costs_the_points_asked_for(cost: int) -> None:
    spec = Firm("mixed", decided=300, sellers=60, cost=cost)
    truths = planted_truths(simulate_firm(spec, 8))
    for step, points in points_meant(spec).items():
        assert truths[step].cost == pytest.approx(points / 100, abs=0.03)  # its sellers are better or worse than usual


def test_the_cost_is_what_happens_when_everyone_and_when_nobody_does_the_step() -> None:
    """Brute force: the same buyers with the same luck, in a world where all do the step, and in one where none does."""
    spec = Firm("no rhythm", decided=500)
    company = simulate_firm(spec, 4)
    step = company.truth.step("ask_who_signs")
    asked = [deal for deal in company.deals if open_when_due(company, deal, step)]
    told = np.mean([change_of_winning(company, deal, step) for deal in asked])
    worlds = [simulate_firm(spec, 4, decreed={step.id: done}) for done in (True, False)]
    shares = [np.mean([world.deals[deal.number].outcome == "won" for deal in asked]) for world in worlds]
    assert shares[0] - shares[1] == pytest.approx(told, abs=0.025)
    assert told == pytest.approx(0.2, abs=0.02)


def test_healthy_firms_keep_their_steps_and_hold_their_reviews() -> None:
    company = firm("healthy")
    assert max(left_out(company).values()) < 0.1
    held = [review.held for review in company.rhythm.reviews]
    assert 0.8 < sum(held) / len(held) < 1  # the leader is away now and then
    assert {truth.word for truth in planted_truths(company).values()} == {"works"}


def test_bad_practice_is_a_few_owners_in_reviewed_deals() -> None:
    company = firm("bad practice")
    for step, truth in planted_truths(company).items():
        if truth.word == "practice":
            leaving = [owner for owner in company.truth.owners if step in owner.leaves_out]
            assert 0 < len(leaving) <= FEW * len(company.truth.owners)
            assert inspected(company, step) > 0.5
    assert 0.15 < left_out(company)["hear_second_voice"] < 0.35


def test_without_a_rhythm_nobody_looks_and_everybody_leaves_out() -> None:
    company = firm("no rhythm")
    assert min(left_out(company).values()) > 0.3
    assert max(inspected(company, step.id) for step in company.truth.steps) < 0.1
    assert EventKind.REVIEW_MISSED in {act.kind for act in acts(company)}


def test_mixed_firms_have_one_of_each() -> None:
    words = [truth.word for truth in planted_truths(firm("mixed")).values()]
    assert sorted(words) == ["practice", "process", "rhythm", "works"]
    assert inspected(firm("mixed"), "send_questions") < 0.1  # reviews come too late for the first stage
    assert inspected(firm("mixed"), "write_back_problem") > 0.5


def test_theatre_is_played_for_the_reviews_and_elsewhere_is_not() -> None:
    def share_before_reviews(company: Company) -> float:
        near = []
        for deal in company.deals:
            for change in deal.changes[1:-1]:
                review = company.rhythm.next_held(deal.owner.team, change.moment)
                near.append(review is not None and review - change.moment <= 0.35)
        return sum(near) / len(near)

    played, not_played = firm("theatre"), firm("healthy")
    assert share_before_reviews(played) > 0.5
    assert share_before_reviews(not_played) < 0.2
    late = [a.recorded - a.happened > 5 for a in acts(played) if a.kind is EventKind.EVIDENCE_RECORDED and a.actor]
    assert sum(late) / len(late) > 0.25
    ticked = [a for a in acts(played) if a.name == "criteria_written" and a.note == "Yes"]
    assert len(ticked) > 50
    assert not [a for a in acts(not_played) if a.note == "Yes"]


def test_readier_buyers_write_more_in_the_first_weeks_unless_readiness_is_hidden() -> None:
    company = firm("bad process")
    readiness = [deal.readiness for deal in company.deals]
    replies = [
        sum(a.name == "replied" and a.happened < deal.changes[0].moment + 10 for a in deal.acts)
        for deal in company.deals
    ]
    assert np.corrcoef(readiness, np.log1p(replies))[0, 1] > 0.75
    hidden = {act.kind for deal in firm("bad process", "hidden").deals for act in deal.acts}
    assert hidden == {EventKind.ACTIVITY_DONE}


def test_every_kind_of_event_is_emitted_and_one_own_way_really_wins_more() -> None:
    company = simulate_firm(Firm("theatre", decided=700, sellers=20, trial=True), 2)
    with EventLog(in_memory=True) as log:
        log.build(fill_log(company, log))
        assert {row["kind"] for row in log.rows("SELECT DISTINCT kind FROM source_events")} == set(EventKind)
    won = {rule: [d.outcome == "won" for d in company.deals if d.own_way and d.own_way.rule == rule]
           for rule in ("jump", "overstay")}  # fmt: skip
    assert np.mean(won["jump"]) > np.mean(won["overstay"]) + 0.15


def test_the_log_filled_directly_is_the_log_that_the_files_give(tmp_path: Path) -> None:
    company = firm("theatre", decided=60)
    files = [path for path in company.write(tmp_path) if path.suffix == ".csv"]
    with EventLog(in_memory=True) as direct, EventLog(in_memory=True) as read:
        as_of = fill_log(company, direct)
        report = read_sources(files, read)
        assert report.known_at == as_of.at
        for query in (f"SELECT {COLUMNS}, file, line FROM source_events ORDER BY ALL", "SELECT * FROM source_deals"):
            assert direct.rows(query) == read.rows(query)


def test_steps_of_the_process_file_are_those_of_the_truth() -> None:
    process = parse_process(process_text("process_of_firms.yaml"), "process")
    told = {(s.id, s.due_days, s.activities, rank) for rank, s in process.steps}
    assert told == {(s.id, s.due_days, (s.activity,), s.phase - 1) for s in firm("mixed").truth.steps}
    assert set(CAUSES) == {"bad process", "bad practice", "no rhythm", "theatre", "healthy", "mixed"}
