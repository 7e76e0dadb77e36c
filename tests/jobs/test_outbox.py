"""Messages handed to a real mail server and a real stand-in for Slack: what each answer leads to, and what leaves."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import headway.jobs
from headway.basics.errors import UserError
from headway.jobs.mailing import message_id
from headway.jobs.outbox import send_due
from headway.jobs.slack import check_hook
from headway.store.actions.members import end_membership
from headway.store.actions.notice_choices import Choice, choose_channel, choose_notices, set_hook
from headway.store.actions.outbox import MAIL, SLACK, Letter, put_out
from headway.store.actions.sending import (
    MOST_ATTEMPTS,
    drop_message,
    forget_bodies,
    keep_message,
    record_sent,
    replay_message,
    set_out,
    take_message,
)
from headway.store.models import Entry, Membership, NoticeChoice, OutMessage, Person
from tests.cast import NOW, Cast, make_cast
from tests.processes import free_port
from tests.receivers import PASSWORD, USER, Channel, Mailbox, mail_server, slack_server

pytestmark = pytest.mark.django_db
HOOK = "/services/T000/B000/planted-hook-secret"
NOON = NOW + timedelta(hours=3)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with mail_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
        settings.MAIL_WORKS = True
        yield made


@pytest.fixture
def channel(settings: Any, cast: Cast) -> Iterator[Channel]:
    with slack_server() as made:
        settings.TEST_SLACK = made.url
        set_hook(workspace=cast.workspace, hook=made.url + HOOK, by=cast.alice, at=NOW)
        yield made


def put(cast: Cast, person: Person | None, name: str = "Minutes", channel: str = MAIL, **more: Any) -> OutMessage:
    letter = Letter(name, f"Text of {name}", f"<p>HTML of {name}</p>" * (channel == MAIL), more.pop("blocks", []))
    given = {"workspace": cast.workspace, "kind": "minutes", "letter": letter, "once": name, "at": NOW, **more}
    assert put_out(person=person, channel=channel, **given)
    return OutMessage.objects.get(once=given["once"])


def send(at: datetime = NOON) -> None:
    """The worker's turn at this moment, until nothing is due."""
    while send_due(lambda: at):
        pass


def again(message: OutMessage) -> OutMessage:
    return OutMessage.objects.get(pk=message.pk)


# --- mail ---


def test_a_mail_arrives_whole_with_the_headers_that_matter(cast: Cast, mailbox: Mailbox) -> None:
    message = put(cast, cast.bob, "Minutes: Müller & Söhne, 3 Mar")
    OutMessage.objects.filter(pk=message.pk).update(
        files=[{"name": "invite.ics", "media_type": "text/calendar; method=REQUEST", "text": "BEGIN:VCALENDAR\r\n"}]
    )
    send()
    (mail,) = mailbox.raw
    assert mail["To"] == "bob@example.com" == mail["X-Rcpt"]
    assert mail["Subject"] == "Minutes: Müller & Söhne, 3 Mar"
    assert mail["Message-ID"] == message_id(message) == f"<{message.key}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/notices/off/" in mail["List-Unsubscribe"]
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]
    assert 'method="REQUEST"' in mail.as_string() or "method=REQUEST" in mail.as_string()
    assert mailbox.logins == [PASSWORD.encode()]
    assert (again(message).state, again(message).sent_at) == ("sent", NOON)


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "450 try later"), ("data", "452 full"), ("mail", "421 bye")])
def test_what_may_pass_is_tried_again_after_pauses_that_grow(
    cast: Cast, mailbox: Mailbox, step: str, answer: str
) -> None:
    message = put(cast, cast.bob)
    mailbox.answers[step] = [answer, answer, answer]
    pauses, at = [], NOON
    for _ in range(3):
        send(at)
        found = again(message)
        assert found.state == "waiting"
        assert found.error
        pauses.append(found.due_at - at)
        at = found.due_at
    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    send(at - timedelta(seconds=1))
    assert mailbox.raw == []
    send(at)
    assert (again(message).state, again(message).error) == ("sent", "")
    assert list(mailbox.by_id.values()) == [1]


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_what_is_refused_for_good_is_given_up_in_one_sentence(cast: Cast, mailbox: Mailbox, step: str) -> None:
    message, other = put(cast, cast.bob), put(cast, cast.alice, "Other")
    mailbox.answers[step] = ["550 5.1.1 mailbox unavailable"]
    send()
    found = again(message)
    assert found.state == "failed"
    assert found.error == "The mail server refused it for good: 550 5.1.1 mailbox unavailable."
    assert again(other).state == "sent", "one refusal holds up nobody else"


