"""A company's login in a browser: turned on by the environment, there and back again, and gone without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.site import Site, environment
from tests.e2e.watch import Watch
from tests.provider import SECRET, Running

pytestmark = pytest.mark.browser


@pytest.fixture
def mine(site: Site) -> Site:
    return site.fresh()


@pytest.fixture
def provider(mine: Site, tmp_path: Path) -> Iterator[Running]:
    """The company's, which knows this site."""
    env = environment(tmp_path, "")
    running = Running(f"{mine.url}/account/company/back/", env, tmp_path / "provider")
    yield running
    running.end()


def test_somebody_logs_in_with_the_company_once_it_is_configured(
    browser: Browser, mine: Site, provider: Running, check: Callable[[Page], None]
) -> None:
    context = browser.new_context(base_url=mine.url, viewport={"width": 360, "height": 800}, color_scheme="dark")
    context.set_default_timeout(PATIENCE_MS)
    watch, page = Watch(context, mine.url), context.new_page()
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Log in with")).to_have_count(0)
    page.wait_for_load_state("networkidle")

    page.goto("about:blank", wait_until="networkidle")  # nothing is under way when the server stops
    mine.stop()
    mine.told = provider.environment()
    mine.serve()
    ((workspace, email),) = mine.rows(
        "SELECT w.key, p.email FROM store_membership m JOIN store_workspace w ON w.id = m.workspace_id"
        " JOIN store_person p ON p.id = m.person_id WHERE p.email = 'seller@example.com' AND m.ended_at IS NULL LIMIT 1"
    )
    provider.plan(claims={"email": email})
    page.goto(f"/w/{workspace}/")
    check(page)
    page.get_by_role("button", name="Log in with Acme ID").click()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(re.compile(f"/w/{workspace}/"))
    expect(page.get_by_role("main")).to_be_visible()

    context.clear_cookies()
    provider.plan(claims={"email": "stranger@example.com"})
    page.goto("/account/login/")
    page.get_by_role("button", name="Log in with Acme ID").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not invited yet")
    check(page)
    context.close()
    assert [said for said in watch.complaints if provider.issuer not in said] == []
    assert "planted" not in mine.log.read_text()
    assert not any(SECRET.encode() in file.read_bytes() for file in mine.home.iterdir() if file.is_file())
