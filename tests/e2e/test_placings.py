"""Placings in a browser: asked for, placed by keys alone, opened; in both themes and widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_ten_deals_are_placed_by_keys_alone(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("placings"))
    check(page)
    page.get_by_role("main").get_by_role("link", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do these 10 deals stand?")
    check(page)
    page.keyboard.press("b")
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Deal {number} of 10")
        page.keyboard.press("u" if number == 4 else str(1 + number % 3))
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("All 10 are placed")
    expect(page.get_by_role("main")).to_contain_text("Cannot tell")
    page.get_by_role("button", name="I am done").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are done")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="I am done")).to_be_visible()
    check(page)


def test_nothing_chosen_is_said_and_one_can_go_back(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, theme="dark", site=mine)
    page.goto(mine.to("placings"))
    page.get_by_role("main").get_by_role("link", name="Begin").click()
    page.get_by_role("main").get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Place it").click()
    expect(page.get_by_role("alert").filter(has_text="Choose a stage")).to_be_visible()
    check(page)
    page.get_by_label("Before the first stage").check()
    page.get_by_role("button", name="Place it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deal 2 of 10")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("Before the first stage")).to_be_checked()


@themes_and_widths
def test_pages_of_placings_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    (closed,) = site.rows("SELECT key FROM store_placing WHERE closed_at IS NOT NULL")[0]
    (key, item) = site.rows(
        "SELECT p.key, d.key FROM store_placing p JOIN store_placingdeal d ON d.placing_id = p.id"
        " WHERE p.closed_at IS NULL ORDER BY d.number LIMIT 1"
    )[0]
    for name, keys in (
        ("placings", {}), ("placing_new", {}), ("placing", {"key": key}), ("placing_deal", {"key": key, "item": item}),
        ("placing", {"key": closed}),
    ):  # fmt: skip
        page.goto(site.to(name, **keys))
        check(page)
    expect(page.get_by_role("main")).to_contain_text("deals put into the same stage")
    page.get_by_text("The same as a table").click()
    for one in page.locator(".placing-differed summary").all():
        one.click()
    check(page)
