"""Where messages arrive in tests: a real mail server and a real stand-in for Slack, both on loopback."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.processes import free_port

logging.getLogger("mail.log").setLevel(logging.ERROR)  # of the server: it warns of its own names at each log-in
USER, PASSWORD = "headway", "planted-smtp-password"
Watch = Callable[[str], None]


def nothing(_step: str) -> None:
    """What happens at a step unless a test says otherwise."""


@dataclass
class Mailbox:
    """A mail server. `raw`: every hand-over it accepted. `watch` is told each step: mail, rcpt, data.

    `answers`: what it says to the next RCPT and DATA instead of accepting, by step.
    """

    raw: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    watch: Watch = nothing
    port: int = 0
    logins: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For HEADWAY_MAIL."""
        return f"smtp://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    @property
    def by_id(self) -> Counter[str]:
        """How often each Message-ID was handed over."""
        return Counter(str(mail["Message-ID"]) for mail in self.raw)

    def shown(self) -> dict[str, EmailMessage]:
        """What a mailbox shows that drops a Message-ID it has."""
        return {str(mail["Message-ID"]): mail for mail in reversed(self.raw)}

    def log_in(self, _s: SMTP, _session: Session, _e: Envelope, _mechanism: str, data: Any) -> AuthResult:
        """Only with the planted password."""
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password)
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    def _said(self, step: str) -> str | None:
        self.watch(step)
        waiting = self.answers.get(step)
        return waiting.pop(0) if waiting else None

    async def handle_MAIL(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        envelope.mail_from = address
        return self._said("mail") or "250 OK"

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        said = self._said("rcpt")
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, _s: SMTP, _session: Session, envelope: Envelope) -> str:
        waiting = self.answers.get("data")
        if waiting:
            return waiting.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        mail["X-Rcpt"] = ",".join(envelope.rcpt_tos)
        self.raw.append(mail)  # accepted from here on, whether or not the answer arrives
        self.watch("data")
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """One that runs for the length of a block."""
    box = Mailbox(port=free_port())
    controller = Controller(
        box, hostname="127.0.0.1", port=box.port, authenticator=box.log_in, auth_require_tls=False, ready_timeout=30
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Channel:
    """A stand-in for hooks.slack.com. `posts`: (path, body) of each; `answers`: (status, headers) of the next ones."""

    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    watch: Watch = nothing
    port: int = 0

    @property
    def url(self) -> str:
        """For HEADWAY_TEST_SLACK."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def by_text(self) -> Counter[str]:
        """How often each text was posted."""
        return Counter(str(body.get("text")) for _, body in self.posts)


@contextmanager
def slack_server() -> Iterator[Channel]:
    """One that runs for the length of a block."""
    channel = Channel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers = channel.answers.pop(0) if channel.answers else (200, {})
            if status == 0:  # taken, and never answered
                channel.posts.append((self.path, body))
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if status == 200:
                channel.posts.append((self.path, body))
            channel.watch("posted")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Whoever posted was killed: that is what the test does."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    channel.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield channel
    finally:
        server.shutdown()
        server.server_close()
