"""Promises on their page: one's own first, made, ended by word, undone; nobody ranked, nothing for an outsider."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headway.reviews.kinds import Promise as Kept
from headway.store.actions.commitments import end_commitment, make_commitment, settle_commitments
from headway.store.actions.evidence import record_evidence
from headway.store.actions.members import change_role
from headway.store.actions.workspaces import add_member, make_person
from headway.store.models import Commitment, Deal, Entry, Membership, Person
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
SOON = timedelta(days=3)


def promise(cast: Cast, person: Person, deal: Deal | None = None, days: int = 3, **more: Any) -> Commitment:
    now = timezone.now()
    about: dict[str, Any] = {
        "owner": person.name, "person": person, "what": f"Send the sheet of {person.name}", "shows": "signs the plan",
        "contact": "Jana Novak", "milestone": "", "by": cast.alice, "deal": deal,
    }  # fmt: skip
    ago = max(0, -days) + 2
    at = now - timedelta(days=ago)
    return make_commitment(
        workspace=cast.workspace, at=at, due_on=(now + timedelta(days=days)).date(), **(about | more)
    )


def given(cast: Cast, **more: str) -> dict[str, str]:
    day = (timezone.now() + SOON).date().isoformat()
    return {"who": cast.bob.key, "what": "Send Jana the risk sheet", "due_on": day, **more}


def titles(answer: Any) -> list[str]:
    return re.findall(r'<h2 id="[\w-]+-h">([^<]+?) ?<', main_of(answer))


def test_ones_own_come_first_then_those_to_one_then_the_leaders(cast: Cast, deal: Deal) -> None:
    promise(cast, cast.alice, None)
    promise(cast, cast.olga, deal)
    promise(cast, cast.bob, deal, days=-4)
    page = client_of(cast.bob).get(to(cast, "promises"))
    assert titles(page) == ["Yours", "To you, or on your deals", "What your leader owes the team", "Kept in time"]
    text = text_of(page)
    assert "You owe 1, and it is overdue." in text
    assert text.index("Send the sheet of Bob") < text.index("Send the sheet of Olga") < text.index("sheet of Alice")


def test_the_deals_page_says_what_is_owed_on_it(cast: Cast, deal: Deal) -> None:
    late, soon = promise(cast, cast.bob, deal, days=-4), promise(cast, cast.olga, deal, shows="opens <the> plan")
    kept = promise(cast, cast.olga, deal, what="Call them back")
    end_commitment(commitment=kept, how=Kept.KEPT, by=cast.olga, at=timezone.now())
    client = client_of(cast.bob)
    client.get(to(deal, "deal"))
    with CaptureQueriesContext(connection) as asked:
        text = text_of(client.get(to(deal, "deal")))
    assert len([query for query in asked.captured_queries if "set_config" not in query["sql"]]) <= 15
    assert "You: Send the sheet of Bob Adler 4 days overdue" in text, late
    assert "Olga Adler: Send the sheet of Olga Adler due in 3 days Shown when: opens <the> plan." in text, soon
    assert "Call them back" not in text
    assert "Send the sheet" not in text_of(client.get(to(deal, "deal"), {"on": "2026-03-02"}))


def test_with_nothing_promised_it_says_how_to_begin(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.vera):
        assert "Nothing is promised yet" in text_of(client_of(person).get(to(cast, "promises")))
    assert "Make the first one" not in text_of(client_of(cast.vera).get(to(cast, "promises")))


def test_a_promise_is_made_and_unmade(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    form = client.get(to(cast, "make_promise"), {"deal": deal.key})
    assert "problem_stated" in main_of(form)
    answer = client.post(
        to(cast, "make_promise"), given(cast, deal=deal.key, milestone="problem_stated", contact="Jana Novak")
    )
    assert answer["Location"] == to(cast, "promises")
    made = Commitment.objects.get()
    assert (made.deal, made.person, made.milestone, made.by) == (deal, cast.bob, "problem_stated", cast.bob)
    assert "Record it" in text_of(client.get(to(cast, "promises")))
    undo(client, cast, client.post(to(cast, "make_promise"), given(cast)))
    assert list(Commitment.objects.all()) == [made]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("what", "Follow up with Jana", "has no end"),
        ("due_on", "2020-01-01", "That day is over"),
        ("due_on", "soon", "no day"),
        ("contact", "procurement", "nobody one can ask"),
        ("shows", "likes us", "Nobody could see"),
        ("who", "nobody", "Choose whose"),
    ],
)
def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, deal: Deal, field: str, value: str, says: str
) -> None:
    typed = given(cast, deal=deal.key, contact="Jana Novak", shows="signs the plan") | {field: value}
    answer = client_of(cast.bob).post(to(cast, "make_promise"), typed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Jana" in main_of(answer)
    assert not Commitment.objects.exists()


def test_choosing_a_deal_offers_its_milestones_with_and_without_javascript(cast: Cast, deal: Deal) -> None:
    client = client_of(cast.bob)
    part = client.get(to(cast, "make_promise"), {"deal": deal.key}, HTTP_HX_REQUEST="true")
    assert "<fieldset" in part.content.decode()
    assert "<main" not in part.content.decode()
    again = client.post(to(cast, "make_promise"), given(cast, deal=deal.key, choose="1"))
    assert "problem_stated" in main_of(again)
    assert "Send Jana the risk sheet" in main_of(again)
    assert not Commitment.objects.exists()


def test_kept_by_word_is_said_so_and_undone(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.bob, deal)
    client = client_of(cast.bob)
    answer = client.post(to(cast, "end_promise", key=made.key), {"how": "kept"}, follow=True)
    assert "Kept, by word" in text_of(answer)
    undo(client, cast, answer)
    made.refresh_from_db()
    assert made.state == "open"


def test_letting_go_asks_for_the_reason(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.bob, deal)
    client = client_of(cast.bob)
    url = to(cast, "end_promise", key=made.key)
    assert "Why is it no longer needed?" in text_of(client.get(url, {"how": "let_go"}))
    assert client.post(url, {"how": "let_go", "note": ""}).status_code == 422
    page = client.post(url, {"how": "let_go", "note": "They chose another way"}, follow=True)
    assert "You owe nothing right now." in text_of(page)
    client.post(to(cast, "open_promise", key=made.key))
    made.refresh_from_db()
    assert made.state == "open"


def test_what_a_milestone_shows_is_not_said_by_word(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.bob, deal, milestone="problem_stated")
    answer = client_of(cast.bob).post(to(cast, "end_promise", key=made.key), {"how": "kept"})
    assert answer.status_code == 422
    assert "record on the deal what they did" in text_of(answer)
    assert to(cast, "deal", key=deal.key) in main_of(answer)


def test_the_page_is_right_before_anything_was_settled(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.bob, deal, days=-2)
    assert "2 days overdue" in text_of(client_of(cast.bob).get(to(cast, "promises")))
    made.refresh_from_db()
    assert made.state == "open"  # looking writes nothing


def test_somebody_else_may_not_end_it_and_a_viewer_sees_no_buttons(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.alice)
    answer = client_of(cast.bob).post(to(cast, "end_promise", key=made.key), {"how": "kept"})
    assert answer.status_code == 422
    for name in ("end_promise", "open_promise"):
        assert client_of(cast.vera).post(to(cast, name, key=made.key), {"how": "broken"}).status_code == 403
    assert client_of(cast.vera).get(to(cast, "make_promise")).status_code == 403
    assert "<form" not in main_of(client_of(cast.vera).get(to(cast, "promises")))


def kept(cast: Cast, person: Person, many: int, broken: int = 0) -> None:
    for number in range(many + broken):
        made = promise(cast, person, days=-3, what=f"Send sheet {number} of {person.name}", shows="", contact="")
        if number < many:
            at = made.made_at + timedelta(hours=1)
            end_commitment(commitment=made, how="kept", by=cast.alice, at=at)
    settle_commitments(workspace=cast.workspace, at=timezone.now())


def test_kept_rates_say_of_how_many_and_unknown_under_five(cast: Cast) -> None:
    kept(cast, cast.bob, 4)
    assert "Unknown 4 of 4 so far, 1 more needed" in text_of(client_of(cast.bob).get(to(cast, "promises")))
    kept(cast, cast.bob, 0, broken=1)
    text = text_of(client_of(cast.bob).get(to(cast, "promises")))
    assert "4 of 5 kept in time" in text
    assert "80 %, at 95 % between 38 % and 96 %" in text
    assert "all by word" in text


def test_a_seller_sees_the_leaders_rate_and_nobody_elses(cast: Cast) -> None:
    kept(cast, cast.alice, 3, broken=3)
    kept(cast, cast.olga, 6)
    text = text_of(client_of(cast.bob).get(to(cast, "promises")))
    assert "Your leader's, to the team 3 of 6 kept in time" in text
    assert "6 of 6" not in text  # of fewer than three, the team as a whole would tell one person's


def test_a_leader_sees_their_own_first_then_the_team_as_a_whole(cast: Cast) -> None:
    kept(cast, cast.alice, 5, broken=1)
    for name in ("sue", "tim", "una"):
        person = make_person(email=f"{name}@example.com", name=name.title(), password="x", at=NOW)
        add_member(workspace=cast.workspace, person=person, role="seller", by=cast.alice, at=NOW)
        kept(cast, person, 2, broken=1)
    text = text_of(client_of(cast.alice).get(to(cast, "promises")))
    assert text.index("5 of 6 kept in time") < text.index("The team as a whole")
    assert "6 of 9 kept in time" in text
    assert "2 of 3" not in text


def test_a_persons_page_is_theirs_and_the_leaders_whose_look_is_recorded(cast: Cast) -> None:
    kept(cast, cast.bob, 5)
    url = to(cast, "promises_of_person", key=cast.bob.key)
    assert "5 of 5" in text_of(client_of(cast.bob).get(url))
    assert not Entry.objects.filter(verb="saw").exists()
    assert "that you looked" in text_of(client_of(cast.alice).get(url))
    assert Entry.objects.filter(verb="saw", by=cast.alice, target=f"person {cast.bob.key}").count() == 1
    assert client_of(cast.vera).get(url).status_code == 404
    assert client_of(cast.bob).get(to(cast, "promises_of_person", key=cast.olga.key)).status_code == 404
    assert client_of(cast.bob).get(to(cast, "promises_of_person", key=cast.alice.key)).status_code == 200


def test_nothing_for_an_outsider(cast: Cast, deal: Deal) -> None:
    made = promise(cast, cast.bob, deal)
    client = client_of(cast.carol)
    for name, keys in (
        ("promises", {}), ("make_promise", {}), ("end_promise", {"key": made.key}),
        ("open_promise", {"key": made.key}), ("promises_of_person", {"key": cast.bob.key}),
    ):  # fmt: skip
        assert client.get(to(cast, name, **keys)).status_code in (404, 405)
        assert client.post(to(cast, name, **keys), {"how": "kept"}).status_code == 404
    own = {"w": cast.elsewhere.key, "key": made.key}
    from django.urls import reverse

    assert client.post(reverse("end_promise", kwargs=own), {"how": "kept"}).status_code == 404


def test_at_most_fifteen_queries_however_many(cast: Cast, deal: Deal) -> None:
    def counted(person: Person) -> int:
        client = client_of(person)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(to(cast, "promises"), {"all": "1"}).status_code == 200
        return len(queries)

    promise(cast, cast.bob, deal)
    counted(cast.bob)
    few = counted(cast.bob)
    record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW, quote="Y"
    )
    for number in range(40):
        milestone = "problem_stated" if number % 2 else ""
        promise(cast, (cast.bob, cast.alice)[number % 2], deal, days=number - 20, milestone=milestone)
    assert counted(cast.bob) <= few <= 15
    assert counted(cast.alice) <= 15


def test_a_seller_who_came_to_lead_owes_the_team(cast: Cast) -> None:
    promise(cast, cast.olga)
    member = Membership.objects.select_related("workspace", "person").get(person=cast.olga)
    change_role(membership=member, role="leader", by=cast.alice, at=NOW)
    assert "What your leader owes the team" in text_of(client_of(cast.bob).get(to(cast, "promises")))
