"""Rhythms as each role meets them: set from a starter, read, changed, ended, skipped, moved, held now; calendars."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import vobject
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.reviews.starters import STARTERS
from headway.store.actions.calendar_mail import review_address, rhythm_address
from headway.store.actions.rhythms import lay_out, pass_by
from headway.store.models import CalendarLink, Holiday, Membership, OutMessage, Person, Review, Rhythm
from headway.web.unlogged import SecretAddresses
from tests.cast import NOW, Cast, client_of
from tests.rhythms import next_of, weekly
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _calm() -> None:
    caches["process"].clear()  # of what was counted for other tests


def now() -> datetime:
    """The pages' clock is the real one."""
    return datetime.now(UTC).replace(microsecond=0)


def fill(client: Client, cast: Cast, starter: str = "weekly", **other: Any) -> Any:
    """Press the button of a starter's form as it came, with what is said otherwise."""
    address = f"{to(cast, 'rhythm_new')}?starter={starter}"
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: f"{value:%H:%M}" if name == "starts" else value for name, value in data.items()} | other
    return client.post(address, data, follow=True)


@pytest.mark.parametrize("starter", [one.id for one in STARTERS if not one.one])
def test_a_starter_is_set_by_one_press_and_taken_back(cast: Cast, starter: str) -> None:
    alice = client_of(cast.alice)
    page = alice.get(to(cast, "rhythm"))
    assert all(one.name in text_of(page) for one in STARTERS)
    answer = fill(alice, cast, starter)
    rhythm = Rhythm.objects.get()
    assert f"{rhythm.name} is set: " in answer.content.decode()
    assert rhythm.name in text_of(answer)
    assert Review.objects.get(rhythm=rhythm).state == "due"
    assert cast.alice.email in set(OutMessage.objects.values_list("address", flat=True))
    assert "is not held" in undo(alice, cast, answer, to(cast, "rhythm")).content.decode()
    rhythm.refresh_from_db()
    assert rhythm.ended_at is not None


def test_a_one_to_one_is_with_somebody_and_named_after_them(cast: Cast) -> None:
    alice = client_of(cast.alice)
    answer = fill(alice, cast, "one_to_one")
    assert (answer.status_code, Rhythm.objects.count()) == (422, 0)
    assert "a one-to-one needs a second person" in text_of(answer)
    fill(alice, cast, "one_to_one", people=[cast.bob.key])
    assert Rhythm.objects.get().name == "One-to-one with Bob"


def test_what_was_typed_is_kept_where_it_cannot_be(cast: Cast) -> None:
    wrong = {
        "name": "Our <b>review</b>", "minutes": "9999", "first_on": "31.2.2026", "starts": "25:00", "zone": "Mars/Base"
    }  # fmt: skip
    answer = fill(client_of(cast.alice), cast, **wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Our &lt;b&gt;review&lt;/b&gt;" in page
    for sentence in ("at most 480 minutes", "Write the day as in", "Write the time as in"):
        assert sentence in text_of(answer)
    assert not Rhythm.objects.exists()


def test_a_change_holds_from_now_on_and_goes_back(cast: Cast) -> None:
    alice = client_of(cast.alice)
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    address = to(cast, "rhythm_change", key=rhythm.key)
    form = alice.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"starts": "10:00"}
    alice.post(address, data)
    rhythm.refresh_from_db()
    assert rhythm.sequence == 0  # nothing was touched
    answer = alice.post(address, data | {"starts": "14:30", "people": []}, follow=True)
    rhythm.refresh_from_db()
    assert (f"{rhythm.starts:%H:%M}", rhythm.people.count(), rhythm.sequence) == ("14:30", 1, 1)
    assert "From now on" in answer.content.decode()
    assert "is as it was" in undo(alice, cast, answer, to(cast, "rhythm")).content.decode()
    rhythm.refresh_from_db()
    assert (f"{rhythm.starts:%H:%M}", rhythm.people.count(), rhythm.sequence) == ("10:00", 2, 2)


def test_a_rhythm_ends_and_is_taken_up_again(cast: Cast) -> None:
    alice = client_of(cast.alice)
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    answer = alice.post(to(cast, "rhythm_end", key=rhythm.key), follow=True)
    assert "is no longer held" in answer.content.decode()
    assert "1 rhythm no longer held" in text_of(answer)
    assert alice.get(to(cast, "rhythm_change", key=rhythm.key)).status_code == 422
    assert "is held as before" in undo(alice, cast, answer, to(cast, "rhythm")).content.decode()
    assert next_of(rhythm).due_at > now()


