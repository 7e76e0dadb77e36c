"""Two people hold a whole review in a browser, from the agenda to the minutes; one holds it by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]
DUE = "SELECT key FROM store_review WHERE kind = 'pipeline' ORDER BY id LIMIT 1"
EARLIER = "SELECT d.key FROM store_deal d WHERE d.id = (SELECT deal_id FROM store_agendaitem WHERE key = ?)"


def key_of(site: Site) -> str:
    """The firm's prepared review."""
    return str(site.rows(DUE)[0][0])


def room_of(site: Site) -> str:
    return site.to("review_room", key=key_of(site))


def begin(page: Page, site: Site) -> None:
    """From its agenda: open it."""
    page.goto(room_of(site))
    page.get_by_role("button", name="Open the review").click()
    expect(page.get_by_role("heading", name="Five questions").or_(page.locator("#room-questions"))).to_be_visible()


def is_here(page: Page, item: str) -> None:
    expect(page.locator(f'.room-deal[data-item="{item}"]')).to_be_visible()


def item_of(page: Page) -> str:
    return page.locator(".room-deal").get_attribute("data-item") or ""


def item_with_stages_before(page: Page) -> None:
    """Go on until the deal is one whose claim can move back."""
    for _ in range(20):
        page.locator("#decide-back").click()
        expect(page.locator("#deciding .room-form-title")).to_be_visible()
        if page.locator("#deciding input[name=stage]").count():
            return
        page.locator("#deciding").get_by_role("link", name="Cancel").click()
        before = item_of(page)
        page.locator("#room-after").click()
        expect(page.locator(".room-deal")).not_to_have_attribute("data-item", before)
    raise AssertionError("no deal of the agenda claims a later stage")


