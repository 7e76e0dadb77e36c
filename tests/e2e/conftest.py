"""Fixtures of the tests in a browser: `site`, `page_as`, `check`; the browser itself is shared with other tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.site import Firm, Site
from tests.e2e.watch import Watch
from tests.postgres import NAME

PATIENCE_MS = 15_000
themes_and_widths = pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("light", 360), ("dark", 1280), ("dark", 360)]
)


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """The filled database that sites are copied from."""
    made = Firm(tmp_path_factory.mktemp("e2e"), os.environ.get(NAME, ""))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def shared_site(firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The one site of all tests that read only."""
    made = firm.start(tmp_path_factory.mktemp("sites"))
    yield made
    made.remove()


@pytest.fixture
def site(shared_site: Site, firm: Firm, tmp_path: Path) -> Iterator[Site]:
    """A running Headway with the firm loaded, shared by all tests. Who writes takes `site.fresh()`."""
    started: list[Site] = []

    def fresh() -> Site:
        started.append(firm.start(tmp_path))
        return started[-1]

    shared_site.fresh = fresh
    yield shared_site
    for one in started:
        one.remove()


@pytest.fixture
def page_as(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`page_as("leader", width=360, theme="dark", site=mine)`: a page logged in as that role, empty for nobody.

    At the end of the test nothing may have been complained about, refused or asked of a foreign host.
    """
    opened: list[tuple[BrowserContext, Watch, Site]] = []

    def open_page(
        role: str = "leader", width: int = 1280, theme: str = "light", site: Site = site, locale: str = "en-US"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width < 600 else 900}, base_url=site.url, locale=locale,
            color_scheme=theme, reduced_motion="reduce", has_touch=width < 600,  # type: ignore[arg-type]
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
        if role:
            cookie = {"name": "headway-session", "value": site.facts["sessions"][role], "url": site.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        opened.append((context, Watch(context, site.url), site))
        return context.new_page()

    yield open_page
    complaints = []
    for context, watch, where in opened:
        context.close()
        complaints += watch.complaints
        if any(complaint.startswith("5") for complaint in watch.complaints):
            complaints.append(where.log.read_text()[-4000:])
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def check() -> Callable[..., None]:
    """`check(page)`: no violation of axe and no scrolling sideways. `only`: some of axe's rules."""
    axe = Axe()

    def check_page(page: Page, only: tuple[str, ...] = ()) -> None:
        options = {"resultTypes": ["violations"]} | (
            {"runOnly": {"type": "rule", "values": list(only)}} if only else {}
        )
        found = axe.run(page, options=options)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        wide, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= shown, f"{page.url} scrolls sideways: {wide} px on {shown} px"

    return check_page
