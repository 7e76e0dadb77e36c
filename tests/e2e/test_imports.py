"""The import wizard in a browser: from a file in hand to the first finding, and back, as a person does it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from headway.demo.company import simulate
from tests.e2e.conftest import themes_and_widths
from tests.e2e.site import Site

LONG_MS = 120_000
UNKNOWN = "number,customer,agent,step,value,opened\n7,Acme,Ann,Offer,1200,03/04/2026\n8,Bolt,Bo,Won,90,05/06/2026\n"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The simulated firm's files with deals that the shared site does not know."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    files = simulate(11, yesterday, 4, 8).write(tmp_path_factory.mktemp("export"))
    return [str(path) for path in files]


class Person:
    """Somebody at the keyboard; counts what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    def give(self, files: list[str]) -> None:
        """Choose files: dropping them is one step alike."""
        self.page.set_input_files("#files", files)
        self.steps += 1

    def press(self, name: str) -> None:
        """Press the button called so."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()
        self.steps += 1


@pytest.mark.both_databases
def test_from_file_in_hand_to_first_finding_in_two_steps(
    page_as: Callable[..., Page], site: Site, export: list[str], record_property: Callable[[str, object], None]
) -> None:
    own = site.fresh()
    page = page_as("leader", site=own)
    page.goto(own.to("imports"))
    person, begun = Person(page), time.monotonic()
    person.give(export)
    expect(page.locator(".import-changes")).to_contain_text("new deals", timeout=LONG_MS)
    person.press("Import")
    page.wait_for_url(own.to("home"), timeout=LONG_MS)
    expect(page.locator("h1")).to_have_text("Where your buyers really are")
    seconds = time.monotonic() - begun
    record_property("seconds", round(seconds, 1))
    print(f"from file in hand to first finding: {seconds:.1f} s, {person.steps} steps")
    assert person.steps == 2
    assert page.locator(".first-page p, .first-page li").count() >= 5
    expect(page.locator("#toasts")).to_contain_text(re.compile("deals (imported|changed)"))  # the firm may know them
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Import undone")
    assert own.rows("SELECT count(*) FROM store_batchundone") == [(1,)]


@themes_and_widths
def test_every_state_of_an_import_is_clean(
    page_as: Callable[..., Page],
    site: Site,
    check: Callable[..., None],
    tmp_path: Path,
    theme: str,
    width: int,
) -> None:
    page = page_as("operations", width=width, theme=theme)
    page.goto(site.to("imports"))
    check(page)
    wrong = tmp_path / "notes.pdf"
    wrong.write_bytes(b"%PDF-1.4")
    page.set_input_files("#files", str(wrong))
    expect(page.get_by_role("alert")).to_contain_text("notes.pdf is a PDF document")
    check(page)
    unknown = tmp_path / f"deals {theme} {width}.csv"
    unknown.write_text(UNKNOWN.replace("number", f"number{theme}{width}"))
    page.set_input_files("#files", str(unknown))
    expect(page.get_by_text("What do the columns mean?")).to_be_visible(timeout=LONG_MS)
    page.locator("select").first.select_option("id")
    check(page)
    page.get_by_role("button", name="Check with these").click()
    expect(page.get_by_role("button", name="Day first")).to_be_visible(timeout=LONG_MS)
    check(page)
    page.get_by_role("button", name="Day first").click()
    expect(page.locator(".import-changes")).to_have_text("2 new deals", timeout=LONG_MS)
    check(page)
    page.get_by_role("button", name="Drop this import").click()
    expect(page.locator("#toasts")).to_contain_text("Dropped")


def test_problem_rows_are_shown_in_place_and_downloaded(
    page_as: Callable[..., Page], site: Site, check: Callable[..., None], export: list[str], tmp_path: Path
) -> None:
    lines = Path(export[0]).read_text().splitlines()
    column = lines[0].split(",").index("CreatedDate")
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:column], "some day", *cells[column + 1 :]])
    spoiled = tmp_path / "opportunities.csv"
    spoiled.write_text("\n".join(lines) + "\n")
    page = page_as("leader", width=360)
    page.goto(site.to("imports"))
    page.set_input_files("#files", str(spoiled))
    problem = page.locator(".import-problems details", has_text="some day")
    expect(problem).to_be_visible(timeout=LONG_MS)
    check(page)
    if problem.get_attribute("open") is None:
        problem.locator("summary").click()
    expect(problem.locator("td.marked")).to_contain_text("some day")
    with page.expect_download() as download:
        page.get_by_role("link", name="Rows with a problem").click()
    assert "some day" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Drop this import").click()


def test_without_scripts_the_wizard_is_a_plain_form(
    browser: object, site: Site, page_as: Callable[..., Page], tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site.url)  # type: ignore[attr-defined]
    cookie = {"name": "headway-session", "value": site.facts["sessions"]["leader"], "url": site.url}
    context.add_cookies([cookie])
    page = context.new_page()
    file = tmp_path / "mine.csv"
    file.write_text(UNKNOWN)
    page.goto(site.to("imports"))
    page.set_input_files("#files", str(file))
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_text("What do the columns mean?").wait_for(timeout=LONG_MS)  # the page reloads itself until then
    page.get_by_role("button", name="Drop this import").click()
    context.close()
