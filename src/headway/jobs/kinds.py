"""Which function does which kind of job. It takes a `Task`; UserError fails the job in one sentence."""

from __future__ import annotations

from collections.abc import Callable

from headway.jobs.analysis import run_analysis
from headway.jobs.baselines import run_baselines
from headway.jobs.checking import run_check
from headway.jobs.corrections import run_corrections
from headway.jobs.erasing import run_erase, run_look
from headway.jobs.exporting import run_export
from headway.jobs.importing import run_import
from headway.jobs.nightly import run_refresh
from headway.jobs.retention import run_retention
from headway.jobs.rhythm import run_rhythm
from headway.jobs.task import Task

KINDS: dict[str, Callable[[Task], None]] = {
    "analysis": run_analysis,
    "baselines": run_baselines,
    "check": run_check,
    "corrections": run_corrections,
    "erase": run_erase,
    "export": run_export,
    "import": run_import,
    "look": run_look,
    "refresh": run_refresh,
    "retention": run_retention,
    "rhythm": run_rhythm,
}
