"""The web server as `headway serve` starts it: granian, with processes that end with their parent."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from headway.jobs.parent import die_with_parent


def run(host: str, port: int, processes: int, threads: int) -> None:
    """Serve until told to end. No access log: it would hold who looked at what, which is for the audit to say."""
    Granian(
        "headway.cli.web_process:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    die_with_parent()
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
