"""Does the time of an answer tell who has an account? `.venv/bin/python -m benchmarks.guessing` (about 4 minutes).

One real server, its mail server on loopback taking 200 ms for each mail. Addresses of people with an account and of
nobody, in random order, are tried with a wrong password, asked to have it set anew, and given a wrong code. Prints, for
each, both medians, the difference of the medians with a 95 % interval (10,000 bootstrap resamples, seed fixed) and the
p-value of a Mann-Whitney test. The limits of tries are off: with them an attacker has ten, not hundreds.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlencode

import numpy as np
from scipy.stats import mannwhitneyu

from benchmarks.page import machine
from tests.processes import end, free_port, start_held

PEOPLE = 20
MAIL_TAKES_S = 0.2
RESAMPLES = 10_000
MADE = """
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from headway.store.actions.workspaces import make_person
call_command("migrate", verbosity=0)
for number in range({people}):
    email = f"known{{number:04d}}@example.com"
    make_person(email=email, name="Bea", password="correct horse battery", at=datetime.now(UTC))
"""


class SlowMail(StreamRequestHandler):
    """A mail server that takes everything, slowly."""

    def handle(self) -> None:
        """One conversation."""
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(MAIL_TAKES_S)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


class Visitor:
    """A browser without cookies at the start: `post` takes the form's token from the page before."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[HTTPResponse, str, float]:
        """(answer, text, seconds until its last byte)."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        took = time.perf_counter() - started
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text, took

    def post(self, path: str, wants: int, **given: str) -> float:
        """Seconds that the answer to a form took."""
        shown, page, _ = self.ask("GET", path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, (path, shown.status, page[:500])
        answer, _, took = self.ask("POST", path, urlencode({"csrfmiddlewaretoken": token[1], **given}))
        assert answer.status == wants, (path, answer.status)
        return took


def tried(port: int, email: str) -> tuple[float, float, float]:
    """Seconds of a wrong login, of a reset, and of a wrong code."""
    visitor = Visitor(port)
    login = visitor.post("/account/login/", 200, login=email, password="wrong wrong wrong")
    reset = visitor.post("/account/password/reset/", 302, email=email)
    code = visitor.post("/account/password/reset/confirm/", 200, code="WRONG1")
    visitor.connection.close()
    return login, reset, code


def difference(known: np.ndarray, unknown: np.ndarray) -> tuple[float, float, float, float]:
    """(difference of medians, lower, upper, p)."""
    chance = np.random.default_rng(7)
    picks = chance.integers(0, len(known), (RESAMPLES, len(known)))
    others = chance.integers(0, len(unknown), (RESAMPLES, len(unknown)))
    resampled = np.median(known[picks], axis=1) - np.median(unknown[others], axis=1)
    low, high = np.percentile(resampled, [2.5, 97.5])
    p = mannwhitneyu(known, unknown).pvalue
    return float(np.median(known) - np.median(unknown)), float(low), float(high), float(p)


def measured(port: int, tries: int) -> dict[str, np.ndarray]:
    """Kind of address -> seconds, one row for each try: login, reset, code."""
    chance = random.Random(7)
    order = ["known", "unknown"] * tries
    chance.shuffle(order)
    for kind in ("known", "unknown") * 5:  # until the server is warm
        tried(port, f"{kind[:5]}0000@example.com")
    found: dict[str, list[tuple[float, float, float]]] = {"known": [], "unknown": []}
    for kind in order:
        name = f"known{chance.randrange(PEOPLE):04d}" if kind == "known" else f"other{chance.randrange(PEOPLE):04d}"
        found[kind].append(tried(port, f"{name}@example.com"))
    return {kind: np.array(rows) for kind, rows in found.items()}


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tries", type=int, default=200, help="of each kind of address")
    tries = asked.parse_args().tries
    mail = ThreadingTCPServer(("127.0.0.1", 0), SlowMail)
    mail.daemon_threads = True
    threading.Thread(target=mail.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        port, home = free_port(), Path(folder)
        env = os.environ | {
            "HEADWAY_HOME": folder, "HEADWAY_ADDRESS": f"http://127.0.0.1:{port}", "DATABASE_URL": "",
            "HEADWAY_MAIL": f"smtp://127.0.0.1:{mail.server_address[1]}",
            "DJANGO_SETTINGS_MODULE": "benchmarks.guessing_settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-c", MADE.format(people=PEOPLE)], env=env, check=True)
        granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(port)]
        server = start_held([*granian, "headway.web.wsgi:application"], env=env, cwd=Path.cwd(), log=home / "log")
        try:
            wait_for(port)
            found = measured(port, tries)
        finally:
            end(server)
    print(f"{tries} tries each, {machine()}\n")
    print("| | known, median ms | unknown, median ms | difference, ms (95 % interval) | Mann-Whitney p |")
    print("|---|---|---|---|---|")
    for column, what in enumerate(("wrong password", "ask for a code", "wrong code")):
        known, unknown = (1000 * found[kind][:, column] for kind in ("known", "unknown"))
        middle, low, high, p = difference(known, unknown)
        print(
            f"| {what} | {np.median(known):.2f} | {np.median(unknown):.2f} "
            f"| {middle:+.2f} ({low:+.2f} to {high:+.2f}) | {p:.2f} |"
        )


def wait_for(port: int) -> None:
    """Until the server answers; AssertionError after a minute."""
    until = time.monotonic() + 60
    while True:
        try:
            return Visitor(port).ask("GET", "/healthy") and None
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


if __name__ == "__main__":
    main()
