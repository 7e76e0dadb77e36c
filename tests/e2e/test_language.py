"""Pages in German, as a browser that asks for it gets them: what templates, sentences and scripts say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
PAGES = (
    "home",
    "board",
    "my_deals",
    "forecast",
    "team",
    "findings",
    "reviews",
    "rhythm",
    "processes",
    "imports",
    "data",
)
ENGLISH = re.compile(r"\b(?:the|and|with|which|their|deals are|no answer|not yet|open deals|what the)\b", re.IGNORECASE)


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_pages_hold_up_in_longer_words(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", locale="de-DE", theme=theme, width=width)
    for name in PAGES:
        page.goto(site.to(name))
        assert page.locator("html").get_attribute("lang") == "de"
        heading = page.locator("h1:visible").inner_text()
        assert not ENGLISH.search(heading), heading
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than its window"
        check(page)


def test_scripts_speak_german(page_as: Open, site: Site) -> None:
    page = page_as("leader", locale="de-DE")
    page.goto(site.to("rhythm_new"))
    page.locator("[name=every]").first.wait_for()
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_contain_text("Überall")
    expect(keys).to_contain_text("Zeile öffnen")
    page.keyboard.press("Escape")
    page.locator("[name=first_on]").fill("2026-12-01")
    expect(page.locator("[data-said]").first).to_contain_text(re.compile(r"erstmals am 1\. Dezember 2026"))
