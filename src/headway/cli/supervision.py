"""Keep child processes running: start again what died, end all of them together."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

LOOK_EVERY_S = 0.5
GRACE_S = 10.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STEADY_S = 60.0


@dataclass
class Child:
    """One process to keep. `needed`: when it cannot be kept, everything ends; else it is tried again and again."""

    name: str
    command: list[str]
    needed: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0  # of the monotonic clock, as the next
    next_start_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    deaths: int = 0

    def start(self) -> None:
        """Start it; it is a child of ours and gets our environment."""
        self.process = subprocess.Popen(self.command)  # noqa: S603 (our own modules, no shell)
        self.started_at = time.monotonic()

    def look_after(self) -> int | None:
        """Start it again where it died, pausing longer each time. Its status where it is needed and keeps dying."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.next_start_at:
                self.start()
            return None
        status = self.process.poll()
        if status is None:
            if now - self.started_at > STEADY_S:
                self.pause_s, self.deaths = FIRST_PAUSE_S, 0
            return None
        self.process, self.deaths = None, self.deaths + 1
        self.next_start_at = now + self.pause_s
        self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)
        return (status or 1) if self.needed and self.deaths >= 3 else None


class Supervision:
    """Runs children until SIGTERM or SIGINT, or until a needed one cannot be kept.

    `ready` is asked until it says yes, then `tell` is called, once.
    """

    def __init__(self, *children: Child, ready: Callable[[], bool], tell: Callable[[], None]) -> None:
        self.children = children
        self.ready = ready
        self.tell = tell
        self.stop = threading.Event()

    def run(self) -> int:
        """Exit status: 0 when asked to end, else that of the child that could not be kept."""
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, self._asked_to_end)
        told = False
        try:
            while not self.stop.is_set():
                for child in self.children:
                    status = child.look_after()
                    if status is not None:
                        return abs(status)
                if not told and self.ready():
                    told = True
                    self.tell()
                self.stop.wait(LOOK_EVERY_S)
            return 0
        finally:
            self.end_all()

    def end_all(self) -> None:
        """Ask every child to end, wait, then kill what is left."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _asked_to_end(self, _signal: int, _frame: FrameType | None) -> None:
        self.stop.set()
