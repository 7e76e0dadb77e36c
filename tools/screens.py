"""Make the pictures of the screens: `make screens` writes docs/screens and docs/report.png.

The simulated firm with a fixed seed, a fixed last day and a clock that stands still, in headless Chromium. Needs the
development environment and Chromium. Names of pictures as arguments make only these: `python tools/screens.py rewind`.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.browser import browser_path  # noqa: E402
from tools.still_site import LAST_DAY, MOMENT, SEED, StillSite, still_site  # noqa: E402

FOLDER = ROOT / "docs/screens"
LARGEST_BYTES = 200_000
WIDE, PHONE = (1280, 800), (360, 740)
REWOUND = "rewind/?on=2026-03-25"  # the last week of a quarter, in which claims grow and buyers do not
PATIENCE_MS, SETTLED_MS = 30_000, 300
# Letters are drawn alike each time, wherever on a pixel they begin.
STEADY = ("--font-render-hinting=none", "--disable-lcd-text", "--disable-font-subpixel-positioning")
COMING = "SELECT key FROM store_review WHERE state IN ('due', 'running') AND kind = 'pipeline' ORDER BY name LIMIT 1"
AHEAD = (
    "SELECT key FROM store_deal WHERE outcome = '' AND gap > 0 AND CAST(proofs AS text) LIKE '%proven%'"
    " ORDER BY amount DESC, id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """`name`: of the file; `told`: its line in the index; `steps`: from a blank page to what is shown."""

    name: str
    told: str
    steps: Callable[[Page, StillSite], None]
    role: str = "leader"
    size: tuple[int, int] = WIDE
    theme: str = "light"


def main() -> None:
    """Write the pictures and their index."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with still_site() as site, sync_playwright() as playwright:
        options = ["--no-sandbox", "--lang=en-GB", *STEADY]
        browser = playwright.chromium.launch(executable_path=browser_path(), args=options)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                shoot(browser, site, picture)
        if not wanted or "report" in wanted:
            shoot_report(browser, site)
        browser.close()
    index = "\n\n".join(f"## {one.told}\n\n![{one.told}]({one.name}.png)" for one in PICTURES)
    (FOLDER / "README.md").write_text(INDEX_HEAD + index + "\n", encoding="utf-8")


INDEX_HEAD = f"""# The screens

Made by `make screens` from the simulated firm of the demo (seed {SEED}, history up to {LAST_DAY}); do not edit.
What people do on them: [a tour of the application](../how-to/application.md).

"""


