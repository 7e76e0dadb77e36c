"""People as they meet Headway in a browser: invited, in by a link, a second factor, out again."""

from __future__ import annotations

import re
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

PASSWORD = "four odd words here"
LOOKS = (("light", 1280), ("dark", 360))  # journeys that write; pages that only show are looked at in all four
Open = Callable[..., Page]
Check = Callable[[Page], None]


def test_somebody_is_invited_and_joins(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    for theme, width in LOOKS:
        invite_and_join(page_as, mine, check, theme, width)


def invite_and_join(page_as: Open, mine: Site, check: Check, theme: str, width: int) -> None:
    leader = page_as("leader", width=width, theme=theme, site=mine)
    leader.goto(mine.to("members"))
    check(leader)
    leader.get_by_role("link", name="Invite").click()
    leader.get_by_label("Mail address").fill(f"nora-{theme}@example.com")
    leader.get_by_label("Viewer").check()
    check(leader)
    leader.get_by_role("main").get_by_role("button", name="Invite").click()
    link = leader.get_by_label("Send them this link").input_value()
    check(leader)
    leader.get_by_role("button", name="Copy").click()
    assert leader.evaluate("navigator.clipboard.readText()") == link

    nora = page_as("", width=width, theme=theme, site=mine)
    asked: list[str] = []
    nora.on("request", lambda request: asked.append(request.url))
    nora.goto(link)
    expect(nora.get_by_role("heading", level=1)).to_have_text(re.compile("^Join "))
    assert "#" not in nora.url
    secret = link.partition("#")[2]
    assert not [url for url in asked if secret in url.partition("#")[0]], "the secret was sent in no address"
    check(nora)
    nora.get_by_label("Your name").fill("Nora New")
    nora.get_by_label("Password").fill(PASSWORD)
    nora.get_by_role("button", name="Join").click()
    nora.wait_for_url(re.compile(r"/w/\w+/"))
    nora.goto(mine.to("members"))
    expect(nora.get_by_role("main")).to_contain_text("Nora New")
    expect(nora.get_by_role("link", name="Invite")).to_have_count(0)


def test_a_membership_ends_at_once_and_the_undo_brings_it_back(page_as: Open, site: Site) -> None:
    mine = site.fresh()
    leader, seller = page_as("leader", site=mine), page_as("seller", site=mine)
    seller.goto(mine.to("members"))
    name = seller.locator(".row", has_text="you").locator(".row-title").inner_text()
    leader.goto(mine.to("members"))
    leader.get_by_role("link", name=name).click()
    leader.get_by_role("button", name="End membership").click()
    expect(leader.get_by_role("status")).to_contain_text("has no access any more")
    answer = seller.request.get(mine.to("members"))
    assert answer.status == 404
    leader.get_by_role("button", name="Undo").click()
    expect(leader.get_by_role("status")).to_contain_text("is a member again")
    assert seller.request.get(mine.to("members")).status == 200


def test_a_second_factor_is_turned_on_and_asked_for(page_as: Open, site: Site, check: Check) -> None:
    mine = site.fresh()
    for (theme, width), who in zip(LOOKS, ("seller", "leader"), strict=True):
        turn_on_and_use(page_as, mine, check, theme, width, f"{who}@example.com")


def turn_on_and_use(page_as: Open, mine: Site, check: Check, theme: str, width: int, email: str) -> None:
    page = page_as("", width=width, theme=theme, site=mine)
    page.goto(mine.to("account_login"))
    check(page)
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile(r"/w/\w+/"))
    page.goto(mine.to("person_settings"))
    check(page)
    page.get_by_role("link", name="Second factor").click()
    check(page)
    page.get_by_role("link", name="Turn on").click()
    check(page)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Go on").click()
    assert page.get_by_role("img", name="QR code").evaluate("image => image.naturalWidth") > 0
    check(page)
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("recovery codes", re.IGNORECASE))
    check(page)
    page.goto(mine.to("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    page.goto(mine.to("account_login"))
    page.get_by_label("Mail address").fill(email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type your code")
    check(page)


@themes_and_widths
def test_pages_about_people_hold_up_when_there_is_much(
    page_as: Open, site: Site, check: Check, theme: str, width: int
) -> None:
    page = page_as("leader", width=width, theme=theme)
    for name in ("workspaces", "make_workspace", "person_settings", "members", "invitations", "audit"):
        page.goto(site.to(name))
        check(page)
    page.goto(site.to("audit") + "?day=no-day")
    expect(page.get_by_role("alert")).to_contain_text("This is no day")
