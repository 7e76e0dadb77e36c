"""The data of a workspace in a browser: taken elsewhere, kept for some months, and a person who asks to be erased."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from headway.store.actions.retention import months_before
from tests.e2e.firm import PASSWORD
from tests.e2e.site import Site, environment

Open = Callable[..., Page]
Check = Callable[[Page], None]
WORKER_MS = 120_000  # the worker has other jobs as well, and a test run may share the machine


def test_everything_is_exported_and_loaded_elsewhere(page_as: Open, site: Site, check: Check, tmp_path: Path) -> None:
    mine = site.fresh()
    page = page_as("leader of yesterday", site=mine)
    page.goto(mine.to("data"))
    before = page.locator("#exports .row").count()
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator("#exports .row")).to_have_count(before + 1)
    newest = page.locator("#exports .row").first
    expect(newest.get_by_role("button", name="Download")).to_be_visible(timeout=WORKER_MS)
    check(page)
    newest.get_by_role("button", name="Download").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    check(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    again = newest.get_by_role("button", name="Download")
    expect(again).to_be_focused()
    check(page)
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    file = tmp_path / taken.value.suggested_filename
    assert re.fullmatch(r"Demo-firm-\d{4}-\d\d-\d\d\.zip", file.name)
    taken.value.save_as(file)
    assert loaded_deals(file, tmp_path / "elsewhere") == mine.rows("SELECT count(*), sum(amount) FROM store_deal")


def loaded_deals(file: Path, home: Path) -> list[tuple[object, ...]]:
    """How many deals, worth how much, `headway load` makes of the file where nothing was."""
    headway = str(Path(sys.executable).parent / "headway")
    done = subprocess.run(
        [headway, "load", str(file), "--home", str(home)], env=environment(home, ""), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(home / "headway.sqlite3")) as connection:
        return connection.execute("SELECT count(*), sum(amount) FROM store_deal").fetchall()


def test_retention_says_how_many_deals_it_touches_before_it_is_set(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine, width=360, theme="dark")
    page.goto(mine.to("data"))
    page.get_by_role("link", name="Set months").click()
    page.get_by_label("Months after the decision").fill("6")
    page.get_by_role("button", name="Show how many deals").click()
    day = months_before(datetime.now(UTC), 6)
    [(old,)] = mine.rows("SELECT count(*) FROM store_deal WHERE outcome <> '' AND decided_at < ?", str(day))
    assert old > 1
    expect(page.locator("#preview")).to_contain_text(f"{old} deals were decided before")
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("6 months after its decision")
    assert mine.rows("SELECT keep_months FROM store_workspace") == [(6,)]
    check(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Set months")).to_be_visible()


def test_who_is_erased_is_named_nowhere_on_the_deal(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    [(deal,)] = mine.rows("SELECT d.key FROM store_deal d JOIN store_attachment a ON a.deal_id = d.id")
    page.goto(mine.to("deal", key=deal))
    expect(page.get_by_role("main")).to_contain_text("Petra Purchase")
    page.goto(mine.to("data"))
    page.get_by_label("Name or address").fill("petra")
    page.get_by_role("button", name="Find").click()
    check(page)
    page.get_by_text("Look everywhere for Petra Purchase").click()
    page.locator("details[open]").get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_label("Type Petra Purchase to confirm")).to_be_visible(timeout=WORKER_MS)
    check(page)
    page.get_by_label("Type Petra Purchase to confirm").fill("petra purchase")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator("#toasts")).to_contain_text("Being erased")

    def listed() -> bool:
        page.goto(mine.to("data"))
        return page.get_by_text("Somebody at a buyer", exact=True).count() > 0

    waited = 0
    while not listed():
        assert (waited := waited + 500) < WORKER_MS, mine.log.read_text()[-4000:]
        page.wait_for_timeout(500)
    check(page)
    page.goto(mine.to("deal", key=deal))
    expect(page.get_by_role("main")).to_contain_text("Erased person")
    for shown in (mine.to("deal", key=deal), f"{mine.to('search')}?q=petra+purchase"):
        page.goto(shown)
        expect(page.get_by_role("main")).not_to_contain_text("Petra Purchase")
