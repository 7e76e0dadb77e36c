"""My deals and the ten-minute pass as a seller uses them: by keyboard, with a thumb, in the light and in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]


@themes_and_widths
def test_a_seller_copies_a_question_and_goes_to_record_the_answer(
    page_as: Open, site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("seller", width=width, theme=theme)
    page.goto(site.to("my_deals") + "?owner=all")
    check(page)
    rows = page.locator(".mine-rows > .row")
    assert rows.count() > 1
    for row in rows.all():
        assert row.locator(".mine-question").inner_text().strip().endswith("?")
    first = rows.first
    first.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(first.locator(".mine-question").inner_text()[-30:])
    mail = first.get_by_role("link", name="Write mail").get_attribute("href") or ""
    assert re.match(r"mailto:[^?]*\?subject=.+&body=.+", mail)
    first.get_by_role("link", name="Record", exact=True).click()
    page.wait_for_url(re.compile(r"/(record/[^/]+|happened)/$"))


def test_keys_walk_the_rows_and_act_on_the_one_walked_to(page_as: Open, site: Site) -> None:
    page = page_as("seller")
    page.goto(site.to("my_deals") + "?owner=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".mine-rows > .row").nth(1)
    expect(second).to_have_attribute("data-at", "")
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_contain_text("Copied")
    wanted = second.locator("[data-copy-text]").get_attribute("data-copy-text")
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    page.keyboard.press("Enter")
    page.wait_for_url("**/deals/*/")


@themes_and_widths
def test_everybodys_deals_by_pages(
    page_as: Open, site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("my_deals"))
    page.get_by_role("link", name="Next 12").click()
    page.wait_for_url("**page=2*")
    assert page.locator(".mine-first").count() == 0
    check(page)


@pytest.mark.both_databases
@pytest.mark.parametrize(("theme", "width"), [("light", 360), ("dark", 1280)])
def test_ten_minutes_give_the_first_true_gap(
    page_as: Open, site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    mine = site.fresh()
    page = page_as("operations", width=width, theme=theme, site=mine)
    for name in ("Crane hire for Acme", "Lifts for Beta"):
        page.goto(mine.to("my_deals") + "?owner=all")
        page.get_by_label("New deal").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_url("**/deals/*/")
    page.goto(mine.to("my_deals"))
    expect(page.locator(".mine-rows > .row")).to_have_count(2)
    page.goto(mine.to("ten_minutes"))
    check(page)
    page.keyboard.press("2")
    page.get_by_placeholder("Their name").fill("Jan Novak")
    page.keyboard.press("Enter")  # without a when nothing is saved, and nothing is lost
    expect(page.get_by_text("Say when: press one of these, or pick a day.")).to_be_visible()
    expect(page.get_by_placeholder("Their name")).to_have_value("Jan Novak")
    check(page)
    page.get_by_role("button", name="Past 7 days").click()
    expect(page.locator("h1")).to_contain_text("Lifts for Beta")
    expect(page.get_by_role("img", name="1 of 2 answered")).to_be_visible()
    page.keyboard.press("6")
    expect(page.get_by_role("heading", name="Deal by deal")).to_be_visible()
    expect(page.locator(".ten-rows .row")).to_have_count(2)
    check(page)
    page.get_by_role("link", name="To my deals").click()
    page.wait_for_url("**/mine/")
    recorded = "SELECT count(*) FROM store_event WHERE kind = ? AND name = ? AND by_id IS NOT NULL"
    assert mine.rows(recorded, "buyer_acted", "attended a meeting") == [(1,)]
    expect(page.locator(".mine-rows")).to_contain_text("Jan Novak")
    check(page)
