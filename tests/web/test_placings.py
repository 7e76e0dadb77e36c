"""Placings as each role meets them: asked for, placed, done, opened; nobody sees another's places early."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.store.actions.placings import address_of, begin_placing, finish_placing, place_deal
from headway.store.models import Entry, Person, Placement, Placing, PlacingDeal, PlacingPerson, ProcessVersion
from headway.store.queries.placings import names_of
from tests.cast import NOW, Cast, client_of
from tests.store.test_placings import deals
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db


def begin(cast: Cast, *people: Person) -> Placing:
    if not PlacingDeal.objects.exists():
        deals(cast, 40)
    return begin_placing(
        workspace=cast.workspace, version=cast.version, people=people or (cast.alice, cast.bob), by=cast.alice, at=NOW
    )


def items(placing: Placing) -> list[PlacingDeal]:
    found = PlacingDeal.objects.select_related("placing__version", "placing__workspace", "workspace")
    return list(found.filter(placing=placing).order_by("number"))


def place(placing: Placing, person: Person, shift: int = 0) -> None:
    """Every deal where Headway has it; the first `shift` one stage further."""
    names = ["", *names_of(placing.version)]
    for item in items(placing):
        rank = item.shown["rank"] + (item.number <= shift) * (1 if item.shown["rank"] < len(names) - 1 else -1)
        place_deal(item=item, stage=names[rank], by=person, at=NOW)
    finish_placing(placing=placing, by=person, at=NOW)


def test_a_leader_asks_two_people_and_takes_it_back(cast: Cast) -> None:
    deals(cast)
    alice = client_of(cast.alice)
    assert "Not tested yet" in text_of(alice.get(to(cast, "placings")))
    assert "Bob Adler" in text_of(alice.get(to(cast, "placing_new")))
    asked = {"version": cast.version.key, "people": [cast.alice.key, cast.bob.key]}
    answer = alice.post(to(cast, "placing_new"), asked)
    placing = Placing.objects.get()
    assert answer["Location"] == to(cast, "placing", key=placing.key)
    page = alice.get(answer["Location"])
    assert "Where do these 10 deals stand?" in text_of(page)
    assert "Nobody is asked" in undo(alice, cast, page, to(cast, "placings")).content.decode()
    assert not Placing.objects.exists()


def test_who_was_chosen_is_kept_where_it_cannot_begin(cast: Cast) -> None:
    answer = client_of(cast.alice).post(
        to(cast, "placing_new"), {"version": cast.version.key, "people": [cast.olga.key]}
    )
    assert answer.status_code == 422
    assert "at least two people" in text_of(answer)
    assert re.search(rf'value="{cast.olga.key}" checked', main_of(answer))
    answer = client_of(cast.alice).post(to(cast, "placing_new"), {"people": [cast.olga.key, cast.bob.key]})
    assert "Choose a published version" in text_of(answer)


def test_without_a_process_it_says_where_to_begin(cast: Cast) -> None:
    carol = client_of(cast.carol)
    for name in ("placings", "placing_new"):
        page = carol.get(reverse(name, kwargs={"w": cast.elsewhere.key}))
        assert "No process yet" in text_of(page)


def test_one_deal_after_the_other_until_one_is_done(cast: Cast) -> None:
    placing, bob = begin(cast), client_of(cast.bob)
    assert "Waiting for you" in text_of(bob.get(to(cast, "placings")))
    rows = items(placing)
    at = to(cast, "placing_deal", key=placing.key, item=rows[0].key)
    for number in range(1, 11):
        page = bob.get(at)
        assert f"Deal {number} of 10" in text_of(page)
        answer = bob.post(at, {"place": str(number % 4)})
        at = answer["Location"]
    assert at == to(cast, "placing", key=placing.key)
    page = bob.get(at)
    assert "All 10 are placed" in text_of(page)
    assert names_of(placing.version)[0] in text_of(page)
    done = bob.post(to(cast, "placing_done", key=placing.key), follow=True)
    assert "You are done" in text_of(done)
    assert "You can place on." in undo(bob, cast, done, at).content.decode()
    assert "All 10 are placed" in text_of(bob.get(at))


def test_what_a_page_shows_of_a_deal_names_nobody(cast: Cast) -> None:
    placing, bob = begin(cast), client_of(cast.bob)
    for item in items(placing):
        page = main_of(bob.get(to(cast, "placing_deal", key=placing.key, item=item.key)))
        for word in ("Jana", "Kowary", "90,000", "Somebody", item.deal.key, "rank"):
            assert word not in page
    assert not Entry.objects.filter(verb="saw").exists()


def test_a_place_is_changed_kept_and_cannot_tell_is_one(cast: Cast) -> None:
    placing, bob = begin(cast), client_of(cast.bob)
    at = to(cast, "placing_deal", key=placing.key, item=items(placing)[0].key)
    answer = bob.post(at, {})
    assert answer.status_code == 422
    assert "Choose a stage, or say that you cannot tell." in text_of(answer)
    bob.post(at, {"place": "2"})
    assert re.search(r'value="2" data-key="2" checked', main_of(bob.get(at)))
    bob.post(at, {"place": "unsure"})
    assert re.search(r'value="unsure" data-key="u" checked', main_of(bob.get(at)))
    assert [one.unsure for one in Placement.objects.order_by("pk")] == [False, True]


def test_nobody_reads_another_s_places_before_all_are_done(cast: Cast) -> None:
    placing = begin(cast)
    place(placing, cast.bob)
    stages = names_of(placing.version)
    for person in (cast.alice, cast.olga, cast.vera):
        client = client_of(person)
        page = text_of(client.get(to(cast, "placing", key=placing.key)))
        assert "Bob Adler Done" in page
        assert not any(stage in page for stage in stages)
        for name in ("placings", "audit"):
            shown = text_of(client.get(to(cast, name)))
            assert not any(stage in shown for stage in stages)
    alice = client_of(cast.alice)
    own = main_of(alice.get(to(cast, "placing_deal", key=placing.key, item=items(placing)[0].key)))
    assert " checked" not in own  # Bob's place is not shown as hers


def test_the_results_say_what_is_known_and_where_to_rewrite(cast: Cast) -> None:
    placing = begin(cast)
    place(placing, cast.bob, shift=3)
    place(placing, cast.alice)
    page = client_of(cast.vera).get(to(cast, "placing", key=placing.key))
    text = text_of(page)
    assert "7 of 10 deals put into the same stage" in text
    assert "Most often taken for each other" in text
    assert "17 of 20 placements are where Headway has the deal" in text
    assert "more deal" in text or "hardly tell" in text
    assert main_of(page).count('<details class="placing-differed">') == 3
    assert "Kowary" in text  # the deals are named again
    assert "Bob" not in text and "Alice" not in text  # and people are not
    assert to(cast, "process_edit", key=cast.version.process.key) not in main_of(page)
    led = main_of(client_of(cast.alice).get(to(cast, "placing", key=placing.key)))
    assert to(cast, "process_edit", key=cast.version.process.key) in led


def test_an_unclear_stage_stands_on_top_of_the_list(cast: Cast) -> None:
    for _ in range(3):
        placing = begin(cast)
        names = names_of(placing.version)
        for person, other in ((cast.alice, names[0]), (cast.bob, names[1])):
            for item in items(placing):
                place_deal(item=item, stage=other if item.shown["rank"] < 4 else names[4], by=person, at=NOW)
            finish_placing(placing=placing, by=person, at=NOW)
    alice = client_of(cast.alice)
    text = text_of(alice.get(to(cast, "placings")))
    assert f"{names[0]} is not clear: People read it differently. Taken for {names[1]}" in text
    assert "30 deals in 3 placings" in text
    page = alice.get(to(cast, "placing", key=placing.key))
    assert f"Rewrite this stage’s definition: {names[0]}" in text_of(page)
    assert "over all 3 placings of this version (30 deals)" in text_of(page)


def test_a_leader_opens_the_results_without_the_third(cast: Cast) -> None:
    placing = begin(cast, cast.alice, cast.bob, cast.olga)
    place(placing, cast.bob)
    url = to(cast, "placing_open", key=placing.key)
    assert "Open them without" not in text_of(client_of(cast.alice).get(to(cast, "placing", key=placing.key)))
    assert client_of(cast.alice).post(url).status_code >= 400
    place(placing, cast.olga)
    assert "Open them without" in text_of(client_of(cast.alice).get(to(cast, "placing", key=placing.key)))
    answer = client_of(cast.alice).post(url, follow=True)
    assert "2 people, each alone" in text_of(answer)


def test_what_each_role_may_do(cast: Cast) -> None:
    placing = begin(cast)
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        assert "Ask for a placing" not in text_of(client.get(to(cast, "placings")))
        assert client.get(to(cast, "placing_new")).status_code == 403
        assert client.post(to(cast, "placing_open", key=placing.key)).status_code == 403
    item = items(placing)[0]
    for person in (cast.olga, cast.vera):  # who is not asked sees no deal of it
        assert client_of(person).get(to(cast, "placing_deal", key=placing.key, item=item.key)).status_code == 404
        assert client_of(person).post(to(cast, "placing_done", key=placing.key)).status_code >= 400
    assert not PlacingPerson.objects.filter(finished_at__isnull=False).exists()


def test_nothing_for_an_outsider(cast: Cast) -> None:
    placing, carol = begin(cast), client_of(cast.carol)
    item = items(placing)[0]
    for name, keys in (
        ("placings", {}), ("placing_new", {}), ("placing", {"key": placing.key}),
        ("placing_done", {"key": placing.key}),
        ("placing_open", {"key": placing.key}), ("placing_deal", {"key": placing.key, "item": item.key}),
    ):  # fmt: skip
        for w in (cast.workspace, cast.elsewhere):
            if w == cast.elsewhere and not keys:
                continue
            url = reverse(name, kwargs={"w": w.key, **keys})
            assert carol.get(url).status_code in (404, 405)
            assert carol.post(url, {"place": "1"}).status_code == 404


def test_a_deal_of_another_placing_is_not_found_here(cast: Cast) -> None:
    first, second = begin(cast), begin(cast)
    url = to(cast, "placing_deal", key=first.key, item=items(second)[0].key)
    assert client_of(cast.bob).get(url).status_code == 404


def test_every_page_takes_at_most_fifteen_queries(cast: Cast) -> None:
    for _ in range(3):
        placing = begin(cast)
        place(placing, cast.bob, shift=2)
        place(placing, cast.alice)
    waiting = begin(cast)
    pages = (
        to(cast, "placings"), to(cast, "placing", key=placing.key), to(cast, "placing", key=waiting.key),
        to(cast, "placing_deal", key=waiting.key, item=items(waiting)[0].key), to(cast, "placing_new"),
    )  # fmt: skip
    client = client_of(cast.alice)
    for url in pages:
        assert queries_of(client, url) <= 15, url


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return sum("set_config" not in one["sql"] for one in found.captured_queries)


def test_the_address_in_the_mail_leads_to_the_placing(cast: Cast) -> None:
    placing = begin(cast)
    assert address_of(placing).endswith(to(cast, "placing", key=placing.key))


def test_a_version_that_was_published_since_leaves_results_as_they_are(cast: Cast) -> None:
    placing = begin(cast)
    place(placing, cast.bob)
    place(placing, cast.alice)
    ProcessVersion.objects.filter(pk=cast.version.pk).update(withdrawn_at=NOW)
    assert client_of(cast.bob).get(to(cast, "placing", key=placing.key)).status_code == 200
    assert "No process yet" not in text_of(client_of(cast.bob).get(to(cast, "placings")))
