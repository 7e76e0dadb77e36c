"""The demo's application: a fresh installation on this machine, filled, with three logins."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headway.basics.errors import UserError

if TYPE_CHECKING:
    from headway.verdict.value import PlantedTruth

MARK = "made-by-headway-demo"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who can log in to the demo."""

    role: str
    email: str
    name: str


def free_port(port: int) -> int:
    """This port, or the next of ten that nothing runs on. UserError where all are taken."""
    from headway.cli.serve import need_free

    for candidate in range(port, port + 10):
        try:
            need_free("127.0.0.1", candidate)
        except UserError:
            continue
        return candidate
    raise UserError(f"Ports {port} to {port + 9} are taken: end what runs there, or pass another --port.")


def run_site(
    home: Path, exports: tuple[Path, ...], processes: tuple[Path, ...], port: int, truths: Mapping[str, PlantedTruth]
) -> None:
    """Fill a fresh installation in `home` and run it until Ctrl-C. `truths`: what is really so, by step."""
    from headway.cli.installation import choose_home, set_up
    from headway.cli.serve import THREADS, answers, bring_up
    from headway.cli.serve import processes as web_processes
    from headway.cli.supervision import Child, Supervision

    begin_anew(home)
    os.environ.pop("DATABASE_URL", None)  # a demo never touches a real installation
    choose_home(home)
    address = f"http://127.0.0.1:{port}"
    os.environ["HEADWAY_ADDRESS"] = address
    set_up()
    bring_up()
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    logins = fill(exports, processes, password, truths)
    run = [sys.executable, "-m"]
    web = Child("web", [*run, "headway.cli.web_server", "127.0.0.1", str(port), str(web_processes()), str(THREADS)],
                needed=True)  # fmt: skip
    worker = Child("worker", [*run, "headway.jobs.worker"])

    def tell() -> None:
        typer.echo(f"\nHeadway runs at {address}  (Ctrl-C ends it)\n")
        for login in logins:
            typer.echo(f"  {login.role:<11} {login.email:<24} {password}   {login.name}")
        typer.echo("")
        sys.stdout.flush()

    status = Supervision(web, worker, ready=lambda: answers("127.0.0.1", port), tell=tell).run()
    if status:
        raise UserError(f"The web server ended three times in a row (status {status}); what it said stands above.")


def begin_anew(home: Path) -> None:
    """An empty folder. UserError where one is there that no demo has made."""
    if home.exists():
        if not (home / MARK).exists() and any(home.iterdir()):
            raise UserError(f"{home} was not made by the demo and is left alone: pass another folder with --out.")
        shutil.rmtree(home)
    home.mkdir(mode=0o700, parents=True)
    (home / MARK).touch()


def fill(
    exports: tuple[Path, ...],
    processes: tuple[Path, ...],
    password: str,
    truths: Mapping[str, PlantedTruth] | None = None,
) -> list[Login]:
    """Three people and a workspace with the deals; everything worked out. The seller is who owns most open deals."""
    from django.db import connections

    from headway.cli.demo_rhythm import set_demo_rhythm
    from headway.demo.documented import documented_form
    from headway.jobs.analysis import analyse
    from headway.jobs.importing import load_files
    from headway.store.actions.processes import make_process
    from headway.store.actions.workspaces import add_member, make_person, make_workspace, set_truths
    from headway.store.queries.owners import busiest_owner

    at = datetime.now(UTC)
    leader = Login("leader", "leader@example.com", "Lena Hartmann")
    boss = make_person(email=leader.email, name=leader.name, password=password, at=at, operator=True)
    name = "Demo firm" if processes else exports[0].stem
    workspace = make_workspace(name=name[:120], by=boss, at=at)
    load_files(workspace, exports, boss, at, processes=processes)
    if processes:
        make_process(workspace=workspace, form=documented_form(), by=boss, at=at)
    if truths:
        told = {step: asdict(truth) for step, truth in truths.items()}
        set_truths(workspace=workspace, truths=told, by=boss, at=at)
    workspace.refresh_from_db()  # an import of old data has set the day that pages show
    analyse(workspace, at=at)
    owner = busiest_owner(workspace)
    people = {"leader": boss}
    logins = [
        leader,
        Login("seller", "seller@example.com", owner or "Sam Seller"),
        Login("operations", "operations@example.com", "Olga Petrova"),
    ]
    for login in logins[1:]:
        person = make_person(email=login.email, name=login.name, password=password, at=at)
        own = owner if login.role == "seller" else None
        add_member(workspace=workspace, person=person, role=login.role, by=boss, at=at, owner=own)
        people[login.role] = person
    if truths:
        set_demo_rhythm(workspace, people["leader"], people["seller"], people["operations"], at)
    connections.close_all()
    return logins
