"""Placings: what somebody is asked to place, who is done, and the results, which nobody sees before all are done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from headway.basics.errors import UserError
from headway.reviews.placing import Pair, Placed, StageResult, results_of
from headway.store.models import Deal as DealRow
from headway.store.models import Placement as PlacementRow
from headway.store.models import Placing as PlacingRow
from headway.store.models import PlacingDeal as ItemRow
from headway.store.models import PlacingPerson as AskedRow
from headway.store.models import ProcessVersion as VersionRow
from headway.store.models import Workspace
from headway.store.queries.access import Access
from headway.store.queries.versions import list_published, process_of

__all__ = ["AskedRow", "DealRow", "ItemRow", "PlacementRow", "PlacingRow", "VersionRow"]
MOST = 30
MOST_POOLED = 8  # rounds of one version that are taken together, the newest


@dataclass(frozen=True, slots=True)
class Standing:
    """A placing as somebody sees it. `done`: of those asked, how many finished; `mine`: of its deals, how many this
    person placed, None where they are not asked; `alike`: deals that all put into one stage, once it is closed."""

    row: PlacingRow
    asked: tuple[AskedRow, ...]
    deals: int
    mine: int | None
    finished: bool
    alike: int | None = None

    @property
    def done(self) -> int:
        """How many of those asked are done."""
        return sum(one.finished_at is not None for one in self.asked)

    @property
    def waits_for_me(self) -> bool:
        """Whether it is this person's turn."""
        return self.mine is not None and not self.finished and self.row.closed_at is None


@dataclass(frozen=True, slots=True)
class Opened:
    """The results of a closed placing. `people`: in the order of the columns; `placed`: this round alone; `rounds`: how
    many of the same version are taken together in `together`; `items`: its deals by number."""

    people: tuple[AskedRow, ...]
    names: tuple[str, ...]
    placed: tuple[Placed, ...]
    together: tuple[Placed, ...]
    rounds: int
    items: dict[int, ItemRow]


@dataclass(frozen=True, slots=True)
class Convicted:
    """A stage whose definition surely does not make people agree, over all rounds of its published version."""

    version: VersionRow
    stage: StageResult
    confused: Pair | None
    n: int
    rounds: int


def list_placings(access: Access) -> list[Standing]:
    """The newest 30, newest first. At most five queries."""
    rows = list(
        PlacingRow.objects.filter(workspace=access.workspace)
        .select_related("version__process", "by")
        .order_by("-created_at", "-pk")[:MOST]
    )
    return _standings(access, rows)


def standing_of(access: Access, row: PlacingRow) -> Standing:
    """One of them. At most four queries."""
    return _standings(access, [row])[0]


def list_items(row: PlacingRow) -> list[ItemRow]:
    """Its deals by number. What they are called is not asked for."""
    return list(ItemRow.objects.filter(placing=row).order_by("number"))


def own_places(row: PlacingRow, person: int) -> dict[int, PlacementRow]:
    """Where this person put each deal (by the item's number in the table); nobody else's. One query."""
    found = PlacementRow.objects.filter(item__placing=row, person_id=person).order_by("pk")
    return {one.item_id: one for one in found}


@lru_cache(maxsize=256)
def _names(version: int, text: str) -> tuple[str, ...]:
    return tuple(stage.name for stage in process_of(VersionRow(pk=version, text=text)).stages)


def list_choosable(access: Access) -> list[VersionRow]:
    """Published versions that deals can be placed by: those in use, the newest of each process first, 40 at most."""
    found = list_published(access.workspace)
    newest = {version.process_id: version.pk for version in found}
    return sorted(found, key=lambda one: (newest[one.process_id] != one.pk, -one.pk))[:40]


def names_of(version: VersionRow) -> tuple[str, ...]:
    """The stages of a version, in order."""
    return _names(version.pk, version.text)


def opened(row: PlacingRow) -> Opened:
    """What came of it. UserError while it is not closed: until then nobody sees where others put a deal."""
    if row.closed_at is None:
        raise UserError("Not everybody is done yet: the results open by themselves when they are.")
    names = names_of(row.version)
    rounds = _rounds([row.version_id])
    ours = next((one for one in rounds if one.row.pk == row.pk), None) or _load([row])[0]
    together = _together(rounds, names) if len(rounds) > 1 else ()
    return Opened(
        ours.people, names, ours.placed(names), together, len(rounds),
        {item.number: item for item in list_items_with_deals(row)},
    )  # fmt: skip


def list_items_with_deals(row: PlacingRow) -> list[ItemRow]:
    """With the deals themselves: only for the results."""
    return list(ItemRow.objects.filter(placing=row).select_related("deal").order_by("number"))


def convicted_stages(workspace: Workspace) -> list[Convicted]:
    """Of the newest published version of each process: stages that people surely do not place alike. Five queries."""
    newest = {version.process_id: version for version in list_published(workspace)}
    by_version: dict[int, list[_Round]] = {}
    for one in _rounds([version.pk for version in newest.values()]):
        by_version.setdefault(one.row.version_id, []).append(one)
    found = []
    for version in newest.values():
        rounds, names = by_version.get(version.pk, []), names_of(version)
        placed = _together(rounds, names)
        results = results_of(placed, names)
        found += [Convicted(version, stage, stage.confused, results.n, len(rounds)) for stage in results.convicted]
    return found


