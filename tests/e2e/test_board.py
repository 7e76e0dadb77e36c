"""The board in a browser: moved by drag, key and menu, proof recorded in place, colleagues' claims seen; every look."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


def column(page: Page, name: str) -> Locator:
    """The column of this name."""
    return page.get_by_role("region", name=name, exact=True)


def first_card(page: Page) -> tuple[Locator, str]:
    """(the first card whose claim is not the last stage, the key of its deal)."""
    card = page.locator(".bcard").filter(has=page.locator(".marker-ahead, .marker-agree")).first
    key = card.get_attribute("data-key") or ""
    return page.locator(f"#card-{key}"), key


def stages(page: Page) -> list[str]:
    """The names of the stages, in order."""
    found: list[str] = page.evaluate("JSON.parse(document.getElementById('board').dataset.stages)")
    return found


def other(page: Page, card: Locator) -> str:
    """A stage that the card does not claim, of those whose columns are seen without scrolling."""
    now = card.get_attribute("data-was")
    return next(stage for stage in stages(page) if stage != now)


def set_gate(site: Site, stage: str) -> None:
    """A gate before this stage that asks for a reason, as nobody could set one before it is earned."""
    if site.database:
        pytest.skip("written into the file of SQLite")
    with closing(sqlite3.connect(site.home / "headway.sqlite3")) as connection, connection:
        connection.execute(
            "INSERT INTO store_gate (key, workspace_id, process_id, stage, rung, created_at)"
            " SELECT 'gategategate', workspace_id, process_id, ?, 'ask', changed_at FROM store_processversion"
            " WHERE number IS NOT NULL LIMIT 1",
            [stage],
        )


@themes_and_widths
def test_the_board_holds_up_with_a_card_open(
    page_as: Open, site: Site, check: Check, theme: str, width: int
) -> None:  # fmt: skip
    page = page_as("leader", width=width, theme=theme)
    page.goto(site.to("board"))
    check(page)
    page.locator(".bcol.current .marker" if width < 600 else ".bcard .marker").first.click()
    expect(page.locator(".bpanel")).to_be_visible()
    check(page)
    expect(page).to_have_url(re.compile(r"open=\w+"))
    page.reload()
    expect(page.locator(".bpanel")).to_be_visible()
    page.goto(site.to("board") + "?standing=waiting&owner=999999")
    check(page)


def test_a_drag_moves_the_claim_not_the_card_and_is_undone(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("board"))
    card, _ = first_card(page)
    was, stands = card.get_attribute("data-was"), card.get_attribute("data-column")
    target = other(page, card)
    card.drag_to(column(page, target).locator(".bcol-head"))
    expect(card.locator("[data-claim]")).to_have_text(f"Claims {target}")
    expect(page.get_by_role("status").filter(has_text=f"claims {target}").first).to_be_attached()
    expect(card).to_have_attribute("data-was", target)
    expect(card).to_have_attribute("data-column", stands or "")
    expect(card.locator(".bpanel")).to_contain_text(re.compile("Missing for|is shown"))
    assert page.evaluate("document.activeElement.closest('.bcard')?.id") == card.get_attribute("id")
    check(page)
    page.get_by_role("button", name="Undo").click()
    expect(card).to_have_attribute("data-was", was or "")


def test_many_claims_in_a_row_leave_three_words_on_the_screen(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("board"))
    for key in [card.get_attribute("data-key") for card in page.locator(".bcard").all()[:5]]:
        card = page.locator(f"#card-{key}")
        was = card.get_attribute("data-was") or ""
        card.locator(".bcard-name").focus()
        page.keyboard.press("<" if was == stages(page)[-1] else ">")
        expect(card).not_to_have_attribute("data-was", was)
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    expect(undo).to_have_count(3)
    last = card.get_attribute("data-was") or ""
    undo.last.click()
    expect(card).not_to_have_attribute("data-was", last)
    mine.remove()


def test_keys_walk_and_claim_and_the_focus_stays(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("board"))
    card = page.locator(".bcard").filter(has=page.locator(".steps i:first-child.claim")).first
    card = page.locator(f"#{card.get_attribute('id')}")
    card.locator(".bcard-name").focus()
    page.keyboard.press(">")
    page.keyboard.press(">")
    third = stages(page)[2]
    expect(card.locator("[data-claim]")).to_have_text(f"Claims {third}")
    expect(page.locator("#board-said")).to_contain_text(f"claims {third}")
    expect(card).to_have_attribute("data-was", third)
    assert page.evaluate("document.activeElement.closest('.bcard')?.id") == card.get_attribute("id")
    events = mine.rows("SELECT count(*) FROM store_event WHERE kind = 'stage_claimed' AND by_id IS NOT NULL")
    page.keyboard.press("<")
    expect(card).to_have_attribute("data-was", stages(page)[1])
    after = mine.rows("SELECT count(*) FROM store_event WHERE kind = 'stage_claimed' AND by_id IS NOT NULL")
    assert after[0][0] == events[0][0] + 1  # several presses were one claim, this one is another
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.bcard')?.id") != card.get_attribute("id")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("m")
    expect(page.locator(".choose[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".bpanel")).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('.marker')")


def test_a_gate_asks_in_place_and_what_was_typed_stays(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", width=360, theme="dark", site=mine)
    page.goto(mine.to("board"))
    card = page.locator(".bcol.current .bcard").filter(has=page.locator(".steps i:first-child.claim")).first
    card = page.locator(f"#{card.get_attribute('id')}")
    last = stages(page)[-1]
    set_gate(mine, last)
    card.locator(".marker").click()
    card.get_by_role("button", name=last).click()
    why = card.get_by_label("Why all the same?")
    expect(why).to_be_focused()
    check(page)
    why.fill("Their board meets tomorrow")
    page.keyboard.press("Control+Enter")
    expect(card).to_have_attribute("data-was", last)


def test_proof_recorded_over_the_board_moves_the_card(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("seller", site=mine)
    page.goto(mine.to("board") + "?mine=1")
    card = page.locator(".bcard").filter(has=page.locator(".marker-ahead")).first
    card = page.locator(f"#{card.get_attribute('id')}")
    card.locator(".marker").click()
    before = card.locator(".missing > li").count()
    card.get_by_role("link", name="Record it").first.click()
    sheet = page.locator("#sheet")
    check(page)
    sheet.get_by_label("Their words").fill("Yes, we agreed on it")
    sheet.get_by_role("button", name="Today", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Recorded").first).to_be_attached()
    expect(sheet).to_be_hidden()
    if before > 1:
        expect(card.locator(".missing > li")).not_to_have_count(before)
    check(page)


def test_a_colleagues_claim_comes_in_by_itself(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    page, theirs = page_as("leader", site=mine), page_as("seller", site=mine)
    page.goto(mine.to("board"))
    card, key = first_card(page)
    target = other(page, card)
    theirs.goto(f"{mine.to('board')}deals/{key}/")
    theirs.get_by_role("button", name=target).click()
    expect(card.locator("[data-claim]")).to_have_text(f"Claims {target}")
    expect(card).to_have_attribute("data-was", target)


def test_on_a_phone_one_column_is_shown_and_the_address_knows_which(page_as: Open, site: Site) -> None:
    page = page_as("viewer" if "viewer" in site.facts["sessions"] else "leader", width=360)
    page.goto(site.to("board"))
    expect(page.locator(".bcol:visible")).to_have_count(1)
    page.get_by_role("navigation", name="Column").get_by_role("link").first.click()
    slug = page.locator(".bcol:visible").get_attribute("data-slug")
    expect(page).to_have_url(re.compile(f"column={slug}"))
    page.reload()
    assert page.locator(".bcol:visible").get_attribute("data-slug") == slug


def test_more_cards_come_and_stay_in_the_address(page_as: Open, site: Site) -> None:
    page = page_as("leader")
    page.goto(site.to("board"))
    more = page.locator("[data-more]").first
    if not more.count():
        pytest.skip("no column of the firm has more than twenty deals")
    slug = more.get_attribute("data-more")
    cards = page.locator(f"#bcol-{slug} .bcard")
    more.click()
    expect(cards).not_to_have_count(20)
    many = cards.count()
    expect(page).to_have_url(re.compile(f"page-{slug}=2"))
    page.reload()
    expect(cards).to_have_count(many)


@pytest.mark.parametrize("width", [1280, 360])
def test_claims_in_bulk_by_mouse_and_by_keys(page_as: Open, site: Site, check: Check, width: int) -> None:
    mine = site.fresh()
    page = page_as("leader", width=width, site=mine)
    page.goto(mine.to("deals"))
    ticks = page.locator("[data-pick]")
    ticks.nth(0).click()
    ticks.nth(2).click(modifiers=["Shift"])
    bar = page.get_by_role("form", name="Selected deals")
    expect(bar).to_contain_text("3 selected")
    check(page)
    ticks.nth(1).focus()
    page.keyboard.press("Space")
    expect(bar).to_contain_text("2 selected")
    page.locator(".d-name a").nth(3).focus()
    page.keyboard.press("x")
    expect(bar).to_contain_text("3 selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    ticks.nth(0).click()
    page.keyboard.press("j")
    ticks.nth(1).click()
    bar.get_by_label("Stage to claim").select_option(index=2)
    stage = bar.get_by_label("Stage to claim").input_value()
    bar.get_by_role("button", name="Claim").click()
    expect(page.get_by_role("status").filter(has_text=f"Claimed {stage}")).to_be_attached()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").filter(has_text="Undone.")).to_be_attached()
