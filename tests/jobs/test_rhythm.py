"""The job `rhythm`: run late, twice, by two at once, with a clock that is wrong: none missed, none doubled, no harm."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from headway.basics.errors import UserError
from headway.jobs import rhythm as job
from headway.jobs.kinds import KINDS
from headway.jobs.nightly import ask_for_what_is_due
from headway.jobs.rhythm import ask_for_rhythm, run_rhythm
from headway.jobs.task import Task
from headway.reviews.rhythm import occurrences
from headway.store.actions.calendar_mail import recurring_of
from headway.store.models import Event, Job, OutMessage, Review, Rhythm
from tests.cast import NOW, Cast, make_cast
from tests.databases import is_postgres
from tests.jobs.workshop import Workshop, wait_until
from tests.rhythms import next_of, weekly

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def run(cast: Cast, at: datetime) -> None:
    run_rhythm(Task(cast.workspace, None, at, lambda: at))


def due(rhythm: Rhythm) -> list[datetime]:
    return list(Review.objects.filter(rhythm=rhythm).order_by("due_at").values_list("due_at", flat=True))


@pytest.mark.django_db
def test_it_lays_out_prepares_the_day_before_and_tells_everybody_once(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob, kind="pipeline")
    review = next_of(rhythm)
    run(cast, review.due_at - 25 * HOUR)
    review.refresh_from_db()
    assert review.prepared_at is None
    for _ in range(2):
        run(cast, review.due_at - 23 * HOUR)
    review.refresh_from_db()
    assert review.prepared_at == review.due_at - 23 * HOUR
    assert OutMessage.objects.filter(kind="agenda", person=cast.alice).count() == 1


@pytest.mark.django_db
def test_a_process_review_gets_its_topics(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob, kind="process")
    run(cast, next_of(rhythm).due_at - HOUR)
    assert next_of(rhythm).prepared_at is not None


@pytest.mark.django_db
def test_run_late_it_makes_up_for_everything_once(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob)
    late = NOW + 100 * DAY
    for _ in range(2):
        run(cast, late)
    found = due(rhythm)
    assert found == list(occurrences(recurring_of(rhythm), NOW, late + 8 * DAY))
    missed = Event.objects.filter(kind="review_missed").values_list("happened_at", flat=True)
    skipped = Review.objects.filter(rhythm=rhythm, state="skipped").values_list("due_at", flat=True)
    assert sorted(missed) == sorted(skipped) == [moment for moment in found if moment < late - 4 * DAY]


@pytest.mark.django_db
def test_a_clock_set_ahead_and_back_doubles_nothing(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob)
    for at in (NOW + 2 * HOUR, NOW + HOUR, NOW + 30 * DAY, NOW + 3 * HOUR, NOW + 31 * DAY):
        run(cast, at)
    found = due(rhythm)
    assert found == list(occurrences(recurring_of(rhythm), NOW, NOW + 39 * DAY))
    missed = list(Event.objects.filter(kind="review_missed").values_list("ref", flat=True))
    assert len(missed) == len(set(missed)) == Review.objects.filter(state="skipped").count()


@pytest.mark.django_db
def test_what_fails_for_one_review_keeps_no_other_waiting(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = weekly(cast.workspace, cast.alice, NOW, cast.bob, kind="pipeline", name="Broken")
    whole = weekly(cast.workspace, cast.alice, NOW, cast.bob, kind="pipeline", name="Whole")
    prepare = job.prepare_agenda

    def fails(*, review: Review, at: datetime) -> Any:
        if review.rhythm_id == broken.pk:
            raise RuntimeError("a defect")
        return prepare(review=review, at=at)

    monkeypatch.setattr(job, "prepare_agenda", fails)
    with pytest.raises(UserError, match="1 of the rhythm's tasks"):
        run(cast, next_of(whole).due_at - HOUR)
    assert next_of(whole).prepared_at is not None
    assert next_of(broken).prepared_at is None


@pytest.mark.django_db
def test_it_is_asked_for_when_something_waits_and_once_an_hour(cast: Cast) -> None:
    assert not ask_for_rhythm(cast.workspace, NOW)  # no rhythm, no promise
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob)
    at = NOW + HOUR
    assert ask_for_rhythm(cast.workspace, at)
    run(cast, at)
    Job.objects.update(state="done")
    assert not ask_for_rhythm(cast.workspace, at + timedelta(minutes=30))
    assert ask_for_rhythm(cast.workspace, at + 2 * HOUR)
    Job.objects.update(state="done")
    Job.objects.filter(kind="rhythm").update(due_at=at + 40 * DAY)  # asked for while the clock was ahead
    assert ask_for_rhythm(cast.workspace, at + 3 * HOUR)
    Job.objects.update(state="done")
    soon = at + 3 * HOUR + timedelta(minutes=10)
    assert not ask_for_rhythm(cast.workspace, soon)  # everything is done
    Review.objects.filter(pk=next_of(rhythm).pk).update(prepared_at=None)
    assert ask_for_rhythm(cast.workspace, soon)  # an agenda waits
    ask_for_what_is_due(soon + timedelta(minutes=1))
    assert Job.objects.filter(kind="rhythm", state="waiting").count() == 1
    assert KINDS["rhythm"] is run_rhythm


def test_two_workers_at_once_lay_out_each_occurrence_once(own_database: dict[str, Any], tmp_path: Any) -> None:
    cast = make_cast()
    rhythm = weekly(cast.workspace, cast.alice, NOW, cast.bob)
    workshop = Workshop.on(own_database, tmp_path)
    code = """
        from datetime import timedelta
        from headway.jobs.rhythm import run_rhythm
        from headway.jobs.task import Task
        from headway.store.models import Workspace
        from tests.cast import NOW
        workspace = Workspace.objects.get(name="Acme Sales")
        for day in range(0, 120, 20):
            at = NOW + timedelta(days=day)
            run_rhythm(Task(workspace, None, at, lambda: at))
    """
    failed: list[BaseException] = []

    def work() -> None:
        try:
            workshop.run(code)
        except BaseException as error:  # told by the test itself
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    found = due(rhythm)
    assert found == list(occurrences(recurring_of(rhythm), NOW, NOW + 108 * DAY))
    missed = list(Event.objects.filter(kind="review_missed").values_list("ref", flat=True))
    assert len(missed) == len(set(missed)) == Review.objects.filter(state="skipped").count() > 0


def test_a_worker_does_it_by_itself(own_database: dict[str, Any], tmp_path: Any) -> None:
    cast = make_cast()
    long_ago = datetime.now(UTC) - 30 * DAY
    weekly(cast.workspace, cast.alice, long_ago, cast.bob)
    worker = Workshop.on(own_database, tmp_path).worker()
    try:
        wait_until(lambda: Event.objects.filter(kind="review_missed").count() >= 3, "missed reviews are told")
    finally:
        worker.kill()
        worker.wait()
    assert is_postgres() or Review.objects.count() == 6
