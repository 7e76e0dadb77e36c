"""`headway serve` as somebody runs it: real processes, started, asked, killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.processes import end, free_port, start_held

pytestmark = pytest.mark.slow
HEADWAY = str(Path(sys.executable).parent / "headway")
PATIENCE_S = 60
LINK = re.compile(r"http://127\.0\.0\.1:\d+/people/set-up/#([\w-]{43})$", re.MULTILINE)
PASSWORD = "four odd words here"


def told(home: Path, **more: str) -> dict[str, str]:
    quiet = ("HEADWAY_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(quiet)}
    return kept | {"HEADWAY_HOME": str(home)} | more


def wait_for(what: Callable[[], object], why: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < ends, why
        time.sleep(0.1)


class Served:
    """A running `headway serve` on an installation of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start, and wait until it says where it runs."""
        self.log = self.home.with_suffix(f".{time.monotonic_ns()}.log")
        command = [HEADWAY, "serve", "--port", str(self.port)]
        self.process = start_held(command, env=told(self.home), cwd=self.home.parent, log=self.log)
        wait_for(lambda: "Headway runs at" in self.said(), "it never said where it runs")

    def said(self) -> str:
        """Everything written to standard output and standard error."""
        return self.log.read_text() if self.log.exists() else ""

    def supervisor(self) -> int:
        """Process id of `headway serve` itself."""
        (found,) = [pid for pid in children(self.process.pid) if "serve" in command_of(pid)]
        return found

    def answers(self) -> bool:
        """Whether the application answers."""
        try:
            with build_opener().open(f"{self.url}/healthy", timeout=5) as answer:
                return bool(answer.read() == b"ok")
        except OSError:
            return False


def children(pid: int) -> list[int]:
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in done.stdout.split()]


def descendants(pid: int) -> list[int]:
    found = children(pid)
    return found + [below for child in found for below in descendants(child)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def alive(pids: list[int]) -> list[int]:
    """Those that still run; a zombie does not."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(pid)
    return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An installation with one account, that the tests below start again after ending it."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("this system has no /proc to look processes up in")
    running = Served(tmp_path_factory.mktemp("served") / "home")
    make_account(running)
    yield running
    end(running.process)


@pytest.fixture
def served(installation: Served) -> Served:
    if not installation.answers():
        end(installation.process)
        installation.start()
    return installation


def make_account(served: Served) -> str:
    """Use the set-up link; the page that follows."""
    (token,) = LINK.findall(served.said())
    given = {"name": "Ann", "email": "ann@example.com", "password": PASSWORD, "workspace": "Acme"}
    page = send(browser(), f"{served.url}/people/set-up/", token=token, **given)
    assert served.said().count(token) == 1, "the token is printed once, and is nowhere else in the log"
    assert PASSWORD not in served.said()
    return page


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def send(client: OpenerDirector, url: str, **given: str) -> str:
    page = client.open(url, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    body = urlencode({"csrfmiddlewaretoken": token.group(1), **given}).encode()
    text: str = client.open(url, body, timeout=20).read().decode()
    return text


def test_a_fresh_installation_is_set_up_by_the_link_it_printed(served: Served) -> None:
    assert "Headway is set up already" in browser().open(f"{served.url}/people/set-up/").read().decode()
    page = send(browser(), f"{served.url}/account/login/", login="ann@example.com", password=PASSWORD)
    assert "Acme" in page
    style = re.search(r'href="(/static/[0-9a-f]{12}/headway/css/ground.css)"', page)
    assert style
    with browser().open(served.url + style.group(1)) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_it_ends_everything_when_asked_to_and_prints_no_link_again(served: Served) -> None:
    supervisor = served.supervisor()
    wait_for(lambda: len(descendants(supervisor)) >= 3, "the web server, its process and the worker never ran")
    everything = [supervisor, *descendants(supervisor)]
    os.kill(supervisor, signal.SIGTERM)
    wait_for(lambda: not alive(everything), "something outlived the end")
    served.start()
    assert not LINK.search(served.said())


def test_nothing_outlives_a_kill_of_the_supervisor(served: Served) -> None:
    supervisor = served.supervisor()
    below = descendants(supervisor)
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: not alive(below), "something outlived its parent")


