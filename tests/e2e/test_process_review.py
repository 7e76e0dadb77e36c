"""A process review in a browser: opened, decided by keyboard, followed by a second person, undone, closed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def room(site: Site) -> str:
    """The address of the firm's process review."""
    (key,) = site.rows("SELECT key FROM store_review WHERE kind = 'process' ORDER BY id LIMIT 1")[0]
    return site.to("process_review", key=key)


def test_two_people_hold_one_by_keyboard(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    leader, other = page_as("leader", site=mine), page_as("operations", width=360, theme="dark", site=mine)
    leader.goto(room(mine))
    leader.keyboard.press("o")
    expect(leader.get_by_role("timer")).to_contain_text("of 30 min")
    other.goto(room(mine))
    first = leader.get_by_role("article").get_by_role("heading", level=2).inner_text()
    expect(other.get_by_role("article").get_by_role("heading", level=2)).to_have_text(first)
    check(leader)
    check(other)

    leader.keyboard.press("x")
    leader.keyboard.press("r")
    leader.keyboard.type("We keep it and look again in a month")
    leader.keyboard.press("Control+Enter")
    expect(leader.get_by_role("status")).to_contain_text("It stays as it is.")
    expect(other.get_by_role("article")).to_contain_text("We keep it and look again in a month")
    check(leader)

    leader.keyboard.press("n")
    expect(leader.get_by_role("article").get_by_role("heading", level=2)).not_to_have_text(first)
    second = leader.get_by_role("article").get_by_role("heading", level=2).inner_text()
    expect(other.get_by_role("article").get_by_role("heading", level=2)).to_have_text(second)

    other.get_by_label("Why").fill("I am still writing this")
    leader.keyboard.press("x")
    leader.get_by_label("Why").fill("So do we here")
    leader.get_by_role("button", name="Decide").click()
    expect(other.get_by_text("Somebody changed something")).to_be_visible()
    expect(other.get_by_label("Why")).to_have_value("I am still writing this")
    leader.get_by_role("button", name="Undo").click()
    expect(leader.get_by_role("status")).to_contain_text("Taken back")

    leader.get_by_role("button", name="Close the review").click()
    expect(leader.get_by_role("status")).to_contain_text("Closed.")
    leader.goto(room(mine))
    expect(leader.get_by_role("main")).to_contain_text("Held")
    check(leader)


def test_a_change_of_a_step_stands_in_the_draft(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, site=mine)
    page.goto(room(mine))
    page.get_by_role("button", name="Open the review").click()
    step = (
        page.get_by_role("navigation", name="Topics")
        .get_by_role("button")
        .filter(has_text="Ask who released money for it")
    )
    step.click()
    page.get_by_label("Change the process").check()
    page.get_by_label("Ask for it in other words").check()
    page.get_by_label("The other words").first.fill("Ask them what is wrong with it")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("main")).to_contain_text("Write why in a few words")
    expect(page.get_by_label("The other words").first).to_have_value("Ask them what is wrong with it")
    check(page)
    page.get_by_label("Why").fill("It sounds like homework")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text("The change stands in the draft.")
    page.get_by_role("link", name="To the draft").click()
    expect(page.get_by_text("Ask them what is wrong with it").first).to_be_attached()


@themes_and_widths
def test_pages_of_process_reviews_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("seller", width=width, theme=theme)
    page.goto(room(site))
    expect(page.get_by_role("heading", level=3, name="What is known")).to_be_visible()
    check(page)
    page.goto(site.to("my_deal_calls"))
    check(page)
