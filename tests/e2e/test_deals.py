"""Deals in a real browser: evidence in three presses on a phone, edits in place, colleagues, a past day, the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

COUNT_PRESSES = (
    "window.presses = 0; addEventListener('click', event => { if (event.isTrusted) window.presses += 1; }, true)"
)
OPEN_DEAL = (
    "SELECT key FROM store_deal WHERE outcome = '' AND CAST(proofs AS text) LIKE '%open%'"
    " ORDER BY coalesce(gap, -99) DESC, amount DESC, id LIMIT 1"
)


def deal_page(site: Site, **query: str) -> str:
    """The address of an open deal whose claim is ahead of its buyer."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return site.to("deal", key=site.rows(OPEN_DEAL)[0][0]) + (f"?{asked}" if asked else "")


@themes_and_widths
def test_list_page_sheet_and_past_day_pass_axe(
    page_as: Callable[..., Page], site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("deals"))
    expect(page.get_by_role("heading", name="Deals")).to_be_visible()
    check(page)
    page.goto(deal_page(site))
    expect(page.get_by_role("heading", name="What the buyer has shown")).to_be_visible()
    check(page)
    page.locator("a.m-title.state-open").first.click()
    expect(page.locator("#sheet")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    page.goto(deal_page(site, on="2020-01-01"))
    check(page)


def test_three_presses_on_a_phone_record_what_the_buyer_did(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, site=mine)
    page.goto(deal_page(mine))
    page.evaluate(COUNT_PRESSES)
    milestone = page.locator("li.milestone:has(a.m-title.state-open)").first
    name = milestone.get_attribute("id")
    milestone.locator("a.m-title").tap()
    page.locator("#sheet .act").first.tap()
    presses = page.evaluate("window.presses")
    # The day is in sight without scrolling, and pressing it saves.
    today = page.get_by_role("button", name="Today")
    expect(today).to_be_in_viewport()
    with page.expect_navigation():
        today.tap()
    assert presses + 1 == 3
    expect(page.locator(f"#{name} .m-title.state-weak")).to_be_visible()
    expect(page.locator(f"#{name}")).to_contain_text("Add their words")


def test_their_words_make_it_count_and_one_press_undoes(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(deal_page(mine))
    milestone = page.locator("li.milestone:has(a.m-title.state-open)").first
    name = milestone.get_attribute("id")
    milestone.locator("a.m-title").click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("shows as weak")
    sheet.locator(".act").first.click()
    expect(sheet.get_by_label("Their words")).to_be_focused()
    page.keyboard.type("We lose a day a week to this.")
    expect(sheet.locator("[data-source=quote]")).to_be_visible()
    with page.expect_navigation():
        sheet.get_by_role("button", name="Yesterday").click()
    expect(page.locator(f"#{name} .m-title.state-proven")).to_have_count(1)
    expect(page.get_by_text("We lose a day a week to this.").first).to_be_attached()
    with page.expect_navigation():
        page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(f"#{name} .m-title.state-open")).to_be_visible()


def test_bad_input_stays_in_the_sheet_with_what_was_typed(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    page.goto(deal_page(site))
    page.locator("a.m-title.state-open").first.click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Their words").fill("Kept, whatever happens.")
    sheet.get_by_text("Add a link or a file").click()
    sheet.get_by_label("Link").fill("https://")
    sheet.locator("form").evaluate("form => { form.noValidate = true; form.elements.link.value = 'ftp://x'; }")
    sheet.get_by_role("button", name="Today").click()
    expect(sheet.get_by_text("A link begins with https://")).to_be_visible()
    expect(sheet.get_by_label("Their words")).to_have_value("Kept, whatever happens.")


def test_an_amount_is_edited_in_place_by_keyboard(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(deal_page(mine))
    page.locator(".deal-facts .inline-edit summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Amount", exact=True)).to_be_focused()
    page.keyboard.type("123k")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".deal-facts")).to_contain_text("€123 k")


def test_of_two_who_edit_the_second_sees_both(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    first, second = page_as("seller", site=mine), page_as("leader", site=mine)
    for page in (first, second):
        page.goto(deal_page(mine))
    second.locator(".deal-facts .inline-edit summary").first.click()
    second.get_by_label("Amount", exact=True).fill("222000")
    first.locator(".deal-facts .inline-edit summary").first.click()
    first.get_by_label("Amount", exact=True).fill("111000")
    with first.expect_navigation():
        first.keyboard.press("Enter")
    with second.expect_navigation():
        second.get_by_label("Amount", exact=True).press("Enter")
    expect(second.get_by_text("Two of you changed the amount")).to_be_visible()
    expect(second.locator(".both")).to_contain_text("111000")
    expect(second.locator(".both")).to_contain_text("222000")
    with second.expect_navigation():
        second.get_by_role("button", name="Save yours").click()
    expect(second.locator(".deal-facts")).to_contain_text("€222 k")


def test_what_a_colleague_records_appears_by_itself(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    watching, working = page_as("leader", site=mine), page_as("seller", site=mine)
    watching.goto(deal_page(mine))
    working.goto(deal_page(mine))
    working.get_by_role("link", name="Put down what they agreed").or_(
        working.get_by_role("link", name="Change", exact=True)
    ).first.click()
    sheet = working.locator("#sheet")
    sheet.get_by_label("They will").fill("send the signed copy")
    sheet.get_by_label("By").fill("2099-12-31")
    with working.expect_navigation():
        sheet.get_by_role("button", name="Save").click()
    expect(watching.locator("#next-act")).to_contain_text("send the signed copy", timeout=5_000)


def test_a_deal_is_added_with_one_field_and_closed(page_as: Callable[..., Page], site: Site) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, site=mine)
    page.goto(mine.to("deals"))
    page.get_by_label("Name of a new deal").fill("Crane hire for the harbour")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Crane hire for the harbour")).to_be_visible()
    page.get_by_role("link", name="Close deal").click()
    page.locator("#sheet input[value=no_decision]").check()
    with page.expect_navigation():
        page.locator("#sheet").get_by_role("button", name="Close the deal").click()
    expect(page.locator(".deal-facts")).to_contain_text("No decision")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()


def test_a_past_day_is_picked_and_nothing_can_be_changed(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    page.goto(deal_page(site))
    page.get_by_label("As it looked on").fill("2020-01-02")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("As it looked on 2 Jan 2020")).to_be_visible()
    expect(page.locator("a[data-sheet], .inline-edit")).to_have_count(0)
    page.get_by_role("link", name="Back to today").click()
    expect(page.locator("a[data-sheet]").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_filter_takes_effect_when_chosen(page_as: Callable[..., Page], site: Site, width: int) -> None:
    page = page_as("leader", width=width)
    page.goto(site.to("deals"))
    with page.expect_navigation():
        page.get_by_label("Gap").select_option("ahead")
    assert "gap=ahead" in page.url
    assert "owner=" not in page.url
    expect(page.locator(".d-evidenced b.ahead").first).to_be_visible()
