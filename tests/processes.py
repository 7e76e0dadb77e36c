"""Processes that end with the test run, even when it is killed: their life hangs on a pipe that only we hold."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ENDS_WITH_US = '"$@" </dev/null & cat >/dev/null; kill -9 0'  # `kill 0`: everything in this process group


def start_held(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start `command` as the head of a process group of its own, all of which is killed when we end or call `end`."""
    with log.open("ab") if log else open(os.devnull, "ab") as output:  # noqa: PTH123
        return subprocess.Popen(
            ["sh", "-c", ENDS_WITH_US, "sh", *command],
            stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT, env=dict(env), cwd=cwd,
            start_new_session=True,
        )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the whole group, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
