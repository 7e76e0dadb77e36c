"""Words on deals decided long ago go by themselves where that is set; figures, younger deals and open ones stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.jobs.nightly import ask_for_what_is_due
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.evidence import HandedFile, record_by_hand
from headway.store.actions.retention import erase_old_words, months_before, set_keeping
from headway.store.guards import ALL, enter
from headway.store.models import Attachment, Contact, Deal, Entry, Erasure, Event, Job
from headway.store.queries.audit import verify_chain
from tests.cast import NOW, Cast, make_cast
from tests.store.test_erasure import figures, scan

pytestmark = pytest.mark.django_db
OLD, SHARED, YOUNG = "The old budget is through", "Legal has read it all", "The young budget is through"


def decided(cast: Cast, name: str, at: datetime, quotes: tuple[str, ...], contact: str) -> Deal:
    deal = add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=at, owner="Bob Adler")
    add_contact(deal=deal, name=contact, email=f"{contact.split()[0].lower()}@buyer.example", by=cast.bob, at=at)
    for quote in quotes:
        record_by_hand(
            deal=deal, milestone="problem_stated", happened_at=at, act="wrote", contact=contact, by=cast.bob, at=at,
            quote=quote, file=HandedFile(f"{name}.txt", quote.encode(), "text/plain"),
        )  # fmt: skip
    decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=at, reason=f"{name} was too dear for them")
    return deal


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    decided(cast, "Ancient", NOW - timedelta(days=900), (OLD, SHARED), "Petra Purchase")
    decided(cast, "Recent", NOW - timedelta(days=30), (YOUNG, SHARED), "Yara Young")
    return cast


def test_only_what_is_old_goes_and_every_figure_stays(cast: Cast) -> None:
    before = figures(cast)
    set_keeping(workspace=cast.workspace, months=24, by=cast.alice, at=NOW)
    made = erase_old_words(workspace=cast.workspace, at=NOW)
    assert made is not None and made.by is None and made.target == "deals decided before 2024-03-02"
    assert made.counts == {"contacts": 1, "files": 2, "words": 3}
    text = scan()
    for gone in (OLD, "Ancient was too dear", "Petra Purchase", "petra@buyer.example", "Ancient.txt"):
        assert gone.casefold() not in text, gone
    for here in (YOUNG, SHARED, "Recent was too dear", "Yara Young", "yara@buyer.example"):
        assert here.casefold() in text, here
    assert figures(cast) == before
    assert verify_chain(cast.workspace).wrong == ""
    assert Entry.objects.filter(workspace=cast.workspace, verb="erase old words", by=None).count() == 1


def test_done_again_it_finds_nothing_more(cast: Cast) -> None:
    set_keeping(workspace=cast.workspace, months=24, by=cast.alice, at=NOW)
    assert erase_old_words(workspace=cast.workspace, at=NOW)
    assert erase_old_words(workspace=cast.workspace, at=NOW) is None
    assert Erasure.objects.count() == 1
    later = erase_old_words(workspace=cast.workspace, at=NOW + timedelta(days=800))
    assert later is not None and SHARED.casefold() not in scan(), "once both deals are old"


def test_it_is_off_until_somebody_sets_it(cast: Cast) -> None:
    assert erase_old_words(workspace=cast.workspace, at=NOW) is None
    ask_for_what_is_due(NOW)
    enter(ALL)
    assert not Job.objects.filter(kind="retention").exists()
    assert set_keeping(workspace=cast.workspace, months=24, by=cast.alice, at=NOW) is None
    ask_for_what_is_due(NOW)
    ask_for_what_is_due(NOW + timedelta(minutes=5))
    enter(ALL)
    assert Job.objects.filter(kind="retention").count() == 1
    assert set_keeping(workspace=cast.workspace, months=None, by=cast.alice, at=NOW) == 24


def test_nothing_elsewhere_goes(cast: Cast) -> None:
    deal = add_deal(workspace=cast.elsewhere, name="Theirs", by=cast.carol, at=NOW - timedelta(days=900))
    add_contact(deal=deal, name="Petra Purchase", by=cast.carol, at=NOW - timedelta(days=900))
    decide_deal(deal=deal, outcome=Outcome.WON, by=cast.carol, at=NOW - timedelta(days=900), reason="Their own reason")
    set_keeping(workspace=cast.workspace, months=24, by=cast.alice, at=NOW)
    erase_old_words(workspace=cast.workspace, at=NOW)
    assert Contact.objects.filter(name="Petra Purchase").count() == 1
    assert Event.objects.filter(note__text="Their own reason").count() == 1
    assert Attachment.objects.filter(content__isnull=False).count() == 2


@pytest.mark.parametrize("months", [0, 5, 241, -1])
def test_months_are_half_a_year_to_twenty_years(cast: Cast, months: int) -> None:
    with pytest.raises(UserError, match="6 to 240 months"):
        set_keeping(workspace=cast.workspace, months=months, by=cast.alice, at=NOW)


@given(st.integers(0, 36_500), st.integers(1, 240))
def test_months_before_is_the_same_day_or_the_last_of_its_month(days: int, months: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=days)
    found = months_before(moment, months)
    assert (found.year * 12 + found.month) == moment.year * 12 + moment.month - months
    assert found.day == moment.day or (found.day < moment.day and (found + timedelta(days=1)).day == 1)