def test_one_occurrence_is_skipped_with_a_reason_or_moved(cast: Cast) -> None:
    olga = client_of(cast.olga)
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    review = next_of(rhythm)
    keys = {"key": rhythm.key, "review": review.key}
    answer = olga.post(to(cast, "rhythm_skip", **keys), {"reason": " "})
    assert (answer.status_code, "Write why it is skipped" in text_of(answer)) == (422, True)
    answer = olga.post(to(cast, "rhythm_skip", **keys), {"reason": "Everybody is at the fair"}, follow=True)
    assert "is skipped" in answer.content.decode()
    page = olga.get(to(cast, "rhythm_one", key=rhythm.key))
    assert "Everybody is at the fair" in text_of(page)
    assert "is due again" in undo(olga, cast, answer, to(cast, "rhythm")).content.decode()
    day = (now() + 3 * DAY).date()
    assert olga.post(to(cast, "rhythm_move", **keys), {"on": "2020-01-01", "at": "09:00"}).status_code == 422
    answer = olga.post(to(cast, "rhythm_move", **keys), {"on": day.isoformat(), "at": "16:15"}, follow=True)
    review.refresh_from_db()
    assert review.moved_from is not None
    assert "16:15" in text_of(olga.get(to(cast, "rhythm_one", key=rhythm.key)))
    assert "is back at its time" in undo(olga, cast, answer, to(cast, "rhythm")).content.decode()
    review.refresh_from_db()
    assert review.moved_from is None


def test_what_became_of_it_is_drawn_and_told_in_a_table(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, now() - 40 * DAY, cast.bob)
    lay_out(rhythm=rhythm, at=now())
    rows = list(Review.objects.filter(rhythm=rhythm, due_at__lt=now() - 8 * DAY).order_by("due_at"))
    for review, state in zip(rows, ("held", "late", "empty"), strict=False):
        Review.objects.filter(pk=review.pk).update(state=state, opened_at=review.due_at, closed_at=review.due_at)
    pass_by(review=rows[3], at=now())
    page = client_of(cast.vera).get(to(cast, "rhythm_one", key=rhythm.key))
    markup = page.content.decode()
    for state in ("held", "late", "empty", "skipped"):
        assert f"beat is-{state}" in markup
    table = re.sub(r"<[^>]+>", " ", markup[markup.index("<table") : markup.index("</table>")])
    assert [word for word in ("Held late", "Nothing decided", "Skipped") if word in table] != []
    assert "2 of 4 held" in text_of(page)
    assert "1 nothing decided" in text_of(page)


def test_an_overdue_one_says_until_when_it_can_be_held(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, now() - 3 * DAY, cast.bob)
    Review.objects.filter(rhythm=rhythm).exclude(pk=rhythm.reviews.order_by("due_at")[0].pk).delete()
    page = client_of(cast.alice).get(to(cast, "rhythm_one", key=rhythm.key))
    assert "it counts as late" in text_of(page)


def test_holidays_are_added_many_at_once_and_removed(cast: Cast) -> None:
    alice = client_of(cast.alice)
    address = to(cast, "rhythm_holidays")
    answer = alice.post(address, {"days": "2036-12-25 Christmas\nsoon"})
    assert answer.status_code == 422
    assert "Line 2 begins with no day" in text_of(answer)
    assert "2036-12-25 Christmas" in answer.content.decode()
    assert alice.post(address, {"days": " "}).status_code == 422
    answer = alice.post(address, {"days": "2036-12-25 Christmas\n26.12.2036"}, follow=True)
    assert "Nothing is held on 2 days more." in answer.content.decode()
    undo(alice, cast, answer, address)
    assert not Holiday.objects.exists()
    alice.post(address, {"days": "2036-12-25 Christmas"})
    answer = alice.post(to(cast, "rhythm_holiday_remove"), {"on": "2036-12-25"}, follow=True)
    assert not Holiday.objects.exists()
    undo(alice, cast, answer, address)
    assert Holiday.objects.get().name == "Christmas"
    assert alice.post(to(cast, "rhythm_holiday_remove"), {"on": "2036-12-24"}).status_code == 404


def test_a_review_is_held_right_now(cast: Cast) -> None:
    bob = client_of(cast.bob)
    assert bob.get(to(cast, "rhythm_now")).status_code == 200
    answer = bob.post(to(cast, "rhythm_now"), {"kind": "pipeline", "minutes": "20", "team": ""})
    review = Review.objects.get()
    assert (answer.status_code, review.kind, review.minutes, review.leader) == (302, "pipeline", 20, cast.bob)
    assert review.key in answer["Location"]
    assert review.prepared_at is not None
    assert bob.post(to(cast, "rhythm_now"), {"kind": "standup", "minutes": "1"}).status_code == 422
    assert "Pipeline review" in text_of(bob.get(to(cast, "rhythm")))


