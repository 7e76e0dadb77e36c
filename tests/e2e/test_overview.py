"""First page and rewind in a browser: drag a date, see the two lines part, and how those deals ended."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]


@themes_and_widths
def test_the_first_page_leads_to_the_verdicts_and_to_a_deal(
    page_as: Open, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto("/")
    expect(page.locator(".sentences li")).to_have_count(5)
    check(page)
    page.locator(".verdict-short a").click()
    page.wait_for_url("**/diagnosis/#verdicts")
    expect(page.locator("svg.verdict-map:visible")).to_have_count(1)
    verdict = page.locator(".verdict").first
    verdict.locator("summary").click()
    expect(verdict.get_by_text("What a dashboard shows")).to_be_visible()
    expect(verdict.locator(".verdict-truth")).to_contain_text("In truth")
    check(page)
    page.go_back()
    page.locator(".sentences a").first.click()
    page.wait_for_url("**/deals/*/")


@themes_and_widths
def test_dragging_the_reel_moves_everything_to_that_day(
    page_as: Open, site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(f"/w/{site.workspace}/rewind/")
    head, reel = page.locator("[data-rewind-head]"), page.locator("[data-rewind-reel]")
    before = head.inner_text()
    box = reel.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(head).not_to_have_text(before)
    page.wait_for_url("**on=*")
    shown = head.inner_text()
    check(page)
    page.reload()  # the address holds the day: a link in a chat shows the same
    assert head.inner_text() == shown
    reel.focus()
    page.keyboard.press("ArrowLeft")
    expect(head).not_to_have_text(shown)


def test_without_scripts_each_quarter_is_a_link(page_as: Open, site: Site) -> None:
    page = page_as("seller")
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"/w/{site.workspace}/rewind/")
    head = page.locator("[data-rewind-head]").inner_text()
    page.locator("[data-rewind-to]").first.click()
    page.wait_for_url("**on=*")
    assert page.locator("[data-rewind-head]").inner_text() != head
