"""The board at size, in the server and in a real Chromium: `.venv/bin/python -m benchmarks.board [--deals 100000]`.

Fills one installation with a workspace of 1,000 deals and one of `--deals` (rows only: the board reads nothing else),
and one with 5,000 open deals of which every column holds hundreds. Prints queries and CPU of the page of each; then
drags one card of the 5,000 in Chromium, `--rounds` times: from drop to the painted marker, to the server's answer, the
long tasks on the way; and the frames while the board is scrolled sideways and a column down.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.web_pages import Page, measure

PORT = 8697
OPEN_SHARE = 0.135  # of the simulated firm's deals
CHROMIUM = "/usr/bin/chromium"
LEAST_CARDS = 5
WATCH = """
(() => {
  window.__long = [];
  const keep = (list) => window.__long.push(...list.getEntries().map((one) => one.duration));
  new PerformanceObserver(keep).observe({ type: "longtask" });
  document.addEventListener("drop", () => {
    const start = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.__painted = performance.now() - start; }));
    const isCard = (one) => [...one.addedNodes].some((node) => node.matches?.(".bcard"));
    new MutationObserver((list, self) => {
      if (!list.some(isCard)) return;
      window.__answered = performance.now() - start;
      self.disconnect();
    }).observe(document.getElementById("board"), { childList: true, subtree: true });
  }, true);
})();
"""
FRAMES = """
async ([selector, horizontal]) => {
  const box = document.querySelector(selector);
  const times = [];
  let before = performance.now();
  for (let frame = 0; frame < 120; frame += 1) {
    if (horizontal) box.scrollLeft = Math.abs(Math.sin(frame / 20)) * box.scrollWidth;
    else box.scrollTop = Math.abs(Math.sin(frame / 20)) * box.scrollHeight;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
}
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= {"HEADWAY_HOME": folder, "HEADWAY_ADDRESS": f"http://127.0.0.1:{PORT}", "DATABASE_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "headway.settings"
        person = begin()
        small, large = (filled(person, size, round(size * OPEN_SHARE)) for size in (1_000, told.deals))
        crowded = filled(person, 5_000, 5_000)
        session = logged_in(person)
        pages(person, {"1,000": small, f"{told.deals:,}": large, "5,000 open": crowded})
        server = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "headway.web.wsgi:application",
                "--port", str(PORT), "--log-level", "error",
            ],
            cwd=home,
        )  # fmt: skip
        try:
            wait()
            browse(crowded, session, told.rounds)
        finally:
            server.terminate()
            server.wait()
    return 0


def begin() -> Any:
    """A fresh installation in this process, and the person who asks."""
    import django

    django.setup()
    from django.core.management import call_command

    from headway.store.actions.workspaces import make_person
    from headway.store.guards import ALL, enter

    call_command("migrate", verbosity=0)
    enter(ALL)
    return make_person(email="b@example.com", name="Bea Bench", password="x" * 16, at=datetime.now(UTC))


def filled(person: Any, deals: int, opened: int) -> str:
    """Key of a workspace of so many deals, `opened` of them open, spread over the columns as the demo's firm is."""
    from headway.demo.export import process_text
    from headway.process.loader import parse_process
    from headway.store.actions.process_files import publish_process
    from headway.store.actions.workspaces import make_workspace
    from headway.store.models import Deal, Owner, ProcessVersion

    at, chance = datetime.now(UTC), random.Random(7)
    workspace = make_workspace(name=f"{deals:,} deals, {opened:,} open", by=person, at=at)
    process = parse_process(process_text(), "process")
    publish_process(workspace=workspace, process=process, by=person, at=at)
    version = ProcessVersion.objects.get(workspace=workspace, number__isnull=False)
    owners = [Owner.objects.create(workspace=workspace, name=f"Seller {number}") for number in range(12)]
    stages = [stage.name for stage in process.stages]
    places = (None, 0, *range(1, len(stages) + 1))
    weights = (16, 15, 31, 24, 15, 3, 2, 2)[: len(places)]

    def row(number: int) -> Deal:
        shown = chance.choices(places, weights)[0]
        claimed = chance.randint(1, len(stages))
        return Deal(
            workspace=workspace, name=f"Buyer {number} – order planning", account=f"Buyer {number}", currency="EUR",
            amount=Decimal(chance.randint(5, 300) * 1000), version=version, owner=chance.choice(owners),
            team=chance.choice(("North", "South", "Central")), outcome="" if number < opened else "lost",
            claimed=stages[claimed - 1], claimed_rank=claimed, evidenced_rank=shown,
            gap=None if shown is None else claimed - shown, attention=chance.random(),
            standing=chance.choice(("advancing", "waiting", "drifting", "quiet")) if shown is not None else "unseen",
            last_buyer_act_at=None if shown is None else at - timedelta(days=chance.randint(0, 60)),
            source_id=f"{workspace.pk}-{number}",
        )  # fmt: skip

    Deal.objects.bulk_create((row(number) for number in range(deals)), batch_size=2_000)
    return str(workspace.key)


