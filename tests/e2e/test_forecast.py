"""The forecast in a browser: a call before the number, the number, its deals, why it moved, how good it has been."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
PAGES = ("forecast", "forecast_deals", "forecast_why", "forecast_past")


def to_tab(page: Page, name: str) -> None:
    page.get_by_label("Pages of the forecast").get_by_role("link", name=name).click()


def test_a_leader_calls_sees_the_number_and_follows_it_to_a_deal(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("home"))
    page.keyboard.press("g")
    page.keyboard.press("f")
    main = page.get_by_role("main")
    expect(main).to_contain_text("What do you expect for")
    expect(main).not_to_contain_text("8 times in 10")
    check(page)
    page.get_by_label("Commit").fill("1.2 million")
    page.get_by_label("Best case").fill("2m")
    page.get_by_role("button", name="Save and see the forecast").click()
    expect(main).to_contain_text("Write this in figures")
    expect(page.get_by_label("Best case")).to_have_value("2m")
    check(page)
    page.get_by_label("Commit").fill("€1.2m")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is kept: €1.2 M, best case €2 M.")
    expect(main).to_contain_text("8 times in 10")
    expect(main).to_contain_text("€1.2 M – €2 M")
    check(page)
    to_tab(page, "Why it moved")
    cause = main.locator(".moved-cause").first
    cause.locator("summary").first.click()
    expect(cause.locator(".moved-pieces li").first).to_be_visible()
    check(page)
    to_tab(page, "Deals")
    first = main.locator(".fc-title a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.goto(mine.to("forecast_past"))
    expect(main).to_contain_text("scored here when the period is over")
    check(page)


def test_a_call_is_taken_back_with_one_press(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    page = page_as("operations", site=mine)
    page.goto(mine.to("forecast"))
    page.get_by_label("Commit").fill("300k")
    page.get_by_role("button", name="Save and see the forecast").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Your call is taken back.")
    expect(page.get_by_role("main")).to_contain_text("What do you expect for")


def test_a_seller_calls_with_a_thumb_and_sees_own_deals_first(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, theme="dark", site=mine)
    page.goto(mine.to("forecast"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Your own deals")
    page.get_by_label("Commit").fill("90k")
    page.get_by_role("button", name="Save and see the forecast").click()
    expect(main.get_by_label("Which deals")).to_contain_text("Your own deals")
    check(page)
    page.get_by_role("link", name="The number of all deals").click()
    expect(main).to_contain_text("8 times in 10")
    check(page)
    to_tab(page, "Deals")
    page.get_by_label("Owner").select_option(index=1)
    expect(page).to_have_url(re.compile(r"\?owner=[^&]+$"))
    check(page)


@themes_and_widths
def test_pages_of_the_forecast_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("forecast"))
    if page.get_by_role("button", name="Show without a call").is_visible():  # one session for all widths
        check(page)
        page.get_by_role("button", name="Show without a call").click()
    for name in PAGES:
        page.goto(site.to(name))
        expect(page.get_by_role("heading", level=1)).to_have_text("Forecast")
        for summary in page.locator("main details > summary").all():
            summary.click()
        check(page)
    page.goto(site.to("forecast_deals") + "?stalled=1")
    check(page)
