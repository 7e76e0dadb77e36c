"""Drafting, publishing and taking it back: deals move with their history, and two people never overwrite each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.process.definition import Process
from headway.process.form import ProcessForm, form_of
from headway.process.pasted import form_from_text
from headway.process.starters import get_starter
from headway.store.actions.deals import add_deal, claim_stage, decide_deal
from headway.store.actions.processes import StaleDraftError, bring_back, drop_draft, make_process, save_draft
from headway.store.actions.publishing import publish, withdraw
from headway.store.models import Deal, Entry, Job, Pin, ProcessVersion
from headway.store.queries.processes import (
    find_draft,
    get_draft,
    list_processes,
    list_stages_practised,
    list_versions,
    outlook,
)
from headway.store.queries.versions import find_version_for, process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
STARTER = get_starter("buyer_terms")
FIRST = STARTER.stages[0].name


def renamed(process: Process, **names: str) -> ProcessForm:
    """The form of a process with some stages under other names."""
    form = form_of(process)
    return replace(form, stages=tuple(replace(s, name=names.get(s.uid, s.name), claims="") for s in form.stages))


def a_deal(cast: Cast, stage: str = FIRST, name: str = "Fleet renewal") -> Deal:
    deal = add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner="Bob Adler")
    claim_stage(deal=deal, stage=stage, by=cast.bob, at=NOW)
    return Deal.objects.get(pk=deal.pk)


def saved(cast: Cast, form: ProcessForm, revision: int = 0) -> ProcessVersion:
    return save_draft(process=cast.version.process, form=form, revision=revision, by=cast.alice, at=NOW)


def test_nobody_overwrites_what_somebody_else_saved() -> None:
    cast = make_cast()
    form = form_of(STARTER)
    saved(cast, replace(form, name="Alice's"))
    with pytest.raises(StaleDraftError) as told:
        save_draft(process=cast.version.process, form=replace(form, name="Olga's"), revision=0, by=cast.olga, at=NOW)
    assert (told.value.form.name, told.value.revision) == ("Alice's", 1)
    row = find_draft(cast.version.process)
    assert row is not None
    assert row.form["name"] == "Alice's"
    assert get_draft(cast.version.process).published == cast.version


def test_an_unsound_draft_is_kept_as_typed_and_cannot_be_published() -> None:
    cast = make_cast()
    odd = replace(form_of(STARTER), name="", silence_days="soon")
    saved(cast, odd)
    assert get_draft(cast.version.process).form == odd
    with pytest.raises(UserError, match="not ready"):
        publish(process=cast.version.process, revision=1, valid_from=None, move=True, mapping={}, by=cast.alice, at=NOW)
    assert len(list_versions(cast.version.process)) == 1


def test_a_publication_that_moves_open_deals_pins_them_and_keeps_their_claims_understood() -> None:
    cast = make_cast()
    deal, won = a_deal(cast), a_deal(cast, name="Won already")
    decide_deal(deal=won, outcome=Outcome.WON, by=cast.bob, at=NOW)
    saved(cast, renamed(STARTER, s1="Understood"))
    later = NOW + timedelta(hours=1)
    done = publish(
        process=cast.version.process, revision=1, valid_from=later.date(), move=True,
        mapping={FIRST: "Understood"}, by=cast.alice, at=later,
    )  # fmt: skip
    deal.refresh_from_db()
    won.refresh_from_db()
    assert (done.moved, done.version.number, done.version.mapping) == (1, 2, {FIRST: "Understood"})
    assert (deal.version, won.version) == (done.version, cast.version)
    assert FIRST in process_of(done.version).stages[0].claims
    assert (deal.claimed, deal.claimed_rank) == (FIRST, 1)
    assert [pin.version_id for pin in Pin.objects.filter(deal=deal).order_by("id")] == [
        cast.version.pk, done.version.pk,
    ]  # fmt: skip
    assert Entry.objects.get(verb="publish process").detail == {"version": 2, "moved": 1, "pinned": 0}
    assert Job.objects.filter(kind="analysis", state="waiting").count() == 1
    fresh = find_version_for(cast.workspace, pipeline="", record_type="", created_on=later.date())
    assert fresh == done.version


def test_a_publication_that_keeps_deals_leaves_them_and_gives_the_new_version_to_new_ones() -> None:
    cast = make_cast()
    deal = a_deal(cast)
    saved(cast, renamed(STARTER, s1="Understood"))
    done = publish(
        process=cast.version.process, revision=1, valid_from=NOW.date(), move=False, mapping={}, by=cast.alice, at=NOW
    )
    deal.refresh_from_db()
    assert (deal.version, done.moved, Pin.objects.count()) == (cast.version, 0, 0)
    assert process_of(done.version).stages[0].claims == ()
    assert a_deal(cast, name="Next").version == done.version


def test_deals_without_a_process_get_the_first_that_is_for_them() -> None:
    cast = make_cast()
    Deal.objects.all().delete()
    ProcessVersion.objects.filter(pk=cast.version.pk).update(withdrawn_at=NOW)
    deal = a_deal(cast)
    assert Deal.objects.filter(pk=deal.pk, version=None).exists()
    process = make_process(workspace=cast.workspace, form=form_of(STARTER), by=cast.olga, at=NOW)
    done = publish(process=process, revision=1, valid_from=None, move=False, mapping={}, by=cast.olga, at=NOW)
    deal.refresh_from_db()
    assert (done.pinned, deal.version, deal.claimed_rank) == (1, done.version, 1)


def test_publishing_is_undone_within_a_day_and_gives_deals_and_draft_back() -> None:
    cast = make_cast()
    deal = a_deal(cast)
    form = renamed(STARTER, s1="Understood")
    saved(cast, form)
    process = cast.version.process
    done = publish(process=process, revision=1, valid_from=NOW.date(), move=True, mapping={}, by=cast.alice, at=NOW)
    assert withdraw(version=done.version, by=cast.alice, at=NOW + timedelta(hours=23)) == 1
    deal.refresh_from_db()
    assert (deal.version, deal.claimed_rank) == (cast.version, 1)
    assert list_versions(process) == [cast.version]
    assert get_draft(process).form == form
    assert [p.version_id for p in Pin.objects.filter(deal=deal).order_by("id")] == [
        cast.version.pk, done.version.pk, cast.version.pk,
    ]  # fmt: skip
    assert withdraw(version=done.version, by=cast.alice, at=NOW + timedelta(hours=23)) == 0
    again = publish(process=process, revision=1, valid_from=NOW.date(), move=True, mapping={}, by=cast.alice, at=NOW)
    assert again.version.number == 3


def test_publishing_is_not_undone_once_time_or_people_went_on() -> None:
    cast = make_cast()
    saved(cast, form_of(STARTER))
    process = cast.version.process
    done = publish(process=process, revision=1, valid_from=NOW.date(), move=True, mapping={}, by=cast.alice, at=NOW)
    with pytest.raises(UserError, match="24 hours"):
        withdraw(version=done.version, by=cast.alice, at=NOW + timedelta(hours=25))
    with pytest.raises(UserError, match="Version 2 was published since"):
        withdraw(version=cast.version, by=cast.alice, at=NOW)
    a_deal(cast, name="Added since")
    with pytest.raises(UserError, match="A deal was set against this version since"):
        withdraw(version=done.version, by=cast.alice, at=NOW)
    assert list_versions(process)[0] == done.version


def test_a_version_cannot_begin_before_the_last_one() -> None:
    cast = make_cast()
    saved(cast, form_of(STARTER))
    process = cast.version.process
    publish(process=process, revision=1, valid_from=NOW.date(), move=True, mapping={}, by=cast.alice, at=NOW)
    saved(cast, form_of(STARTER))
    for day in (None, date(2026, 1, 1)):
        with pytest.raises(UserError, match="choose that day or a later one"):
            publish(process=process, revision=1, valid_from=day, move=True, mapping={}, by=cast.alice, at=NOW)


def test_the_draft_that_is_published_is_the_one_that_was_looked_at() -> None:
    cast = make_cast()
    saved(cast, form_of(STARTER))
    saved(cast, form_of(STARTER), revision=1)
    with pytest.raises(UserError, match="changed since you looked"):
        publish(process=cast.version.process, revision=1, valid_from=None, move=True, mapping={}, by=cast.alice, at=NOW)


def test_the_outlook_says_which_open_deals_are_concerned_and_where_they_would_go() -> None:
    cast = make_cast()
    a_deal(cast)
    a_deal(cast, stage="Somewhere else", name="Odd")
    found = outlook(cast.version.process, process_of_form(renamed(STARTER, s1="Understood")))
    stages = {stage.name: (stage.deals, stage.suggested, stage.settled) for stage in found.stages}
    assert (found.pinned, found.unpinned) == (2, 0)
    assert stages[FIRST] == (1, "Understood", False)
    assert stages[STARTER.stages[1].name] == (0, STARTER.stages[1].name, True)
    assert stages["Somewhere else"] == (1, "", False)


def process_of_form(form: ProcessForm) -> Process:
    from headway.process.form_check import check_form

    value, problems = check_form(form)
    assert value is not None, problems
    return value


def test_a_process_for_other_deals_concerns_none_of_these() -> None:
    cast = make_cast()
    a_deal(cast)
    assert outlook(cast.version.process, replace(STARTER, pipelines=("Renewals",))).pinned == 0


def test_a_draft_thrown_away_leaves_what_was_published_and_takes_what_was_not() -> None:
    cast = make_cast()
    saved(cast, form_of(STARTER))
    drop_draft(process=cast.version.process, by=cast.alice, at=NOW)
    assert find_draft(cast.version.process) is None
    only_draft = make_process(workspace=cast.workspace, form=form_from_text("Demo\nOffer"), by=cast.olga, at=NOW)
    drop_draft(process=only_draft, by=cast.olga, at=NOW)
    access = cast.access(cast.olga)
    assert [one.row for one in list_processes(access)] == [cast.version.process]
    bring_back(process=only_draft, by=cast.olga, at=NOW)
    assert len(list_processes(access)) == 2


def test_stages_are_offered_in_the_order_in_which_deals_went_through_them() -> None:
    cast = make_cast()
    for number in range(3):
        deal = a_deal(cast, "Zoom call", f"Deal {number}")
        claim_stage(deal=deal, stage="Offer", by=cast.bob, at=NOW + timedelta(hours=1))
        claim_stage(deal=deal, stage="Agreement", by=cast.bob, at=NOW + timedelta(hours=2))
    assert list_stages_practised(cast.access(cast.olga), "") == ["Zoom call", "Offer", "Agreement"]
