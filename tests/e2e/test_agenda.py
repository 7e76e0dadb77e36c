"""Before a review in a browser: a seller answers, mends and disputes; the leader reads it; the agenda on one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.addresses import KEYS
from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
PAGE = re.compile(rb"/Type\s*/Page[^s]")


def at(site: Site, name: str) -> str:
    return site.to(name, key=str(site.rows(KEYS["reviews"])[0][0]))


def waiting(page: Page) -> Locator:
    """The seller's first point that can still be answered."""
    return page.locator(".agenda-point:not(.is-settled)").filter(has=page.locator(".agenda-before")).first


def title_of(point: Locator) -> str:
    return point.locator(".agenda-name b").inner_text()


def named(page: Page, title: str) -> Locator:
    return page.locator(".agenda-point").filter(has=page.locator(".agenda-name b", has_text=title))


def test_a_seller_settles_deals_before_the_meeting(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(mine.to("reviews"))
    check(page)
    page.get_by_role("link", name="Answer before").first.click()
    expect(page.locator(".agenda-point").first).to_be_visible()
    page.goto(at(mine, "review_agenda"))

    point = waiting(page)
    answered = title_of(point)
    point.get_by_text("Answer", exact=True).click()
    expect(point.get_by_label("Your account")).to_be_focused()
    point.get_by_label("Your account").fill("Legal has our paper and answers by Friday.")
    point.get_by_role("button", name="Answer: gives").click()
    expect(page.get_by_role("status")).to_contain_text("Settled before the meeting")
    expect(named(page, answered)).to_contain_text("settled before the meeting")
    expect(page.locator(".agenda-minutes h2")).to_contain_text("minutes are settled")
    check(page)

    point = waiting(page)
    mended = title_of(point)
    point.get_by_text("Mend", exact=True).click()
    point.get_by_role("link", name="Correct the amount").click()
    sheet = page.locator("#sheet")
    sheet.get_by_label("Amount").fill("hundreds")
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_contain_text("is no amount")
    sheet.get_by_label("Amount").fill("41000")
    with page.expect_navigation():
        sheet.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/reviews/\w+/(#.*)?$"))
    settled = named(page, mended)
    expect(settled).to_contain_text("settled before the meeting")
    settled.locator("summary").first.click()
    expect(settled).to_contain_text("Amount set to €41 k")

    settled.get_by_role("button", name="Talk about it").click()
    point = named(page, mended)
    expect(point).not_to_contain_text("settled before the meeting")
    check(page)


def test_a_dispute_reaches_the_leader(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", width=360, theme="dark", site=mine)
    page.goto(at(mine, "review_agenda") + "?mine=1")
    point = page.locator(".agenda-point").filter(has=page.get_by_text("Dispute", exact=True)).first
    disputed = title_of(point)
    point.get_by_text("Dispute", exact=True).click()
    point.get_by_role("radio").first.check()
    check(page)
    point.get_by_label("Why?").fill("They sent their criteria by mail on Friday.")
    point.get_by_role("button", name="Dispute it").click()
    expect(page.get_by_role("status")).to_contain_text("reads it before the meeting")

    leader = page_as("leader", site=mine)
    leader.goto(at(mine, "review_agenda"))
    point = named(leader, disputed)
    expect(point).to_contain_text("They sent their criteria by mail on Friday.")
    point.get_by_role("button", name="50 %").click()
    expect(leader.get_by_role("status")).to_contain_text("Your call is kept.")
    point.get_by_role("button", name="Agreed, take it off").click()
    expect(named(leader, disputed)).to_contain_text("settled before the meeting")
    leader.get_by_role("button", name="Undo").first.click()
    expect(named(leader, disputed)).to_contain_text("Disputed")
    check(leader)


@themes_and_widths
def test_pages_of_reviews_hold_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("reviews"))
    check(page)
    for name in ("review_agenda", "review_print"):
        page.goto(at(site, name))
        check(page)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_agenda_prints_on_one_sheet(page_as: Open, site: Site, paper: str) -> None:
    page = page_as("leader")
    page.goto(at(site, "review_print"))
    assert 5 <= page.locator(".paper-points > li").count() <= 12
    assert len(PAGE.findall(page.pdf(format=paper))) == 1
    page.emulate_media(media="print")
    expect(page.locator(".paper-room").first).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
