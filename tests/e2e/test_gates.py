"""Gates in a browser: looked at, set, refused a rung in words, ended; in both themes and widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


@themes_and_widths
def test_the_ladders_and_one_gate(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", theme=theme, width=width)
    page.goto(site.to("gates"))
    expect(page.locator(".gate-ladder").nth(1)).to_be_visible()
    check(page)
    page.locator(".gate-stage h3 a").first.click()
    expect(page.locator(".gate-steps .here")).to_contain_text("Stands here")
    check(page)


def test_a_gate_is_set_and_a_rung_that_is_not_earned_is_refused_in_words(
    page_as: Open, site: Site, check: Check
) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("gates"))
    page.get_by_role("button", name="Set a gate").first.click()
    expect(page.get_by_role("status")).to_contain_text("It observes")
    expect(page.locator("#refused")).to_be_visible()
    check(page)
    page.get_by_role("button", name="End the gate").click()
    expect(page.get_by_role("status")).to_contain_text("No gate stands")
