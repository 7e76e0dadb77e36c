"""Promises and my week in a browser: made, ended, undone, looked back on; in both themes and widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_a_promise_is_made_on_a_deal_let_go_and_owed_again(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, theme="dark", site=mine)
    page.goto(mine.to("promises"))
    check(page)
    page.get_by_role("main").get_by_role("link", name="Make a promise").click()
    page.get_by_label("What will be done?").fill("Follow up with Petra")
    page.get_by_label("About which deal").select_option(index=1)
    expect(page.get_by_label("The buyer’s act")).to_be_visible()
    page.get_by_role("button", name="Next Friday").click()
    page.get_by_role("button", name="Promise it").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("has no end")
    expect(main).to_contain_text("Name the person at the buyer")
    expect(page.get_by_label("What will be done?")).to_have_value("Follow up with Petra")
    check(page)
    page.get_by_label("What will be done?").fill("Send Petra the risk sheet")
    page.get_by_label("Who at the buyer").fill("Petra Purchase")
    page.get_by_label("does what").fill("signs the plan")
    page.get_by_role("button", name="Promise it").click()
    expect(page.get_by_role("status")).to_contain_text("Promised.")
    row = page.locator(".promise").filter(has_text="Send Petra the risk sheet")
    row.locator("summary").click()
    check(page)
    row.get_by_role("link", name="Let go, with a reason").click()
    page.get_by_label("Why is it no longer needed?").fill("They chose another way")
    page.get_by_role("button", name="Let it go").click()
    expect(page.get_by_role("status")).to_contain_text("Let go.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("It is owed again.")


def test_a_week_is_looked_back_on(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(mine.to("my_deals"))
    expect(page.get_by_label("Promises due")).to_contain_text("overdue")
    check(page)
    page.get_by_role("navigation", name="My work").get_by_role("link", name="My week").click()
    check(page)
    page.get_by_label("What moved at a buyer?").fill("Petra named who signs")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("main")).to_contain_text("1 week in a row")
    expect(page.get_by_role("main")).to_contain_text("Petra named who signs")
    check(page)


@themes_and_widths
def test_pages_of_promises_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    for name in ("promises", "make_promise", "my_week"):
        page.goto(site.to(name))
        check(page)
    page = page_as("seller", width=width, theme=theme)
    page.goto(site.to("promises"))
    expect(page.get_by_role("main")).to_contain_text("6 of 7 kept in time")
    page.get_by_text("Ended: the last").first.click()
    check(page)
