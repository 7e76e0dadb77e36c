"""Baselines: read once, as of their day however late the job runs; and what the record shows of an install."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.jobs.baselines import figures_as_of, read_due
from headway.jobs.kinds import KINDS
from headway.jobs.nightly import ask_for_what_is_due
from headway.reviews.embedding import MEASURES, Figure
from headway.reviews.install import Course, State
from headway.reviews.kinds import Promise
from headway.store.actions import baselines
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.evidence import record_evidence
from headway.store.actions.trials import start_trial
from headway.store.guards import ALL, enter
from headway.store.models import Baseline, BaselineReading, Commitment, CommitmentEnd, Entry, Job, Wording
from headway.store.queries.baselines import due_readings, find_baseline, list_readings, moment_of
from headway.store.queries.installs import course_in, list_installs
from tests.cast import NOW, Cast, make_cast
from tests.reviewed import make_review, make_rhythm

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def begin(cast: Cast, at: datetime = NOW, guided: bool = True) -> Baseline:
    return baselines.begin_baseline(workspace=cast.workspace, by=cast.alice, at=at, guided=guided)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def read(baseline: Baseline) -> dict[int, dict[str, Figure]]:
    return {found.day: {one.id: one for one in found.figures} for found, _ in list_readings(baseline)}


def test_the_start_is_read_at_once_and_each_later_day_once(cast: Cast) -> None:
    baseline = begin(cast)
    assert [(day, on) for _, day, on in due_readings(cast.workspace, NOW)] == [(0, NOW.date())]
    assert read_due(cast.workspace, at=NOW) == 1
    assert read_due(cast.workspace, at=NOW + days(29)) == 0
    assert read_due(cast.workspace, at=NOW + days(30)) == 1
    assert read_due(cast.workspace, at=NOW + days(30)) == 0
    assert read_due(cast.workspace, at=NOW + days(200)) == 2
    assert due_readings(cast.workspace, NOW + days(300)) == []
    found = read(baseline)
    assert list(found) == [0, 30, 60, 90]
    assert all(set(figures) == {measure.id for measure in MEASURES} for figures in found.values())
    assert {one.reason for one in found[0].values() if one.value is None} != {""}


def test_a_late_run_tells_what_was_so_on_the_day(cast: Cast) -> None:
    baseline = begin(cast)
    rhythm = make_rhythm(cast.workspace, cast.alice, NOW)
    for week in range(1, 5):
        make_review(rhythm, NOW + days(7 * week), "held" if week < 4 else "skipped")
    for week in range(5, 9):
        make_review(rhythm, NOW + days(7 * week), "skipped")
    promise = made(cast, NOW + days(20))
    ended(promise, Promise.KEPT, NOW + days(19))
    ended(promise, Promise.BROKEN, NOW + days(45))  # known only later
    read_due(cast.workspace, at=NOW + days(70))
    found = read(baseline)
    assert (found[30]["on_time"].said, found[60]["on_time"].said) == ("3 of 4", "0 of 4")
    assert found[30]["kept"].said == "1 of 1"
    assert found[0]["on_time"].reason == "no review was due in the 30 days before"


def made(cast: Cast, due_at: datetime) -> Commitment:
    words = [Wording.objects.create(workspace=cast.workspace, digest=str(n), text=str(n)) for n in range(2)]
    return Commitment.objects.create(
        workspace=cast.workspace, person=cast.alice, owner=words[0], what=words[1], due_on=due_at.date(),
        by=cast.alice, happened_at=NOW, made_at=NOW,
    )  # fmt: skip


def ended(promise: Commitment, how: Promise, at: datetime) -> None:
    CommitmentEnd.objects.create(
        workspace=promise.workspace, commitment=promise, how=how, by=promise.person, happened_at=at, at=at
    )
    promise.state, promise.ended_at = how, at
    promise.save()


def test_figures_of_a_past_day_know_nothing_of_what_came_after(cast: Cast) -> None:
    for n in range(6):
        deal = add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler")
        if n < 2:
            record_evidence(
                deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW,
                quote="Yes",
            )  # fmt: skip
    before = figures_as_of(cast.workspace, NOW + days(1))
    for deal in cast.workspace.deal_set.order_by("pk")[2:5]:
        record_evidence(
            deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW + days(2),
            happened_at=NOW, quote="Yes",
        )  # fmt: skip
    decide_deal(deal=cast.workspace.deal_set.order_by("pk")[5], outcome=Outcome.WON, by=cast.bob, at=NOW + days(3))
    assert figures_as_of(cast.workspace, NOW + days(1)) == before
    observed = {one.id: one for one in before}["observed"]
    assert observed.said == "2 of 6"
    later = {one.id: one for one in figures_as_of(cast.workspace, NOW + days(4))}["observed"]
    assert later.said == "5 of 5"


def test_moments_of_readings_are_ends_of_local_days(cast: Cast) -> None:
    cast.workspace.zone = "Pacific/Auckland"
    cast.workspace.save()
    baseline = begin(cast, datetime(2026, 3, 2, 13, tzinfo=UTC))  # the third, there
    assert baseline.started_on.isoformat() == "2026-03-03"
    end = moment_of(cast.workspace, baseline, 30, NOW + days(99))
    assert end.astimezone(UTC).isoformat() == "2026-04-02T10:59:59.999999+00:00"  # summer time has still not ended
    assert moment_of(cast.workspace, baseline, 30, NOW + days(1)) == NOW + days(1)


def test_readings_are_history(cast: Cast) -> None:
    baseline = begin(cast)
    read_due(cast.workspace, at=NOW)
    again = baselines.record_reading(baseline=baseline, day=0, on=NOW.date(), figures=[], at=NOW + days(1))
    assert (again, BaselineReading.objects.count()) == (False, 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BaselineReading.objects.update(figures={})
    with pytest.raises(ValueError, match="not on 31"):
        baselines.record_reading(baseline=baseline, day=31, on=NOW.date(), figures=[], at=NOW)


def test_one_comparison_at_a_time_ended_and_resumed(cast: Cast) -> None:
    first = begin(cast, guided=False)
    with pytest.raises(UserError, match="runs already"):
        begin(cast, guided=False)
    assert begin(cast, guided=True).pk == first.pk
    assert Baseline.objects.get().guided
    baselines.end_baseline(baseline=first, by=cast.alice, at=NOW)
    assert due_readings(cast.workspace, NOW + days(99)) == []
    second = begin(cast, guided=False)
    with pytest.raises(UserError, match="Another comparison began"):
        baselines.resume_baseline(baseline=first, by=cast.alice, at=NOW)
    baselines.end_baseline(baseline=second, by=cast.alice, at=NOW)
    baselines.resume_baseline(baseline=first, by=cast.alice, at=NOW)
    assert find_baseline(cast.access(cast.alice)) == first
    assert find_baseline(cast.access(cast.carol)) is None
    enter(ALL)
    assert [entry.verb for entry in Entry.objects.filter(verb__contains="baseline").order_by("number")][:2] == [
        "begin baseline", "end baseline"
    ]  # fmt: skip


def test_the_scheduler_asks_for_due_readings_once(cast: Cast) -> None:
    begin(cast)
    for minute in range(5):
        ask_for_what_is_due(NOW + timedelta(minutes=minute))
    assert Job.objects.filter(kind="baselines", workspace=cast.workspace).count() == 1
    assert "baselines" in KINDS
    assert not Job.objects.filter(kind="baselines", workspace=cast.elsewhere).exists()


def states(course: Course) -> dict[str, State]:
    return {one.step.id: one.state for one in course.steps}


def test_steps_are_ticked_off_by_the_record(cast: Cast) -> None:
    baseline = begin(cast)
    assert {step for step, state in states(course_in(baseline, NOW)).items() if state is State.DONE} == {"process"}
    deals = [add_deal(workspace=cast.workspace, name=f"D{n}", by=cast.bob, at=NOW, owner="Bob Adler") for n in range(5)]
    for deal in deals:
        record_evidence(
            deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW + days(3),
            happened_at=NOW, quote="Yes",
        )  # fmt: skip
    read_due(cast.workspace, at=NOW + days(31))
    rhythm = make_rhythm(cast.workspace, cast.alice, NOW + days(33))
    for week in range(5, 9):
        make_review(rhythm, NOW + days(7 * week), "held", deals, decided=2)
    ended(made(cast, NOW + days(50)), Promise.KEPT, NOW + days(49))
    start_trial(
        workspace=cast.workspace, process=cast.version.process, step="ask_for_second_voice", by=cast.alice,
        at=NOW + days(65),
    )  # fmt: skip
    found = states(course_in(baseline, NOW + days(70)))
    done = {"deals", "baseline", "ten_minutes", "rhythm", "review", "promise", "leader_promise", "first_reading",
            "verdict", "row", "process"}  # fmt: skip
    assert {step for step, state in found.items() if state is State.DONE} == done


def test_three_on_time_are_no_row_and_what_was_before_the_start_counts_for_nothing(cast: Cast) -> None:
    rhythm = make_rhythm(cast.workspace, cast.alice, NOW - days(90))
    for week in range(6):
        make_review(rhythm, NOW - days(7 * week + 1), "held")
    baseline = begin(cast)
    for week, state in enumerate(("held", "held", "held", "late", "held"), 1):
        make_review(rhythm, NOW + days(7 * week), state)
    found = states(course_in(baseline, NOW + days(80)))
    assert (found["row"], found["review"]) == (State.LATE, State.DONE)


def test_words_need_a_known_step_and_a_reason_to_pass_over(cast: Cast) -> None:
    baseline = begin(cast)
    who: dict[str, Any] = {"baseline": baseline, "by": cast.alice, "at": NOW}
    with pytest.raises(UserError, match="no such step"):
        baselines.mark_step(**who, step="nonsense")
    with pytest.raises(UserError, match="why it is passed over"):
        baselines.mark_step(**who, step="buyers", passed=True, note="  ")
    baselines.mark_step(**who, step="buyers", passed=True, note="None would talk")
    said = {one.step.id: one.said for one in course_in(baseline, NOW).steps}["buyers"]
    assert said is not None and (said.passed, said.note, said.by) == (True, "None would talk", "Alice Adler")
    baselines.mark_step(**who, step="buyers")
    assert states(course_in(baseline, NOW))["buyers"] is State.DONE
    baselines.unmark_step(**who, step="buyers")
    assert states(course_in(baseline, NOW))["buyers"] is State.NOW
    assert "None would talk" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_installs_of_all_companies_that_somebody_leads(cast: Cast) -> None:
    begin(cast)
    baselines.begin_baseline(workspace=cast.elsewhere, by=cast.carol, at=NOW, guided=True)
    enter(ALL)
    with CaptureQueriesContext(connection) as asked:
        found = list_installs(cast.alice, NOW + days(4))
    assert len(asked) <= 25  # each visit to another workspace's wall is one on PostgreSQL
    assert [(one.workspace.name, one.course.day if one.course else 0) for one in found] == [("Acme Sales", 5)]
    assert list_installs(cast.bob, NOW) == list_installs(cast.vera, NOW) == []
    assert [one.workspace.name for one in list_installs(cast.carol, NOW)] == ["Elsewhere Ltd"]