def logged_in(person: Any) -> str:
    """A session of this person."""
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def pages(person: Any, workspaces: dict[str, str]) -> None:
    """Queries and CPU of the board of each workspace."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    asked = {
        "board": "board/",
        "board of one team": "board/?team=North",
        "more cards": "board/cards/?column=1&page-1=3",
    }
    measured = [
        Page(name, size, [f"/w/{key}/{path}"]) for name, path in asked.items() for size, key in workspaces.items()
    ]
    measure(measured, client)
    print("| page | deals | queries | CPU, median, ms | p95, ms |\n|---|--:|--:|--:|--:|")
    for page in measured:
        print(f"| {page.name} | {page.size} | {max(page.queries)} | {page.median_cpu_ms:.1f} | {page.p95_ms:.1f} |")


def wait() -> None:
    """Until the server answers."""
    for _ in range(200):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/healthy", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def browse(key: str, session: str, rounds: int) -> None:
    """Drag and scroll in Chromium, and print."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1600, "height": 900}, base_url=f"http://127.0.0.1:{PORT}")
        context.add_cookies([{"name": "headway-session", "value": session, "url": f"http://127.0.0.1:{PORT}"}])
        page = context.new_page()
        page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => {{ {WATCH} }});")
        page.goto(f"/w/{key}/board/")
        page.wait_for_load_state("networkidle")
        painted, answered, long = [], [], []
        for number in range(rounds):
            if page.locator("#bcol-1 .bcard").count() < LEAST_CARDS:  # a row of the benchmark has no history: it leaves
                page.reload(wait_until="networkidle")
            card = page.locator("#bcol-1 .bcard").nth(number % LEAST_CARDS)
            now = card.get_attribute("data-claimed")
            page.evaluate("() => { window.__long.length = 0; window.__painted = window.__answered = null; }")
            card.locator(".bcard-facts").drag_to(page.locator(f"#bcol-{1 if now != '1' else 2} .bcol-head"))
            page.wait_for_function("() => window.__painted !== null && window.__answered !== null")
            page.wait_for_timeout(300)
            painted.append(page.evaluate("window.__painted"))
            answered.append(page.evaluate("window.__answered"))
            long.extend(page.evaluate("window.__long"))
        cards = page.locator(".bcard").count()
        print(f"\n5,000 open deals, {cards} cards drawn, {rounds} drags of a card in Chromium")
        print(f"from drop to painted marker: median {statistics.median(painted):.0f} ms, most {max(painted):.0f} ms")
        print(
            f"from drop to the server's card: median {statistics.median(answered):.0f} ms, most {max(answered):.0f} ms"
        )
        print(f"long tasks (over 50 ms): {len(long)}" + (f", longest {max(long):.0f} ms" if long else ""))
        for words, selector, sideways in (
            ("board sideways", "#board", True),
            ("a column down", "#bcol-1 .bcards", False),
        ):
            for _ in range(4):
                if not sideways and page.locator("#bcol-1 [data-more]").count():
                    page.locator("#bcol-1 [data-more]").click()
                    page.wait_for_timeout(400)
            frames = sorted(page.evaluate(FRAMES, [selector, sideways]))
            slow, median = sum(frame > 34 for frame in frames), statistics.median(frames)
            print(f"scrolling {words}: median frame {median:.1f} ms, p95 {frames[-7]:.1f} ms, over 34 ms {slow} of 120")
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
