"""Promises on a real database: made, kept by evidence the moment it is recorded, broken by the calendar, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.basics.errors import UserError
from headway.reviews.kinds import Promise
from headway.store.actions.commitments import (
    end_commitment,
    make_commitment,
    record_self_review,
    settle_commitments,
    take_back_commitment,
    take_back_end,
)
from headway.store.actions.deals import add_deal
from headway.store.actions.events import take_back
from headway.store.actions.evidence import agree_act, record_buyer_act, record_evidence, retract_evidence
from headway.store.models import Commitment, CommitmentEnd, Deal, Entry, Person, SelfReview
from headway.store.queries.commitments import due_for, fates_of, list_commitments, promises_of
from headway.store.queries.weeks import habit_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 6)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return add_deal(workspace=cast.workspace, name="Kappa renewal", by=cast.bob, at=NOW, owner="Bob Adler")


def promise(cast: Cast, deal: Deal | None = None, person: Person | None = None, **more: Any) -> Commitment:
    person = person or cast.bob
    about: dict[str, Any] = {
        "owner": person.name, "person": person, "what": "Send Jana the risk sheet", "shows": "signs the plan",
        "contact": "Jana Novak", "milestone": "", "due_on": DUE, "by": cast.alice, "at": NOW, "deal": deal,
    }  # fmt: skip
    return make_commitment(workspace=cast.workspace, **(about | more))


def show(cast: Cast, deal: Deal, days: float = 1, recorded: float | None = None, **more: Any) -> Any:
    return record_evidence(
        deal=deal, milestone=more.pop("milestone", "problem_stated"), source="quote", grade=more.pop("grade", 1),
        by=cast.bob, at=NOW + timedelta(days=days if recorded is None else recorded),
        happened_at=NOW + timedelta(days=days), contact="Jana Novak", quote="We have a problem", **more,
    )  # fmt: skip


def now(made: Commitment) -> tuple[str, bool]:
    made.refresh_from_db()
    return made.state, made.ended_at is not None


def test_a_promise_is_kept_the_moment_its_evidence_is_recorded(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, milestone="problem_stated", shows="")
    assert "problem" in (made.shows.text or "") if made.shows else False
    event = show(cast, deal)
    assert now(made) == ("kept", True)
    end = made.ends.get()
    assert (end.how, end.event_id, end.by_id) == ("kept", event.pk, None)


def test_taking_the_evidence_back_or_retracting_it_breaks_it_again(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, milestone="problem_stated")
    event = show(cast, deal)
    take_back(event=event, by=cast.bob, at=NOW + timedelta(days=2))
    assert now(made) == ("open", False)
    show(cast, deal, days=2, ref="a")
    assert now(made)[0] == "kept"
    retract_evidence(deal=deal, milestone="problem_stated", ref="a", reason="Another deal", by=cast.alice, at=LATER)
    assert now(made)[0] == "broken"
    assert [end.how for end in made.ends.order_by("pk")] == ["kept", "open", "kept", "broken"]


def test_the_calendar_breaks_it_and_evidence_entered_late_mends_it(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, milestone="problem_stated")
    assert settle_commitments(workspace=cast.workspace, at=NOW + timedelta(days=4)) == 0
    assert settle_commitments(workspace=cast.workspace, at=LATER) == 1
    assert settle_commitments(workspace=cast.workspace, at=LATER + timedelta(hours=1)) == 0
    assert now(made)[0] == "broken"
    show(cast, deal, days=2, recorded=9)
    assert now(made)[0] == "kept"
    other = promise(cast, deal, milestone="problem_stated", at=LATER, due_on=LATER.date())
    show(cast, deal, days=9, recorded=9)
    assert now(other)[0] == "late"


def test_an_agreed_act_by_its_contact_keeps_it(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal)
    soon = NOW + timedelta(days=1)
    agree_act(deal=deal, what="signs the plan", due_on=DUE, contact="Jana Novak", by=cast.bob, at=NOW)
    record_buyer_act(deal=deal, what="replied", contact="Jana Novak", by=cast.bob, at=soon, happened_at=soon)
    assert now(made)[0] == "open"
    record_buyer_act(deal=deal, what="signs the plan", contact="Jana Novak", by=cast.bob, at=soon, happened_at=soon)
    assert now(made)[0] == "kept"


def test_by_word_its_owner_or_who_leads_says_so_and_takes_it_back(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal)
    end_commitment(commitment=made, how="kept", by=cast.bob, at=NOW + timedelta(days=1))
    known = promises_of([deal], NOW + timedelta(days=2), carried=False)[deal.pk][0]
    assert (known.state, known.by_word) == (Promise.KEPT, True)
    take_back_end(commitment=made, by=cast.alice, at=NOW + timedelta(days=2))
    assert now(made) == ("open", False)
    end_commitment(commitment=made, how="kept", by=cast.alice, at=LATER)
    assert now(made)[0] == "late"
    with pytest.raises(UserError, match="Whose promise it is"):
        end_commitment(commitment=made, how="broken", by=cast.vera, at=LATER)


def test_what_a_buyer_must_show_nobody_declares_kept(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, milestone="problem_stated")
    with pytest.raises(UserError, match="record on the deal"):
        end_commitment(commitment=made, how="kept", by=cast.alice, at=NOW)
    event = record_buyer_act(deal=deal, what="replied", by=cast.bob, at=NOW, happened_at=NOW)
    end_commitment(commitment=made, how="kept", by=cast.alice, at=NOW, event=event)
    assert now(made)[0] == "kept"
    take_back(event=event, by=cast.bob, at=LATER)
    assert now(made)[0] == "broken"


def test_letting_go_needs_a_reason_and_lasts(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal, milestone="problem_stated")
    with pytest.raises(UserError, match="reason"):
        end_commitment(commitment=made, how="let_go", by=cast.bob, at=NOW, note=" ")
    end_commitment(commitment=made, how="let_go", by=cast.bob, at=NOW, note="They chose another way")
    show(cast, deal)
    assert now(made)[0] == "let_go"
    assert promises_of([deal], NOW)[deal.pk] == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"what": "Follow up"}, "no end"),
        ({"contact": ""}, "person at the buyer"),
        ({"contact": "procurement"}, "nobody one can ask"),
        ({"due_on": date(2026, 3, 1)}, "over"),
        ({"milestone": "no_such"}, "no such milestone"),
    ],
)
def test_what_is_no_promise_is_refused(cast: Cast, deal: Deal, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        promise(cast, deal, **wrong)
    assert not Commitment.objects.exists()


def test_a_leader_promises_without_a_buyer_a_seller_on_a_deal_does_not(cast: Cast, deal: Deal) -> None:
    bare = {"shows": "", "contact": "", "what": "Read the two lost deals"}
    assert promise(cast, deal, cast.alice, **bare).person == cast.alice
    assert promise(cast, None, cast.bob, **bare).deal is None
    with pytest.raises(UserError):
        promise(cast, deal, cast.bob, **bare)


def test_making_one_is_undone_until_something_was_said_of_it(cast: Cast, deal: Deal) -> None:
    made, other = promise(cast, deal), promise(cast, deal)
    take_back_commitment(commitment=made, by=cast.alice, at=NOW)
    end_commitment(commitment=other, how="broken", by=cast.bob, at=NOW)
    with pytest.raises(UserError, match="let it go"):
        take_back_commitment(commitment=other, by=cast.alice, at=NOW)
    assert list(Commitment.objects.all()) == [other]


def test_what_is_owed_is_due_until_it_is_kept(cast: Cast, deal: Deal) -> None:
    soon = promise(cast, deal, milestone="problem_stated")
    later = promise(cast, deal, due_on=date(2026, 3, 30))
    assert [one.row for one in due_for(cast.workspace, cast.bob, NOW)] == [soon]
    overdue = due_for(cast.workspace, cast.bob, LATER, within_days=30)
    assert [(one.row, one.is_overdue) for one in overdue] == [(soon, True), (later, False)]
    Commitment.objects.filter(pk=soon.pk).update(made_at=NOW)  # as settled last: open
    show(cast, deal)
    assert due_for(cast.workspace, cast.bob, LATER) == []


def test_ones_own_come_first_and_nothing_of_another_workspace(cast: Cast, deal: Deal) -> None:
    alices = promise(cast, None, cast.alice, shows="", contact="")
    bobs = promise(cast, deal)
    assert [one.row for one in list_commitments(cast.access(cast.bob), NOW)] == [bobs, alices]
    assert [one.row for one in list_commitments(cast.access(cast.alice), NOW)] == [alices, bobs]
    assert list_commitments(cast.access(cast.carol), NOW) == []


def test_fates_tell_whose_and_what_decided(cast: Cast, deal: Deal) -> None:
    promise(cast, deal, milestone="problem_stated")
    promise(cast, deal, cast.alice)
    show(cast, deal)
    fates = fates_of(cast.workspace, LATER)
    assert [(person, fate.state, fate.shown) for person, fate in fates] == [
        (cast.bob.pk, Promise.KEPT, True),
        (cast.alice.pk, Promise.BROKEN, False),
    ]
    assert fates_of(cast.workspace, NOW) == []


def test_settling_takes_the_same_queries_at_any_number(cast: Cast, deal: Deal) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            settle_commitments(workspace=cast.workspace, at=LATER)
        return len(found)

    promise(cast, deal)
    few = queries()
    for number in range(30):
        promise(cast, deal, what=f"Send sheet {number}", milestone="problem_stated" if number % 2 else "")
    assert queries() <= few
    assert Commitment.objects.filter(state="broken").count() == 31


def test_each_step_is_in_the_audit_without_words(cast: Cast, deal: Deal) -> None:
    made = promise(cast, deal)
    end_commitment(commitment=made, how="let_go", by=cast.bob, at=NOW, note="They chose another way")
    entries = Entry.objects.filter(target=f"promise {made.key}").order_by("number")
    assert [entry.verb for entry in entries] == ["make promise", "end promise"]
    assert "Jana" not in str([entry.detail for entry in entries])


def test_ends_are_history(cast: Cast, deal: Deal) -> None:
    end = end_commitment(commitment=promise(cast, deal), how="broken", by=cast.bob, at=NOW)
    with pytest.raises(Exception, match="append-only"):
        CommitmentEnd.objects.filter(pk=end.pk).update(how="kept")


def test_a_self_review_is_ones_own_and_replaced_within_its_week(cast: Cast) -> None:
    about: dict[str, Any] = {"workspace": cast.workspace, "person": cast.bob, "stuck": "", "next": "", "at": NOW}
    record_self_review(**about, week_on=date(2026, 3, 4), moved="Jana replied")
    record_self_review(**about, week_on=date(2026, 3, 5), moved="Jana signed")
    kept = SelfReview.objects.get()
    assert (kept.week_on, kept.moved.text if kept.moved else "") == (date(2026, 3, 2), "Jana signed")
    assert [week.moved for week in habit_of(cast.access(cast.bob), date(2026, 3, 6)).own] == ["Jana signed"]
    assert habit_of(cast.access(cast.alice), date(2026, 3, 6)).own == ()
    with pytest.raises(UserError):
        record_self_review(**about, week_on=date(2026, 3, 5), moved=" ")