# --- roles and the outsider ---

LEADING = ("rhythm_new", "rhythm_change", "rhythm_end", "rhythm_skip", "rhythm_move")


def test_sellers_and_viewers_read_and_change_nothing(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    review = next_of(rhythm)
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        assert "Coaching" in text_of(client.get(to(cast, "rhythm")))
        page = client.get(to(cast, "rhythm_one", key=rhythm.key)).content.decode()
        for name in LEADING:
            keys = {} if name == "rhythm_new" else {"key": rhythm.key}
            keys |= {"review": review.key} if name in ("rhythm_skip", "rhythm_move") else {}
            assert client.post(to(cast, name, **keys), {}).status_code == 403
            assert to(cast, name, **keys) not in page
        assert client.get(to(cast, "rhythm_holidays")).status_code == 200
        assert client.post(to(cast, "rhythm_holidays"), {"days": "2036-12-25"}).status_code == 403
        assert client.post(to(cast, "rhythm_holiday_remove"), {"on": "2036-12-25"}).status_code == 403
    assert client_of(cast.vera).get(to(cast, "rhythm_now")).status_code == 403


def test_carol_sees_nothing_of_it(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    mine = weekly(cast.elsewhere, cast.carol, now())
    carol = client_of(cast.carol)
    for name in ("rhythm", "rhythm_new", "rhythm_now", "rhythm_holidays", "rhythm_calendar"):
        assert carol.get(to(cast, name)).status_code == 404
    keys = {"key": rhythm.key, "review": next_of(rhythm).key}
    for where in (cast.workspace.key, cast.elsewhere.key):
        for name in ("rhythm_one", "rhythm_change", "rhythm_end"):
            assert carol.post(reverse(name, kwargs={"w": where, "key": rhythm.key})).status_code == 404
        for name in ("rhythm_skip", "rhythm_move"):
            assert carol.post(reverse(name, kwargs={"w": where, **keys})).status_code == 404
            mixed = {"w": cast.elsewhere.key, "key": mine.key, "review": keys["review"]}
            assert carol.post(reverse(name, kwargs=mixed)).status_code == 404


@pytest.mark.parametrize("many", [1, 30])
def test_pages_cost_few_queries_at_any_size(cast: Cast, many: int) -> None:
    for number in range(many):
        rhythm = weekly(cast.workspace, cast.alice, now() - 90 * DAY, cast.bob, cast.olga, name=f"Review {number}")
        lay_out(rhythm=rhythm, at=now())
    alice = client_of(cast.alice)
    for address in (to(cast, "rhythm"), to(cast, "rhythm_one", key=rhythm.key), to(cast, "rhythm_new")):
        alice.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert alice.get(address).status_code == 200
        assert len(asked) <= 15, [one["sql"][:90] for one in asked]


# --- calendars ---


def make_address(cast: Cast, person: Person) -> str:
    """The path of a new calendar address, as the page shows it this once."""
    answer = client_of(person).post(to(cast, "rhythm_calendar"))
    found = re.search(r'value="(http[^"]+\.ics)"', answer.content.decode())
    assert found
    assert found[1].startswith(settings.ADDRESS)
    return found[1].removeprefix(settings.ADDRESS)


def test_a_calendar_is_read_without_a_login_and_holds_ones_own_reviews(cast: Cast) -> None:
    rhythm = weekly(cast.workspace, cast.alice, now() - 20 * DAY, cast.bob)
    lay_out(rhythm=rhythm, at=now())
    path = make_address(cast, cast.bob)
    assert path not in client_of(cast.bob).get(to(cast, "rhythm_calendar")).content.decode()
    assert CalendarLink.objects.get().token_hash not in path
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"].startswith("private")
    assert not answer.cookies
    events = vobject.readOne(answer.content.decode()).vevent_list
    assert 50 <= len(events) <= 60  # nearly a year ahead, and what was
    laid = {row.due_at: row for row in Review.objects.filter(rhythm=rhythm)}
    found = {event.dtstart.value.astimezone(UTC): event for event in events}
    assert set(laid) <= set(found)
    review = next_of(rhythm)
    assert found[review.due_at].url.value == review_address(cast.workspace, review)
    assert review_address(cast.workspace, review).endswith(to(cast, "review_agenda", key=review.key))
    assert rhythm_address(cast.workspace, rhythm).endswith(to(cast, "rhythm_one", key=rhythm.key))
    assert Client().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "BEGIN:VEVENT" not in Client().get(make_address(cast, cast.olga)).content.decode()  # she takes no part


def test_a_calendar_follows_what_happens_to_each_occurrence(cast: Cast) -> None:
    alice = client_of(cast.alice)
    rhythm = weekly(cast.workspace, cast.alice, now(), cast.bob)
    path, review = make_address(cast, cast.bob), next_of(rhythm)
    before = {event.uid.value for event in vobject.readOne(Client().get(path).content.decode()).vevent_list}
    day = (now() + 3 * DAY).date()
    keys = {"key": rhythm.key, "review": review.key}
    alice.post(to(cast, "rhythm_move", **keys), {"on": day.isoformat(), "at": "16:15"})
    events = vobject.readOne(Client().get(path).content.decode()).vevent_list
    assert {event.uid.value for event in events} == before
    moved = [event for event in events if f"{event.dtstart.value:%H:%M}" == "16:15"]
    assert [event.sequence.value for event in moved] == ["1"]
    alice.post(to(cast, "rhythm_skip", **keys), {"reason": "Fair"})
    text = Client().get(path).content.decode()
    assert text.count("STATUS:CANCELLED") == 1
    assert "Fair" not in text
    alice.post(to(cast, "rhythm_holidays"), {"days": (review.due_at.date() + timedelta(days=700)).isoformat()})
    alice.post(to(cast, "rhythm_end", key=rhythm.key))
    assert Client().get(path).content.decode().count("BEGIN:VEVENT") == 1


def test_revoked_unknown_and_malformed_addresses_are_told_alike(cast: Cast) -> None:
    path = make_address(cast, cast.bob)
    assert Client().get(path).status_code == 200
    newer = make_address(cast, cast.bob)
    bob = client_of(cast.bob)
    gone = Client().get(path)
    assert (gone.status_code, Client().get(newer).status_code) == (404, 200)
    assert not gone.cookies
    answer = bob.post(to(cast, "rhythm_calendar_revoke"), follow=True)
    assert Client().get(newer).status_code == 404
    undo(bob, cast, answer, to(cast, "rhythm_calendar"))
    assert Client().get(newer).status_code == 200
    for other in ("x", "A" * 43, "%00", "a" * 5_000, "..%2f", path.removeprefix("/calendars/")[:-5], "%F0%9F%98%80"):
        refused = Client().get(f"/calendars/{other}.ics")
        if "%2f" not in other:
            assert (refused.status_code, refused.content) == (404, gone.content), other
    Membership.objects.filter(person=cast.bob).update(ended_at=NOW)
    assert Client().get(newer).status_code == 404


def test_nobody_else_can_use_up_or_revoke_ones_address(cast: Cast) -> None:
    path = make_address(cast, cast.bob)
    client_of(cast.alice).post(to(cast, "rhythm_calendar_revoke"))
    make_address(cast, cast.alice)
    assert Client().get(path).status_code == 200
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(path).status_code == 405
    assert Client().head(path).status_code == 200


def test_an_inactive_person_has_no_calendar(cast: Cast) -> None:
    path = make_address(cast, cast.bob)
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_guesses_are_slowed_down(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW + timedelta(days=400))  # all in one minute
    answers = [Client().get("/calendars/guess.ics").status_code for _ in range(125)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_no_log_holds_the_secret_of_an_address() -> None:
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(SecretAddresses())
    assert "secret addresses" in settings.LOGGING["handlers"]["stderr"]["filters"]
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        Client().get("/calendars/kPz9secretXq.ics")
        Client().get("/notices/off/kPz9secretXq/")
        Client().get("/notices/reply/kPz9secretXq/snooze/")
    finally:
        logger.removeHandler(handler)
    told = heard.getvalue()
    assert "/calendars/…" in told and "/notices/off/…/" in told and "/notices/reply/…/snooze/" in told
    assert "secret" not in told


def test_no_deal_stands_in_any_calendar(cast: Cast) -> None:
    client_of(cast.bob).post(to(cast, "add_deal"), {"name": "Fleet renewal", "amount": "120000"})
    weekly(cast.workspace, cast.alice, now(), cast.bob)
    text = Client().get(make_address(cast, cast.bob)).content.decode()
    files = json.dumps(list(OutMessage.objects.values_list("files", flat=True)))
    assert "Fleet" not in text + files
    assert "120000" not in text + files
    assert date.today().isoformat() not in files  # noqa: DTZ011
