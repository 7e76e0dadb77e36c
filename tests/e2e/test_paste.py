"""Paste your own stages, as a stranger does it: typing, copying, without scripts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site


@themes_and_widths
def test_stages_are_marked_while_a_stranger_types_and_the_rewrite_is_copied(
    site: Site, page_as: Callable[..., Page], check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("", theme=theme, width=width)
    page.goto(site.to("paste"))
    check(page)
    box = page.get_by_label("Your stages, one per line")
    box.press_sequentially("Demo done\nProposal sent\nNegotiation")
    expect(page.locator(".paste-headline")).to_have_text("2 of your 3 lines describe what you do.")
    expect(page.locator(".paste-rest")).to_have_text("None says what the buyer has done.")
    expect(page.locator(".paste-line .who")).to_have_text(["You", "You", "Who?"])
    check(page)
    page.get_by_role("button", name="Copy the rewritten stages").click()
    expect(page.locator("[data-copy-words]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[1] == "The buyer has told us in writing what in the proposal they would change or accept"
    box.fill(copied[1])
    expect(page.locator(".paste-headline")).to_have_text("Your line says what the buyer has done.")


def test_it_works_without_scripts(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.to("paste"))
    page.get_by_role("button", name="Show me an example").click()
    expect(page.locator(".paste-headline")).to_have_text("5 of your 7 lines describe what you do.")
    page.get_by_label("Your stages, one per line").fill("Demo done")
    page.get_by_role("button", name="Mark my stages").click()
    expect(page.locator(".paste-headline")).to_have_text("Your line describes what you do.")
    context.close()