def test_a_server_that_is_away_is_tried_about_a_day_and_then_given_up(
    cast: Cast, mailbox: Mailbox, settings: Any
) -> None:
    settings.EMAIL_PORT = free_port()
    message, at = put(cast, cast.bob), NOON
    NoticeChoice.objects.create(person=cast.bob, quiet_from="00:00", quiet_until="00:00")
    for _ in range(MOST_ATTEMPTS):
        send(at)
        at = max(at, again(message).due_at)
    assert again(message).state == "failed"
    assert again(message).error == f"Tried {MOST_ATTEMPTS} times. The mail server could not be reached."
    assert timedelta(hours=12) < at - NOON < timedelta(hours=36)


def test_a_wrong_password_is_the_operators_to_mend_and_nothing_is_lost(
    cast: Cast, mailbox: Mailbox, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.EMAIL_HOST_PASSWORD = "another-planted-password"
    message = put(cast, cast.bob)
    send()
    assert again(message).state == "waiting"
    assert "user and password" in again(message).error
    assert "planted" not in again(message).error + "".join(
        r.getMessage() for r in caplog.records if "headway" in r.name
    )
    settings.EMAIL_HOST_PASSWORD = PASSWORD
    send(NOON + timedelta(hours=1))
    assert again(message).state == "sent"


def test_without_a_mail_server_it_says_so_and_can_be_sent_later(cast: Cast) -> None:
    message = put(cast, cast.bob)
    send()
    assert again(message).state == "failed"
    assert "HEADWAY_MAIL" in again(message).error


@pytest.mark.parametrize("address", ["bob@example.com\r\nBcc: all@example.com", "nobody", "bob@exämple.com", ""])
def test_a_strange_address_smuggles_nothing_and_stops_nobody(cast: Cast, mailbox: Mailbox, address: str) -> None:
    message, other = put(cast, cast.bob), put(cast, cast.alice, "Other")
    OutMessage.objects.filter(pk=message.pk).update(address=address)
    send()
    assert again(other).state == "sent"
    assert all("all@example.com" not in mail.as_string() for mail in mailbox.raw)
    assert again(message).state in ("failed", "sent")


# --- Slack ---


def test_a_message_reaches_the_channel_with_its_blocks(cast: Cast, channel: Channel) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
    message = put(cast, None, channel=SLACK, blocks=[block])
    send()
    assert channel.posts == [(HOOK, {"text": "Text of Minutes", "blocks": [block]})]
    assert again(message).state == "sent"


def test_too_many_requests_waits_as_long_as_slack_asks(cast: Cast, channel: Channel) -> None:
    message = put(cast, None, channel=SLACK)
    channel.answers = [(429, {"Retry-After": "900"}), (503, {})]
    send()
    assert (again(message).state, again(message).due_at) == ("waiting", NOON + timedelta(seconds=900))
    at = again(message).due_at
    send(at)
    assert again(message).due_at - at == timedelta(minutes=2)
    send(again(message).due_at)
    assert (again(message).state, len(channel.posts)) == ("sent", 1)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_hook_that_is_gone_is_given_up(cast: Cast, channel: Channel, status: int) -> None:
    message = put(cast, None, channel=SLACK)
    channel.answers = [(status, {})]
    send()
    assert again(message).state == "failed"
    assert f"({status})" in again(message).error


def test_a_redirect_is_not_followed(cast: Cast, channel: Channel) -> None:
    message = put(cast, None, channel=SLACK)
    with slack_server() as elsewhere:
        channel.answers = [(status, {"Location": elsewhere.url + "/services/x"}) for status in (307,)]
        send()
        assert elsewhere.posts == []
    assert again(message).state == "failed"


def test_a_lost_answer_makes_it_unsure_and_one_press_sends_it_again(cast: Cast, channel: Channel) -> None:
    message = put(cast, None, channel=SLACK)
    channel.answers = [(0, {})]
    send()
    assert (again(message).state, len(channel.posts)) == ("unsure", 1)
    send(NOON + timedelta(days=2))
    assert len(channel.posts) == 1, "never again by itself"
    replay_message(message=again(message), by=cast.alice, at=NOON)
    send()
    assert (again(message).state, len(channel.posts)) == ("sent", 2)
    assert Entry.objects.filter(verb="replay message", target=f"message {message.key}").exists()


def test_slack_that_cannot_be_reached_is_tried_again(cast: Cast, channel: Channel, settings: Any) -> None:
    settings.TEST_SLACK = f"http://127.0.0.1:{free_port()}"
    set_hook(workspace=cast.workspace, hook=settings.TEST_SLACK + HOOK, by=cast.alice, at=NOW)
    message = put(cast, None, channel=SLACK)
    send()
    assert (again(message).state, again(message).error) == ("waiting", "Slack could not be reached.")


def test_without_a_hook_it_says_so(cast: Cast) -> None:
    message = put(cast, cast.bob, channel=SLACK)
    send()
    assert (again(message).state, again(message).error) == (
        "failed",
        "No Slack hook is set: set one, then send it again.",
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/services/T/B/x", "https://hooks.slack.com.evil.example/services/T/B/x",
        "https://evil.example/services/T/B/x", "https://hooks.slack.com@evil.example/services/x",
        "https://user@hooks.slack.com/services/x", "https://hooks.slack.com:8443/services/x",
        "https://hooks.slack.com/other/x", "https://hooks.slack.com/services/x?to=1", "https://127.0.0.1/services/x",
        "https://[::1]/services/x", "https://169.254.169.254/services/x", "file:///etc/passwd", "gopher://x/services/",
        "https://hooks.slack.com\\@evil.example/services/x", "https://hooks.slаck.com/services/x", "", "x",
        "https://hooks.slack.com:99999/services/x", "http://127.0.0.1:1/services/x", "https://2130706433/services/x",
        "https://hooks.slack.com/services/x#y", "//hooks.slack.com/services/x",
    ],
)  # fmt: skip
def test_nothing_but_a_hook_of_slack_is_posted_to(cast: Cast, address: str) -> None:
    with pytest.raises(UserError):
        check_hook(address)
    set_hook(workspace=cast.workspace, hook=address, by=cast.alice, at=NOW)
    message = put(cast, None, channel=SLACK)
    send()
    assert again(message).state == "failed"


