"""An analysis touches what differs from the store and nothing else, findings included."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from headway.deals.events import EventKind
from headway.jobs.analysis import analyse
from headway.store.actions.deals import add_deal
from headway.store.actions.events import append_event
from headway.store.models import Deal, DealFinding
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db


def firm(cast: Cast) -> tuple[Deal, Deal]:
    """An open deal that jumped over stages, with proofs and reasons on its row; and a decided one."""
    open_deal, decided = (
        add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner="Bob Adler") for name in ("One", "Two")
    )
    for deal, claims in ((open_deal, 3), (decided, 1)):
        stages = [stage.name for stage in process_of(cast.version).stages][:claims:2]
        for place, stage in enumerate(stages):
            at = NOW + timedelta(hours=place + 1, microseconds=place)
            append_event(deal=deal, kind=EventKind.STAGE_CLAIMED, by=cast.bob, at=at, name=stage)
        append_event(deal=deal, kind=EventKind.AMOUNT_SET, by=cast.bob, at=NOW, amount=Decimal("1250.10"))
        append_event(deal=deal, kind=EventKind.BUYER_ACTED, by=cast.bob, at=NOW, name="answered", contact="Jan")
    append_event(deal=decided, kind=EventKind.DEAL_DECIDED, by=cast.bob, at=NOW + timedelta(days=1), name="won")
    return open_deal, decided


def written(cast: Cast) -> dict[str, datetime | None]:
    """When each deal's row was last worked out."""
    return dict(Deal.objects.filter(workspace=cast.workspace).values_list("name", "standing_at"))


def findings(cast: Cast) -> list[int]:
    return list(DealFinding.objects.filter(workspace=cast.workspace).order_by("pk").values_list("pk", flat=True))


def test_what_did_not_change_is_not_written_again() -> None:
    cast = make_cast()
    _, decided = firm(cast)
    first, again = NOW + timedelta(days=3), NOW + timedelta(days=3, minutes=1)
    analyse(cast.workspace, at=first)
    found = findings(cast)
    assert set(written(cast).values()) == {first} and found
    Deal.objects.filter(pk=decided.pk).update(agreed_act="nobody said this")
    analyse(cast.workspace, at=again)
    assert written(cast)["Two"] == again and findings(cast) == found
    decided.refresh_from_db()
    assert (decided.agreed_act, decided.standing, decided.amount) == ("", "decided", Decimal("1250.10"))
    DealFinding.objects.filter(pk=found[0]).update(what="something else was found")
    analyse(cast.workspace, at=again)
    now = findings(cast)
    assert (
        written(cast)["Two"] == again and len(now) == len(found) and found[0] not in now and set(found[1:]) < set(now)
    )


def test_a_deal_touched_while_it_was_analysed_keeps_what_was_worked_out_then() -> None:
    cast = make_cast()
    open_deal, _ = firm(cast)
    at = NOW + timedelta(days=3)
    Deal.objects.filter(pk=open_deal.pk).update(touched_at=at + timedelta(seconds=1), claimed="What a person said")
    analyse(cast.workspace, at=at)
    open_deal.refresh_from_db()
    assert open_deal.claimed == "What a person said"
