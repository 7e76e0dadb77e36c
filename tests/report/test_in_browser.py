"""The report in a real browser: offline, clean, readable on a phone, accessible, printable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.report.samples import SAMPLES, html


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reports")
    for name in SAMPLES:
        (made / f"{name}.html").write_text(html(name), encoding="utf-8")
    return made


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Any]:
    """Opens a sample; at the end nothing may have been asked for, refused or complained about."""
    contexts, complaints = [], []

    def open_sample(name: str, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request", lambda request: request.url.startswith("file:") or complaints.append(f"asked for {request.url}")
        )
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield open_sample
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_never_scrolls_sideways(opened: Any, name: str, width: int) -> None:
    page = opened(name, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("name", "width"), [("usual", 1280), ("usual", 360), ("unobserved", 1280), ("empty", 1280), ("huge", 1280)]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Any, name: str, scheme: str, width: int) -> None:
    of_colour = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    options = of_colour if scheme == "dark" else None  # in the dark only colours differ
    results = Axe().run(opened(name, width, scheme), options=options)
    broken = {
        violation["id"]: [node["html"][:160] for node in violation["nodes"][:3]]
        for violation in results.response["violations"]
    }
    assert broken == {}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_chart_has_a_table_twin(opened: Any, name: str) -> None:
    page = opened(name)
    without = page.evaluate(
        """[...document.querySelectorAll('svg[role=img]')]
           .filter(svg => !svg.closest('figure')?.querySelector('details table tbody tr'))
           .map(svg => svg.outerHTML.slice(0, 120))"""
    )
    unnamed = page.evaluate("document.querySelectorAll('svg.chart:not([role=img]):not([aria-hidden=true])').length")
    beside = page.evaluate(
        """[...document.querySelectorAll('svg[aria-hidden=true]')]
           .filter(svg => !/[0-9]/.test(svg.closest('tr, li, summary, .outcomes')?.textContent ?? '')).length"""
    )
    assert (without, unnamed, beside) == ([], 0, 0)


def test_the_charts_are_there(opened: Any) -> None:
    page = opened("usual")
    for kind in ("curves", "weeks", "flow", "time-line"):
        assert page.locator(f"svg.{kind}:visible").count() >= 1, kind


def test_words_in_charts_keep_their_size_on_a_phone(opened: Any) -> None:
    page = opened("usual", 360)
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('svg text')].filter(t => t.getClientRects().length)
           .map(t => parseFloat(getComputedStyle(t).fontSize) * Math.hypot(t.getScreenCTM().a, t.getScreenCTM().b)))"""
    )
    assert smallest >= 10.5


def test_a_named_deal_leads_to_its_events_without_a_script(opened: Any) -> None:
    page = opened("usual")
    link = page.locator("#short a[href^='#deal-']").first
    target = page.locator(link.get_attribute("href"))
    link.click()
    page.wait_for_function("box => box.getBoundingClientRect().top < innerHeight / 2", arg=target.element_handle())
    target.locator("summary").click()
    assert target.locator("tbody tr").count() > 3 and target.locator("tbody").is_visible()


@pytest.mark.parametrize("name", ["usual", "unobserved"])
def test_it_prints_on_a4_with_findings_spread_out_and_long_lists_left_out(opened: Any, name: str) -> None:
    page = opened(name)
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF") and 1 < printed.count(b"/Type /Page\n") <= 30
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    assert page.locator(".rule:not([open]) .rule-body").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_follows_the_reader(opened: Any, scheme: str) -> None:
    red = opened("usual", 1280, scheme).evaluate(
        "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    )
    assert (red > 200) == (scheme == "light")
