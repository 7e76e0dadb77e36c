"""All checks, in the order in which they fail fastest: `python tools/checks.py quick|all|soak`.

quick: style, types, import contracts and every test that needs no browser, no PostgreSQL and no large data.
all: everything on SQLite, then all that touches the database on PostgreSQL. soak: 200 kills of either under load.
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
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
STATIC = (
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports"]),
)


def ensure_browser() -> None:
    """Pages are tested in a real browser: on Debian as root, install it; elsewhere the tests say how to."""
    if os.environ.get("HEADWAY_BROWSER") or any(map(shutil.which, BROWSERS)) or MAC_CHROME.exists():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing chromium for the browser tests …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False, **QUIET)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **QUIET)


def run(name: str, command: list[str]) -> bool:
    """Run one check; True when it passed."""
    started = time.monotonic()
    result = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False)
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"{name}: {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    return result.returncode == 0


def ensure_strace() -> None:
    """A test watches the server's system calls: on Debian as root, install what shows them."""
    if sys.platform == "linux" and not shutil.which("strace") and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], check=False, **QUIET)


def ensure_spreadsheet() -> None:
    """Files that leave are opened in a real spreadsheet: on Debian as root, install it; else the tests say how to."""
    if not shutil.which("soffice") and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing a spreadsheet for the tests of exports …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False, **QUIET)
        wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "libreoffice-calc-nogui"]
        subprocess.run(wanted, check=False, **QUIET)


def parts_of(kind: str) -> list[tuple[str, list[str]]]:
    """(name, command) of each part of `quick`, `all` or `soak`, in the order in which they run."""
    if kind == "soak":
        kills = ["tests/durability/test_kills.py", "tests/durability/test_sending.py"]
        return [("kills", ["pytest", "-s", "-n", "2", "--dist", "load", *kills])]
    tests = ["pytest", "-n", "2", "--dist", "worksteal"]
    if kind == "quick":
        return [*STATIC, ("tests", [*tests, "-m", "not slow and not browser"])]
    on_postgres = ["python", "-m", "tests.postgres", str(BIN / "pytest"), *tests[1:], "-m", "database"]
    return [*STATIC, ("tests", tests), ("database tests on PostgreSQL", on_postgres)]


def main() -> int:
    """Run every part even when one fails, so that all that is wrong is said at once."""
    kind = (sys.argv[1:] or ["all"])[0]
    if kind != "quick":
        ensure_browser()
        ensure_strace()
        ensure_spreadsheet()
    if kind == "soak":
        os.environ.setdefault("HEADWAY_CYCLES", "200")
    passed = [run(name, command) for name, command in parts_of(kind)]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