def test_two_people_hold_a_review_from_the_agenda_to_the_minutes(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    leader, seller = page_as("leader", site=mine), page_as("seller", site=mine)
    leader.goto(mine.to("review_agenda", key=key_of(mine)))
    begin(leader, mine)
    seller.goto(room_of(mine))
    expect(leader.locator(".room-person")).to_have_count(2)
    check(leader)

    # What one writes the other reads, and who wrote it; what one types is not overwritten.
    seller.locator("#say-where").fill("They named the problem")
    expect(leader.locator("#say-where")).to_have_value("They named the problem")
    expect(leader.locator("#by-where")).not_to_be_empty()
    leader.locator("#say-how").focus()
    leader.keyboard.type("Petra wrote")
    seller.locator("#say-how").fill("In the minutes of their meeting")
    expect(leader.locator("#q-how [data-other]")).to_contain_text("In the minutes of their meeting")
    expect(leader.locator("#say-how")).to_have_value("Petra wrote")

    # Everybody goes along to the next deal, but for who is typing.
    first = item_of(leader)
    leader.keyboard.press("Escape")
    seller.locator("#say-stop").focus()
    seller.keyboard.type("Their legal team")
    leader.keyboard.press("n")
    expect(leader.locator(".room-deal")).not_to_have_attribute("data-item", first)
    expect(seller.locator("#room-moved")).to_be_visible()
    expect(seller.locator("#say-stop")).to_have_value("Their legal team")
    seller.keyboard.press("Escape")
    is_here(seller, item_of(leader))

    # Blind calls: nothing is seen before both are in.
    item_with_stages_before(leader)
    leader.keyboard.press("Escape")
    is_here(seller, item_of(leader))
    leader.get_by_role("button", name="70 %").click()
    expect(leader.locator("#room-calls")).to_contain_text("yours too")
    expect(seller.locator("#room-calls")).to_contain_text("1 call is in")
    expect(seller.locator("#room-calls progress")).to_have_count(0)
    seller.get_by_role("button", name="30 %").click()
    # Where the deal is their own, its two calls open by themselves.
    expect(seller.locator("#room-calls")).to_contain_text(re.compile("2 calls are in|Headway"))
    if seller.locator("#room-open-calls").count():  # the deal is another seller's: they open them knowingly
        leader.locator("#room-open-calls").click()
    for page in (leader, seller):
        expect(page.locator(".room-called")).to_contain_text("70 %")
        expect(page.locator(".room-called")).to_contain_text("30 %")

    # A decision that moves the claim back, with a promise; refused first where it is none.
    leader.keyboard.press("b")
    expect(leader.locator("#deciding .room-form-title")).to_be_visible()
    stage = leader.locator("#deciding input[name=stage]:checked").get_attribute("value") or ""
    leader.get_by_text("With a promise").click()
    leader.get_by_label("What will be done?").fill("Follow up")
    leader.get_by_role("button", name="Decide").click()
    expect(leader.locator("#deciding")).to_contain_text("has no end")
    check(leader)
    leader.get_by_label("What will be done?").fill("Send Petra the order form")
    leader.get_by_label("Whose act at the buyer shows it?").fill("Petra Purchase")
    leader.locator("#p-shows").fill("signs the order form")
    leader.get_by_role("button", name="Decide").click()
    expect(leader.get_by_role("status").filter(has_text="Claim moved back")).to_be_visible()
    expect(seller.locator("#room-decided")).to_contain_text(f"to {stage}")
    expect(seller.locator("#room-decided")).to_contain_text("Send Petra the order form")
    expect(seller.locator("#room-said")).to_contain_text("Move the claim back")
    deal = str(mine.rows(EARLIER, item_of(leader))[0][0])
    seen = seller.context.new_page()
    seen.goto(mine.to("deal", key=deal))
    expect(seen.get_by_role("main")).to_contain_text(stage)
    seen.close()

    # Closed by one, closed for both; the minutes say it all.
    leader.get_by_role("link", name="Close review").click()
    expect(leader.get_by_role("heading", level=1)).to_have_text("Close the review?")
    check(leader)
    leader.get_by_role("button", name="Close, and send the minutes").click()
    for page in (leader, seller):
        expect(page).to_have_url(re.compile("/minutes/$"))
        expect(page.get_by_role("main")).to_contain_text("Send Petra the order form")
        expect(page.get_by_role("main")).to_contain_text("They named the problem")
    state = mine.rows("SELECT state FROM store_review WHERE key = ?", key_of(mine))
    assert state == [("held",)]


def test_a_review_is_held_by_keyboard_alone(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(room_of(mine))
    page.keyboard.press("o")
    first = page.locator(".room-deal")
    expect(first).to_be_visible()
    before = item_of(page)
    page.keyboard.press("1")
    page.keyboard.type("They named the problem")
    page.keyboard.press("Escape")
    expect(page.locator("#by-where")).to_contain_text("saved")
    page.keyboard.press("c")
    page.keyboard.press("7")
    expect(page.locator("#room-calls")).to_contain_text("yours too")
    page.keyboard.press("e")
    expect(page.locator("#f-amount")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("12345")
    page.keyboard.press("Enter")
    expect(page.locator("#room-decided")).to_contain_text("Amount ")
    page.keyboard.press("n")
    expect(page.locator(".room-deal")).not_to_have_attribute("data-item", before)
    page.keyboard.press("y")
    expect(page.locator("#f-note")).to_be_focused()
    page.keyboard.type("It goes as it should")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#room-decided")).to_contain_text("It goes as it should")
    expect(page.locator("#room-after")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator(".room-deal")).to_have_attribute("data-item", before)
    page.keyboard.press("s" if page.locator("#room-pass").count() else "n")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next deal")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", level=1)).to_have_text("Close the review?")
    page.keyboard.press("w")
    expect(page).to_have_url(re.compile("/minutes/$"))


def test_what_is_typed_without_a_line_is_saved_when_it_is_back(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    begin(page, mine)
    page.route("**/reviews/**", lambda route: route.abort("aborted"))
    page.locator("#say-when").fill("On Friday")
    page.locator("#say-when").blur()
    expect(page.locator("#room-cut")).to_be_visible()
    page.unroute("**/reviews/**")
    page.locator("#say-when").fill("On Friday at noon")
    expect(page.locator("#by-when")).to_contain_text("saved")
    expect(page.locator("#room-cut")).to_be_hidden()
    page.reload()
    expect(page.locator("#say-when")).to_have_value("On Friday at noon")


@themes_and_widths
def test_the_screen_holds_up(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    mine = site.fresh()
    page = page_as("leader", width=width, theme=theme, site=mine)
    page.goto(room_of(mine))
    check(page)
    page.get_by_role("button", name="Open the review").click()
    expect(page.locator(".room-deal")).to_be_visible()
    check(page)
    for what in ("keep", "disqualify", "correct", "plan", "allow"):
        page.locator(f"#decide-{what}").click()
        expect(page.locator("#deciding .room-form-title")).to_be_visible()
        check(page)
        page.locator("#deciding").get_by_role("link", name="Cancel").click()
    page.locator("#decide-plan").click()
    page.locator("#f-due").fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#deciding")).to_contain_text("Write what the buyer is asked to do")
    check(page)
    page.goto(mine.to("review_close", key=key_of(mine)))
    check(page)
