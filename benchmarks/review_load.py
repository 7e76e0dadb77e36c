"""What fifty people in one review cost the server: `.venv/bin/python -m benchmarks.review_load [--seconds 20]`.

A real server (granian, as `headway serve` starts it) on a fresh database. Fifty people of one workspace, each with a
session of their own, have the same running review open: each page asks once a second whether anything is new, and says
every fifteen seconds that it is open. Beside it fifty page views a second of an empty answer: the same sessions, the
same door, nothing shown. In turns, several rounds; CPU seconds of all the server's processes, from /proc. The goal: a
review of fifty costs no more than the fifty empty page views a second.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

PEOPLE = 50
HERE_SECONDS = 15
ROUNDS = 3
PORT = 8699
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Firm:
    """Keys of a workspace and its running review; a session for each of its people."""

    workspace: str
    review: str
    sessions: tuple[str, ...]


def main() -> int:
    """Measure and print; 1 where the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HEADWAY_HOME": folder, "HEADWAY_ADDRESS": f"http://127.0.0.1:{PORT}", "DATABASE_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.empty_page_settings"
        firm = made()
        command = [
            str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "headway.web.wsgi:application",
            "--port", str(PORT), "--log-level", "error",
        ]  # fmt: skip
        server = subprocess.Popen(command)
        try:
            return told(measured(firm, server.pid, seconds), seconds)
        finally:
            server.terminate()
            server.wait()


def made() -> Firm:
    """A workspace of fifty people and a running review of eight deals."""
    import django

    django.setup()
    from django.core.management import call_command

    from headway.store.actions.deals import add_deal
    from headway.store.actions.reviews import open_review
    from headway.store.actions.workspaces import add_member, make_person, make_workspace
    from headway.store.guards import ALL, enter
    from headway.store.models import AgendaItem, Review

    call_command("migrate", verbosity=0)
    at = datetime.now(UTC)
    people = [make_person(email=f"p{n}@example.com", name=f"Person {n}", password=None, at=at) for n in range(PEOPLE)]
    workspace = make_workspace(name="Fifty", by=people[0], at=at)
    enter(ALL)
    for person in people[1:]:
        add_member(workspace=workspace, person=person, role="seller", by=people[0], at=at)
    review = Review.objects.create(
        workspace=workspace, kind="pipeline", name="All hands", leader=people[0], due_at=at, minutes=60, prepared_at=at
    )
    for place in range(8):
        deal = add_deal(workspace=workspace, name=f"Deal {place}", by=people[0], at=at)
        AgendaItem.objects.create(workspace=workspace, review=review, deal=deal, place=place, minutes=5)
    open_review(review=review, by=people[0], at=at)
    return Firm(workspace.key, review.key, tuple(session_of(person) for person in people))


def session_of(person: Any) -> str:
    """The key of a session in which this person is logged in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from headway.web.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Visitor:
    """One person's browser: a connection that stays open, a session, the review's page once it was opened."""

    def __init__(self, firm: Firm, session: str) -> None:
        self.base, self.review = f"/w/{firm.workspace}", f"/w/{firm.workspace}/reviews/{firm.review}"
        self.cookie = f"headway-session={session}"
        self.line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.token = self.passed = ""
        self.after = 0

    def ask(self, path: str, *, post: bool = False) -> tuple[int, bytes]:
        """Status and body."""
        headers = {"Cookie": self.cookie, "HX-Request": "true"}
        if post:
            headers |= {"X-CSRFToken": self.token, "Content-Length": "0"}
        self.line.request("POST" if post else "GET", path, headers=headers)
        answer = self.line.getresponse()
        body = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name = cookie.split(";")[0]
            if not name.startswith("headway-session"):
                self.cookie += f"; {name}"
        return answer.status, body

    def open(self) -> None:
        """The screen, as a browser opens it."""
        status, body = self.ask(f"{self.review}/room/")
        page = body.decode()
        assert status == 200, status
        self.token = re.findall(r'"X-CSRFToken": "([^"]+)"', page)[0]
        self.passed = re.findall(r'\?pass=([^"]+)"', page)[0]
        self.here()

    def here(self) -> None:
        """That the page is still open."""
        status, body = self.ask(f"{self.review}/here/", post=True)
        assert status == 200, (status, body[:300])
        told = json.loads(body)
        self.passed, self.after = told["pass"], told["last"]

    def poll(self) -> None:
        """Whether anything is new: nothing is."""
        status, body = self.ask(f"{self.review}/changes/?pass={self.passed}&after={self.after}")
        if status == 200:
            self.after = json.loads(body)["last"]
        else:
            assert status == 204, status

    def empty(self) -> None:
        """A page view of nothing."""
        status, _ = self.ask(f"{self.base}/empty/")
        assert status == 204, status


def measured(firm: Firm, server: int, seconds: int) -> dict[str, list[float]]:
    """Name to CPU milliseconds of the server per second of wall time, round by round."""
    visitors = [Visitor(firm, session) for session in firm.sessions]
    ready(visitors[0])
    spent: dict[str, list[float]] = {"review": [], "empty": []}
    with ThreadPoolExecutor(PEOPLE) as pool:
        for visitor in visitors:  # one after the other: nobody measures how fifty come in at once
            visitor.open()
        for round_ in range(-1, ROUNDS):  # the first does not count
            for name in spent:
                list(pool.map(Visitor.here, visitors))
                time.sleep(1)
                before, began = cpu_of(server), time.monotonic()
                list(pool.map(partial(live, name=name, seconds=seconds, began=began), enumerate(visitors)))
                if round_ >= 0:
                    spent[name].append(1000 * (cpu_of(server) - before) / (time.monotonic() - began))
    return spent


def live(one: tuple[int, Visitor], name: str, seconds: int, began: float) -> None:
    """So many seconds of one person, each at a fraction of the second of their own."""
    number, visitor = one
    for second in range(seconds):
        time.sleep(max(0.0, began + second + number / PEOPLE - time.monotonic()))
        if name == "empty":
            visitor.empty()
            continue
        visitor.poll()
        if (second + number) % HERE_SECONDS == 0:
            visitor.here()


def ready(visitor: Visitor) -> None:
    """Wait for the server."""
    for _ in range(200):
        try:
            if visitor.ask("/healthy")[0] == 200:
                return
        except OSError:
            visitor.line.close()
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and all below it."""
    children: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            spent[int(entry.name)] = (int(fields[11]) + int(fields[12])) / TICK
    waiting, total = [pid], 0.0
    while waiting:
        one = waiting.pop()
        total += spent.get(one, 0.0)
        waiting += children.get(one, [])
    return total


def told(spent: dict[str, list[float]], seconds: int) -> int:
    """The table."""
    review, empty = statistics.median(spent["review"]), statistics.median(spent["empty"])
    print(f"{PEOPLE} people, {ROUNDS} rounds of {seconds} s each, in turns; CPU ms of the server per second")
    for name, words in (("review", "one review, polled and present"), ("empty", "empty page views")):
        rounds = ", ".join(f"{one:.0f}" for one in spent[name])
        print(f"  {words:32} {statistics.median(spent[name]):6.0f}  ({rounds})")
    ratio = review / empty
    print(f"  ratio {ratio:.2f}, goal at most 1.00: {'met' if ratio <= 1 else 'missed'}")
    return int(ratio > 1)


if __name__ == "__main__":
    sys.exit(main())
