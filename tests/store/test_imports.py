"""Imports: one go or nothing, never doubled, undone as a whole but for what people touched since."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, Outcome, RecordedHow
from headway.deals.history import DealHistory
from headway.deals.history import Event as PlainEvent
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import decide_deal, set_amount
from headway.store.actions.evidence import record_evidence
from headway.store.actions.imports import Counts, import_batch, undo_import
from headway.store.models import BatchUndone, Contact, Deal, Entry, Event, ImportBatch, SearchWord, Wording
from headway.store.queries.histories import deal_history
from tests.cast import Cast, make_cast
from tests.logs import claims, day, decided, event, fill, numbered

pytestmark = pytest.mark.django_db
AT = day(40)


def bring_in(
    cast: Cast, *histories: DealHistory, known: float = 35, at: datetime = AT, **about: dict[str, Any]
) -> tuple[ImportBatch, Counts]:
    """Import these histories; deal ids are ids of the source."""
    batch = ImportBatch.objects.create(workspace=cast.workspace, by=cast.olga, created_at=at, known_at=day(known))
    with EventLog(in_memory=True) as log:
        fill(log, numbered(histories), **about)
        counts = import_batch(batch=batch, log=log, by=cast.olga, at=at)
    batch.refresh_from_db()
    return batch, counts


def snapshot(kind: EventKind, at: float, name: str | None = None, **more: Any) -> PlainEvent:
    return event(kind, at, name, recorded=at, recorded_how=RecordedHow.SNAPSHOT, **more)


def assumed(kind: EventKind, at: float, name: str | None = None, **more: Any) -> PlainEvent:
    return event(kind, at, name, recorded_how=RecordedHow.ASSUMED, **more)


CREATED = event(EventKind.DEAL_CREATED, 0)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told(cast: Cast, source_id: str) -> list[tuple[Any, ...]]:
    """What the history of a deal says, without numbers of rows."""
    deal = Deal.objects.get(workspace=cast.workspace, source_id=source_id)
    return [
        (e.kind, e.happened_at, e.name, e.amount, e.due_on, e.contact, e.actor, e.grade, e.ref, e.note)
        for e in deal_history(deal).events
    ]


def test_an_import_writes_deals_events_contacts_owners_and_words_to_find_them_by() -> None:
    cast = make_cast()
    history = DealHistory(
        "D-1",
        (
            CREATED,
            event(EventKind.OWNER_SET, 0, "Bob Adler"),
            event(EventKind.BUYER_ACTED, 3, "answered", contact="Jan Novak", grade=2, note="Yes, we do."),
            snapshot(EventKind.AMOUNT_SET, 35, amount=1200.5),
        ),
    )
    batch, counts = bring_in(cast, history, **{"D-1": {"name": "Fleet renewal", "account": "Örsted Ltd"}})
    assert counts == Counts(deals_made=1, deals_changed=0, events_made=4)
    assert (batch.state, batch.deals_made, batch.events_made) == ("done", 1, 4)
    deal = Deal.objects.get(source_id="D-1")
    assert (deal.name, deal.account, deal.version_id, deal.is_live) == (
        "Fleet renewal",
        "Örsted Ltd",
        cast.version.pk,
        True,
    )
    assert [c.name for c in Contact.objects.filter(deal=deal)] == ["Jan Novak"]
    assert {w.word for w in SearchWord.objects.filter(deal=deal)} == {"fleet", "renewal", "orsted", "ltd", "d", "1"}
    events = deal_history(deal).events
    assert [e.kind.value for e in events] == ["deal_created", "owner_set", "buyer_acted", "amount_set"]
    assert (events[2].contact, events[2].note, events[2].grade) == ("Jan Novak", "Yes, we do.", 2)
    assert (events[3].amount, events[3].recorded_at, events[3].recorded_how) == (1200.5, day(35), RecordedHow.SNAPSHOT)
    entry = Entry.objects.get(verb="import")
    assert entry.detail["events_made"] == 4 and len(entry.detail["sha256"]) == 64
    assert "Novak" not in str(entry.detail) and entry.target == f"import {batch.key}"


def test_a_failing_import_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    monkeypatch.setattr("headway.store.actions.imports.write_contacts", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bring_in(cast, DealHistory("D-1", (CREATED,)))
    assert not Deal.objects.exists() and not Event.objects.exists() and not Wording.objects.exists()


def test_a_batch_that_is_done_is_not_written_twice() -> None:
    """A job taken up again after its worker died between the import and its own end."""
    cast = make_cast()
    batch, counts = bring_in(cast, DealHistory("D-1", (CREATED,)))
    with EventLog(in_memory=True) as log:
        fill(log, numbered([DealHistory("D-2", (CREATED,))]))
        assert import_batch(batch=batch, log=log, by=cast.olga, at=AT) == counts
    assert Deal.objects.count() == 1


def test_a_newer_export_updates_columns_and_adds_only_what_is_new() -> None:
    cast = make_cast()
    first = (CREATED, *claims((0, "Interest")), snapshot(EventKind.AMOUNT_SET, 35, amount=100.0))
    bring_in(cast, DealHistory("D-1", first), **{"D-1": {"name": "Old name", "account": "Acme"}})
    second = (CREATED, *claims((0, "Interest"), (36, "Problem")), snapshot(EventKind.AMOUNT_SET, 38, amount=100.0))
    _, counts = bring_in(cast, DealHistory("D-1", second), known=38, **{"D-1": {"name": "New name"}})
    assert counts == Counts(deals_made=0, deals_changed=1, events_made=1)
    deal = Deal.objects.get()
    assert (deal.name, deal.account) == ("New name", "Acme")  # a column the export lacks keeps what is known
    assert {w.word for w in SearchWord.objects.filter(deal=deal)} >= {"new"}
    assert [row[2] for row in told(cast, "D-1") if row[0] == "stage_claimed"] == ["Interest", "Problem"]


def test_a_snapshot_counts_against_the_rest_of_its_own_export() -> None:
    """Its history says 200 since, its last day 100 again: that is a change, though the store held 100 before."""
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED, snapshot(EventKind.AMOUNT_SET, 30, amount=100.0))), known=30)
    newer = (CREATED, event(EventKind.AMOUNT_SET, 33, amount=200.0), snapshot(EventKind.AMOUNT_SET, 35, amount=100.0))
    bring_in(cast, DealHistory("D-1", newer))
    assert [row[3] for row in told(cast, "D-1") if row[0] == "amount_set"] == [100.0, 200.0, 100.0]


def test_an_assumed_value_that_changed_is_known_from_the_newer_export_only() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED, assumed(EventKind.AMOUNT_SET, 0, amount=100.0))), known=30)
    for known in (35, 38):
        newer = (CREATED, assumed(EventKind.AMOUNT_SET, 0, amount=250.0))
        bring_in(cast, DealHistory("D-1", newer), known=known)
    assert [(row[1], row[3]) for row in told(cast, "D-1") if row[0] == "amount_set"] == [
        (day(0), 100.0),
        (day(35), 250.0),
    ]


def test_a_decision_is_told_once_while_it_stands_and_again_when_it_changes() -> None:
    cast = make_cast()

    def export(known: float, *more: PlainEvent) -> int:
        return bring_in(cast, DealHistory("D-1", (CREATED, *more)), known=known)[1].events_made

    lost = lambda at: assumed(EventKind.DEAL_DECIDED, at, "lost")  # noqa: E731
    assert export(30, lost(20)) == 2
    assert export(31, lost(22)) == 0  # somebody moved the close date of a lost deal
    assert export(32, snapshot(EventKind.CLOSE_DATE_SET, 32, due=60)) == 2  # it is open again
    assert [row[0] for row in told(cast, "D-1")][-2:] == ["close_date_set", "deal_reopened"]
    assert export(33, assumed(EventKind.DEAL_DECIDED, 25, "won")) == 1
    assert deal_history(Deal.objects.get()).decision is not None


def test_what_a_person_decided_is_not_reopened_by_an_export() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED, snapshot(EventKind.CLOSE_DATE_SET, 30, due=60))), known=30)
    decide_deal(deal=Deal.objects.get(), outcome=Outcome.LOST, by=cast.bob, at=day(32))
    bring_in(cast, DealHistory("D-1", (CREATED, snapshot(EventKind.CLOSE_DATE_SET, 35, due=70))))
    decision = deal_history(Deal.objects.get()).decision
    assert decision is not None and decision[1] == day(32)


def test_two_events_alike_in_one_file_both_count_and_are_not_doubled() -> None:
    cast = make_cast()
    twice = (CREATED, *(event(EventKind.ACTIVITY_DONE, 3, "Called") for _ in range(2)))
    assert bring_in(cast, DealHistory("D-1", twice))[1].events_made == 3
    assert bring_in(cast, DealHistory("D-1", twice))[1].events_made == 0


def test_what_was_erased_does_not_come_back() -> None:
    cast = make_cast()
    history = DealHistory("D-1", (CREATED, event(EventKind.BUYER_ACTED, 3, "answered", contact="Jan Novak")))
    bring_in(cast, history)
    Wording.objects.update(text=None)
    Contact.objects.update(name="")
    assert bring_in(cast, history)[1].events_made == 0
    assert not Wording.objects.exclude(text=None).exists() and not Contact.objects.exclude(name="").exists()


def test_the_workspace_shows_a_past_day_while_its_newest_data_is_of_one() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED,)), known=10)
    cast.workspace.refresh_from_db()
    assert cast.workspace.shows_at == day(10)
    fresh, _ = bring_in(cast, DealHistory("D-2", (CREATED,)), known=39)
    cast.workspace.refresh_from_db()
    assert cast.workspace.shows_at is None
    undo_import(batch=fresh, by=cast.olga, at=AT)
    cast.workspace.refresh_from_db()
    assert cast.workspace.shows_at == day(10)


def test_undoing_takes_back_everything_but_what_people_touched_since() -> None:
    cast = make_cast()
    history = lambda name: DealHistory(name, (CREATED, *claims((1, "Interest"))))  # noqa: E731
    batch, _ = bring_in(cast, history("D-1"), history("D-2"))
    touched = Deal.objects.get(source_id="D-1")
    later = AT + timedelta(hours=1)
    set_amount(deal=touched, amount=Decimal(5), by=cast.bob, at=later)
    counts = undo_import(batch=batch, by=cast.olga, at=later + timedelta(hours=1))
    assert counts.deals_made == 1
    gone = Deal.objects.get(source_id="D-2")
    touched.refresh_from_db()
    assert (touched.is_live, gone.is_live) == (True, False)
    assert len(deal_history(touched).events) == 3 and deal_history(gone).events == ()
    assert len(deal_history(gone, later).events) == 2  # as it was known before
    with pytest.raises(UserError, match="undone already"):
        undo_import(batch=batch, by=cast.olga, at=later)
    _, again = bring_in(cast, history("D-1"), history("D-2"), at=later + timedelta(hours=2))
    gone.refresh_from_db()
    assert gone.is_live and again.events_made == 2 and len(deal_history(gone).events) == 2


def test_undoing_restores_what_the_import_had_overwritten() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED,)), **{"D-1": {"name": "Right name"}})
    wrong, _ = bring_in(cast, DealHistory("D-1", (CREATED, *claims((2, "Interest")))), **{"D-1": {"name": "Wrong"}})
    undo_import(batch=wrong, by=cast.olga, at=AT)
    deal = Deal.objects.get()
    assert (deal.name, deal.is_live, deal.claimed) == ("Right name", True, "")
    assert SearchWord.objects.filter(deal=deal, word="right").exists()


def test_only_the_newest_import_that_counts_can_be_undone() -> None:
    cast = make_cast()
    first, _ = bring_in(cast, DealHistory("D-1", (CREATED,)))
    second, _ = bring_in(cast, DealHistory("D-2", (CREATED,)), at=AT + timedelta(hours=1))
    with pytest.raises(UserError, match="newer import"):
        undo_import(batch=first, by=cast.olga, at=AT + timedelta(hours=2))
    assert not BatchUndone.objects.exists()
    for batch in (second, first):
        undo_import(batch=batch, by=cast.olga, at=AT + timedelta(hours=2))
    assert not Deal.objects.filter(is_live=True).exists()
    assert Entry.objects.filter(verb="undo import").count() == 2


def test_an_import_stays_inside_its_workspace() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED,)))
    assert not Deal.objects.filter(workspace=cast.elsewhere).exists()
    elsewhere = Cast(**{f: getattr(cast, f) for f in cast.__dataclass_fields__} | {"workspace": cast.elsewhere})
    bring_in(elsewhere, DealHistory("D-1", (CREATED,)))
    assert Deal.objects.filter(source_id="D-1").count() == 2


def test_a_contact_that_a_person_added_is_kept_as_it_is() -> None:
    cast = make_cast()
    bring_in(cast, DealHistory("D-1", (CREATED,)))
    add_contact(deal=Deal.objects.get(), name="Jan Novak", part="champion", by=cast.bob, at=AT)
    record_evidence(
        deal=Deal.objects.get(), milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=AT, happened_at=AT
    )
    bring_in(cast, DealHistory("D-1", (CREATED, event(EventKind.BUYER_ACTED, 3, "answered", contact="Jan Novak"))))
    assert [(c.name, c.part) for c in Contact.objects.all()] == [("Jan Novak", "champion")]


STAGES = ("Interest", "Problem", "Solution", "Decision")
AN_EVENT = st.one_of(
    st.builds(lambda at, s: event(EventKind.STAGE_CLAIMED, at, s), st.integers(1, 30), st.sampled_from(STAGES)),
    st.builds(lambda at, a: event(EventKind.AMOUNT_SET, at, amount=float(a)), st.integers(1, 30), st.integers(1, 9)),
    st.builds(
        lambda at, c: event(EventKind.BUYER_ACTED, at, "wrote", contact=c),
        st.integers(1, 30),
        st.sampled_from(["Jan", "Eva", None]),
    ),
    st.builds(lambda at: event(EventKind.DEAL_REOPENED, at), st.integers(1, 30)),
    st.builds(lambda at, o: decided(at, o), st.integers(1, 30), st.sampled_from(["won", "lost"])),
)  # fmt: skip
HISTORIES = st.lists(st.lists(AN_EVENT, max_size=8), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES, st.integers(1, 30))
def test_two_exports_of_a_growing_history_say_what_the_last_one_says_alone(
    cast: Cast, deals: list[list[PlainEvent]], cut: int
) -> None:
    with transaction.atomic():  # taken back after each example; the people and their process stay
        whole = [
            DealHistory(f"D-{number}", (CREATED, *sorted(events, key=lambda e: e.happened_at)))
            for number, events in enumerate(deals)
        ]
        part = [DealHistory(h.id, tuple(e for e in h.events if e.happened_at <= day(cut))) for h in whole]
        last = [(*h.events, snapshot(EventKind.CLOSE_DATE_SET, 35, due=90)) for h in whole]
        early = [(*h.events, snapshot(EventKind.CLOSE_DATE_SET, cut, due=80)) for h in part]
        bring_in(cast, *(DealHistory(h.id, e) for h, e in zip(part, early, strict=True)), known=cut)
        full = [DealHistory(h.id, e) for h, e in zip(whole, last, strict=True)]
        bring_in(cast, *full)
        twice = {h.id: told(cast, h.id) for h in whole}
        assert bring_in(cast, *full)[1].events_made == 0
        there = Cast(**{f: getattr(cast, f) for f in cast.__dataclass_fields__} | {"workspace": cast.elsewhere})
        bring_in(there, *full)
        for h in whole:
            grown = [row for row in twice[h.id] if row[:2] != ("close_date_set", day(cut))]
            assert grown == told(there, h.id)
        transaction.set_rollback(True)
