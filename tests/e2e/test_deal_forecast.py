"""Where a deal ends, in a real browser: from the row to the panel, its picture as a table, the question copied."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from headway.forecast.forecast_json import deal_to_json
from headway.forecast.value import DealForecast, Fact, ToCome
from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Firm, Site
from tests.forecast.sample import sample_forecast

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltungsrahmenvertrag"
QUESTION = "Which steps does your paper take, and on which days?"
FIRST_OWN = (
    "SELECT deal.id, deal.key FROM store_deal deal JOIN store_membership member ON member.owner_id = deal.owner_id"
    " WHERE deal.outcome = '' AND deal.is_live ORDER BY deal.attention DESC, deal.id LIMIT 1"
)


def told() -> DealForecast:
    """Everything at once: stalled, odd, late, with names that nobody planned for."""
    stalled = next(one for one in sample_forecast().deals if one.stalled)
    signed = f"{LONG} agrees to every step until the signature"
    return replace(
        stalled,
        facts=(*stalled.facts, Fact("owner", f"{LONG}: of 12 past deals like it, none was won", -0.123, 12, 0)),
        to_come=(
            ToCome("x", signed, "Signature", LONG, date(2026, 5, 4), True, QUESTION),
            ToCome(
                "y", "The buyer sends their contract comments", "Signature", "Paul Dorado", date(2026, 6, 20), False
            ),
        ),
        limits=("no amount", "its close date has passed by 11 days", "no past deal was ever where it is"),
    )


@pytest.fixture(scope="module")
def told_site(firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site in which the seller's first deal is forecast so."""
    site = firm.start(tmp_path_factory.mktemp("told"))
    said = told()
    [(deal, _)] = site.rows(FIRST_OWN)
    [(workspace,)] = site.rows("SELECT id FROM store_workspace WHERE key = ?", site.workspace)
    with closing(sqlite3.connect(site.home / "headway.sqlite3", timeout=20)) as connection, connection:
        connection.execute("DELETE FROM store_dealforecast WHERE deal_id = ?", (deal,))
        connection.execute(
            "INSERT INTO store_dealforecast (workspace_id, deal_id, basis, by_end, expected, stalled, text)"
            " VALUES (?, ?, 'model', 0.03, 0, 1, ?)",
            (workspace, deal, deal_to_json(said)),
        )
    yield site
    site.remove()


@themes_and_widths
def test_from_the_row_to_the_panel_and_its_table(
    page_as: Callable[..., Page], told_site: Site, check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("seller", width=width, theme=theme, site=told_site)
    page.goto(told_site.to("my_deals"))
    row = page.locator(".mine-first .mine-chance")
    expect(row).to_contain_text("stalled, won by")
    check(page)
    row.click()
    panel = page.locator("#forecast")
    expect(panel).to_be_in_viewport()
    expect(panel.get_by_role("heading", name="Where this ends")).to_be_visible()
    expect(panel.get_by_text("Stalled:")).to_be_visible()
    expect(panel.locator(".badge.warn", has_text="late")).to_have_count(1)
    panel.locator("summary").click()
    expect(panel.get_by_role("row")).to_have_count(14)
    check(page)
    cut = panel.evaluate(
        "panel => [...panel.querySelectorAll('p, li, dd')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert not cut, "words run out of the panel"


def test_the_question_is_copied_with_one_press(page_as: Callable[..., Page], told_site: Site) -> None:
    page = page_as("seller", site=told_site)
    page.goto(told_site.to("deal", key=told_site.rows(FIRST_OWN)[0][1]))
    page.locator("#forecast").get_by_role("button", name="Copy the question").click()
    expect(page.locator("#forecast").get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == QUESTION
