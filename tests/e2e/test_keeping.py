"""One's data in a browser: exported, downloaded as a file that holds rows, and words kept for so many months."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
WRITTEN_MS = 60_000


def test_everything_is_exported_and_downloaded_and_months_are_set(
    page_as: Open, site: Site, check: Check, tmp_path: Path
) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("data"))
    check(page)
    before = page.get_by_role("button", name="Download").count()
    page.get_by_role("button", name="Export everything").click()
    expect(page.get_by_role("button", name="Download")).to_have_count(before + 1, timeout=WRITTEN_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").first.click()
    download.value.save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as file:
        assert file.testzip() is None
        assert any(entry.file_size > 1_000 for entry in file.infolist())
    narrow = page_as("leader", site=mine, theme="dark", width=360)
    narrow.goto(mine.to("data"))
    check(narrow)
    narrow.get_by_role("link", name="Set months").click()
    narrow.get_by_label("Months after the decision").fill("3")
    narrow.get_by_role("button", name="Save").click()
    expect(narrow.get_by_role("main")).to_contain_text("6 to 240")
    check(narrow)
    narrow.get_by_label("Months after the decision").fill("36")
    narrow.get_by_role("button", name="Save").click()
    expect(narrow.get_by_role("main")).to_contain_text("36 months after its decision")
