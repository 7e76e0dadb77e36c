"""When one is told, the outbox, what a mail leads to, and buttons in Slack; then who may not, and Carol."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from headway.charts.notice_week import quiet_spans
from headway.store.actions.notice_choices import choose_channel, set_hook
from headway.store.actions.outbox import Letter, put_out
from headway.store.actions.wordings import find_wording
from headway.store.models import Commitment, Membership, NoticeChoice, OutMessage, Reminder, SlackHook
from headway.store.notice_links import reply_value, stop_address
from headway.store.sealing import find_unsealed
from tests.cast import NOW, Cast, client_of
from tests.receivers import Channel, slack_server
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.slack.com/services/T000/B000/planted-hook-secret"
CHOSEN = {
    "channel": "mail", "digest_at": "07:30", "weekdays": ["0", "2", "4"], "quiet_from": "20:00", "quiet_until": "06:30",
    "slack_hook": "", "slack_member": "",
}  # fmt: skip


def message(cast: Cast, state: str, name: str = "Minutes of North", error: str = "", **more: Any) -> OutMessage:
    put_out(
        workspace=cast.workspace, person=cast.bob, channel="mail", kind="minutes", once=f"{name} {state}", at=NOW,
        letter=Letter(name, "The secret words of the minutes"), **more,
    )  # fmt: skip
    OutMessage.objects.filter(once=f"{name} {state}").update(state=state, error=error)
    return OutMessage.objects.get(once=f"{name} {state}")


# --- one's own choices ---


def test_what_is_chosen_is_kept_said_and_drawn(cast: Cast) -> None:
    bob = client_of(cast.bob)
    page = bob.post(reverse("notices"), CHOSEN, follow=True)
    choice = NoticeChoice.objects.get(person=cast.bob)
    assert (choice.digest_at, choice.weekdays, choice.quiet_from) == (time(7, 30), "024", time(20))
    assert (
        "The digest at 07:30, Monday, Wednesday and Friday. Everything else at once, but not from 20:00 to 06:30."
        in text_of(page)
    )
    assert main_of(page).count('class="week-digest"') == 3
    assert main_of(page).count('class="week-quiet"') == 14
    assert not NoticeChoice.objects.exclude(person=cast.bob).exists()


def test_before_anything_is_chosen_what_holds_is_shown(cast: Cast) -> None:
    page = client_of(cast.bob).get(reverse("notices"))
    assert "The digest at 08:00, Monday to Friday." in text_of(page)
    assert not NoticeChoice.objects.exists(), "looking writes nothing"


def test_the_week_is_drawn_anew_from_what_stands_in_the_form(cast: Cast) -> None:
    bob = client_of(cast.bob)
    part = bob.get(reverse("notices_week"), {**CHOSEN, "weekdays": ["6"]})
    assert "The digest at 07:30, Sunday." in text_of(part)
    assert "Nothing is sent to you." in text_of(bob.get(reverse("notices_week"), {**CHOSEN, "channel": "none"}))
    assert "at any hour" in text_of(bob.get(reverse("notices_week"), {**CHOSEN, "quiet_until": "20:00"}))
    assert bob.get(reverse("notices_week"), {"digest_at": "x"}).status_code == 200
    assert not NoticeChoice.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"digest_at": "late"}, "Write a time, as in 08:00."),
        ({"weekdays": []}, "Choose a day."),
        ({"channel": "slack"}, "To be told in Slack, set a hook here."),
        ({"slack_hook": "http://10.0.0.1/services/x"}, "This is no incoming webhook of Slack"),
        ({"slack_member": "bob"}, "This is no member ID"),
    ],
)
def test_a_wrong_choice_keeps_what_was_typed(cast: Cast, given: dict[str, Any], sentence: str) -> None:
    page = client_of(cast.bob).post(reverse("notices"), {**CHOSEN, **given})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert 'value="20:00"' in main_of(page)
    assert not NoticeChoice.objects.exists()


def test_a_hook_of_ones_own_is_sealed_and_never_shown_again(cast: Cast) -> None:
    bob = client_of(cast.bob)
    page = bob.post(
        reverse("notices"), {**CHOSEN, "channel": "slack", "slack_hook": HOOK, "slack_member": "u012ab3cd"}, follow=True
    )
    choice = NoticeChoice.objects.get(person=cast.bob)
    assert (find_unsealed(choice.slack_hook), choice.slack_member) == (HOOK, "U012AB3CD")
    assert "planted" not in choice.slack_hook + page.content.decode()
    bob.post(reverse("notices"), {**CHOSEN, "channel": "slack"})
    assert find_unsealed(NoticeChoice.objects.get(person=cast.bob).slack_hook) == HOOK, "an empty field keeps it"


def test_a_test_message_goes_into_the_outbox_once_a_minute_and_is_listed(cast: Cast) -> None:
    bob = client_of(cast.bob)
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC), tick=False):
        page = bob.post(reverse("notices_test"), follow=True)
        again = bob.post(reverse("notices_test"), follow=True)
    assert "It is on its way." in page.content.decode()
    assert "wait a minute" in again.content.decode()
    assert "Headway reaches you Waiting" in text_of(page)
    assert OutMessage.objects.get().person == cast.bob
    choose_channel(person=cast.bob, channel="none")
    assert "choose mail or Slack first" in bob.post(reverse("notices_test"), follow=True).content.decode()


def test_only_ones_own_messages_are_listed_and_no_words_of_them(cast: Cast) -> None:
    message(cast, "sent")
    assert "Minutes of North Sent" in text_of(client_of(cast.bob).get(reverse("notices_lately")))
    assert "secret words" not in client_of(cast.bob).get(reverse("notices")).content.decode()
    assert "Nothing was sent to you yet." in text_of(client_of(cast.alice).get(reverse("notices_lately")))


def test_a_digest_that_failed_is_sent_again_by_its_receiver_alone(cast: Cast) -> None:
    given = {"workspace": None, "channel": "mail", "kind": "digest", "letter": Letter("1 promise", "Words"), "at": NOW}
    put_out(person=cast.bob, once="digest", **given)
    OutMessage.objects.update(state="failed", error="No")
    key = OutMessage.objects.get().key
    for person in (cast.alice, cast.carol):
        assert client_of(person).post(reverse("notices_again"), {"key": key}).status_code == 404
    assert OutMessage.objects.get().state == "failed"
    assert "Send again" in text_of(client_of(cast.bob).get(reverse("notices")))
    page = client_of(cast.bob).post(reverse("notices_again"), {"key": key}, follow=True)
    assert "is sent again" in page.content.decode()
    assert OutMessage.objects.get().state == "waiting"
    assert client_of(cast.bob).post(reverse("notices_again"), {"key": key}).status_code == 422


def test_without_a_login_there_is_nothing_to_choose() -> None:
    for name in ("notices", "notices_week", "notices_lately"):
        assert Client().get(reverse(name)).status_code == 302
    assert Client().post(reverse("notices_test")).status_code == 302


def test_hours_past_midnight_stand_at_both_ends_of_a_day() -> None:
    assert quiet_spans(time(19), time(7)) == [(0.0, 7.0), (19.0, 24.0)]
    assert quiet_spans(time(1), time(5, 30)) == [(1.0, 5.5)]
    assert quiet_spans(time(20), time(0)) == [(20.0, 24.0)]
    assert quiet_spans(time(8), time(8)) == []


# --- the outbox ---


def test_the_outbox_shows_states_and_sentences_and_no_words(cast: Cast) -> None:
    message(cast, "failed", error="The mail server refused it for good: 550.")
    message(cast, "sent", "Agenda of South")
    page = client_of(cast.alice).get(to(cast, "outbox"))
    assert "1 message needs you: send again, or drop." in text_of(page)
    assert "refused it for good: 550." in text_of(page)
    assert "secret words" not in page.content.decode()
    only = text_of(client_of(cast.alice).get(to(cast, "outbox"), {"state": "sent"}))
    assert "Agenda of South" in only
    assert "Minutes of North" not in only
    assert "Nothing was sent yet" in text_of(
        client_of(cast.carol).get(reverse("outbox", kwargs={"w": cast.elsewhere.key}))
    )


def test_one_press_sends_again_what_is_unsure_or_failed(cast: Cast) -> None:
    for state in ("unsure", "failed", "dropped"):
        found = message(cast, state)
        page = client_of(cast.olga).post(to(cast, "outbox_replay", key=found.key), follow=True)
        assert "is sent again." in page.content.decode()
        assert OutMessage.objects.get(pk=found.pk).state == "waiting"


def test_what_is_out_or_on_the_wire_is_not_sent_again(cast: Cast) -> None:
    out, going = message(cast, "sent"), message(cast, "unsure")
    OutMessage.objects.filter(pk=going.pk).update(lease_until=datetime.now(UTC) + timedelta(minutes=4))
    for found in (out, going):
        page = client_of(cast.alice).post(to(cast, "outbox_replay", key=found.key))
        assert page.status_code == 422
    assert "Being sent" in text_of(client_of(cast.alice).get(to(cast, "outbox")))


def test_a_drop_can_be_undone(cast: Cast) -> None:
    found = message(cast, "waiting")
    alice = client_of(cast.alice)
    page = alice.post(to(cast, "outbox_drop", key=found.key), follow=True)
    assert OutMessage.objects.get(pk=found.pk).state == "dropped"
    undo(alice, cast, page)
    assert OutMessage.objects.get(pk=found.pk).state == "waiting"


def test_the_outbox_costs_few_queries_at_any_size(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        message(cast, "failed", f"Minutes {n}")
    alice = client_of(cast.alice)
    with django_assert_max_num_queries(15):
        page = alice.get(to(cast, "outbox"))
    assert "Older" in text_of(page)
    assert "Minutes 0" in text_of(alice.get(to(cast, "outbox"), {"page": "2"}))
    for odd in ("x", "-1", "9" * 30, "٣"):
        assert alice.get(to(cast, "outbox"), {"page": odd}).status_code == 200
    bob = client_of(cast.bob)
    with django_assert_max_num_queries(15):
        bob.get(reverse("notices"))


# --- the workspace's hook ---


def test_a_hook_is_set_tried_removed_and_brought_back(cast: Cast) -> None:
    alice = client_of(cast.alice)
    page = alice.post(to(cast, "workspace_slack"), {"hook": HOOK}, follow=True)
    hook = SlackHook.objects.get()
    assert find_unsealed(hook.hook) == HOOK
    assert "A channel is set By Alice Adler" in text_of(page)
    assert "planted" not in page.content.decode()
    alice.post(to(cast, "workspace_slack_test"))
    assert (OutMessage.objects.get().channel, OutMessage.objects.get().person) == ("slack", None)
    page = alice.post(to(cast, "workspace_slack_remove"), follow=True)
    assert not SlackHook.objects.exists()
    undo(alice, cast, page)
    assert find_unsealed(SlackHook.objects.get().hook) == HOOK
    wrong = alice.post(to(cast, "workspace_slack"), {"hook": "https://example.com/services/x"})
    assert wrong.status_code == 422
    assert "no incoming webhook" in text_of(wrong)


# --- what a mail leads to ---


def path_to_stop(cast: Cast) -> str:
    return "/" + stop_address(cast.bob).split("/", 3)[3]


def test_looking_at_the_way_out_changes_nothing_and_one_press_ends_it(cast: Cast) -> None:
    where, anybody = path_to_stop(cast), Client(enforce_csrf_checks=True)
    for method in (anybody.get, anybody.head):
        assert method(where).status_code == 200
    assert not NoticeChoice.objects.exists()
    assert anybody.post(where, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoticeChoice.objects.get(person=cast.bob).channel == "none"
    anybody.post(where, {"on": "1"})
    assert NoticeChoice.objects.get(person=cast.bob).channel == "mail"


def test_a_way_out_with_a_changed_letter_is_not_there(cast: Cast) -> None:
    where = path_to_stop(cast)
    assert Client().post(where[:-3] + ("A" if where[-3] != "A" else "B") + where[-2:]).status_code == 404
    reply = reply_value(cast.workspace, cast.bob, "commitment x")
    assert Client().post(reverse("notices_off", kwargs={"token": reply})).status_code == 404, (
        "signed for another purpose"
    )
    assert not NoticeChoice.objects.exists()


def promise(cast: Cast) -> Commitment:
    return Commitment.objects.create(
        workspace=cast.workspace, person=cast.bob, owner_id=find_wording(cast.workspace, "Bob Adler"),
        what_id=find_wording(cast.workspace, "Ask Dana who signs"), due_on=date(2026, 3, 3), by=cast.alice,
        happened_at=NOW, made_at=NOW,
    )  # fmt: skip


def reply_path(cast: Cast, about: str, reply: str) -> str:
    return reverse("notices_reply", kwargs={"token": reply_value(cast.workspace, cast.bob, about), "reply": reply})


def test_a_reminder_is_ended_and_snoozed_by_one_button_without_logging_in(cast: Cast) -> None:
    about = f"commitment {promise(cast).key}"
    page = Client().get(reply_path(cast, about, "enough"))
    assert "Ask Dana who signs" in text_of(page)
    assert main_of(page).count("<button") == 1
    assert not Reminder.objects.exists(), "opening the page answers nothing"
    done = Client().post(reply_path(cast, about, "enough"))
    assert "You are not reminded of it any more." in text_of(done)
    assert Reminder.objects.get().not_needed_at
    with time_machine.travel(datetime(2026, 3, 3, 9, tzinfo=UTC)):
        done = Client().post(reply_path(cast, about, "snooze"))
    assert "before Tuesday, 10 March" in text_of(done)
    assert Reminder.objects.get().snoozed_until == date(2026, 3, 10)


def test_what_was_settled_meanwhile_offers_no_button(cast: Cast) -> None:
    found = promise(cast)
    Commitment.objects.filter(pk=found.pk).update(state="kept")
    page = Client().get(reply_path(cast, f"commitment {found.key}", "enough"))
    assert "This is done" in text_of(page)
    assert "<button" not in main_of(page)


def test_a_reply_that_is_old_forged_or_of_somebody_who_left_does_nothing(cast: Cast) -> None:
    about = f"commitment {promise(cast).key}"
    where = reply_path(cast, about, "enough")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert Client().post(where).status_code == 410
    token = reply_value(cast.workspace, cast.bob, about)
    for odd in (token[:-1], "x", stop_address(cast.bob).split("/")[-2]):
        assert Client().post(reverse("notices_reply", kwargs={"token": odd, "reply": "enough"})).status_code == 410
    assert Client().post(reply_path(cast, about, "delete")).status_code == 404
    assert Client().post(reply_path(cast, "commitment nothing", "enough")).status_code == 404
    assert Client().post(reply_path(cast, "odd", "enough")).status_code == 404
    Membership.objects.filter(person=cast.bob).update(ended_at=NOW)
    assert Client().post(where).status_code == 404
    assert not Reminder.objects.exists()


# --- Slack ---

# The example of Slack's own page on verifying requests: secret, moment, body and signature.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
GOLDEN_AT = 1531420618
GOLDEN_BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14"
    "d10d2c447fce8b6703c"
)
GOLDEN = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


@pytest.fixture(autouse=True)
def slack_secret(settings: Any) -> None:
    settings.SLACK_SECRET = SECRET


def knock(body: str, stamp: int | str, signature: str, at: float | None = None) -> HttpResponse:
    with time_machine.travel(at if at is not None else float(stamp), tick=False):
        return Client().post(
            reverse("notices_slack"), body, content_type="application/x-www-form-urlencoded",
            headers={"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": signature},
        )  # fmt: skip


def sign(body: str, stamp: int | str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()


def test_slacks_own_example_is_let_in_once() -> None:
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN).status_code == 200
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN).status_code == 401, "a second coming"


@pytest.mark.parametrize("late", [301, -301, 10**6])
def test_what_is_too_old_or_from_the_future_is_refused(late: int) -> None:
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN, at=GOLDEN_AT + late).status_code == 401


def test_within_five_minutes_it_is_let_in() -> None:
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN, at=GOLDEN_AT + 299).status_code == 200


def test_whatever_is_changed_is_refused_alike(settings: Any) -> None:
    changed = [
        (GOLDEN_BODY + "x", GOLDEN_AT, GOLDEN), (GOLDEN_BODY[1:], GOLDEN_AT, GOLDEN), ("", GOLDEN_AT, GOLDEN),
        (GOLDEN_BODY, GOLDEN_AT + 1, GOLDEN), (GOLDEN_BODY, "", GOLDEN), (GOLDEN_BODY, "soon", GOLDEN),
        (GOLDEN_BODY, "-1", GOLDEN), (GOLDEN_BODY, "٣", GOLDEN), (GOLDEN_BODY, GOLDEN_AT, ""),
        (GOLDEN_BODY, GOLDEN_AT, GOLDEN[3:]), (GOLDEN_BODY, GOLDEN_AT, GOLDEN.replace("v0", "v1")),
        (GOLDEN_BODY, GOLDEN_AT, GOLDEN.upper()), (GOLDEN_BODY, GOLDEN_AT, GOLDEN[:-1] + "0"),
        (GOLDEN_BODY.replace("%2F", "/"), GOLDEN_AT, GOLDEN), (GOLDEN_BODY, GOLDEN_AT, "v0=é"),
    ]  # fmt: skip
    answers = [knock(body, stamp, signature, at=GOLDEN_AT) for body, stamp, signature in changed]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, b"")}
    settings.SLACK_SECRET = ""
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN).status_code == 401
    settings.SLACK_SECRET = "another secret altogether"
    assert knock(GOLDEN_BODY, GOLDEN_AT, GOLDEN).status_code == 401


def test_only_posts_and_only_small_ones() -> None:
    assert Client().get(reverse("notices_slack")).status_code == 405
    body = "payload=" + "x" * 300_000
    assert knock(body, GOLDEN_AT, sign(body, GOLDEN_AT)).status_code == 401


@pytest.mark.parametrize("payload", ["", "[]", "{", '{"type": "block_actions"}', '{"type": "view_submission"}', "1"])
def test_odd_payloads_do_nothing(payload: str) -> None:
    body = urlencode({"payload": payload})
    assert knock(body, GOLDEN_AT, sign(body, GOLDEN_AT)).status_code == 200


@pytest.fixture
def channel(settings: Any) -> Iterator[Channel]:
    with slack_server() as made:
        settings.TEST_SLACK = made.url
        yield made


def press(
    channel: Channel, value: str, member: str = "U0BOB", reply: str = "enough", respond: str = ""
) -> HttpResponse:
    pressed = {"action_id": reply, "block_id": "b2", "value": value}
    blocks = [{"type": "section", "block_id": "b1"}, {"type": "actions", "block_id": "b2"}]
    payload = {
        "type": "block_actions", "user": {"id": member}, "actions": [pressed],
        "message": {"text": "1 promise", "blocks": blocks},
        "response_url": respond or f"{channel.url}/actions/T0/1/x",
    }  # fmt: skip
    body = urlencode({"payload": json.dumps(payload)})
    now = int(datetime.now(UTC).timestamp())
    return knock(body, now, sign(body, now))


def test_a_press_ends_the_reminder_and_is_answered_in_the_message(cast: Cast, channel: Channel) -> None:
    NoticeChoice.objects.create(person=cast.bob, slack_member="U0BOB")
    value = reply_value(cast.workspace, cast.bob, f"commitment {promise(cast).key}")
    assert press(channel, value).status_code == 200
    assert Reminder.objects.get().not_needed_at
    ((path, body),) = channel.posts
    assert path == "/actions/T0/1/x"
    assert body["replace_original"] is True
    said = {"type": "context", "elements": [{"type": "plain_text", "text": "You are not reminded of it any more."}]}
    assert body["blocks"] == [{"type": "section", "block_id": "b1"}, said]
    press(channel, value, reply="snooze")
    assert Reminder.objects.get().snoozed_until


@pytest.mark.parametrize("member", ["U0EVE", "", "u0bob"])
def test_a_press_of_somebody_else_does_nothing_and_says_so_to_them_alone(
    cast: Cast, channel: Channel, member: str
) -> None:
    NoticeChoice.objects.create(person=cast.bob, slack_member="U0BOB")
    value = reply_value(cast.workspace, cast.bob, f"commitment {promise(cast).key}")
    press(channel, value, member)
    assert not Reminder.objects.exists()
    assert channel.posts[0][1]["response_type"] == "ephemeral"
    assert "somebody else’s" in channel.posts[0][1]["text"]


def test_without_a_member_nobody_may_press(cast: Cast, channel: Channel) -> None:
    value = reply_value(cast.workspace, cast.bob, f"commitment {promise(cast).key}")
    press(channel, value, "")
    press(channel, value, "U0BOB")
    assert not Reminder.objects.exists()


def test_a_value_we_did_not_sign_and_a_member_who_left_do_nothing(cast: Cast, channel: Channel) -> None:
    NoticeChoice.objects.create(person=cast.bob, slack_member="U0BOB")
    value = reply_value(cast.workspace, cast.bob, f"commitment {promise(cast).key}")
    press(channel, value[:-1])
    Membership.objects.filter(person=cast.bob).update(ended_at=NOW)
    press(channel, value)
    assert not Reminder.objects.exists()
    assert [body["text"] for _, body in channel.posts] == ["This is no longer there."] * 2


def test_an_answer_goes_to_slack_and_nowhere_else(cast: Cast, channel: Channel) -> None:
    NoticeChoice.objects.create(person=cast.bob, slack_member="U0BOB")
    value = reply_value(cast.workspace, cast.bob, f"commitment {promise(cast).key}")
    with slack_server() as elsewhere:
        assert press(channel, value, respond=f"{elsewhere.url}/actions/x").status_code == 200
        assert elsewhere.posts == []
    assert Reminder.objects.get().not_needed_at, "what was pressed is done all the same"


# --- who may ---


def test_sellers_and_viewers_neither_see_nor_change_the_outbox(cast: Cast) -> None:
    found = message(cast, "failed")
    set_hook(workspace=cast.workspace, hook=HOOK, by=cast.alice, at=NOW)
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        assert client.get(to(cast, "outbox")).status_code == 403
        assert client.get(to(cast, "workspace_slack")).status_code == 403
        for name in ("outbox_replay", "outbox_drop"):
            assert client.post(to(cast, name, key=found.key)).status_code == 403
        for name in ("workspace_slack", "workspace_slack_remove", "workspace_slack_test"):
            assert client.post(to(cast, name), {"hook": HOOK}).status_code == 403
    assert OutMessage.objects.get().state == "failed"
    assert SlackHook.objects.get().by == cast.alice


def test_carol_meets_nothing_by_any_key(cast: Cast) -> None:
    found, carol = message(cast, "failed"), client_of(cast.carol)
    for workspace in (cast.workspace, cast.elsewhere):
        for name in ("outbox_replay", "outbox_drop"):
            assert carol.post(reverse(name, kwargs={"w": workspace.key, "key": found.key})).status_code == 404
    for name in ("outbox", "workspace_slack"):
        assert carol.get(to(cast, name)).status_code == 404
    for name in ("workspace_slack", "workspace_slack_remove", "workspace_slack_test"):
        assert carol.post(to(cast, name), {"hook": HOOK}).status_code == 404
    assert OutMessage.objects.get().state == "failed"
    assert not SlackHook.objects.exists()
