"""Notices in a browser: choosing when one is told, a message that fails and is sent again, the way out of a mail."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

Open = Callable[..., Page]
Check = Callable[[Page], None]


@themes_and_widths
def test_the_week_follows_what_is_chosen(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("seller", theme=theme, width=width)
    page.goto(site.to("notices"))
    check(page)
    week = page.locator("#week")
    expect(week.locator(".week-digest")).to_have_count(5)
    page.get_by_label("Sat", exact=True).check()
    expect(week).to_contain_text("Monday to Saturday")
    expect(week.locator(".week-digest")).to_have_count(6)
    page.get_by_label("Nothing at all").check()
    expect(week).to_contain_text("Nothing is sent to you.")
    page.get_by_label("In Slack").check()
    page.get_by_text("Slack", exact=True).click()
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("To be told in Slack, set a hook here.")).to_be_visible()
    check(page)


@themes_and_widths
def test_the_outbox_and_the_channel(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    page = page_as("leader", theme=theme, width=width)
    page.goto(site.to("outbox"))
    expect(page.get_by_text("No mail server is set up").first).to_be_visible()
    check(page)
    page.get_by_role("link", name=re.compile("Set up Slack|Slack is set")).click()
    check(page)
    page.get_by_label("Incoming webhook").fill("https://example.com/services/x")
    page.get_by_role("button", name="Set the channel").click()
    expect(page.get_by_text("This is no incoming webhook of Slack")).to_be_visible()
    check(page)


def test_a_message_is_tried_fails_with_a_sentence_and_is_sent_again(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    page = page_as("leader", site=mine)
    page.goto(mine.to("notices"))
    page.get_by_role("button", name="Send a test").click()
    lately = page.locator("#lately")
    expect(lately).to_contain_text("Not sent")  # by the worker, told without loading the page anew
    expect(lately).to_contain_text("No mail server is set up")
    check(page)
    page.goto(mine.to("outbox"))
    page.get_by_role("button", name=re.compile("^Drop: Minutes: North")).click()
    expect(page.locator(".row.message", has_text="Minutes: North")).to_contain_text("Dropped")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".row.message", has_text="Minutes: North")).to_contain_text("Not sent")
    page.get_by_role("button", name=re.compile("^Send again: Minutes: North")).click()
    expect(page.locator(".toast, [role=status]").filter(has_text="is sent again").first).to_be_visible()


@themes_and_widths
def test_a_mail_leads_to_one_button(page_as: Open, site: Site, check: Check, theme: str, width: int) -> None:
    from django.core import signing

    from headway.store.notice_links import STOP
    from tests.e2e.site import KEY

    (key,) = site.rows("SELECT key FROM store_person WHERE email = 'operations@example.com'")[0]
    token = signing.dumps(key, key=KEY, salt=STOP)
    page = page_as("", theme=theme, width=width)
    page.goto(f"{site.url}/notices/off/{token}/")
    check(page)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(1)
    expect(page.get_by_role("heading", name="Stop all messages?")).to_be_visible()
