"""The team's pages in a browser: a figure opens its deals, a look is told to whom it was about; themes and widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


@themes_and_widths
def test_figures_of_the_team_read_well_and_open_their_deals(
    page_as: Open, site: Site, check: Check, width: int, theme: str
) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("team"))
    check(page)
    main = page.get_by_role("main")
    cell = page.locator(".matrix .cell a").first
    n = int(cell.locator("b").inner_text())
    cell.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Claimed")
    expect(page.locator(".team-deals > .row")).to_have_count(n)
    check(page)
    page.get_by_role("navigation", name="Way back").get_by_role("link", name="Team").click()
    page.get_by_role("link", name="Process in use").click()
    expect(main).to_contain_text("Consistency between owners")
    page.locator("summary", has_text="In figures").first.click()
    check(page)


def test_a_person_sees_who_looked(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, theme="dark", site=mine)
    page.goto(mine.to("my_deals"))
    page.get_by_role("navigation", name="My work").get_by_role("link", name="About me").click()
    expect(page.get_by_role("main")).to_contain_text("Nobody yet")
    check(page)
    address = page.url
    leader = page_as("leader", site=mine)
    leader.goto(address)
    expect(leader.get_by_role("main")).to_contain_text("sees this very page, and that you looked")
    check(leader)
    figures = leader.locator("[data-figure]").all_inner_texts()
    page.reload()
    expect(page.locator(".team-looks")).to_contain_text("looked on")
    assert page.locator("[data-figure]").all_inner_texts() == figures
