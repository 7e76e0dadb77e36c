"""The frame in a real browser: the palette, the keys, toasts with undo, appearance without a flash, the phone's bar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

GALLERY = (Path(__file__).parent / "gallery.html").read_text()
WATCHED = """
url => {
  const part = document.createElement("div");
  Object.assign(part.dataset, { poll: url, after: "0" });
  part.id = "live";
  part.addEventListener("headway:changed", event => { window.news = [...(window.news ?? []), event.detail.last]; });
  document.querySelector("main").append(part);
}
"""


def open_gallery(page: Page, site: Site) -> None:
    """A page of the product whose content is every component: a page for us, not one of the product."""

    def put_in(route) -> None:  # type: ignore[no-untyped-def]
        answer = route.fetch()
        before, after = answer.text().split('<main id="main"', 1)
        opening, rest = after.split(">", 1)
        page_end = rest.split("</main>", 1)[1]
        route.fulfill(response=answer, body=f'{before}<main id="main"{opening}>{GALLERY}</main>{page_end}')

    page.route("**/search/?gallery", put_in)
    page.goto(site.to("search") + "?gallery")
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()


@themes_and_widths
def test_every_component_passes_axe_in_both_themes_and_widths(
    page_as: Callable[..., Page], site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    open_gallery(page, site)
    check(page)
    page.keyboard.press("f")
    expect(page.locator("#asked")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette-item").first).to_be_visible()
    check(page)
    page.keyboard.press("Escape")
    if width < 600:
        page.locator(".bar").get_by_role("button", name="More").click()
    page.locator(".side > details.menu.up > summary").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    check(page)


def test_the_page_fits_320_px_and_print(page_as: Callable[..., Page], site: Site, check: Callable[..., None]) -> None:
    page = page_as("leader", width=320)
    open_gallery(page, site)
    check(page)
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()


def test_a_deal_is_opened_from_the_palette_by_keyboard_alone(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("seller")
    page.goto(site.to("search") + "?q=a")
    wanted = page.locator(".row-title").first.inner_text()
    address = page.locator(".row-title").first.get_attribute("href")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search deals, pages and actions")
    expect(field).to_be_focused()
    page.keyboard.type(wanted.lower())
    hit = page.get_by_role("group", name="Deals").get_by_role("option").filter(has_text=wanted).first
    expect(hit).to_be_visible()
    for _ in range(30):
        if hit.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == hit.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_the_palette_runs_what_the_page_offers_and_shows_its_key(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    open_gallery(page, site)
    page.keyboard.press("/")
    page.keyboard.type("fil")
    command = page.get_by_role("option", name="Filter deals")
    expect(command.locator(".kbd")).to_have_text("F")
    page.keyboard.press("Enter")
    expect(page.locator("#asked")).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()


def test_the_palette_leads_to_the_whole_search(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    page.goto(site.to("search"))
    page.locator("h1").click()
    page.keyboard.press("Meta+k")
    page.keyboard.type("zzzz")
    page.get_by_role("option", name="All deals with “zzzz”").click()
    page.wait_for_url("**/search/?q=zzzz")
    expect(page.get_by_text("No deal matches “zzzz”")).to_be_visible()


def test_rows_are_walked_and_opened_by_keys(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("seller")
    open_gallery(page, site)
    for key, title in (("j", "One"), ("j", "Two"), ("j", "Three"), ("j", "Three"), ("k", "Two")):
        page.keyboard.press(key)
        expect(page.get_by_role("link", name=title, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#two")


def test_the_list_of_keys_is_made_of_what_the_page_offers(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    open_gallery(page, site)
    page.keyboard.press("?")
    keys = page.locator("#keys")
    for words in ("Filter", "First page", "Next row", "Search and commands"):
        expect(keys.get_by_text(words, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(site.to("home"))


def test_keys_do_nothing_in_a_field_and_for_people_who_turned_them_off(
    page_as: Callable[..., Page], site: Site
) -> None:
    own = site.fresh()
    page = page_as("leader", site=own)
    open_gallery(page, own)
    page.locator("#said").press_sequentially("fj?/gh")
    assert page.locator("#said").input_value() == "fj?/gh"
    expect(page.locator("#asked")).to_be_hidden()
    page.locator(".side > details.menu.up > summary").click()
    page.get_by_role("button", name="Single-key shortcuts").click()
    page.wait_for_load_state()
    open_gallery(page, own)
    for key in ("f", "?", "/", "j"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_an_open_dialog_keeps_the_keys_of_the_page_away(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    open_gallery(page, site)
    page.keyboard.press("f")
    page.keyboard.press("?")
    page.keyboard.press("j")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.get_by_role("button", name="Close").first.click()
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize(("theme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_appearance_is_switched_at_once_and_comes_back_without_a_flash(
    page_as: Callable[..., Page], site: Site, theme: str, other: str
) -> None:
    page = page_as("seller", theme=theme, site=site.fresh())
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator(".side > details.menu.up > summary").click()
    with page.expect_response("**/look/"):
        page.get_by_role("button", name=other.title(), exact=True).click()
    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert before != after
    # Without any script the page comes in the chosen appearance: there is nothing to flash.
    page.route("**/*.js", lambda route: route.abort("aborted"))
    page.reload(wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-theme", other)
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == after


def test_what_was_done_is_undone_from_the_toast(page_as: Callable[..., Page], site: Site) -> None:
    own = site.fresh()
    page = page_as("leader", site=own)
    page.goto(own.to("search"))
    count = own.rows("SELECT count(*) FROM store_deal WHERE is_live")
    page.goto(own.to("add_deal"))
    page.locator("main input[name=name]").fill("Fleet renewal of the north")
    page.keyboard.press("Enter")
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    assert own.rows("SELECT count(*) FROM store_deal WHERE is_live") != count
    page.locator("h1").first.click()
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("gone again")
    assert own.rows("SELECT count(*) FROM store_deal WHERE is_live") == count


def test_a_toast_leaves_after_ten_seconds_unless_somebody_is_on_it(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    page.clock.install()
    open_gallery(page, site)
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == "When could Marta share the budget?"
    toast = page.locator(".toast")
    expect(toast).to_have_text("Copied")
    page.clock.run_for(9_000)
    expect(toast).to_be_visible()
    toast.hover()
    page.clock.run_for(30_000)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(11_000)
    expect(toast).to_have_count(0)


def test_a_part_is_told_when_something_changed_and_not_before(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("leader")
    page.goto(site.to("search"))
    page.evaluate(WATCHED, site.to("changes"))
    expect(page.locator("#live")).not_to_have_attribute("data-after", "0")
    page.wait_for_timeout(2500)
    assert page.evaluate("window.news.length") == 1  # nothing newer: 204, no event
    assert page.locator("#live").get_attribute("data-after") == page.evaluate("window.news[0]")


def test_the_phone_has_a_bar_and_everything_else_behind_more(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("seller", width=360)
    page.goto(site.to("search"))
    bar = page.locator(".bar")
    for target in bar.locator("a, button").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["width"] >= 44
    bar.get_by_role("button", name="More").click()
    page.locator(".side").get_by_role("link", name="First page").click()
    page.wait_for_url(site.to("home"))
    expect(page.locator(".side")).to_be_hidden()


def test_the_page_works_without_scripts(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("seller")
    page.route("**/*.js", lambda route: route.abort("aborted"))
    page.goto(site.to("home"))
    page.get_by_role("link", name="Search").first.click()
    page.wait_for_url("**/search/")
    page.locator("input[name=q]").fill("a")
    page.keyboard.press("Enter")
    expect(page.locator(".row").first).to_be_visible()


def test_a_mistyped_address_leads_back(page_as: Callable[..., Page], site: Site, check: Callable[..., None]) -> None:
    page = page_as("seller")
    page.goto("/w/nowhere/")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    check(page)
