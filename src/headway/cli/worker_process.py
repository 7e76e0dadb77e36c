"""The background worker as `headway serve` starts it: `headway.jobs.worker` in a process that ends with its parent."""

from __future__ import annotations

import runpy

from headway.cli.parent import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    runpy.run_module("headway.jobs.worker", run_name="__main__", alter_sys=True)