def shoot(browser: Browser, site: StillSite, picture: Picture) -> None:
    """One picture. AssertionError where it is larger than the repository wants it."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site.url, locale="en-GB", timezone_id="UTC",
        color_scheme=picture.theme, reduced_motion="reduce", has_touch=width < 600,  # type: ignore[arg-type]
        device_scale_factor=2 if width < 600 else 1,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    if picture.role:
        cookie = {"name": "headway-session", "value": site.sessions[picture.role], "url": site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.clock.set_fixed_time(MOMENT)
    picture.steps(page, site)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(SETTLED_MS)
    target = FOLDER / f"{picture.name}.png"
    page.screenshot(path=target, animations="disabled", caret="hide")
    context.close()
    size = target.stat().st_size
    assert size < LARGEST_BYTES, f"{target.name} has {size} bytes: show less of the page"
    sys.stdout.write(f"{target.relative_to(ROOT)}  {size // 1000} kB\n")


def shoot_report(browser: Browser, site: StillSite) -> None:
    """docs/report.png: the top of the HTML report of the same firm."""
    from headway.cli.diagnosing import run_diagnosis
    from headway.cli.reading import Request
    from headway.report.page import render

    processes = tuple(site.exports[0].parent.glob("*.yaml"))
    page_file = site.exports[0].parent / "report.html"
    found = run_diagnosis(Request(site.exports, processes, as_of=LAST_DAY))
    page_file.write_text(render(found), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 1250}, color_scheme="light", device_scale_factor=1.5)
    page.goto(page_file.as_uri())
    page.screenshot(path=ROOT / "docs/report.png")
    page.close()


def another_export(folder: Path) -> list[Path]:
    """The files of another firm, none of whose deals the application knows."""
    from headway.demo.company import simulate

    files = [file for file in simulate(SEED, LAST_DAY, 4, 8).write(folder) if file.suffix == ".csv"]
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace("0067Q0", "0067R0"), encoding="utf-8")
    return files


def at(path: str) -> Callable[[Page, StillSite], None]:
    """A page of the workspace."""
    return lambda page, site: _go(page, site, path)


def _go(page: Page, site: StillSite, path: str) -> None:
    page.goto(f"/w/{site.workspace}/{path}")


def forecast_of(path: str) -> Callable[[Page, StillSite], None]:
    """A page of the forecast, once it is shown without a call."""

    def steps(page: Page, site: StillSite) -> None:
        _go(page, site, "forecast/")
        without = page.get_by_role("button", name="Show without a call")
        if without.count():  # once in a session
            without.click()
        page.locator(".big-number").wait_for()
        _go(page, site, path)

    return steps


def deal_page(page: Page, site: StillSite) -> None:
    """The largest deal whose claim is ahead of a buyer who has moved."""
    _go(page, site, f"deals/{site.value(AHEAD)}/")


def agenda(page: Page, site: StillSite) -> None:
    """The agenda of the next review."""
    _go(page, site, f"reviews/{site.value(COMING)}/")


def room(page: Page, site: StillSite) -> None:
    """That review, just begun."""
    _go(page, site, f"reviews/{site.value(COMING)}/")
    begin = page.get_by_role("button", name="Begin")
    if begin.count():
        begin.first.click()
    else:
        _go(page, site, f"reviews/{site.value(COMING)}/room/")
    page.get_by_text("What is decided?").wait_for()


def recording(page: Page, site: StillSite) -> None:
    """The sheet after its second press: what they did is chosen, their words are typed, the day is asked for."""
    deal_page(page, site)
    page.locator("a.m-title.state-open").first.tap()
    page.locator("#sheet .act").first.tap()
    page.locator("#sheet").get_by_label("Their words").fill("Our CFO signs this. She joins us on Tuesday.")
    page.locator("#sheet").locator("[data-source=quote]").wait_for()


def editor(page: Page, site: StillSite) -> None:
    """The draft of the documented process, on a line in which the seller acts."""
    key = site.value("SELECT key FROM store_process ORDER BY id DESC LIMIT 1")
    _go(page, site, f"processes/{key}/edit/")
    page.keyboard.press("Alt+n")


def pasted(page: Page, _: StillSite) -> None:
    """The example, marked."""
    page.goto("/paste/")
    page.get_by_role("button", name="Show me an example").click()
    page.locator(".paste-headline").wait_for()


def importing(page: Page, site: StillSite) -> None:
    """Another export, checked and ready."""
    with tempfile.TemporaryDirectory() as folder:
        _go(page, site, "imports/")
        page.set_input_files("#files", [str(file) for file in another_export(Path(folder))])
        page.wait_for_url(re.compile(r"/imports/[^/]+/$"))
        site.work()
        page.locator(".import-changes").wait_for()


PICTURES = (
    Picture("first-page", "The first page: where the buyers really are, in five sentences", at("")),
    Picture("rewind", "Rewind: six days before a quarter's end, and how those deals ended", at(REWOUND)),
    Picture("my-deals", "My deals: every row ends in one question", at("mine/"), role="seller"),
    Picture("deal", "A deal: the claimed stage beside the evidenced one", deal_page, role="seller"),
    Picture("process-editor", "The process editor: the linter speaks while you type", editor, role="operations"),
    Picture("paste", "Paste your stages: who acts in each line, and a rewrite beside it", pasted, role=""),
    Picture("import", "An import, checked: nothing is written yet", importing, role="operations"),
    Picture("diagnosis", "The diagnosis, whole", at("diagnosis/")),
    Picture("verdicts", "Verdicts: what leaving each step out costs, the truth beside it", at("diagnosis/#verdicts")),
    Picture("call", "The forecast asks for your own call first", at("forecast/")),
    Picture("forecast", "The forecast: a range, and what else is said of it", forecast_of("forecast/")),
    Picture("forecast-moved", "Why the number moved, to the cent", forecast_of("forecast/why/")),
    Picture("forecast-past", "How good the forecast has been", forecast_of("forecast/past/")),
    Picture("rhythm", "The rhythm: which reviews are held, and whether they took place", at("rhythm/")),
    Picture("agenda", "An agenda that made itself: the deals where talking changes most", agenda),
    Picture("agenda-phone", "The agenda on a phone, the day before", agenda, role="seller", size=PHONE),
    Picture("room", "The review on one screen: five questions, blind calls, a decision", room),
    Picture("my-week", "My week: promises, three deals to move, five minutes", at("mine/week/"), role="seller"),
    Picture("promises", "Promises: kept when the buyer's act is there", at("promises/"), role="seller"),
    Picture("health", "Rhythm health: the leader's own page", at("health/")),
    Picture("trials", "Trials: a step left out on half of new deals", at("trials/")),
    Picture("verdicts-dark", "Verdicts, dark", at("diagnosis/#verdicts"), theme="dark"),
    Picture("forecast-dark", "The forecast, dark", forecast_of("forecast/"), theme="dark"),
    Picture("rewind-dark", "Rewind, dark", at(REWOUND), theme="dark"),
    Picture("room-dark", "The review, dark", room, theme="dark"),
    Picture("deal-dark", "A deal, dark", deal_page, role="seller", theme="dark"),
    Picture("record-phone", "Recording evidence on a phone", recording, role="seller", size=PHONE),
    Picture("first-page-phone", "The first page on a phone", at(""), size=PHONE),
    Picture("my-deals-phone", "My deals on a phone", at("mine/"), role="seller", size=PHONE),
    Picture("verdicts-phone", "Verdicts on a phone", at("diagnosis/#verdicts"), size=PHONE),
    Picture("forecast-phone", "The forecast on a phone", forecast_of("forecast/"), size=PHONE),
    Picture("rewind-phone", "Rewind on a phone", at(REWOUND), size=PHONE),
)

if __name__ == "__main__":
    main()
