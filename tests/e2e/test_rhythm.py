"""Rhythms in a browser: set from a starter in a few presses, read as a strip and a table, a calendar address made."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_a_rhythm_is_set_from_a_starter_changed_and_ended(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, theme="dark", site=mine)
    page.goto(mine.to("rhythm"))
    page.get_by_role("link", name="Set up: Pipeline review").click()
    expect(page.locator("[data-said]")).to_contain_text("Every Tuesday at 10:00, first on")
    page.get_by_text("Every two weeks").click()
    expect(page.locator("[data-said]")).to_contain_text("Every second Tuesday at 10:00")
    check(page)
    page.get_by_role("textbox", name="Where").fill("Room 4")
    page.get_by_role("button", name="Set the rhythm").click()
    expect(page.get_by_role("status")).to_contain_text("Pipeline review is set: every second Tuesday at 10:00.")
    expect(page.get_by_role("heading", level=1, name="Pipeline review")).to_be_visible()
    check(page)
    page.get_by_role("link", name=re.compile("^Move that of")).click()
    page.get_by_label("Time").fill("16:15")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("main")).to_contain_text("16:15")
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Minutes").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("A review takes at least 5 minutes.")
    check(page)
    page.get_by_label("Minutes").fill("45")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("45 minutes")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("status")).to_contain_text("is no longer held")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("is held as before")


def test_a_calendar_address_is_shown_once_and_works_without_a_login(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(mine.to("rhythm_calendar"))
    page.get_by_role("button", name="Make my address").click()
    address = page.get_by_label("Copy it now: it is shown this once").input_value()
    check(page)
    stranger = page_as("", site=mine)
    answer = stranger.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "SUMMARY:Coaching" in answer.text()
    page.goto(mine.to("rhythm_calendar"))
    assert address not in page.content()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_role("status")).to_contain_text("no longer works")
    assert stranger.request.get(address).status == 404


@themes_and_widths
def test_pages_of_the_rhythm_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    for name in ("rhythm", "rhythm_holidays", "rhythm_now", "rhythm_calendar"):
        page.goto(site.to(name))
        check(page)
    page.goto(site.to("rhythm"))
    page.get_by_role("link", name="Coaching", exact=True).click()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("cell", name="Nothing decided").first).to_be_visible()
    check(page)
