"""My week: promises due, three deals to move, silent buyers, and a self-review that is nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headway.reviews.self_review import monday_of
from headway.store.actions.commitments import make_commitment, record_self_review
from headway.store.actions.deals import add_deal
from headway.store.actions.evidence import record_activity, record_buyer_act
from headway.store.models import Commitment, Deal, Holiday, Review, SelfReview
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to

pytestmark = pytest.mark.django_db
ANSWERS = {"moved": "Jana named who signs", "stuck": "Kappa <b>", "next": "Jana sends the redline"}


def promise(cast: Cast, deal: Deal | None = None, days: int = 3, **more: Any) -> Commitment:
    now = timezone.now()
    about: dict[str, Any] = {"milestone": "", "shows": "signs the plan", "contact": "Jana Novak"}
    return make_commitment(
        workspace=cast.workspace, owner=cast.bob.name, person=cast.bob, what="Send Jana the risk sheet", by=cast.alice,
        at=now - timedelta(days=9), due_on=(now + timedelta(days=days)).date(), deal=deal, **(about | more),
    )  # fmt: skip


def looked_back(cast: Cast, *weeks: int) -> None:
    today = timezone.now().date()
    for week in weeks:
        record_self_review(
            workspace=cast.workspace, person=cast.bob, week_on=today - timedelta(weeks=week), **ANSWERS,
            at=timezone.now(),
        )  # fmt: skip


def week(cast: Cast) -> str:
    return text_of(client_of(cast.bob).get(to(cast, "my_week")))


def test_promises_due_stand_on_top_and_are_ended_there(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, days=-2)
    promise(cast, deal, days=40)
    text = week(cast)
    assert "Promises due 1, 1 overdue" in text
    assert "2 days overdue" in text
    assert text.index("Promises due") < text.index("Three deals to move") < text.index("Five minutes with yourself")
    back = to(cast, "my_week")
    answer = client_of(cast.bob).post(to(cast, "end_promise", key=made.key), {"how": "kept", "back": back})
    assert answer["Location"] == back
    assert "Nothing you promised is due" in week(cast)


def test_three_deals_to_move_each_with_one_question(cast: Cast) -> None:
    for number in range(5):
        add_deal(workspace=cast.workspace, name=f"Deal {number}", by=cast.bob, at=NOW, owner="Bob Adler")
    add_deal(workspace=cast.workspace, name="Somebody's", by=cast.alice, at=NOW, owner="Eve Other")
    markup = main_of(client_of(cast.bob).get(to(cast, "my_week")))
    assert markup.count('class="week-question"') == 3
    assert "Somebody's" not in markup


def test_silent_buyers_are_counted_and_named(cast: Cast, deal: Deal) -> None:
    assert "No silent buyers" in week(cast)
    long_ago, now = timezone.now() - timedelta(days=80), timezone.now()
    record_buyer_act(deal=deal, what="replied", by=cast.bob, at=now, happened_at=long_ago)
    record_activity(deal=deal, what="call", by=cast.bob, at=now, happened_at=now)
    text = week(cast)
    assert "1 silent buyer" in text
    assert "80 days" in text


def test_a_self_review_is_written_once_a_week_and_changed(cast: Cast) -> None:
    client = client_of(cast.bob)
    answer = client.post(to(cast, "my_week"), ANSWERS)
    assert answer["Location"] == to(cast, "my_week")
    shown = client.get(to(cast, "my_week"))
    assert "Jana named who signs" in text_of(shown)
    assert "<b>" not in main_of(shown).split("Kappa")[1][:10]
    assert "<textarea" not in main_of(shown)
    client.post(to(cast, "my_week"), ANSWERS | {"moved": "Jana signed"})
    assert SelfReview.objects.count() == 1
    again = main_of(client.get(to(cast, "my_week"), {"edit": "1"}))
    assert "Jana signed</textarea>" in again


def test_nothing_answered_is_said_beside_it(cast: Cast) -> None:
    answer = client_of(cast.bob).post(to(cast, "my_week"), {"moved": " "})
    assert answer.status_code == 422
    assert "Answer at least one" in text_of(answer)


def test_nobody_else_sees_the_answers(cast: Cast) -> None:
    client_of(cast.bob).post(to(cast, "my_week"), ANSWERS)
    secret = "Jana named who signs"
    for person in (cast.alice, cast.olga, cast.vera):
        for name in ("my_week", "my_deals", "promises", "audit"):
            assert secret not in client_of(person).get(to(cast, name)).content.decode()
    assert "Only you see what you write here" in week(cast)


def test_weeks_in_a_row_and_a_holiday_week_between(cast: Cast) -> None:
    looked_back(cast, 0, 2, 3)
    assert "1 week in a row" in week(cast)
    monday = monday_of(timezone.now().date()) - timedelta(weeks=1)
    for index in range(5):
        Holiday.objects.create(workspace=cast.workspace, on=monday + timedelta(days=index))
    assert "3 weeks in a row" in week(cast)


def test_a_review_held_keeps_the_habit_too_and_an_empty_one_does_not(cast: Cast) -> None:
    at = timezone.now() - timedelta(weeks=1)
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Pipeline", leader=cast.bob, due_at=at, minutes=30,
        state="held", opened_at=at,
    )  # fmt: skip
    assert "1 week in a row , this one is still to come" in week(cast)
    Review.objects.filter(pk=review.pk).update(state="empty")
    assert "Begin this week" in week(cast)


def test_without_a_team_or_a_name_it_still_works(cast: Cast) -> None:
    text = text_of(client_of(cast.vera).get(to(cast, "my_week")))
    assert "Five minutes with yourself" in text
    assert "<form" not in main_of(client_of(cast.vera).get(to(cast, "my_week")))
    assert client_of(cast.vera).post(to(cast, "my_week"), ANSWERS).status_code == 403
    assert client_of(cast.alice).get(to(cast, "my_week")).status_code == 200
    assert client_of(cast.carol).get(to(cast, "my_week")).status_code == 404
    assert client_of(cast.carol).get(to(cast, "my_due")).status_code == 404


def test_my_deals_fetch_what_is_due_and_say_nothing_where_nothing_is(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    assert to(cast, "my_due") in main_of(client.get(to(cast, "my_deals")))
    assert client.get(to(cast, "my_due")).content.decode().strip() == ""
    promise(cast, deal)
    assert "1 promise is due within a week" in text_of(client.get(to(cast, "my_due")))


def test_at_most_fifteen_queries_however_much(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(to(cast, "my_week")).status_code == 200
        return len(queries)

    promise(cast, deal)
    counted()
    few = counted()
    now = timezone.now()
    looked_back(cast, 0, 1, 2, 5)
    for number in range(20):
        one = add_deal(workspace=cast.workspace, name=f"Deal {number}", by=cast.bob, at=NOW, owner="Bob Adler")
        record_buyer_act(deal=one, what="replied", by=cast.bob, at=now, happened_at=now, contact=f"Jan {number}")
        promise(cast, one, days=number % 6, milestone="problem_stated" if number % 2 else "")
    many = counted()
    assert max(few, many) <= 15, (few, many)
