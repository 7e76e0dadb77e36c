"""Loaded beside others, a workspace's rows get other numbers: whatever names a row by its number names the same one.

Every table counts from a place of its own, so that a number tells which row it is of wherever it stands: in a column,
deep in a document, in a word. All of the loaded workspace must say what the original says, number for number.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from headway.deals.events import EventKind, Outcome
from headway.deals.history import DealHistory
from headway.jobs.analysis import analyse
from headway.reviews.decisions import Promised, Terms
from headway.reviews.kinds import What
from headway.store.actions.audit import record_sight
from headway.store.actions.deal_calls import record_deal_call
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, set_amount
from headway.store.actions.decisions import decide, take_back_decision
from headway.store.actions.gates import set_gate, step_down
from headway.store.actions.hand_overs import accept_workspace, offer_workspace
from headway.store.actions.imports import undo_import
from headway.store.actions.outbox import Letter, put_out
from headway.store.actions.reminders import end_reminder
from headway.store.actions.reviews import open_review
from headway.store.exported import FIELDS_LEFT_OUT, exported_models, table_of
from headway.store.models import (
    AgendaItem,
    Deal,
    Decision,
    Entry,
    Event,
    Gate,
    GateChange,
    ImportBatch,
    Owner,
    Person,
    Review,
    Voiding,
    Workspace,
)
from tests.cast import NOW, Cast, make_cast
from tests.logs import event
from tests.store.test_export import exported, loaded, moved, rewritten
from tests.store.test_imports import bring_in

pytestmark = pytest.mark.django_db
APART = 1_000_000_000  # so far apart do the tables count
DAY = timedelta(days=1)
LATER = NOW + timedelta(days=20)
# A new key is made for what is unique in an installation, and a hash is made anew: neither tells a number.
ANEW = {"key", "digest"}
ELSE = {*FIELDS_LEFT_OUT, ("outmessage", "state")}  # a message that waits is not sent by two installations
# Where the filled workspace is known to name rows beside foreign keys: the walk must have come by each of them.
KNOWN = {
    ("analysistext", "forecast"), ("decision", "about"), ("entry", "detail"), ("importbatch", "report"),
    ("teamfigure", "name"), ("reminder", "about"), ("analysis", "summary"), ("outmessage", "once"),
    ("handover", "was"), ("entry", "target"), ("deal", "last_event"),
}  # fmt: skip


def count_apart() -> None:
    """Each table's next row gets a number that no other table's rows have."""
    with connection.cursor() as cursor:
        for place, model in enumerate(sorted(apps.get_app_config("store").get_models(), key=table_of), 1):
            table = model._meta.db_table
            if connection.vendor == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, place * APART])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, place * APART])


def worked(cast: Cast) -> None:
    """Everything that names rows by number: imports, reviews with decisions, gates, promises, analyses, reminders."""
    history = DealHistory("D-1", (event(EventKind.DEAL_CREATED, 0), event(EventKind.OWNER_SET, 0, "Bob Adler")))
    for days, name in ((-1, "Fleet"), (0, "Fleet renewal")):
        about: dict[str, Any] = {"D-1": {"name": name}}
        bring_in(cast, history, at=NOW + days * DAY, **about)
    deals = [
        add_deal(workspace=cast.workspace, name=f"Deal {n}", by=cast.bob, at=NOW, owner="Bob Adler") for n in range(4)
    ]
    for n, deal in enumerate(deals):
        claim_stage(deal=deal, stage="Problem identified", by=cast.bob, at=NOW)
        set_amount(deal=deal, amount=Decimal(1000 * (n + 1)), by=cast.bob, at=NOW)
    decide_deal(deal=deals[0], outcome=Outcome.WON, by=cast.bob, at=NOW + 5 * DAY)
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Monday review", leader=cast.alice, due_at=NOW, minutes=30,
        prepared_at=NOW, shown_at=NOW,
    )  # fmt: skip
    for place, deal in enumerate(deals[1:]):
        AgendaItem.objects.create(workspace=cast.workspace, review=review, deal=deal, place=place, minutes=5)
    open_review(review=review, by=cast.alice, at=NOW + 6 * DAY)
    items = list(AgendaItem.objects.filter(review=review).order_by("place"))
    at = NOW + 6 * DAY + timedelta(minutes=5)
    promise = Promised("Bob Adler", "Send the order form", "signs it", "Petra", date(2026, 3, 20))
    decide(item=items[0], what=What.FORWARD, by=cast.alice, at=at, note="", promise=promise,
           terms=Terms(stage="Stakeholders aligned", was={"stage": "Problem identified"}))  # fmt: skip
    new = decide(item=items[1], what=What.FORWARD, by=cast.alice, at=at, note="", promise=None,
                 terms=Terms(stage="Stakeholders aligned", was={"stage": "Problem identified"}))  # fmt: skip
    take_back_decision(decision=new, by=cast.alice, at=at)
    record_deal_call(deal=deals[3], review=None, chance=0.3, by=cast.bob, at=at)
    gate = set_gate(
        workspace=cast.workspace, process=cast.version.process, stage="Stakeholders aligned", by=cast.olga, at=at
    )
    Gate.objects.filter(pk=gate.pk).update(rung="warn")
    step_down(gate=gate, since=at, why="It cost more than it brought.", facts={}, at=at + DAY)
    change = GateChange.objects.filter(gate=gate, by=None).get()
    end_reminder(workspace=cast.workspace, person=cast.alice, about=f"gate {change.pk}", at=at + DAY)
    put_out(
        workspace=cast.workspace, person=cast.bob, channel="mail", kind="invitation",
        once=f"invitation abcabcabcabc 0 {cast.bob.pk}", at=at, letter=Letter("Monday review", ""),
    )  # fmt: skip
    deals[1].refresh_from_db()
    record_sight(workspace=cast.workspace, by=cast.alice, at=at, target=f"owner {deals[1].owner_id}")
    offer = offer_workspace(workspace=cast.workspace, to=cast.olga, leaves=False, by=cast.alice, at=at)
    accept_workspace(offer=offer, by=cast.olga, at=at)
    analyse(cast.workspace, at=LATER - 8 * DAY)
    set_amount(deal=deals[2], amount=Decimal(9000), by=cast.bob, at=LATER - 3 * DAY)
    decide_deal(deal=deals[3], outcome=Outcome.WON, by=cast.bob, at=LATER - 2 * DAY)
    analyse(cast.workspace, at=LATER)


def beside(cast: Cast, folder: Path) -> Workspace:
    """The workspace loaded beside itself, as one of another installation, whose people nobody here knows."""

    def strangers(name: str, row: dict[str, Any]) -> dict[str, Any]:
        if "once" in row:
            row["once"] = row["once"].removesuffix(" moved")
        return row | {"email": f"new.{row['email']}"} if name == "people.jsonl" else row

    file = rewritten(moved(exported(cast, folder), folder), folder / "strangers.zip", strangers)
    found: Workspace = loaded(file).workspace
    return found


def pairs(model: Any, old: Workspace, new: Workspace) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The rows of a table in their order, each with the one that was made of it."""
    rows = [list(model._default_manager.filter(workspace=one).order_by("pk").values()) for one in (old, new)]
    loaded_more = 1 if table_of(model) == "entry" else 0  # which says that it was loaded
    assert len(rows[0]) == len(rows[1]) - loaded_more, table_of(model)
    return list(zip(*rows, strict=False))


