"""Real workers on a real database: what a person must see is never lost with a process, and is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from headway.basics.errors import UserError
from headway.jobs import worker
from headway.jobs.kinds import KINDS
from headway.jobs.task import Task
from headway.store.actions.batches import add_upload, begin_import, start_import
from headway.store.actions.jobs import ask_for, take_job
from headway.store.actions.workspaces import make_person, make_workspace
from headway.store.guards import ALL, enter
from headway.store.models import Contact, Deal, Event, ImportBatch, Job, Wording
from tests.cast import NOW, make_cast
from tests.jobs.workshop import Workshop, wait_until

SLOW = """
from pathlib import Path
import time
from headway.jobs.kinds import KINDS
def slow(task):
    folder = Path(r"{folder}")
    (folder / "begun").touch()
    while not (folder / "go").exists():
        time.sleep(0.05)
    with (folder / "log").open("a") as log:
        log.write(task.about["name"] + "\\n")
KINDS["slow"] = slow
"""


def ask_for_slow(count: int) -> None:
    """A workspace with this many jobs."""
    at = datetime.now(UTC)
    by = make_person(email="a@example.com", name="Ann", password=None, at=at)
    workspace = make_workspace(name="W", by=by, at=at)
    enter(ALL)
    for number in range(count):
        ask_for(kind="slow", workspace=workspace, by=by, at=at, about={"name": str(number)})


def states() -> str:
    return " ".join(f"{job.state}:{job.attempts}" for job in Job.objects.order_by("id"))


def let_leases_lapse() -> None:
    """As a minute later."""
    Job.objects.filter(state="running").update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.fixture
def shop(own_database: dict[str, Any], tmp_path: Path) -> Iterator[Workshop]:
    """A database for workers; what a test started is gone after it."""
    made = Workshop.on(own_database, tmp_path)
    yield made
    for child in psutil.Process().children(recursive=True):
        if str(made.folder) in child.environ().get("HEADWAY_HOME", ""):
            child.kill()


def test_a_job_whose_worker_was_killed_is_taken_up_again_and_ends_once(shop: Workshop) -> None:
    kinds = SLOW.format(folder=shop.folder)
    ask_for_slow(1)
    first = shop.worker(kinds)
    wait_until((shop.folder / "begun").exists, "the job has begun")
    first.kill()
    first.wait()
    assert states() == "running:1"
    let_leases_lapse()
    (shop.folder / "go").touch()
    second = shop.worker(kinds)
    wait_until(lambda: states() == "done:2", "the job is done")
    second.terminate()
    assert second.wait(timeout=30) == 0
    assert (shop.folder / "log").read_text() == "0\n"


def test_two_workers_never_take_one_job(shop: Workshop) -> None:
    (shop.folder / "go").touch()
    ask_for_slow(40)
    kinds = SLOW.format(folder=shop.folder)
    workers = [shop.worker(kinds) for _ in range(2)]
    wait_until(lambda: set(states().split()) == {"done:1"}, "all jobs are done")
    for one in workers:
        one.terminate()
        one.wait(timeout=30)
    counts = Counter((shop.folder / "log").read_text().split())
    assert counts == {str(number): 1 for number in range(40)}


def test_a_worker_ends_with_its_parent_even_in_the_middle_of_a_job(shop: Workshop) -> None:
    ask_for_slow(1)
    code = SLOW.format(folder=shop.folder) + "\nfrom headway.jobs.worker import main; main()"
    begin = "import django; django.setup()\n"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])",
            begin + code,
        ],
        env=shop.environment,
    )
    wait_until((shop.folder / "begun").exists, "the job has begun")
    children = psutil.Process(parent.pid).children()
    assert len(children) == 1
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not children[0].is_running() or children[0].status() == psutil.STATUS_ZOMBIE, "it ended")


def ask_for_import(folder: Path) -> None:
    """One file of 500 deals, started twice."""
    at = datetime.now(UTC)
    by = make_person(email="a@example.com", name="Ann", password=None, at=at)
    workspace = make_workspace(name="W", by=by, at=at)
    enter(ALL)
    batch = begin_import(workspace=workspace, by=by, at=at, title="events.csv")
    file = folder / "events.csv"
    rows = [f"D-{n},buyer_acted,answered,2026-01-{1 + n % 28:02d}T10:00:00Z,Jan" for n in range(500)]
    file.write_text("deal,kind,name,happened_at,contact\n" + "\n".join(rows) + "\n")
    add_upload(batch=batch, name=file.name, path=file, size=file.stat().st_size, sha256="0" * 64)
    start_import(batch=batch, by=by, at=at)
    start_import(batch=batch, by=by, at=at)


HALT = """
from pathlib import Path
import time
from headway.store.actions import imports
before = imports.write_contacts
def halting(*given):
    folder = Path(r"{folder}")
    (folder / "begun").touch()
    while not (folder / "go").exists():
        time.sleep(0.05)
    before(*given)
imports.write_contacts = halting
"""


def counts() -> tuple[list[int], str, list[str]]:
    """Deals, events, contacts and wordings; the state of the import; all jobs."""
    rows = [model.objects.count() for model in (Deal, Event, Contact, Wording)]
    return rows, ImportBatch.objects.get().state, sorted(f"{job.kind} {job.state}" for job in Job.objects.all())


def test_an_import_killed_in_the_middle_leaves_nothing_half_written_and_is_begun_anew(shop: Workshop) -> None:
    ask_for_import(shop.folder)
    first = shop.worker(HALT.format(folder=shop.folder))
    wait_until((shop.folder / "begun").exists, "all events are written, and not committed")
    first.kill()
    first.wait()
    assert counts() == ([0, 0, 0, 0], "running", ["import running"])
    let_leases_lapse()
    (shop.folder / "go").touch()
    second = shop.worker(HALT.format(folder=shop.folder))
    done = ([500, 500, 500, 1], "done", ["analysis done", "import done"])
    wait_until(lambda: counts() == done, "imported and analysed")
    second.terminate()
    second.wait(timeout=30)
    assert not (shop.folder / "events.csv").exists()


@pytest.mark.django_db
def test_asked_for_twice_while_it_waits_it_runs_once() -> None:
    cast = make_cast()
    jobs = [ask_for(kind="analysis", workspace=cast.workspace, by=None, at=NOW, once="mark") for _ in range(2)]
    assert jobs[0] == jobs[1]
    taken = take_job(at=NOW)
    assert taken == jobs[0]
    assert ask_for(kind="analysis", workspace=cast.workspace, by=None, at=NOW, once="mark") != taken  # that one runs


@pytest.mark.django_db
def test_a_failure_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    cast = make_cast()

    def refused(task: Task) -> None:
        raise UserError("The file holds no deals: export it again.")

    def broken(task: Task) -> None:
        raise ZeroDivisionError("secret inner workings")

    for kind, does in (("refused", refused), ("broken", broken)):
        monkeypatch.setitem(KINDS, kind, does)
        ask_for(kind=kind, workspace=cast.workspace, by=None, at=NOW - timedelta(days=1))
        assert worker.work_once()
    told = dict(Job.objects.values_list("kind", "message"))
    assert told == {"refused": "The file holds no deals: export it again.", "broken": worker.SORRY}
    assert set(Job.objects.values_list("state", flat=True)) == {"failed"}
    assert "secret inner workings" in caplog.text
    assert not worker.work_once()
