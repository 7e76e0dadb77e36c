"""Agendas and minutes go to whom they concern, once each, and say what was recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from headway.basics.errors import UserError
from headway.reviews.agenda_deal import AgendaDeal, facts_of
from headway.reviews.decisions import Terms
from headway.store.actions.before import answer_before, dispute_before, settle_before, unsettle_before
from headway.store.actions.deals import add_deal
from headway.store.actions.decisions import decide
from headway.store.actions.events import take_back
from headway.store.actions.minutes import address_of, send_agenda, send_minutes
from headway.store.actions.reviews import close_review, join_review, open_review, turn_to
from headway.store.models import (
    AgendaItem,
    Answer,
    Decision,
    DecisionVoiding,
    Entry,
    Membership,
    NoticeChoice,
    OutMessage,
    Review,
    Rhythm,
    RhythmPerson,
    SlackHook,
)
from headway.store.queries.minutes import minutes_of, receivers_of
from tests.cast import NOW, Cast, make_cast
from tests.reviewed import make_rhythm

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    """Alice's review tomorrow with Bob and Vera; a deal of Bob's and one of nobody's on it."""
    rhythm = make_rhythm(cast.workspace, cast.alice, NOW)
    for person in (cast.alice, cast.bob, cast.vera):
        RhythmPerson.objects.create(workspace=cast.workspace, rhythm=rhythm, person=person)
    review = Review.objects.create(
        workspace=cast.workspace, rhythm=rhythm, kind="pipeline", name="Pipeline review", leader=cast.alice,
        due_at=DUE, minutes=30, prepared_at=NOW, shown_at=NOW,
    )  # fmt: skip
    for place, (name, owner) in enumerate((("Fleet renewal", "Bob Adler"), ("Cold storage", None)), 1):
        deal = add_deal(workspace=cast.workspace, name=name, by=cast.alice, at=NOW, owner=owner)
        known = AgendaDeal(
            deal.key, name, "", owner or "", 5.0, "EUR", "Proposal", "Discovery", 2, "quiet", 9, None, None
        )
        AgendaItem.objects.create(
            workspace=cast.workspace, review=review, deal=deal, place=place, minutes=4, why=["Large."],
            facts=facts_of(known),
        )  # fmt: skip
    return fresh(review)


def fresh(review: Review) -> Review:
    return Review.objects.select_related("workspace", "leader", "rhythm", "reason").get(pk=review.pk)


def items(review: Review) -> list[AgendaItem]:
    found = AgendaItem.objects.select_related("review__leader", "review__workspace", "deal__owner", "deal__version")
    return list(found.filter(review=review).order_by("place"))


def to_whom(kind: str, channel: str = "mail") -> list[str]:
    return sorted(OutMessage.objects.filter(kind=kind, channel=channel).values_list("address", flat=True))


def held(cast: Cast, review: Review) -> Review:
    """Opened by Alice, Olga looks in, one decision, closed: the minutes go out by that."""
    open_review(review=review, by=cast.alice, at=DUE)
    join_review(review=review, by=cast.olga, at=DUE)
    first, second = items(review)
    note, at = "They answer on Friday.", DUE + timedelta(minutes=5)
    decide(item=first, what="keep", note=note, by=cast.alice, at=at)
    turn_to(review=review, item=second, by=cast.alice, at=DUE + timedelta(minutes=6))
    close_review(review=review, by=cast.alice, at=DUE + timedelta(minutes=20))
    return fresh(review)


def test_the_agenda_goes_to_everyone_once_with_their_own_deals_first(cast: Cast, review: Review) -> None:
    assert [send_agenda(review=review, at=NOW) for _ in range(2)] == [3, 0]
    assert to_whom("agenda") == ["alice@example.com", "bob@example.com", "vera@example.com"]
    bobs = OutMessage.objects.get(address="bob@example.com")
    assert bobs.text.index("\nFleet renewal (4 minutes)") < bobs.text.index("Also on the agenda")
    assert bobs.subject.endswith("one of your deals")
    assert "Also on the agenda" not in OutMessage.objects.get(address="alice@example.com").text


def test_people_are_told_where_they_chose_to_be(cast: Cast, review: Review) -> None:
    NoticeChoice.objects.create(person=cast.bob, channel="slack", slack_hook="sealed")
    NoticeChoice.objects.create(person=cast.vera, channel="none")
    assert send_agenda(review=review, at=NOW) == 2
    assert to_whom("agenda") == ["alice@example.com"]
    bobs = OutMessage.objects.get(channel="slack")
    assert (bobs.person, bobs.address) == (cast.bob, "")
    assert bobs.blocks[0]["type"] == "header"


def test_who_left_hears_nothing_and_an_empty_agenda_goes_to_the_leader_alone(cast: Cast, review: Review) -> None:
    Membership.objects.filter(person=cast.bob).update(ended_at=NOW)
    AgendaItem.objects.all().delete()
    assert send_agenda(review=review, at=NOW) == 1
    assert to_whom("agenda") == ["alice@example.com"]
    assert cast.bob not in receivers_of(review)


@pytest.mark.parametrize("changes", [{"state": "skipped"}, {"prepared_at": None}, {"state": "running"}])
def test_no_agenda_of_what_is_not_to_come(cast: Cast, review: Review, changes: dict[str, object]) -> None:
    Review.objects.update(**changes)
    assert send_agenda(review=fresh(review), at=NOW) == 0


