"""A process that ends with the one that started it, however that one ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, linux/prctl.h
EVERY_S = 1.0


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """End this process, by this signal, when its parent is gone; on kill -9 of the parent too.

    On Linux the kernel sees to it. A thread looks as well: on other systems, and because the kernel's promise is about
    the thread that forked, and is void where the parent died before it was asked for.
    """
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, by)
    threading.Thread(target=_watch, args=(parent, by), name="watches the parent", daemon=True).start()


def _watch(parent: int, by: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(EVERY_S)
    os.kill(os.getpid(), by)
