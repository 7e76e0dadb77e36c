"""`headway serve`: the application and its background worker, ready to use."""

from __future__ import annotations

import errno
import http.client
import ipaddress
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from headway.basics.errors import UserError

THREADS = 4


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8000,
    address: Annotated[
        str | None,
        typer.Option("--address", help="Where people reach it, as in https://headway.example.com (HEADWAY_ADDRESS)."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="Folder of database and key; default HEADWAY_HOME or headway-data.")
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run the background worker too; else run `headway worker`.")
    ] = True,
) -> None:
    """Run the application and its background worker until Ctrl-C.

    The database is brought up to date first. A fresh installation prints a one-time link that makes the first account.
    """
    from headway.cli.installation import choose_home, need_writable, set_up
    from headway.cli.supervision import Child, Supervision

    need_free(host, port)
    need_writable(choose_home(home))
    reached = choose_address(host, port, address)
    set_up()
    bring_up()
    link = setup_link(reached)
    run = [sys.executable, "-m"]
    web = Child("web", [*run, "headway.cli.web_server", host, *map(str, (port, processes(), THREADS))], needed=True)
    children = [web, Child("worker", [*run, "headway.jobs.worker"])] if worker else [web]
    status = Supervision(*children, ready=lambda: answers(host, port), tell=lambda: tell_address(reached, link)).run()
    if status:
        raise UserError(f"The web server ended three times in a row (status {status}); what it said stands above.")


def need_free(host: str, port: int) -> None:
    """UserError unless the port can be listened on."""
    try:
        kind = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind[0], socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(kind[4])
    except OSError as problem:
        why = "is taken" if problem.errno == errno.EADDRINUSE else f"cannot be used ({problem.strerror})"
        raise UserError(f"Port {port} of {host} {why}: end what runs there, or pass another --port.") from None


def answers(host: str, port: int) -> bool:
    """Whether the application answers there."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (asked of, not listened on)
    trial = http.client.HTTPConnection(named, port, timeout=5)
    try:
        trial.request("GET", "/healthy", headers={"Host": urlsplit(os.environ["HEADWAY_ADDRESS"]).netloc})
        return trial.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        trial.close()


def tell_address(reached: str, link: str | None) -> None:
    """Say where it runs, and how the first account is made."""
    typer.echo(f"Headway runs at {reached}  (Ctrl-C ends it)")
    if link:
        typer.echo(f"Nobody has an account yet. This link makes the first one; it works once:\n{link}")
    sys.stdout.flush()


def choose_address(host: str, port: int, address: str | None) -> str:
    """Where people reach it, set for the settings of this process and its children.

    Without one, a loopback host is reached at itself; any other needs one, and it is https: a proxy in front speaks it,
    so what that proxy says of scheme and client is trusted unless HEADWAY_BEHIND_PROXY says otherwise.
    """
    chosen = address or os.environ.get("HEADWAY_ADDRESS")
    if not chosen:
        if not is_loopback(host):
            raise UserError(
                f"Say how people reach {host}: pass --address https://…, the address that your proxy serves."
            )
        named = f"[{host}]" if ":" in host else host
        chosen = f"http://{named}:{port}"
    os.environ["HEADWAY_ADDRESS"] = chosen.rstrip("/")
    if chosen.startswith("https://"):
        os.environ.setdefault("HEADWAY_BEHIND_PROXY", "on")
    return chosen.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def processes() -> int:
    """Web processes: half the cores, one at least; the background worker and the database want the others."""
    return max(1, min(8, (os.cpu_count() or 2) // 2))


def bring_up() -> None:
    """Migrate. UserError where the database does not answer or is newer than this program."""
    from django.db import DatabaseError, connections

    from headway.cli.installation import first_line
    from headway.store.upgrading import bring_up as migrate

    try:
        migrate()
    except DatabaseError as problem:
        raise UserError(f"The database cannot be brought up to date: {first_line(problem)}.") from None
    connections.close_all()


def setup_link(reached: str) -> str | None:
    """The one-time link, while nobody has an account. Its token is a fragment: never sent, so in no log."""
    from django.db import connections
    from django.urls import reverse

    from headway.store.actions.workspaces import make_setup_link

    token = make_setup_link(at=datetime.now(UTC))
    connections.close_all()
    return f"{reached}{reverse('set_up')}#{token}" if token else None