@dataclass(frozen=True, slots=True)
class _Round:
    row: PlacingRow
    people: tuple[AskedRow, ...]
    items: tuple[ItemRow, ...]
    places: dict[tuple[int, int], PlacementRow]

    def placed(self, names: tuple[str, ...]) -> tuple[Placed, ...]:
        """A value for each deal, with the places of those who finished, who are the columns."""
        return tuple(
            Placed(item.number, tuple(self._rank(item, one, names) for one in self.people), item.shown.get("rank"))
            for item in self.items
        )

    def _rank(self, item: ItemRow, one: AskedRow, names: tuple[str, ...]) -> int | None:
        place = self.places.get((item.pk, one.person_id))
        if place is None or place.unsure:
            return None
        return names.index(place.stage) + 1 if place.stage in names else 0


def _rounds(versions: Sequence[int]) -> list[_Round]:
    """Closed ones of these versions, the newest of each, oldest first. Four queries, none where no version is given."""
    if not versions:
        return []
    rows = PlacingRow.objects.filter(version__in=versions, closed_at__isnull=False).order_by("-closed_at", "-pk")
    by_version: dict[int, int] = {}
    kept = []
    for row in rows[: MOST_POOLED * len(versions)]:
        by_version[row.version_id] = by_version.get(row.version_id, 0) + 1
        if by_version[row.version_id] <= MOST_POOLED:
            kept.append(row)
    return _load(kept[::-1])


def _load(rows: Sequence[PlacingRow]) -> list[_Round]:
    if not rows:
        return []
    people: dict[int, list[AskedRow]] = {}
    for one in AskedRow.objects.filter(placing__in=rows, finished_at__isnull=False).select_related("person"):
        people.setdefault(one.placing_id, []).append(one)
    items: dict[int, list[ItemRow]] = {}
    for item in ItemRow.objects.filter(placing__in=rows).order_by("placing", "number"):
        items.setdefault(item.placing_id, []).append(item)
    places: dict[int, dict[tuple[int, int], PlacementRow]] = {}
    for place in PlacementRow.objects.filter(item__placing__in=rows).select_related("item").order_by("pk"):
        places.setdefault(place.item.placing_id, {})[place.item_id, place.person_id] = place
    return [
        _Round(
            row, tuple(sorted(people.get(row.pk, []), key=lambda one: one.person_id)), tuple(items.get(row.pk, [])),
            places.get(row.pk, {}),
        )
        for row in rows
    ]  # fmt: skip


def _together(rounds: Sequence[_Round], names: tuple[str, ...]) -> tuple[Placed, ...]:
    """The deals of several rounds numbered through, with a column for everybody who finished any of them."""
    everybody = sorted({one.person_id for each in rounds for one in each.people})
    found: list[Placed] = []
    for each in rounds:
        columns = [everybody.index(one.person_id) for one in each.people]
        for placed in each.placed(names):
            given = dict(zip(columns, placed.places, strict=True))
            places = tuple(given.get(column) for column in range(len(everybody)))
            found.append(Placed(len(found) + 1, places, placed.headway))
    return tuple(found)


def _standings(access: Access, rows: Sequence[PlacingRow]) -> list[Standing]:
    if not rows:
        return []
    asked: dict[int, list[AskedRow]] = {row.pk: [] for row in rows}
    for one in AskedRow.objects.filter(placing__in=rows).select_related("person").order_by("person__name", "pk"):
        asked[one.placing_id].append(one)
    items: dict[int, list[int]] = {row.pk: [] for row in rows}
    for item, placing in ItemRow.objects.filter(placing__in=rows).values_list("pk", "placing_id"):
        items[placing].append(item)
    own = PlacementRow.objects.filter(item__placing__in=rows, person=access.person).values_list("item_id", flat=True)
    mine = set(own)
    closed = [row for row in rows if row.closed_at]
    places: dict[tuple[int, int], tuple[str, bool]] = {}
    made = (
        PlacementRow.objects.filter(item__placing__in=closed).order_by("pk") if closed else PlacementRow.objects.none()
    )
    for item, person, stage, unsure in made.values_list("item_id", "person_id", "stage", "unsure"):
        places[item, person] = stage, unsure
    found = []
    for row in rows:
        me = next((one for one in asked[row.pk] if one.person_id == access.person.pk), None)
        people = [one.person_id for one in asked[row.pk] if one.finished_at]
        alike = sum(_is_alike([places.get((item, one)) for one in people]) for item in items[row.pk])
        found.append(
            Standing(
                row, tuple(asked[row.pk]), len(items[row.pk]), len(mine.intersection(items[row.pk])) if me else None,
                bool(me and me.finished_at), alike if row.closed_at else None,
            )
        )  # fmt: skip
    return found


def _is_alike(given: Sequence[tuple[str, bool] | None]) -> bool:
    """Whether all said one and the same stage; nobody, that they could not tell."""
    return len(set(given)) == 1 and given[0] is not None and not given[0][1]
