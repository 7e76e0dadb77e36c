"""Make the picture of the report that the README shows: `python tools/screens.py` writes docs/report.png.

The top of the demo firm's report, 1280 px wide, light. Needs the development environment and Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from headway.cli.diagnosing import Request, run_diagnosis  # noqa: E402
from headway.demo.company import simulate  # noqa: E402
from headway.report.page import render  # noqa: E402
from tests.browser import running_browser  # noqa: E402

WIDTH, HEIGHT = 1280, 1250
SEED, LAST_DAY = 7, date(2026, 6, 30)  # the same firm and day as the README's five sentences


def main() -> None:
    """Write docs/report.png."""
    target = ROOT / "docs" / "report.png"
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        page_file = Path(folder) / "report.html"
        files = simulate(SEED, LAST_DAY).write(Path(folder))
        exports = tuple(file for file in files if file.suffix == ".csv")
        processes = tuple(file for file in files if file.suffix == ".yaml")
        found = run_diagnosis(Request(exports, processes, as_of=LAST_DAY), ask=None)
        page_file.write_text(render(found), encoding="utf-8")
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", device_scale_factor=1.5
        )
        page.goto(page_file.as_uri())
        page.screenshot(path=target)
    sys.stdout.write(f"{target.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
