"""All checks, in the order in which they fail fastest: `python tools/checks.py quick|all`.

quick: style, types, import contracts and every test that needs no browser and no large data; all: everything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
STATIC = (
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports"]),
)


def ensure_browser() -> None:
    """The report is tested in a real browser: on Debian as root, install it; elsewhere the tests say how to."""
    if os.environ.get("HEADWAY_BROWSER") or any(map(shutil.which, BROWSERS)) or MAC_CHROME.exists():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing chromium for the browser tests …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)


def run(name: str, command: list[str]) -> bool:
    """Run one check; True when it passed."""
    started = time.monotonic()
    result = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False)
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"{name}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    return result.returncode == 0


def main() -> int:
    """Run every check even when one fails, so that all that is wrong is said at once."""
    quick = sys.argv[1:] == ["quick"]
    passed = [run(name, command) for name, command in STATIC]
    tests = ["pytest", "-n", "2", "--dist", "worksteal"]
    if quick:
        tests += ["-m", "not slow and not browser"]
    else:
        ensure_browser()
    passed.append(run("tests", tests))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
