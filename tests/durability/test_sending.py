"""kill -9 of a worker at each step of sending: nothing is lost, nothing reaches anybody twice, on either database.

Mail that was accepted and not yet recorded is handed over again with the same Message-ID: a mailbox shows it once, and
the raw hand-overs are counted beside. Slack knows no identity: what was on the wire is `unsure` and waits for a hand.

HEADWAY_CYCLES: how many kills per database (20; `make soak` asks for 200).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.durability.sender import IN_THE_WORKER
from tests.e2e.site import ROOT, environment
from tests.postgres import running_server
from tests.receivers import PASSWORD, Channel, Mailbox, mail_server, nothing, slack_server

CYCLES = int(os.environ.get("HEADWAY_CYCLES", "20"))
AT_THE_SERVER = ("mail", "rcpt", "data", "posted")
STEPS = (*IN_THE_WORKER, *AT_THE_SERVER)
HOOK = "/services/T000/B000/planted-hook-secret"
PATIENCE = 120.0
MARK = 3  # mails, and messages to the channel, put out before each kill


class Sender:
    """The process that forks workers on one database; `ask` is one command."""

    def __init__(self, home: Path, database: str, mailbox: Mailbox, channel: Channel) -> None:
        self.log = home / "log"
        env = environment(home, database) | {"HEADWAY_MAIL": mailbox.url, "HEADWAY_TEST_SLACK": channel.url}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.durability.sender"], cwd=ROOT, env=env, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self.ask("fill", channel.url + HOOK)

    def ask(self, *command: Any) -> Any:
        assert self.process.stdin and self.process.stdout
        print(json.dumps(command), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        return json.loads(line)

    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.ask("rows"))

    def finish(self, workers: int = 1) -> None:
        """Workers without a fault, until nothing waits any more."""
        self.ask("lapse")
        running = [self.ask("start", "", 0) for _ in range(workers)]
        until = time.monotonic() + PATIENCE
        while set(self.states()) - {"sent", "unsure"}:
            assert time.monotonic() < until, (self.ask("rows"), self.log.read_text())
            time.sleep(0.05)
        for process in running:
            os.kill(process, signal.SIGKILL)
            assert self.ask("wait", process) == signal.SIGKILL

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.fixture(scope="module")
def channel() -> Iterator[Channel]:
    with slack_server() as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def one(
    request: pytest.FixtureRequest, mailbox: Mailbox, channel: Channel, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sender]:
    """A sender on a fresh database; what it wrote to its log holds no secret."""
    with running_server() if request.param == "postgresql" else nullcontext() as server:
        sender = Sender(tmp_path_factory.mktemp("sending"), server.url() if server else "", mailbox, channel)
        yield sender
        sender.end()
        assert PASSWORD not in sender.log.read_text()
        assert "planted-hook-secret" not in sender.log.read_text()


@pytest.fixture(autouse=True)
def _nothing_arrived_yet(mailbox: Mailbox, channel: Channel) -> None:
    mailbox.raw.clear()
    channel.posts.clear()


def kill_at(step: str, sender: Sender, mailbox: Mailbox, channel: Channel, on: int) -> None:
    """One worker, killed at this step of the message `on`."""
    victim: list[int] = []
    left = [on]

    def watch(here: str) -> None:
        left[0] -= here == step
        if here == step and left[0] == 0:
            while not victim:
                time.sleep(0.001)
            os.kill(victim[0], signal.SIGKILL)

    mailbox.watch = channel.watch = watch if step in AT_THE_SERVER else nothing
    victim.append(sender.ask("start", step if step in IN_THE_WORKER else "", on))
    assert sender.ask("wait", victim[0]) == signal.SIGKILL
    mailbox.watch = channel.watch = nothing


def test_kills_at_each_step_lose_nothing_and_double_nothing(one: Sender, mailbox: Mailbox, channel: Channel) -> None:
    chance = random.Random(20261122)
    for cycle in range(CYCLES):
        one.ask("put", f"c{cycle}", MARK)
        kill_at(STEPS[cycle % len(STEPS)], one, mailbox, channel, chance.randint(1, MARK))
        one.ask("lapse")
    one.finish()

    found = [row for row in one.ask("rows") if row["subject"].startswith("c")]
    assert len(found) == 2 * MARK * CYCLES
    mails = {f"<{row['key']}@127.0.0.1>" for row in found if row["channel"] == "mail"}
    assert set(mailbox.by_id) == mails, "every mail arrived, and no other"
    assert {row["state"] for row in found if row["channel"] == "mail"} == {"sent"}
    again = sum(mailbox.by_id.values()) - len(mails)
    assert again <= CYCLES, "one death hands over one mail again at most"

    posted = channel.by_text
    slack = {row["subject"]: row["state"] for row in found if row["channel"] == "slack"}
    assert max(posted.values()) == 1, "nothing was posted twice by itself"
    assert [name for name, state in slack.items() if state == "sent" and posted[name] != 1] == []
    lost = [name for name, state in slack.items() if state == "unsure" and posted[name] == 0]
    assert all(posted[name] == 1 for name, state in slack.items() if state == "unsure" and name not in lost)

    unsure = one.ask("replay")
    assert unsure == list(slack.values()).count("unsure") > 0
    one.finish()
    assert set(channel.by_text) == set(slack), "with one press each, everything arrived"
    print(
        f"{CYCLES} kills: {len(mails)} mails, {len(mailbox.by_id)} distinct Message-IDs, {len(mailbox.raw)} raw"
        f" hand-overs; {len(slack)} posts, {unsure} unsure ({len(lost)} of them never sent), 0 posted twice"
    )


def test_workers_side_by_side_send_everything_once(one: Sender, mailbox: Mailbox, channel: Channel) -> None:
    one.ask("put", "m", 30)
    one.finish(workers=3)
    assert set(mailbox.by_id.values()) == {1}
    assert len(mailbox.raw) == 30
    assert set(channel.by_text.values()) == {1}
    assert len(channel.posts) == 30
