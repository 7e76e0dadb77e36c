"""Buttons pressed in Slack: signed by Slack, their values signed by us, answered in the message itself."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any, cast
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from slack_sdk.signature import Clock, SignatureVerifier

from headway.jobs.handing import Became
from headway.jobs.slack import post
from headway.reviews.reminders import Reply
from headway.store.actions.notice_choices import is_new_request
from headway.store.notice_links import find_replied
from headway.store.queries.access import NotFoundError
from headway.store.queries.outbox import choice_of
from headway.store.queries.reminders import get_reminded
from headway.web.notices.replies import answer
from headway.web.requests import Request

LARGEST = 200_000  # bytes of a request
ANSWER_WITHIN_S = 2  # Slack waits three seconds for us
RESPONSES = "/actions/"  # how the path of a `response_url` begins
SOMEBODY_ELSES = "This reminder is somebody else’s. If it is yours, set your Slack member ID in Headway."
GONE = "This is no longer there."
log = logging.getLogger("headway.web.slack")


class AtMoment(Clock):
    """The request's own moment."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def now(self) -> float:
        """In seconds since 1970."""
        return self.seconds


@csrf_exempt  # Slack's signature is the proof
@require_POST
def interactions(request: HttpRequest) -> HttpResponse:
    """One press. Whatever is wrong with a signature, its age, its secret or a second coming is refused alike."""
    here = cast(Request, request)
    if not is_from_slack(here):
        return HttpResponse(status=401)
    payload = payload_of(here.body)
    actions = payload.get("actions")
    if payload.get("type") == "block_actions" and isinstance(actions, list) and actions:
        respond(here, payload, actions[0])
    return HttpResponse(status=200)


def is_from_slack(request: Request) -> bool:
    """Signed by Slack within the last five minutes, and not seen before."""
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not settings.SLACK_SECRET or not length.isdecimal() or int(length) > LARGEST:
        return False
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 and signature.isascii()):
        return False
    verifier = SignatureVerifier(settings.SLACK_SECRET, AtMoment(request.now.timestamp()))
    if not verifier.is_valid(request.body, stamp, signature):
        return False
    return is_new_request(digest=hashlib.sha256(signature.encode()).hexdigest(), at=request.now)


def payload_of(body: bytes) -> dict[str, Any]:
    """The form field `payload` as JSON; empty for anything else."""
    try:
        read = json.loads(parse_qs(body.decode())["payload"][0])
    except (ValueError, KeyError):
        return {}
    return read if isinstance(read, dict) else {}


def respond(request: Request, payload: dict[str, Any], action: dict[str, Any]) -> None:
    """Do what was pressed and say so in the message. Buttons that are links ask for nothing."""
    pressed = str(action.get("action_id", ""))
    if pressed not in list(Reply):
        return
    told, mine = outcome_of(request, payload, action, Reply(pressed))
    message = payload.get("message") or {}
    if mine:
        blocks = answered(message.get("blocks") or [], str(action.get("block_id", "")), told)
        body = {"replace_original": True, "text": message.get("text", ""), "blocks": blocks}
    else:
        body = {"replace_original": False, "response_type": "ephemeral", "text": told}
    to = str(payload.get("response_url", ""))
    outcome = post(to, body, begins=RESPONSES, timeout_s=ANSWER_WITHIN_S)
    if outcome.became is not Became.SENT:  # what was pressed is done all the same
        log.warning("an answer in Slack could not be shown: %s", outcome.became.value)


def outcome_of(request: Request, payload: dict[str, Any], action: dict[str, Any], reply: Reply) -> tuple[str, bool]:
    """(what to say, whether it was theirs to answer)."""
    about = find_replied(str(action.get("value", "")))
    if about is None:
        return GONE, False
    try:
        reminded = get_reminded(about)
    except NotFoundError:
        return GONE, False
    member = str((payload.get("user") or {}).get("id", ""))
    if not member or choice_of(reminded.person).slack_member != member:
        return SOMEBODY_ELSES, False
    return answer(reminded, reply, request), True


def answered(blocks: list[Any], pressed: str, told: str) -> list[Any]:
    """The message with a sentence in place of the buttons that were pressed."""
    said = {"type": "context", "elements": [{"type": "plain_text", "text": told}]}
    return [said if block.get("block_id") == pressed and pressed else block for block in blocks]
