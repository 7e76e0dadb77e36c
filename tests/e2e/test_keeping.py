"""The data of a workspace in a browser: taken elsewhere, handed over, kept for some months, a person erased."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

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


def test_a_workspace_is_handed_over_by_keyboard_and_given_back(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    leader, operations = page_as("leader", site=mine), page_as("operations", site=mine, width=360, theme="dark")
    leader.goto(mine.to("data"))
    press(leader, leader.get_by_role("link", name="The offer"))
    press(leader, leader.get_by_role("button", name="Withdraw it"))
    press(leader, leader.get_by_role("link", name="Hand it over"))
    expect(leader.get_by_role("heading", level=1)).to_have_text("Hand Demo firm over")
    check(leader)
    leader.get_by_label("Who is to lead it").focus()
    leader.keyboard.type("Olga")
    leader.keyboard.press("Tab")
    leader.keyboard.press("Tab")
    expect(leader.get_by_label("I stay, and run operations")).to_be_focused()
    leader.keyboard.press("ArrowDown")
    press(leader, leader.get_by_role("button", name="Offer it"))
    expect(leader.get_by_role("heading", level=1)).to_have_text("Offered to Olga Operations")
    check(leader)
    leader.get_by_role("button", name="Copy").click()
    offer = leader.evaluate("navigator.clipboard.readText()")

    operations.goto(offer)
    expect(operations.get_by_role("heading", level=1)).to_have_text("Lena Leader offers you Demo firm")
    check(operations)
    press(operations, operations.get_by_role("button", name="Accept"))
    expect(operations.get_by_role("button", name="Give it back")).to_be_visible()
    check(operations)
    assert roles(mine)["leader@example.com"] == ("operations", False)
    assert roles(mine)["operations@example.com"] == ("leader", True)
    assert leader.request.get(mine.to("data")).status == 404, "who left is still let in"
    press(operations, operations.get_by_role("button", name="Give it back"))
    operations.wait_for_url(mine.to("home"))
    assert roles(mine)["leader@example.com"] == ("leader", True)
    assert roles(mine)["operations@example.com"] == ("operations", True)


def press(page: Page, control: Locator) -> None:
    """Reached and pressed as without a mouse."""
    control.focus()
    expect(control).to_be_focused()
    page.keyboard.press("Enter")


def roles(mine: Site) -> dict[str, tuple[str, bool]]:
    """(role, whether still a member) by address."""
    membership = "store_membership m JOIN store_person p ON p.id = m.person_id"
    asked = f"SELECT p.email, m.role, m.ended_at IS NULL FROM {membership}"
    return {address: (role, bool(there)) for address, role, there in mine.rows(asked)}
