"""The team's pages at two sizes: `.venv/bin/python -m benchmarks.team_pages [--deals 100000] [--home FOLDER]`.

Board, team, portfolio, findings and gates of a workspace of 1,000 deals and of one of `--deals`, filled and analysed as
`benchmarks.web` does it, asked for in turn in process; prints a Markdown table. `--home`: where the installation is
kept, and taken from if it is there already. `--profile PAGE` prints where one page of the large one spends its time.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
import tempfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.page import machine
from benchmarks.web import SMALL, begin, filled, row
from benchmarks.web_pages import Page, measure

ROUNDS = 30
HEAD = (
    "| page | queries | CPU, median, ms | p95, ms | ratio | bars met |",
    "|---|--:|--:|--:|--:|---|",
)


def team_addresses(key: str) -> dict[str, list[str]]:
    """Pages by name. Deals, figures, owners and findings of which there are many are taken in turn."""
    from headway.store.models import DealFinding, Gate, Membership, Owner, TeamFigure

    root = f"/w/{key}/"
    open_now = DealFinding.objects.filter(workspace__key=key, state="open", mark__isnull=False, deal__outcome="")
    findings = list(open_now.values_list("deal__key", "mark")[:10])
    deals = list(dict.fromkeys(deal for deal, _ in findings))
    figures = TeamFigure.objects.filter(workspace__key=key, name__startswith="behind:").values_list("name", flat=True)
    members = Membership.objects.filter(owner__isnull=False).values("owner")
    owners = Owner.objects.filter(workspace__key=key).exclude(pk__in=members).values_list("pk", flat=True)[:10]
    return {
        "board": [f"{root}board/", f"{root}board/?standing=drifting"],
        "board, a card open": [f"{root}board/?open={deal}" for deal in deals],
        "board, more cards": [f"{root}board/cards/?column=1&page-1=2"],
        "team: pipeline": [f"{root}team/"],
        "team: practice": [f"{root}team/practice/"],
        "deals behind a figure": [f"{root}team/figures/{name.removeprefix('behind:')}/" for name in figures[:20]],
        "team: people": [f"{root}team/people/"],
        "an owner": [f"{root}team/owners/{owner}/" for owner in owners],
        "findings": [f"{root}findings/"],
        "findings, narrowed": [f"{root}findings/?rule=overstay", f"{root}findings/?age=3", f"{root}findings/?mine=1"],
        "one finding": [f"{root}findings/deals/{deal}/{mark}/" for deal, mark in findings],
        "findings that ended": [f"{root}findings/ended/"],
        "gates": [f"{root}gates/"],
        "one gate": [f"{root}gates/{gate.key}/" for gate in Gate.objects.filter(workspace__key=key)],
    }


def furnish(key: str, person: Any) -> None:
    """Gates before all stages where none stands yet; a person who is in this workspace alone, for the portfolio."""
    from headway.store.actions.gates import set_gate
    from headway.store.actions.workspaces import add_member, make_person
    from headway.store.models import Gate, Person, ProcessVersion, Workspace
    from headway.store.queries.versions import process_of

    at, workspace = datetime.now(UTC), Workspace.objects.get(key=key)
    version = ProcessVersion.objects.filter(workspace=workspace, number__isnull=False).latest("number")
    if not Gate.objects.filter(workspace=workspace).exists():
        for stage in process_of(version).stages:
            if stage.milestones:
                set_gate(workspace=workspace, process=version.process, stage=stage.name, by=person, at=at)
    email = f"{key}@example.com"
    if not Person.objects.filter(email=email).exists():
        made = make_person(email=email, name="Paul Portfolio", password="x" * 16, at=at)
        add_member(workspace=workspace, person=made, role="leader", by=person, at=at)


def opened(home: Path, deals: int) -> tuple[Any, list[str]]:
    """The installation in `home`, filled if it is not: the person who asks, and the keys of both workspaces."""
    filled_before = (home / "headway.sqlite3").exists()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if filled_before:
        os.environ |= {"HEADWAY_HOME": str(home), "HEADWAY_ADDRESS": "http://localhost", "DATABASE_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "headway.settings"
        import django

        django.setup()
        from headway.store.models import Person, Workspace

        person = Person.objects.get(email="b@example.com")
        return person, list(Workspace.objects.order_by("pk").values_list("key", flat=True))
    person = begin(home)
    return person, [filled(person, size, home.parent / "rows.parquet").key for size in (SMALL, deals)]


def measured(person: Any, keys: list[str]) -> list[tuple[Page, Page]]:
    """Every page of both."""
    from django.test import Client

    from headway.store.models import Person

    places = [team_addresses(key) for key in keys]
    pairs = [(Page(name, "small", urls), Page(name, "large", places[1][name])) for name, urls in places[0].items()]
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    measure([page for pair in pairs for page in pair], client, ROUNDS)
    cards = []
    for key in keys:
        client.force_login(Person.objects.get(email=f"{key}@example.com"))
        cards.append(Page("portfolio", key, ["/portfolio/"]))
        measure(cards[-1:], client, ROUNDS)
    return [*pairs, (cards[0], cards[1])]


def profiled(person: Any, addresses: list[str]) -> None:
    """Where thirty requests spend their time."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    for address in addresses:
        client.get(address)
    profile = cProfile.Profile()
    profile.enable()
    for number in range(ROUNDS):
        client.get(addresses[number % len(addresses)])
    profile.disable()
    for order, most in (("cumulative", 70), ("tottime", 25)):
        pstats.Stats(profile).sort_stats(order).print_stats(most)


def main() -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--profile", default="")
    given = parser.parse_args()
    kept = nullcontext(str(given.home.parent)) if given.home else tempfile.TemporaryDirectory()
    with kept as folder:
        person, keys = opened(given.home or Path(folder) / "home", given.deals)
        for key in keys:
            furnish(key, person)
        if given.profile:
            profiled(person, team_addresses(keys[-1])[given.profile])
            return 0
        print("\n".join([*HEAD, *(row(one, two) for one, two in measured(person, keys))]))
        print(f"\n{datetime.now(UTC):%Y-%m-%d}: {machine()}; load at the end {os.getloadavg()[0]:.1f}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
