"""One call of every action of placings, as `scenarios` has them."""

from __future__ import annotations

from typing import Any

from headway.store.actions import deals, evidence, placings
from headway.store.models import Placing, PlacingDeal, ProcessVersion


def ready(g: Any) -> None:
    """Deals enough on which a buyer acted."""
    for n in range(6):
        deal = deals.add_deal(workspace=g.workspace, name=f"Deal {n}", owner="Somebody Else", **g.who)
        evidence.record_evidence(
            deal=deal,
            milestone="problem_stated",
            source="quote",
            grade=1,
            happened_at=g.who["at"],
            quote="Yes",
            **g.who,
        )


def begun(g: Any) -> Placing:
    """Two are asked."""
    ready(g)
    return begin(g)


def begin(g: Any) -> Placing:
    """Ask two."""
    version = ProcessVersion.objects.select_related("process").get(workspace=g.workspace, number=1)
    return placings.begin_placing(
        workspace=g.workspace, version=version, people=(g.cast.alice, g.cast.bob), count=2, **g.who
    )


def items(g: Any) -> list[PlacingDeal]:
    """The deals to place."""
    found = PlacingDeal.objects.select_related("placing__version", "placing__workspace", "workspace")
    return list(found.filter(placing=g.last(Placing)).order_by("number"))


def placed(g: Any) -> None:
    """Both have placed both."""
    begun(g)
    for item in items(g):
        for person in (g.cast.alice, g.cast.bob):
            placings.place_deal(item=item, stage="", by=person, at=g.who["at"])


def finished(g: Any) -> None:
    """One is done."""
    placed(g)
    placings.finish_placing(placing=g.last(Placing), **g.who)


def three(g: Any) -> None:
    """Two of three are done."""
    ready(g)
    version = ProcessVersion.objects.select_related("process").get(workspace=g.workspace, number=1)
    people = (g.cast.alice, g.cast.bob, g.cast.olga)
    placings.begin_placing(workspace=g.workspace, version=version, people=people, count=2, **g.who)
    for person in people[:2]:
        for item in items(g):
            placings.place_deal(item=item, stage="", by=person, at=g.who["at"])
        placings.finish_placing(placing=g.last(Placing), by=person, at=g.who["at"])


PLACINGS: dict[str, tuple[Any, Any]] = {
    "placings.begin_placing": (ready, begin),
    "placings.place_deal": (begun, lambda g: placings.place_deal(item=items(g)[0], stage="", **g.who)),
    "placings.finish_placing": (
        finished, lambda g: placings.finish_placing(placing=g.last(Placing), by=g.cast.bob, at=g.who["at"]),
    ),
    "placings.resume_placing": (finished, lambda g: placings.resume_placing(placing=g.last(Placing), **g.who)),
    "placings.close_placing": (three, lambda g: placings.close_placing(placing=g.last(Placing), **g.who)),
    "placings.drop_placing": (begun, lambda g: placings.drop_placing(placing=g.last(Placing), **g.who)),
}  # fmt: skip
