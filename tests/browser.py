"""A real browser for tests: HEADWAY_BROWSER, a Chromium on PATH, or Chrome on a Mac. Without one the test fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def browser_path() -> str:
    """Where the browser is. Raises AssertionError with the line that installs it."""
    found = os.environ.get("HEADWAY_BROWSER") or next(filter(None, map(shutil.which, (*NAMES, MAC_CHROME))), None)
    assert found, f"none of {', '.join(NAMES)} is on PATH; install one: apt-get install -y chromium"
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless browser, ended with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
