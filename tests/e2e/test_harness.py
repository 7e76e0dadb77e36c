"""The watch over pages sees what it must: a complaint that went unseen would make every other test worth less."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.firm import PASSWORD
from tests.e2e.site import Site
from tests.e2e.watch import Watch

BAD = {
    "inline style": ("<p style='color: red'>x</p>", "CSP"),
    "inline script": ("<script>1</script>", "CSP"),
    "foreign image": ("<img src='http://127.0.0.1:1/x.png' alt=''>", "foreign request"),
    "missing file": ("<img src='/static/nowhere.png' alt=''>", "404 for GET"),
}


@pytest.mark.both_databases
@themes_and_widths
def test_everybody_is_let_in_and_the_first_page_is_clean(
    page_as: Callable[..., Page], site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    for role in ("leader", "seller", "operations"):
        page = page_as(role, width=width, theme=theme)
        page.goto(site.to("home"))
        expect(page.locator("h1")).to_be_visible()
        check(page)


def test_a_person_logs_in_with_address_and_password(page_as: Callable[..., Page], site: Site) -> None:
    page = page_as("")
    page.goto(site.to("home"))
    page.locator("input[name=login]").fill("leader@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(site.to("home"))


def test_a_site_of_ones_own_is_filled_alike_and_stands_apart(site: Site) -> None:
    own = site.fresh()
    assert own.url != site.url
    count = "SELECT count(*) FROM store_event"
    assert own.rows(count) == site.rows(count) != [(0,)]
    assert own.answers()


@pytest.mark.parametrize("fault", BAD)
def test_the_watch_sees_a_fault(browser: Browser, site: Site, fault: str) -> None:
    markup, complaint = BAD[fault]
    context = browser.new_context()
    watch = Watch(context, site.url)
    page = context.new_page()

    def spoil(route) -> None:  # type: ignore[no-untyped-def]
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", f"{markup}</body>"))

    page.route(site.to("account_login"), spoil)
    page.goto(site.to("account_login"))
    page.wait_for_load_state("networkidle")
    context.close()
    assert any(found.startswith(complaint) for found in watch.complaints), watch.complaints


def test_the_watch_sees_errors_of_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    watch = Watch(context, site.url)
    page = context.new_page()
    page.goto(site.to("account_login"))
    page.evaluate("console.error('a complaint'); setTimeout(() => { throw new Error('broken') })")
    page.wait_for_timeout(100)
    context.close()
    assert [found.split(" (")[0] for found in watch.complaints] == ["console error: a complaint", "page error: broken"]
