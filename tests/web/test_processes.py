"""Processes in the web: read, begin, edit, publish, take back; who may, and who must see nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from headway.process.form import ProcessForm, as_json, form_of
from headway.process.loader import parse_process
from headway.process.starters import get_starter
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.actions.gates import set_gate
from headway.store.models import Deal, Process, ProcessVersion
from headway.store.queries.processes import find_draft, get_draft, list_versions
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
STARTER = get_starter("buyer_terms")
PAGES = ("process", "process_versions", "process_edit", "process_publish", "process_file")


def to(cast: Cast, name: str, **more: Any) -> str:
    key = {} if name in ("processes", "process_new") else {"key": cast.version.process.key}
    return reverse(name, kwargs={"w": cast.workspace.key, **key, **more})


def save(client: Client, cast: Cast, form: ProcessForm, revision: int = 0, **more: Any) -> Any:
    body = json.dumps({"form": as_json(form), "revision": revision, **more})
    return client.post(to(cast, "process_save"), body, content_type="application/json")


def test_everybody_in_the_workspace_reads_the_process(client: Client, cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.olga, cast.vera):
        client.force_login(person)
        assert cast.version.process.name in client.get(to(cast, "processes")).content.decode()
        page = client.get(to(cast, "process")).content.decode()
        for _, milestone in STARTER.milestones:
            assert milestone.buyer.replace("'", "&#x27;") in page
        sheet = client.get(to(cast, "expectation", rank=1))
        assert STARTER.stages[0].milestones[0].ask.replace("'", "&#x27;") in sheet.content.decode()


def test_the_process_file_can_be_taken_away(client: Client, cast: Cast) -> None:
    client.force_login(cast.vera)
    answer = client.get(to(cast, "process_file"))
    assert parse_process(answer.content.decode(), "p") == STARTER
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_process_begins_with_stages_a_starter_or_what_the_crm_knows(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=NOW)
    claim_stage(deal=deal, stage="Zoom call", by=cast.bob, at=NOW)
    assert "Zoom call" in client.get(to(cast, "process_new")).content.decode()
    for given, stage in (
        ({"text": "1. Demo\n   - Demo done"}, "Demo"),
        ({"starter": "short_cycle"}, get_starter("short_cycle").stages[0].name),
        ({"pipeline": ""}, "Zoom call"),
    ):
        client.post(to(cast, "process_new"), given)
        newest = Process.objects.order_by("-id")[0]
        assert get_draft(newest).form.stages[0].name == stage


def test_text_without_stages_is_refused_beside_the_box_and_kept(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    answer = client.post(to(cast, "process_new"), {"text": "headway: process/1\nname: Mine"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This process file cannot be read. Line 1" in page
    assert "name: Mine</textarea>" in page


def test_the_editor_saves_as_typed_and_says_what_is_wrong_where(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    assert client.get(to(cast, "process_edit")).status_code == 200
    form = form_of(STARTER)
    stage = form.stages[0]
    odd = replace(stage.milestones[0], buyer="Send the proposal", usual_days="soon")
    form = replace(form, stages=(replace(stage, milestones=(odd, *stage.milestones[1:])), *form.stages[1:]))
    answer = save(client, cast, form).json()
    assert answer["revision"] == 1
    assert {"uid": odd.uid, "field": "usual_days"}.items() <= answer["problems"][0].items()
    mark = next(mark for mark in answer["marks"] if mark["uid"] == odd.uid)
    assert (mark["who"], mark["rewrite"]) == (
        "seller", "The buyer has told us in writing what in the proposal they would change or accept",
    )  # fmt: skip
    assert get_draft(cast.version.process).form == form
    page = client.get(to(cast, "process_edit")).content.decode()
    assert "Write a whole number from 1 to 36,500" in page


def test_the_second_of_two_gets_both_versions_and_loses_nothing(client: Client, cast: Cast) -> None:
    form = form_of(STARTER)
    client.force_login(cast.alice)
    save(client, cast, replace(form, name="Alice's", silence_days="30"))
    client.force_login(cast.olga)
    answer = save(client, cast, replace(form, name="Olga's", late_entry_days="3"), base=as_json(form))
    assert answer.status_code == 409
    told = answer.json()
    assert (told["by"], told["revision"]) == ("Alice", 1)
    assert [(c["field"], c["mine"], c["theirs"]) for c in told["conflicts"]] == [("name", "Olga's", "Alice's")]
    assert (told["form"]["silence_days"], told["form"]["late_entry_days"]) == ("30", "3")
    assert get_draft(cast.version.process).form.name == "Alice's"
    chosen = save(client, cast, replace(form, name="Olga's", silence_days="30"), revision=1, render=True)
    assert "Olga&#x27;s" in chosen.json()["html"]


@pytest.mark.parametrize("body", ["", "[]", "{", '{"form": 3, "revision": "x"}', '{"form": {}, "revision": 9}'])
def test_what_is_no_draft_is_refused_in_a_sentence(client: Client, cast: Cast, body: str) -> None:
    client.force_login(cast.alice)
    answer = client.post(to(cast, "process_save"), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["sentence"].endswith(".")
    assert find_draft(cast.version.process) is None


def test_publishing_shows_what_changes_moves_deals_and_can_be_undone(client: Client, cast: Cast) -> None:
    first = STARTER.stages[0].name
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=NOW)
    claim_stage(deal=deal, stage=first, by=cast.bob, at=NOW)
    client.force_login(cast.alice)
    form = form_of(STARTER)
    save(client, cast, replace(form, stages=(replace(form.stages[0], name="Understood"), *form.stages[1:])))
    page = client.get(to(cast, "process_publish")).content.decode()
    assert f"Stage “{first}” is now called “Understood”." in page
    assert "1 open deal<" in page
    given = {"revision": "1", "open_deals": "move", f"stage {first}": "Understood"}
    answer = client.post(to(cast, "process_publish"), given, follow=True)
    assert "Version 2 is published. 1 open deal moved to it." in answer.content.decode()
    assert Deal.objects.get(pk=deal.pk).version == list_versions(cast.version.process)[0]
    token = next(str(message.extra_tags) for message in answer.context["messages"])
    undone = client.post(reverse("undo", kwargs={"w": cast.workspace.key}), {"token": token}, follow=True)
    assert undone.status_code == 200
    assert Deal.objects.get(pk=deal.pk).version == cast.version
    assert get_draft(cast.version.process).form.stages[0].name == "Understood"


def test_publishing_says_where_a_gate_would_be_left_without_its_stage(client: Client, cast: Cast) -> None:
    first, form = STARTER.stages[0].name, form_of(STARTER)
    set_gate(workspace=cast.workspace, process=cast.version.process, stage=first, by=cast.alice, at=NOW)
    client.force_login(cast.alice)
    save(client, cast, replace(form, name="Other words"))
    told = f"A gate stands before “{first}”"
    assert told not in client.get(to(cast, "process_publish")).content.decode()
    save(client, cast, replace(form, stages=form.stages[1:]), revision=1)
    assert told in client.get(to(cast, "process_publish")).content.decode()


def test_a_draft_that_is_not_sound_says_so_instead_of_publishing(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    save(client, cast, replace(form_of(STARTER), name=""))
    assert "1 thing to mend" in client.get(to(cast, "process_publish")).content.decode()
    client.post(to(cast, "process_publish"), {"revision": "1"})
    assert len(list_versions(cast.version.process)) == 1


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01"])
def test_a_day_that_is_none_is_told_and_keeps_the_choice(client: Client, cast: Cast, day: str) -> None:
    client.force_login(cast.alice)
    save(client, cast, form_of(STARTER))
    answer = client.post(to(cast, "process_publish"), {"revision": "1", "open_deals": "keep", "valid_from": day})
    assert answer.status_code == 422
    assert "must be a day" in answer.content.decode()


def test_two_versions_stand_side_by_side(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    form = form_of(STARTER)
    changed = replace(form.stages[0].milestones[0], buyer="They have told us in writing what hurts")
    stage = replace(form.stages[0], milestones=(changed, *form.stages[0].milestones[1:]))
    save(client, cast, replace(form, stages=(stage, *form.stages[1:])))
    client.post(to(cast, "process_publish"), {"revision": "1", "open_deals": "keep"})
    client.force_login(cast.vera)
    page = client.get(to(cast, "process_versions")).content.decode()
    assert "<ins>They have told us in writing what hurts</ins>" in page
    assert STARTER.milestones[0][1].id not in page
    same = client.get(to(cast, "process_versions") + "?old=1&new=1").content.decode()
    assert "They say the same." in same
    assert client.get(to(cast, "process_versions") + "?old=7").status_code == 404


def test_throwing_a_draft_away_leaves_what_is_published(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga)
    save(client, cast, form_of(STARTER))
    client.post(to(cast, "process_drop"))
    assert find_draft(cast.version.process) is None
    assert client.get(to(cast, "process")).status_code == 200


def test_sellers_and_viewers_read_and_do_not_change(client: Client, cast: Cast) -> None:
    for person in (cast.bob, cast.vera):
        client.force_login(person)
        assert "Edit" not in client.get(to(cast, "processes")).content.decode()
        for name in ("process_new", "process_edit", "process_publish"):
            assert client.get(to(cast, name)).status_code == 403
        assert save(client, cast, form_of(STARTER)).status_code == 403
        assert client.post(to(cast, "process_publish"), {"revision": "1"}).status_code == 403
        assert client.post(to(cast, "process_drop")).status_code == 403
    assert find_draft(cast.version.process) is None


def test_an_outsider_sees_nothing_by_any_address_or_key(client: Client, cast: Cast) -> None:
    client.force_login(cast.carol)
    mine, theirs = cast.elsewhere.key, cast.version.process.key
    for w in (cast.workspace.key, mine):
        for name in PAGES:
            assert client.get(reverse(name, kwargs={"w": w, "key": theirs})).status_code == 404
        assert client.get(reverse("expectation", kwargs={"w": w, "key": theirs, "rank": 1})).status_code == 404
        for name in ("process_save", "process_drop", "process_publish"):
            url = reverse(name, kwargs={"w": w, "key": theirs})
            assert client.post(url, "{}", content_type="application/json").status_code == 404
    assert client.get(reverse("processes", kwargs={"w": cast.workspace.key})).status_code == 404
    assert STARTER.name not in client.get(reverse("processes", kwargs={"w": mine})).content.decode()
    assert client.post(reverse("process_new", kwargs={"w": cast.workspace.key}), {"text": "Demo"}).status_code == 404


@pytest.mark.parametrize("rank", [0, 6, 99999999999])
def test_there_is_no_page_of_a_stage_that_is_not_there(client: Client, cast: Cast, rank: int) -> None:
    client.force_login(cast.bob)
    assert client.get(to(cast, "expectation", rank=rank)).status_code == 404


def test_a_workspace_without_a_process_says_what_to_do(client: Client, cast: Cast) -> None:
    Deal.objects.all().delete()
    ProcessVersion.objects.all().delete()
    Process.objects.all().delete()
    client.force_login(cast.alice)
    assert "No process yet" in client.get(to(cast, "processes")).content.decode()
