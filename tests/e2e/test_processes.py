"""The process editor as people use it: by keyboard alone, two at a time, and printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from headway.demo.documented import documented_process
from tests.e2e.conftest import PATIENCE_MS, themes_and_widths
from tests.e2e.site import Site

pytestmark = pytest.mark.django_db

PRESS_S = 0.25  # one key press of a slow typist, thinking included
READING_S = 12.0  # reading one line and its rewrite, and choosing
TEN_MINUTES_S = 600.0
OWN_WORDS = "They have told us in writing why they look at this now"
QUESTIONS = (
    "What happened that made you look at this now?",
    "If nothing changes by this time next year, what will it have cost you?",
    "Whose signature did the last purchase of this size need?",
    "Who reads the contract for you, and when will we have it back?",
)


@dataclass
class Keyboard:
    """A person who touches nothing but keys; every press is counted."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        """One press each."""
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """One press per character."""
        self.presses += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, field: str) -> None:
        """Tab until this field of the line has the focus."""
        for _ in range(12):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.dataset.field ?? ''") == field:
                return
        raise AssertionError(f"Tab does not lead to {field}")

    @property
    def line(self) -> str:
        """What stands in the field that has the focus."""
        return str(self.page.evaluate("document.activeElement.value ?? ''"))


def saved(page: Page) -> None:
    """Wait until what was typed is on the server."""
    expect(page.locator("[data-state]")).to_have_text("Draft saved")


def test_a_seller_worded_process_becomes_a_published_buyer_one_in_ten_minutes_by_keyboard(
    site: Site, page_as: Callable[..., Page]
) -> None:
    own = site.fresh()
    page = page_as("leader", site=own)
    page.goto(own.to("processes"))
    page.evaluate("text => navigator.clipboard.writeText(text)", documented_process())  # copied from their handbook
    keys = Keyboard(page)

    keys.press("c")  # New process; the box has the focus
    expect(page.locator("#text")).to_be_focused()
    keys.press("Control+v", "Control+Enter")
    expect(page.locator("[data-sentence]")).to_have_text("12 of 12 milestones do not say what the buyer has done.")
    page.wait_for_load_state()

    for number in range(12):
        keys.press("Alt+n")  # the next line in which the buyer does not act
        before = keys.line
        assert before, "Next to mend leads to a line"
        if number == 0:
            keys.press("Control+a")
            keys.type(OWN_WORDS)
        else:
            keys.press("Alt+k" if number == 7 else "Alt+r")  # once, the own line is kept as a step asked of sellers
        assert keys.line != before
        if number < len(QUESTIONS):
            keys.tab_to("ask")
            keys.type(QUESTIONS[number])
            keys.tab_to("usual_days")
            keys.type("14")
        saved(page)
    expect(page.locator("[data-sentence]")).to_have_text("All 12 milestones say what the buyer has done.")
    expect(page.locator("[data-next]")).to_be_hidden()

    keys.press("Control+Enter")
    expect(page.locator("[value=move]")).to_be_focused()
    open_deals = own.rows("SELECT count(*) FROM store_deal WHERE outcome = '' AND is_live")[0][0]
    expect(page.locator(".publish-legend")).to_have_text(f"{open_deals} open deals")
    keys.press("Control+Enter")
    published = f"Version 1 is published. {open_deals} open deals moved to it."
    expect(page.locator(".toast p")).to_contain_text(published, timeout=PATIENCE_MS)
    expect(page.locator(".process-stage")).to_have_count(6)
    expect(page.locator(".process-line")).to_have_count(12)
    expect(page.locator("main > .note.warn")).to_have_count(0)

    moved = own.rows(
        "SELECT count(*) FROM store_deal d JOIN store_processversion v ON v.id = d.version_id"
        " JOIN store_process p ON p.id = v.process_id WHERE d.outcome = '' AND p.name = ? AND d.claimed_rank > 0",
        "Our process",
    )
    assert moved[0][0] == open_deals, "every moved deal's claim is understood by the new version"
    seconds = keys.presses * PRESS_S + 12 * READING_S
    assert seconds < TEN_MINUTES_S, f"{keys.presses} presses, {seconds:.0f} s"
    print(f"{keys.presses} key presses; {seconds:.0f} s at {PRESS_S} s a press and {READING_S:.0f} s of reading a line")


def test_lines_are_added_moved_removed_and_put_back_by_keyboard(site: Site, page_as: Callable[..., Page]) -> None:
    own = site.fresh()
    page = page_as("operations", site=own)
    page.goto(own.to("process_edit", key=key_of(own)))
    keys = Keyboard(page)
    page.locator("[data-item=milestone] [data-main]").first.focus()
    first = keys.line
    keys.press("End", "Enter")
    keys.type("They have introduced a colleague in writing")
    keys.press("Alt+ArrowUp")
    saved(page)
    assert texts(page)[:2] == ["They have introduced a colleague in writing", first]
    keys.press("Alt+Backspace")
    saved(page)
    assert texts(page)[0] == first
    page.get_by_role("button", name="Put it back").press("Enter")
    saved(page)
    page.reload()
    assert texts(page)[:2] == ["They have introduced a colleague in writing", first]
    keys.press("Alt+s")
    keys.type("Signed")
    saved(page)
    page.reload()
    assert page.locator(".doc-stage-name").last.input_value() == "Signed"


def test_what_is_wrong_stands_beside_its_field_and_stays_typed(site: Site, page_as: Callable[..., Page]) -> None:
    own = site.fresh()
    page = page_as("leader", site=own)
    page.goto(own.to("process_edit", key=key_of(own)))
    line = page.locator("[data-item=milestone]").first
    line.locator("[data-main]").focus()
    line.locator("[data-field=usual_days]").fill("soon")
    expect(line.locator("[data-error=usual_days]")).to_contain_text("Write a whole number")
    saved(page)
    page.reload()
    expect(line.locator("[data-error=usual_days]")).to_contain_text("Write a whole number")
    page.locator("[data-publish]").click()
    expect(page.locator(".publish-problems")).to_contain_text("Write a whole number")


def test_of_two_who_edit_the_second_sees_both_and_chooses(site: Site, page_as: Callable[..., Page]) -> None:
    own = site.fresh()
    first, second = page_as("leader", site=own), page_as("operations", site=own)
    for page in (first, second):
        page.goto(own.to("process_edit", key=key_of(own)))
    stage, lines = ".doc-stage-name >> nth=0", "[data-item=milestone] [data-main]"
    first.fill(stage, "Lena's stage")
    first.fill(f"{lines} >> nth=1", "They have written Lena's line")
    saved(first)
    second.fill(stage, "Olga's stage")
    second.fill(f"{lines} >> nth=2", "They have written Olga's line")
    dialog = second.get_by_role("dialog", name="Lena changed this draft too")
    expect(dialog).to_contain_text("Olga's stage")
    dialog.get_by_label("Lena's stage").check()
    dialog.get_by_role("button", name="Use these").click()
    saved(second)
    for page in (first, second):
        page.reload()
        assert page.input_value(stage) == "Lena's stage"
        assert texts(page)[1:3] == ["They have written Lena's line", "They have written Olga's line"]


def test_changes_in_different_places_are_put_together_without_asking(site: Site, page_as: Callable[..., Page]) -> None:
    own = site.fresh()
    first, second = page_as("leader", site=own), page_as("operations", site=own)
    for page in (first, second):
        page.goto(own.to("process_edit", key=key_of(own)))
    lines = "[data-item=milestone] [data-main]"
    first.fill(f"{lines} >> nth=1", "They have written Lena's line")
    saved(first)
    second.fill(f"{lines} >> nth=2", "They have written Olga's line")
    expect(second.locator("[data-state]")).to_have_text("Draft saved, with what Lena changed meanwhile")
    assert texts(second)[1:3] == ["They have written Lena's line", "They have written Olga's line"]


def test_what_is_expected_at_a_stage_prints_on_one_page(site: Site, page_as: Callable[..., Page]) -> None:
    page = page_as("seller")
    for rank in range(1, 7):
        page.goto(site.to("expectation", key=key_of(site), rank=str(rank)))
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
        assert len(pages) == 1


@themes_and_widths
def test_every_screen_of_the_editor_is_clean(
    site: Site, page_as: Callable[..., Page], check: Callable[..., None], theme: str, width: int
) -> None:
    page = page_as("leader", theme=theme, width=width)
    key = key_of(site)
    for name, keys in (
        ("processes", {}),
        ("process_new", {}),
        ("process", {"key": key}),
        ("process_versions", {"key": key}),
        ("process_publish", {"key": key}),
        ("expectation", {"key": key, "rank": "3"}),
        ("process_edit", {"key": key}),
    ):
        page.goto(site.to(name, **keys))
        check(page)
    page.locator("[data-item=milestone] [data-main]").first.focus()
    page.locator(".doc-fold summary").first.click()
    check(page)


def key_of(site: Site) -> str:
    """The firm's process."""
    return str(site.rows("SELECT key FROM store_process ORDER BY id LIMIT 1")[0][0])


def texts(page: Page) -> list[str]:
    """The milestones as they stand."""
    return [str(one.input_value()) for one in page.locator("[data-item=milestone] [data-main]").all()]