@pytest.mark.parametrize("which", ["headway.jobs.worker", "headway.cli.web_server"])
def test_what_was_killed_is_started_again(served: Served, which: str) -> None:
    supervisor = served.supervisor()

    def running() -> list[int]:
        # The web server renames itself; it is known by its children.
        worker = [pid for pid in children(supervisor) if "jobs.worker" in command_of(pid)]
        return worker if "worker" in which else [pid for pid in children(supervisor) if pid not in worker]

    wait_for(running, f"{which} never ran")
    before = running()[0]
    below = descendants(before)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: running() and before not in running(), f"{which} was not started again")
    wait_for(lambda: not alive(below), "its children outlived it")
    wait_for(served.answers, "it no longer answers")


def test_a_killed_web_process_is_replaced(served: Served) -> None:
    supervisor = served.supervisor()
    (web,) = [pid for pid in children(supervisor) if "jobs.worker" not in command_of(pid)]
    before = children(web)
    os.kill(before[0], signal.SIGKILL)
    wait_for(lambda: children(web) and before[0] not in children(web), "no new process came")
    wait_for(served.answers, "it no longer answers")


# --- what cannot be ---


def refused(tmp_path: Path, *arguments: str, **more: str) -> str:
    """What is said on standard error; one sentence, exit status 2."""
    done = subprocess.run(
        [HEADWAY, "serve", *arguments], env=told(tmp_path / "home", **more), cwd=tmp_path, capture_output=True,
        text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("headway: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    return done.stderr


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert refused(tmp_path, "--port", str(port)) == (
            f"headway: Port {port} of 127.0.0.1 is taken: end what runs there, or pass another --port.\n"
        )
    assert not (tmp_path / "home").exists()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(tmp_path, "--port", str(free_port()), "--home", str(tmp_path / "file" / "home"))
    assert "cannot be written to (Not a directory): pass --home" in said


@pytest.mark.parametrize(
    ("arguments", "more", "sentence"),
    [
        (("--host", "0.0.0.0"), {}, "pass --address https://"),
        (("--address", "http://headway.example.com"), {}, "use https beyond this machine"),
        ((), {"HEADWAY_ADDRESS": "ftp://x"}, "is no web address"),
        ((), {"DATABASE_URL": "mysql://a:b@c/d"}, "must begin with postgres://"),
        ((), {"DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none"}, "The database cannot be brought up to date"),
        (("--host", "192.0.2.1"), {}, "cannot be used"),
    ],
)
def test_what_cannot_work_is_told_in_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], more: dict[str, str], sentence: str
) -> None:
    assert sentence in refused(tmp_path, "--port", str(free_port()), *arguments, **more)


# --- beside it ---


def test_audit_verify_and_password_work_on_the_installation(served: Served) -> None:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [HEADWAY, *arguments, "--home", str(served.home)], env=told(served.home), capture_output=True, text=True,
            check=False, input=given, timeout=PATIENCE_S,
        )  # fmt: skip

    whole = run("audit", "verify")
    assert (whole.returncode, whole.stdout.splitlines()[-1]) == (0, "1 chain checked, all whole.")
    new = "another four odd words\n"
    assert run("password", "ann@example.com", given=new * 2).returncode == 0
    weak = run("password", "ann@example.com", given="short\nshort\n")
    assert (weak.returncode, "at least 12 characters" in weak.stderr) == (2, True)
    assert run("password", "nobody@example.com").returncode == 2
    page = send(browser(), f"{served.url}/account/login/", login="ann@example.com", password=new.strip())
    assert "Acme" in page
    with closing(sqlite3.connect(served.home / "headway.sqlite3")) as database:
        database.execute("DROP TRIGGER store_entry_no_update")
        database.execute("UPDATE store_entry SET verb = 'nothing' WHERE number = 1")
        database.commit()
    broken = run("audit", "verify")
    assert broken.returncode == 1
    assert re.search(r"^Acme \(\w{12}\): entry 1 \(row 1\) is not what was written", broken.stdout, re.MULTILINE)
    assert broken.stdout.endswith("1 chain checked, 1 rewritten.\n")
    none = subprocess.run(
        [HEADWAY, "audit", "verify", "--home", str(served.home / "none")], env=told(served.home), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (none.returncode, "There is no installation in" in none.stderr) == (2, True)
