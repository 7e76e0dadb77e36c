"""One pass over every page there is: as each role, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page

from tests.e2e.addresses import address_of, is_secret, list_patterns
from tests.e2e.site import Site

LEAVES = {"account_logout"}  # asked for by itself, last: it would end the session under the others
ALLOWED = {"leader": {200}, "operations": {200}, "seller": {200, 403}, "": {200}}
NOT_FOR = {  # a call is for who leads or owns the deal, a placing for its two people, an offer for who it was made to
    "operations": {"agenda_call", "placing_deal"},
    "seller": {"end_finding", "offer"},
}
SECOND_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}  # operations has one
DARK_RULES = ("color-contrast", "link-in-text-block")  # in the dark only colours differ


def is_page(answer: APIResponse) -> bool:
    """Whether a whole page was answered: not a part of one, a file, data, or that only POST is meant."""
    if answer.headers.get("content-disposition", "").startswith("attachment"):
        return False
    return answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()


def addresses(site: Site, role: str) -> list[tuple[str, str]]:
    """(name, address) of everything this role may ask for; without a login only what stands outside a workspace."""
    asked = [(name, route) for name, route in list_patterns() if not is_secret(route) and name not in LEAVES]
    return [(name, address_of(site, name, route)) for name, route in asked if role or not route.startswith("w/")]


def faults_of(page: Page) -> list[str]:
    """What is wrong with the frame of the page shown."""
    headings = page.locator("h1:visible").count()
    faults = [] if headings == 1 else [f"{headings} visible first headings"]
    return faults if page.title().strip() else [*faults, "no title"]


@pytest.mark.both_databases
def test_every_page_on_either_database(page_as: Callable[..., Page], site: Site, check: Callable[..., None]) -> None:
    pass_over(page_as("leader"), site, check, "leader", ())


# Every page in every look as the leader, who sees the most (light and wide: the test above); as the others once.
LOOKS = [
    ("leader", "light", 360), ("leader", "dark", 1280), ("leader", "dark", 360),
    ("seller", "dark", 360), ("operations", "light", 360), ("", "light", 1280), ("", "dark", 360),
]  # fmt: skip


@pytest.mark.parametrize(("role", "theme", "width"), LOOKS)
def test_every_page_is_whole_and_accessible(
    page_as: Callable[..., Page], site: Site, check: Callable[..., None], role: str, theme: str, width: int
) -> None:
    rules = DARK_RULES if theme == "dark" else ()
    pass_over(page_as(role, width=width, theme=theme), site, check, role, rules)


def pass_over(page: Page, site: Site, check: Callable[..., None], role: str, rules: tuple[str, ...]) -> None:
    """Open every page there is, and tell all that is wrong at once."""
    faults: list[str] = []
    seen: set[str] = set()
    for name, address in addresses(site, role):
        answer = page.request.get(address)
        none_yet = {404} if name in SECOND_FACTOR and role != "operations" else set()
        refused = {403, 404} if name in NOT_FOR.get(role, ()) else set()
        if answer.status not in ALLOWED[role] | {204, 405} | none_yet | refused:
            faults.append(f"{name} {address}: status {answer.status}")
        if not is_page(answer) or answer.url in seen:
            continue
        seen.add(answer.url)
        page.goto(answer.url)
        faults += [f"{name} {answer.url}: {fault}" for fault in faults_of(page)]
        try:
            check(page, rules)
        except AssertionError as violation:
            faults.append(f"{name} {violation}")
    assert seen, "no page was found"
    assert not faults, "\n\n".join(faults)