def test_the_minutes_go_out_as_the_review_closes_once_to_each(cast: Cast, review: Review) -> None:
    SlackHook.objects.create(workspace=cast.workspace, hook="sealed", by=cast.alice, at=NOW)
    review = held(cast, review)
    assert to_whom("minutes") == [f"{name}@example.com" for name in ("alice", "bob", "olga", "vera")]
    slack = OutMessage.objects.get(kind="minutes", channel="slack")
    assert (slack.person, slack.blocks[0]["text"]["text"]) == (None, "Minutes of Pipeline review")
    assert send_minutes(review=review, at=DUE + timedelta(days=9)) == 0
    text = OutMessage.objects.get(address="bob@example.com").text
    for said in (
        "There: Alice Adler, Olga Adler.",
        "Not there: Bob Adler, Vera Adler.",
        "Keep as it is. They answer on",
    ):
        assert said in text


def test_minutes_are_one_value_of_what_was_recorded(cast: Cast, review: Review) -> None:
    answer_before(item=items(review)[1], account="Signed.", heard="On Friday.", by=cast.alice, at=NOW)
    minutes = minutes_of(held(cast, review))
    assert (minutes.state, minutes.decisions) == ("held", 1)
    assert [point.title for point in minutes.talked] == ["Fleet renewal", "Cold storage"]
    assert [said.text for said in minutes.points[1].said] == ["Signed.", "On Friday."]
    assert not minutes.corrections


def test_a_decision_undone_later_stands_on_the_minutes_and_no_mail_goes_again(cast: Cast, review: Review) -> None:
    review = held(cast, review)
    sent = OutMessage.objects.count()
    decision = review.decisions.get()
    at = DUE + timedelta(hours=3)
    DecisionVoiding.objects.create(workspace=cast.workspace, decision=decision, by=cast.alice, at=at)
    minutes = minutes_of(fresh(review))
    assert [(point.title, one.undone_by) for point, one in minutes.corrections] == [("Fleet renewal", "Alice Adler")]
    assert minutes.decisions == 0
    assert OutMessage.objects.count() == sent


def test_what_a_decision_changed_and_was_undone_on_the_deal_is_a_correction_too(cast: Cast, review: Review) -> None:
    open_review(review=review, by=cast.alice, at=DUE)
    decide(item=items(review)[0], what="forward", by=cast.alice, at=DUE, terms=Terms(stage="Problem identified"))
    close_review(review=review, by=cast.alice, at=DUE + timedelta(minutes=20))
    assert minutes_of(fresh(review)).decisions == 1
    take_back(event=Decision.objects.get().event, by=cast.bob, at=DUE + timedelta(hours=2))
    ((_, one),) = minutes_of(fresh(review)).corrections
    assert (one.undone_by, one.words) == ("Bob Adler", "Move the claim forward to Problem identified.")


def test_minutes_cost_the_same_however_much_was_said(cast: Cast, review: Review, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for item in items(review):
        for n in range(20):
            dispute_before(item=item, about=f"Finding {n}", reason="No", by=cast.alice, at=NOW)
    review = held(cast, review)
    with django_assert_max_num_queries(9):
        minutes_of(review)


def test_a_review_without_a_rhythm_reaches_its_leader_and_the_owners_of_its_deals(cast: Cast, review: Review) -> None:
    Review.objects.update(rhythm=None)
    Rhythm.objects.all().delete()
    send_agenda(review=fresh(review), at=NOW)
    assert to_whom("agenda") == ["alice@example.com", "bob@example.com"]


def test_the_address_in_mails_is_the_pages(cast: Cast, review: Review) -> None:
    here = {"w": cast.workspace.key, "key": review.key}
    assert address_of(review) == settings.ADDRESS + reverse("review_agenda", kwargs=here)
    assert f"{address_of(review)}minutes/" == settings.ADDRESS + reverse("review_minutes", kwargs=here)


def test_what_is_settled_before_comes_off_and_goes_back_on(cast: Cast, review: Review) -> None:
    (item, _), before = items(review), fresh(review).revision
    answer_before(item=item, account="Signed.", heard="", by=cast.bob, at=NOW)
    assert (items(review)[0].state, Answer.objects.get().text.text) == ("answered", "Signed.")
    assert fresh(review).revision > before
    unsettle_before(item=items(review)[0], by=cast.alice, at=NOW)
    unsettle_before(item=items(review)[0], by=cast.alice, at=NOW)
    assert (items(review)[0].state, Answer.objects.count()) == ("waiting", 1)
    settle_before(item=items(review)[0], by=cast.alice, at=NOW)
    told = Entry.objects.filter(verb__contains="before review").values_list("verb", flat=True)
    assert sorted(told) == ["settle before review", "settle before review", "unsettle before review"]


def test_a_dispute_stays_on_the_agenda_with_its_reason(cast: Cast, review: Review) -> None:
    item = items(review)[0]
    dispute_before(item=item, about="Skipped a stage.", reason="They sent it.", by=cast.bob, at=NOW)
    assert (items(review)[0].state, Answer.objects.get().question) == ("waiting", "dispute")
    assert Answer.objects.get().text.text == "“Skipped a stage” is not so: They sent it."
    for about, reason in (("", "x"), ("x", " ")):
        with pytest.raises(UserError):
            dispute_before(item=item, about=about, reason=reason, by=cast.bob, at=NOW)
    with pytest.raises(UserError, match="Write your account"):
        answer_before(item=item, account=" ", heard="x", by=cast.bob, at=NOW)


def test_once_the_meeting_has_begun_it_is_said_there(cast: Cast, review: Review) -> None:
    open_review(review=review, by=cast.alice, at=DUE)
    item = items(review)[0]
    with pytest.raises(UserError, match="has begun"):
        answer_before(item=item, account="Signed.", heard="", by=cast.bob, at=DUE)
    with pytest.raises(UserError, match="has begun"):
        settle_before(item=item, by=cast.bob, at=DUE)
    assert not Answer.objects.exists()
