"""The page of one stage in plain words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headway.process.definition import Milestone, Process, Proof, Stage, Step
from headway.process.expectation import (
    GRADE_WORDS,
    ExpectedMilestone,
    ExpectedStep,
    bounds_words,
    days_words,
    due_words,
    expectation,
    proof_words,
)
from headway.process.starters import get_starter


def test_a_stage_is_told_on_one_page() -> None:
    page = expectation(get_starter("buyer_terms"), 2)
    assert (page.stage, page.previous, page.next) == (
        "Budget authority secured",
        "Problem identified",
        "Stakeholders aligned",
    )
    assert (page.rank, page.stages) == (2, 5)
    assert page.usual == "a decision usually comes within 90 days, about 3 months"
    assert page.longest == "no longest stay is set"
    assert page.milestones[1] == ExpectedMilestone(
        id="budget_confirmed",
        buyer="The person who can release the money confirms a sum and the year it comes from",
        proof="at least a quote, a link or a file",
        shelf_life="lapses after 180 days, about 6 months",
        usual="usually within 21 days",
        question="Is there money set aside for this, or would something else have to wait for it?",
        only_for="",
    )
    assert page.steps[1] == ExpectedStep(
        id="ask_who_must_agree",
        seller="Ask who has to agree, who could stop it, and whom we have not met",
        due="within 10 days of claiming the stage",
        serves="Everyone whose agreement they need has taken part in a session, or has said yes in writing",
        at_buyers_request=False,
    )
    assert page.steps[0].at_buyers_request


def test_the_ends_have_no_neighbour_and_empty_stages_a_page() -> None:
    process = Process("p", (Stage("One"), Stage("Two", limit_days=1)))
    first, last = expectation(process, 1), expectation(process, 2)
    assert (first.previous, first.next, last.previous, last.next) == (None, "Two", "One", None)
    assert (last.longest, first.milestones, first.steps) == ("at most 1 day here", (), ())


@pytest.mark.parametrize("rank", [0, 3, -1])
def test_a_stage_that_is_not_there_is_refused(rank: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 2"):
        expectation(Process("p", (Stage("One"), Stage("Two"))), rank)


def test_proof_is_said_in_words() -> None:
    assert len({proof_words(grade) for grade in range(5)}) == len(GRADE_WORDS) == 5
    assert proof_words(3, ("signature", "login", "reply")) == (
        "seen in a shared or signed system; observed acts count too: signature, login and reply"
    )


def test_bounds_due_times_and_lengths_are_said_in_words() -> None:
    assert bounds_words(100_000, ()) == "only deals of 100,000 or more"
    assert bounds_words(0.0, ("Lease", "Loan")) == "only deals of 0 or more and of type Lease or Loan"
    step = Step("s", "Call", "m", 0)
    assert due_words(step) == "by the time the stage is claimed"
    assert due_words(replace(step, due_days=2, after="reply")) == "within 2 days of the buyer's “reply”"
    assert due_words(replace(step, after="reply", times=2)) == "twice, on the day of the buyer's “reply”"
    assert due_words(replace(step, due_days=3, times=3, unless="m"), {"m": "They said yes"}) == (
        "3 times, within 3 days of claiming the stage; not once “They said yes”"
    )
    assert [days_words(days) for days in (0, 1, 59, 365, 400, 730, 3_650)] == [
        "0 days",
        "1 day",
        "59 days",
        "365 days, about a year",
        "400 days, about 13 months",
        "730 days, about 2 years",
        "3,650 days, about 10 years",
    ]


def test_a_step_and_a_milestone_of_all_kinds() -> None:
    milestone = Milestone("m", "They sign", proof=Proof(3, None, ("signature",)), record_types=("Lease",))
    step = Step("s", "Send it", "gone", 1, after="reply")
    page = expectation(Process("p", (Stage("One", (milestone,), (step,)),)), 1)
    assert page.milestones[0].shelf_life == "does not lapse"
    assert page.milestones[0].only_for == "only deals of type Lease"
    assert (page.steps[0].serves, page.steps[0].due) == ("", "within 1 day of the buyer's “reply”")
