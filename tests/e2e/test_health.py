"""Rhythm health in a browser: the start frozen and read, a step ticked off, the pages in both themes and widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_an_install_is_begun_and_a_step_ticked_off_and_taken_back(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, theme="dark", site=mine)
    page.goto(mine.to("before_after"))
    check(page)
    page.get_by_role("button", name="Freeze the start").click()
    expect(page.get_by_role("status")).to_contain_text("The start is frozen.")
    check(page)
    page.get_by_role("link", name="Ninety days").click()
    page.get_by_role("button", name="Begin the ninety days").click()
    expect(page.get_by_role("heading", name="Day 1 of 90")).to_be_visible()
    check(page)
    step = page.get_by_role("listitem").filter(has_text="Ask five buyers how they bought")
    step.get_by_text("Tick off").click()
    step.get_by_role("button", name="Pass over").click()
    expect(page.get_by_role("main")).to_contain_text("Write why it is passed over")
    check(page)
    page.get_by_label("Note").locator("visible=true").fill("Asked last month")
    page.get_by_role("button", name="Done").locator("visible=true").click()
    expect(page.get_by_role("main")).to_contain_text("said so: Asked last month")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).not_to_contain_text("said so")
    page.get_by_role("link", name="All companies you lead").click()
    expect(page.get_by_role("main")).to_contain_text("Demo firm")
    check(page)


def test_the_worker_reads_the_start(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("before_after"))
    page.get_by_role("button", name="Freeze the start").click()
    outcome = page.get_by_role("heading", name="Deals move consistently")
    for _ in range(40):
        if outcome.is_visible():
            break
        page.wait_for_timeout(3_000)
        page.reload()
    expect(outcome).to_be_visible()
    check(page)


def test_the_playbook_is_one_file(page_as: Open, site: Site) -> None:
    page = page_as("seller")
    page.goto(site.to("playbook"))
    with page.expect_download() as handed:
        page.get_by_role("link", name="Download").click()
    text = handed.value.path().read_text()
    assert "How Demo firm sells" in text
    assert "<script" not in text


@themes_and_widths
def test_pages_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    for name in ("health", "before_after", "install", "playbook", "installs"):
        page.goto(site.to(name))
        check(page)
    page.goto(site.to("health_behind", behind="deals"))
    check(page)