def test_a_true_hook_is_taken() -> None:
    assert check_hook(" https://hooks.slack.com/services/T0/B0/abc ") == "https://hooks.slack.com/services/T0/B0/abc"


def test_no_module_that_sends_prints_what_it_sends() -> None:
    folder = Path(headway.jobs.__path__[0])
    for name in ("outbox", "mailing", "slack"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "exception":
                pytest.fail(f"{name} logs a traceback, which may quote a message")


# --- who, and when ---


def test_quiet_hours_hold_it_back_until_they_end_where_its_receiver_is(cast: Cast, mailbox: Mailbox) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(zone="America/New_York")
    message = put(cast, cast.bob)  # 04:00 in New York
    send(NOW)
    assert (again(message).state, mailbox.raw) == ("waiting", [])
    assert again(message).due_at == NOW.replace(hour=12)
    send(NOW.replace(hour=12))
    assert again(message).state == "sent"


def test_who_wants_nothing_gets_nothing_and_who_left_too(cast: Cast, mailbox: Mailbox) -> None:
    unwanted, left = put(cast, cast.bob), put(cast, cast.vera, "Other")
    choose_channel(person=cast.bob, channel="none")
    end_membership(membership=Membership.objects.get(person=cast.vera), by=cast.alice, at=NOW)
    send()
    assert [again(unwanted).state, again(left).state] == ["dropped", "dropped"]
    assert mailbox.raw == []


def test_a_test_message_goes_at_any_hour(cast: Cast, mailbox: Mailbox) -> None:
    message = put(cast, cast.bob, workspace=None, kind="test", at=NOW.replace(hour=2))
    send(NOW.replace(hour=2))
    assert again(message).state == "sent"


def test_a_hook_stands_sealed_and_an_empty_field_keeps_it(cast: Cast) -> None:
    times = (datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 19).time(), datetime(2026, 1, 1, 7).time())  # noqa: DTZ001
    choice = Choice("slack", times[0], "01234", times[1], times[2], "U012AB3CD", "https://hooks.slack.com" + HOOK)
    choose_notices(person=cast.bob, choice=choice)
    sealed = NoticeChoice.objects.get(person=cast.bob).slack_hook
    assert "planted" not in sealed
    choose_notices(person=cast.bob, choice=Choice("mail", *times[:1], "0", times[1], times[2]))
    assert NoticeChoice.objects.get(person=cast.bob).slack_hook == sealed