def test_whatever_names_a_row_by_its_number_names_the_same_row(tmp_path: Path) -> None:
    count_apart()
    cast = make_cast()
    worked(cast)
    new = beside(cast, tmp_path)
    both = {model: pairs(model, cast.workspace, new) for model in exported_models()}
    told = {str(was["id"]): str(now["id"]) for rows in both.values() for was, now in rows}
    assert all(was != now for was, now in told.items()), "every table moved"
    for person in Person.objects.exclude(email__startswith="new."):
        stranger = Person.objects.filter(email=f"new.{person.email}").first()
        if stranger is not None:
            told |= {str(person.pk): str(stranger.pk), person.key: stranger.key}
    told[str(cast.workspace.pk)] = str(new.pk)
    names = re.compile("|".join(sorted(told, key=len, reverse=True)))
    met, wrong = set(), []
    for model, rows in both.items():
        for was, now in rows:
            for name in was.keys() - ANEW - {one for table, one in ELSE if table == table_of(model)}:
                before, after = (json.dumps(one[name], default=str, sort_keys=True) for one in (was, now))
                expected = names.sub(lambda found: told[found[0]], before)
                if expected != before:
                    met.add((table_of(model), name))
                if json.loads(expected) != json.loads(after):
                    wrong.append((table_of(model), name, expected[:200], after[:200]))
    assert not wrong
    assert Entry.objects.filter(workspace=new, target=f"owner {Owner.objects.get(workspace=new).pk}").exists()
    assert KNOWN - met == set(), "the firm names no row there any more: make it do so"


def test_what_is_undone_after_the_load_is_its_own(tmp_path: Path) -> None:
    count_apart()
    cast = make_cast()
    worked(cast)
    new = beside(cast, tmp_path)
    leader = Person.objects.get(email="new.alice@example.com")
    undone = Voiding.objects.filter(workspace=cast.workspace).count()
    decision = Decision.objects.get(workspace=new, voiding=None)
    take_back_decision(decision=decision, by=leader, at=LATER)
    newest = ImportBatch.objects.filter(workspace=new).latest("pk")
    undo_import(batch=newest, by=leader, at=LATER)
    fleets = {one.workspace_id: one.name for one in Deal.objects.filter(source_id="D-1")}
    assert fleets == {cast.workspace.pk: "Fleet renewal", new.pk: "Fleet"}
    assert {one.claimed for one in Deal.objects.filter(workspace=new, name="Deal 1")} == {"Problem identified"}
    assert {one.claimed for one in Deal.objects.filter(workspace=cast.workspace, name="Deal 1")} == {
        "Stakeholders aligned"
    }
    assert Voiding.objects.filter(workspace=cast.workspace).count() == undone


def test_a_decision_that_names_events_of_another_workspace_takes_none_of_them_back() -> None:
    cast = make_cast()
    hidden = add_deal(workspace=cast.elsewhere, name="Hidden", by=cast.carol, at=NOW)
    deal = add_deal(workspace=cast.workspace, name="Fleet", by=cast.bob, at=NOW)
    review = Review.objects.create(
        workspace=cast.workspace, kind="pipeline", name="Monday review", leader=cast.alice, due_at=NOW, minutes=30,
        prepared_at=NOW, shown_at=NOW,
    )  # fmt: skip
    item = AgendaItem.objects.create(workspace=cast.workspace, review=review, deal=deal, place=0, minutes=5)
    open_review(review=review, by=cast.alice, at=NOW)
    theirs = list(Event.objects.filter(deal=hidden).values_list("pk", flat=True))
    made = Decision.objects.create(
        workspace=cast.workspace, review=review, item=item, what="keep", by=cast.alice, at=NOW, about={"events": theirs}
    )
    take_back_decision(decision=made, by=cast.alice, at=NOW)
    assert theirs and not Voiding.objects.exists()
