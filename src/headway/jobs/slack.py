"""Hand messages to Slack: only to incoming webhooks at hooks.slack.com, never by a redirect, once per call."""

from __future__ import annotations

import http.client
import logging
import socket
import ssl
import urllib.request
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from django.conf import settings
from slack_sdk.webhook import WebhookClient, WebhookResponse

from headway.basics.errors import UserError
from headway.jobs.handing import SENT, Became, Outcome, later, refused
from headway.reviews.paper import MOST_BLOCKS
from headway.store.queries.outbox import OutMessageRow, hook_of

HOST = "hooks.slack.com"
TIMEOUT_S = 7
MOST_TEXT, MOST_BYTES = 20_000, 100_000
LONGEST_WAIT = timedelta(hours=1)
NOT_A_HOOK = "This is no incoming webhook of Slack: it begins with https://hooks.slack.com/services/."
NO_HOOK = "No Slack hook is set: set one, then send it again."
GONE = "Slack no longer takes messages at this hook ({code}): set a new one, then send it again."
# What the library says goes nowhere: it would name the hook, which is a secret.
SILENT = logging.getLogger("headway.slack.silent")
SILENT.setLevel(logging.CRITICAL + 1)


def check_hook(address: str, begins: str = "/services/") -> str:
    """The address, if a message may be posted there; else UserError. Checked when it is set and when it is used."""
    parts = urlsplit(address.strip())
    if settings.TEST_SLACK and address.strip().startswith(f"{settings.TEST_SLACK}/"):
        return address.strip()
    try:
        port = parts.port
    except ValueError:
        port = -1
    plain = parts.scheme == "https" and parts.netloc.lower() in (HOST, f"{HOST}:443") and port in (None, 443)
    if not plain or not parts.path.startswith(begins) or parts.query or parts.fragment or not address.isascii():
        raise UserError(NOT_A_HOOK)
    return address.strip()


class _Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: where a message goes was settled when the hook was checked."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """None: the answer stands as it is."""


class OneTry(WebhookClient):
    """The library's client, which tries once, goes through no proxy, follows nothing, and reads little."""

    def __init__(self, address: str, timeout_s: int = TIMEOUT_S) -> None:
        super().__init__(address, timeout=timeout_s, logger=SILENT, retry_handlers=[])
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            _Straight,
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        )

    def _perform_http_request_internal(self, url: str, req: urllib.request.Request) -> WebhookResponse:
        try:
            answer = self._opener.open(req, timeout=self.timeout)
        except HTTPError as error:
            answer = error
        with answer:
            said = answer.read1(500) if hasattr(answer, "read1") else b""
            return WebhookResponse(
                url=url, status_code=answer.status, body=said.decode("utf-8", "replace"), headers=dict(answer.headers)
            )


def hand_over(message: OutMessageRow) -> Outcome:
    """One message to the person’s own hook, or the workspace’s; never raises for what Slack or a network does."""
    address = hook_of(message)
    if address is None:
        return refused(NO_HOOK)
    return post(address, {"text": message.text[:MOST_TEXT], "blocks": message.blocks[:MOST_BLOCKS]})


def post(address: str, body: dict[str, Any], *, begins: str = "/services/", timeout_s: int = TIMEOUT_S) -> Outcome:
    """Post this as JSON. `begins`: of the path, other for a `response_url`."""
    try:
        client = OneTry(check_hook(address, begins), timeout_s)
    except UserError as error:
        return refused(str(error))
    if len(str(body)) > MOST_BYTES:
        body = {**body, "blocks": []}
    try:
        answer = client.send_dict({name: value for name, value in body.items() if value not in ([], "")})
    except URLError as error:
        return _not_reached(error.reason)
    except (OSError, http.client.HTTPException):
        return Outcome(Became.UNHEARD)
    return _answered(answer)


def _not_reached(reason: object) -> Outcome:
    """What surely happened before anything was said may be tried again; of anything else nobody knows."""
    if isinstance(reason, ConnectionRefusedError | socket.gaierror):
        return later("Slack could not be reached.")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return later("Slack could not be reached: its certificate is not the one of hooks.slack.com.")
    return Outcome(Became.UNHEARD)


def _answered(answer: WebhookResponse) -> Outcome:
    code = answer.status_code
    if code == 200:
        return SENT
    if code == 429:
        return later("Slack asks to wait (429).", _wait(answer.headers))
    if code >= 500:
        return later(f"Slack is out of order ({code}).")
    return refused(GONE.format(code=code))


def _wait(headers: dict[str, Any]) -> timedelta | None:
    said = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    text = str(said).strip()
    return min(timedelta(seconds=int(text)), LONGEST_WAIT) if text.isdecimal() and len(text) < 9 else None
