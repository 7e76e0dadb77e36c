"""The correction loop in a browser: from a finding that waits, through what was agreed, to the day to look again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_a_finding_is_coached_and_waits_for_the_day_to_look_again(
    page_as: Open, site: Site, check: Check, theme: str, width: int
) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine, theme=theme, width=width)
    page.goto(mine.to("findings"))
    check(page)
    page.locator(".finding-row .row-title").first.click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("How does it end?")).to_be_attached()
    sheet.locator("#way-coached").check()
    sheet.get_by_label("What did you agree?").fill("Ask in the first call who releases the money")
    sheet.locator("[data-look]").first.click()
    check(page)
    sheet.get_by_role("button", name="End it").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(mine.to("findings_looks"))
    row = page.get_by_role("listitem").filter(has_text="Ask in the first call who releases the money")
    expect(row).to_be_visible()
    expect(page.get_by_role("heading", name="Looked at again")).to_be_visible()
    check(page)