# --- leases ---


def test_a_worker_that_lost_its_lease_keeps_its_hands_off(cast: Cast) -> None:
    put(cast, cast.bob)
    first = take_message(at=NOON)
    assert first
    assert take_message(at=NOON) is None
    second = take_message(at=NOON + timedelta(minutes=6))
    assert second
    assert not set_out(message=first, at=NOON)
    assert set_out(message=second, at=NOON + timedelta(minutes=6))
    record_sent(message=second, at=NOON)
    assert take_message(at=NOON + timedelta(days=9)) is None


def test_clocks_that_jump_neither_lose_nor_double_it(cast: Cast, mailbox: Mailbox) -> None:
    NoticeChoice.objects.create(person=cast.bob, quiet_from="00:00", quiet_until="00:00")
    messages = [put(cast, cast.bob, f"M{n}") for n in range(3)]
    taken = take_message(at=NOON)  # and that worker dies
    assert taken
    send(NOON - timedelta(hours=1))
    assert len(mailbox.raw) == 2
    send(NOON + timedelta(days=30))
    assert sorted(mailbox.by_id) == sorted(message_id(message) for message in messages)
    assert set(mailbox.by_id.values()) == {1}


def test_what_ends_its_worker_every_time_is_given_up(cast: Cast) -> None:
    message, at = put(cast, cast.bob), NOON
    NoticeChoice.objects.create(person=cast.bob, quiet_from="00:00", quiet_until="00:00")
    for _ in range(MOST_ATTEMPTS):
        assert take_message(at=at)
        at += timedelta(minutes=6)
    assert take_message(at=at) is None
    assert again(message).state == "failed"


def test_a_drop_ends_it_and_its_undo_brings_it_back(cast: Cast, mailbox: Mailbox) -> None:
    message = put(cast, cast.bob)
    was = drop_message(message=message, by=cast.alice, at=NOON)
    send()
    assert mailbox.raw == []
    keep_message(message=message, state=was, by=cast.alice, at=NOON)
    send()
    assert len(mailbox.raw) == 1
    for action in (drop_message, replay_message):
        with pytest.raises(UserError, match="This is sent"):
            action(message=message, by=cast.alice, at=NOON)


def test_words_are_forgotten_after_thirty_days_and_rows_stay(cast: Cast, mailbox: Mailbox) -> None:
    message = put(cast, cast.bob)
    send()
    assert forget_bodies(at=NOON + timedelta(days=29)) == 0
    assert forget_bodies(at=NOON + timedelta(days=31)) == 1
    assert (again(message).text, again(message).html, again(message).subject) == ("", "", "Minutes")
