"""The portfolio in a browser: who leads two companies sees both, and goes into one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_who_leads_two_companies_sees_both_and_goes_into_one(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("make_workspace"))
    page.get_by_label("Company or team").fill("Second company")
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto(mine.url + "/portfolio/")
    expect(page.locator(".company")).to_have_count(2)
    expect(page.get_by_role("main")).to_contain_text("2 companies you lead")
    check(page)
    narrow = page_as("leader", site=mine, theme="dark", width=360)
    narrow.goto(mine.url + "/portfolio/")
    expect(narrow.locator(".company")).to_have_count(2)
    check(narrow)
    narrow.get_by_role("link", name="Demo firm", exact=True).click()
    expect(narrow).to_have_url(mine.to("home"))
