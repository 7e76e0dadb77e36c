"""A trial in a browser: begun in other words, read, ended with a reason, taken up again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
STEP = "Ask who released money for something like this the last time"


def test_a_trial_is_begun_and_ended(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, theme="dark", site=mine)
    page.goto(mine.to("trials"))
    check(page)
    page.get_by_role("link", name=f"Try {STEP}").click()
    expect(page.get_by_label("The other words")).to_be_hidden()
    page.get_by_label("Ask for it in other words").check()
    page.get_by_role("button", name="Begin the trial").click()
    expect(page.get_by_role("main")).to_contain_text("Write the words that the other half is asked in.")
    check(page)
    page.get_by_label("The other words").fill("Ask how the last purchase of this size was paid for")
    page.get_by_role("button", name="Begin the trial").click()
    expect(page.get_by_role("status")).to_contain_text("From now on it is asked in other words")
    check(page)
    page.get_by_label("Why it ends").fill("Enough is known")
    page.get_by_role("button", name="End the trial").click()
    expect(page.get_by_role("main")).to_contain_text("Why it ended: Enough is known")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The trial goes on.")


@themes_and_widths
def test_pages_of_trials_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    for name in ("trials", "margin"):
        page.goto(site.to(name))
        check(page)
    page.goto(site.to("trials"))
    page.get_by_role("link", name="Send their problem back in their own words").click()
    expect(page.get_by_role("heading", level=2, name="End the trial")).to_be_visible()
    check(page)
