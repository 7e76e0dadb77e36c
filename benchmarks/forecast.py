"""How good the forecast is: `make bench-forecast` writes the tables of docs/methods/forecast.md.

Sub-teams of 50, 100, 200, 500 and all decided deals of the public loan log, 24 draws each, at weekly origins, by the
model and by what it is set beside; then simulated firms. About 15 minutes on two cores. Fits are kept in `bench-data/`,
so that a run that was cut goes on. `--print`: to standard output only. `--simulated`: only the simulated firms.
"""

from __future__ import annotations

import argparse
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")  # fits run side by side: threads within each would only wait
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.forecast_goals import goals
from benchmarks.forecast_loans import LOG, ROOT
from benchmarks.forecast_runs import loans_kept, run, tasks
from benchmarks.forecast_simulated import calibration, said
from benchmarks.forecast_table import figures
from headway.forecast.model import by_model

PAGE = ROOT / "docs" / "methods" / "forecast.md"
FIRMS = 8


def between(page: str, mark: str, made: str) -> str:
    """The page with what stands between the marks of this name replaced."""
    begin, end = f"<!-- begin {mark} -->", f"<!-- end {mark} -->"
    if begin not in page or end not in page:
        raise ValueError(f"{PAGE.name} has no {begin} ... {end}")
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{made}\n{end}{rest.partition(end)[2]}"


def write(mark: str, made: str, *, to_page: bool) -> None:
    """Into the page, or to standard output."""
    if to_page:
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), mark, made), encoding="utf-8")
    else:
        print(made)


def main() -> None:
    """Make the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--print", action="store_true", dest="only_print", help="write nothing")
    parser.add_argument("--simulated", action="store_true", help="only the simulated firms")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    if not asked.simulated:
        if not LOG.exists():
            sys.exit(f"{LOG.relative_to(ROOT.parent)} is not beside the repository; see the page for where it is from.")
        loans = loans_kept()
        found = run(loans, tasks(), asked.processes)
        write("forecast", f"{goals(loans, found)}\n\n{figures(loans, found)}", to_page=not asked.only_print)
    firms = said(calibration(by_model, range(100, 100 + FIRMS)), FIRMS)
    write("simulated", firms, to_page=not asked.only_print)


if __name__ == "__main__":
    main()
