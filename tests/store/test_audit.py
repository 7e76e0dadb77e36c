"""Nobody rewrites the audit without being found: each kind of tampering, on a real database without its triggers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from headway.store.actions.audit import append_entry, read_heads, record_sight, write_heads
from headway.store.chain import audit_key, link_digest
from headway.store.guards import ALL, enter
from headway.store.models import Entry, Head
from headway.store.queries.audit import EntryFilter, list_entries, list_verbs, target_names, verify_chains
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def heads(tmp_path: Path, settings: object) -> Path:
    """A head file of this test's own."""
    settings.AUDIT_HEADS = tmp_path / "kept" / "audit-heads.jsonl"  # type: ignore[attr-defined]
    return settings.AUDIT_HEADS  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def chain(db: None, heads: Path) -> Cast:
    """A workspace whose chain has twelve entries, on tables without triggers."""
    cast = make_cast()
    enter(ALL)
    for number in range(Head.objects.get(workspace=cast.workspace).number, 12):
        append_entry(
            workspace=cast.workspace, by=cast.bob, at=NOW + timedelta(minutes=number), verb="record evidence",
            target=f"deal {number}", detail={"kind": "reply", "grade": 2},
        )  # fmt: skip
    drop_triggers()
    return cast  # the triggers come back with the rollback, on both databases


def drop_triggers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER store_entry_append_only ON store_entry")
        else:
            cursor.execute("DROP TRIGGER store_entry_no_update")
            cursor.execute("DROP TRIGGER store_entry_no_delete")


def first_wrong(cast: Cast) -> str:
    enter(ALL)
    verdicts = {verdict.workspace: verdict for verdict in verify_chains()}
    enter(ALL)
    assert not verdicts[cast.elsewhere.key].wrong
    return verdicts[cast.workspace.key].wrong


def row(cast: Cast, number: int) -> Entry:
    return Entry.objects.get(workspace=cast.workspace, number=number)


def change(cast: Cast, entry: int, /, **values: object) -> None:
    Entry.objects.filter(workspace=cast.workspace, number=entry).update(**values)


def test_an_untouched_chain_is_whole(chain: Cast) -> None:
    assert first_wrong(chain) == ""
    write_heads(at=NOW)
    assert first_wrong(chain) == ""
    enter(ALL)
    append_entry(workspace=chain.workspace, by=None, at=NOW, verb="nightly")
    assert first_wrong(chain) == ""


@pytest.mark.parametrize(
    "values",
    [
        {"verb": "saw"},
        {"target": "deal other"},
        {"at": NOW},
        {"by_id": None},
        {"detail": {"kind": "reply", "grade": 3}},
        {"detail": {}},
        {"digest": "0" * 64},
    ],
)
def test_an_edited_entry_is_named(chain: Cast, values: dict[str, object]) -> None:
    change(chain, 9, **values)
    assert first_wrong(chain).startswith(f"entry 9 (row {row(chain, 9).pk}) is not what was written")


def test_a_deleted_entry_is_named(chain: Cast) -> None:
    row(chain, 8).delete()
    assert first_wrong(chain).startswith("entry 8 is missing")


def test_the_first_entry_deleted_is_named(chain: Cast) -> None:
    row(chain, 1).delete()
    assert first_wrong(chain).startswith("entry 1 is missing")


def test_an_entry_put_in_after_the_others_moved_up_is_named(chain: Cast) -> None:
    for number in range(12, 8, -1):
        change(chain, number, number=number + 1)
    Entry.objects.create(
        workspace=chain.workspace, number=9, at=NOW, by=chain.bob, verb="saw", digest=row(chain, 8).digest
    )
    assert first_wrong(chain).startswith("entry 9 ")


def test_an_entry_put_on_the_end_is_named(chain: Cast) -> None:
    last = row(chain, 12)
    Entry.objects.create(workspace=chain.workspace, number=13, at=NOW, by=None, verb="saw", digest=last.digest)
    assert first_wrong(chain).startswith("entry 13 ")


def test_a_rightly_linked_entry_that_went_past_the_head_is_named(chain: Cast) -> None:
    forge(chain, 13, before=row(chain, 12).digest)
    assert first_wrong(chain).startswith("entry 13 was put in")


def test_an_entry_before_the_first_is_named(chain: Cast) -> None:
    forge(chain, 0, before="")
    assert "was put in" in first_wrong(chain)


def test_two_entries_that_changed_places_are_named(chain: Cast) -> None:
    change(chain, 7, number=99)
    change(chain, 8, number=7)
    change(chain, 99, number=8)
    assert first_wrong(chain).startswith("entry 7 (row")


def test_a_tail_that_was_cut_is_named(chain: Cast) -> None:
    Entry.objects.filter(workspace=chain.workspace, number__gt=10).delete()
    assert first_wrong(chain) == "entry 11 is missing: the head's row knows 12 entries."


def test_a_tail_cut_together_with_the_head_is_found_by_the_head_file(chain: Cast) -> None:
    assert write_heads(at=NOW) == 2
    cut(chain, 10)
    assert first_wrong(chain) == "entry 11 is missing: the head file knows 12 entries."


def test_without_the_head_file_that_cut_cannot_be_seen(chain: Cast, heads: Path) -> None:
    write_heads(at=NOW)
    cut(chain, 10)
    heads.unlink()
    assert first_wrong(chain) == ""


def test_a_chain_cut_and_grown_again_is_found_by_the_head_file(chain: Cast) -> None:
    write_heads(at=NOW)
    cut(chain, 11)
    for verb in ("saw", "saw"):
        append_entry(workspace=chain.workspace, by=chain.bob, at=NOW, verb=verb)
    assert first_wrong(chain).startswith(f"entry 12 (row {row(chain, 12).pk}) differs from the head file")


def test_a_chain_written_anew_with_the_key_is_found_by_the_head_file(chain: Cast) -> None:
    write_heads(at=NOW)
    change(chain, 5, verb="saw")
    before = row(chain, 4).digest
    for number in range(5, 13):
        entry = row(chain, number)
        before = digest(chain, entry, before)
        change(chain, number, digest=before)
    Head.objects.filter(workspace=chain.workspace).update(digest=before)
    assert first_wrong(chain).startswith(f"entry 5 (row {row(chain, 5).pk}) differs from the head file")


def test_a_removed_chain_is_found_by_the_head_file(chain: Cast) -> None:
    write_heads(at=NOW)
    cut(chain, 0)
    assert first_wrong(chain) == "entry 1 is missing: the head file knows 12 entries."


def test_a_removed_head_is_found(chain: Cast) -> None:
    Head.objects.filter(workspace=chain.workspace).delete()
    assert first_wrong(chain) == "entry 12 is the last, and the head's row is missing."


def test_heads_are_written_only_where_a_chain_grew(chain: Cast, heads: Path) -> None:
    assert write_heads(at=NOW) == 2
    assert write_heads(at=NOW) == 0
    enter(ALL)
    append_entry(workspace=chain.workspace, by=None, at=NOW, verb="nightly")
    assert write_heads(at=NOW) == 1
    assert [line["number"] for line in read_heads(heads) if line["workspace"] == chain.workspace.key] == [12, 13]
    assert heads.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_short_by_a_crash_costs_nothing_else(chain: Cast, heads: Path) -> None:
    write_heads(at=NOW)
    with heads.open("a") as handle:
        handle.write(json.dumps({"workspace": "x", "number": 3})[:-4])
    assert len(read_heads(heads)) == 2
    assert first_wrong(chain) == ""


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xfe\x00", b"\x00" * 512, b"[" * 100_000, b"null", b'["KEY", 3]', b'{"workspace": "KEY", "number": 3}',
        b'{"workspace": "KEY", "number": "3", "digest": "x"}', b'{"workspace": "KEY", "number": 1e400, "digest": "x"}',
        b'{"workspace": ["KEY"], "number": 2, "digest": "x"}', b'{"workspace": "KEY", "number": 14, "di',
    ],
    ids=range(10),
)  # fmt: skip
def test_rubbish_in_the_head_file_stops_nothing_and_hides_nothing(chain: Cast, heads: Path, rubbish: bytes) -> None:
    write_heads(at=NOW)
    with heads.open("ab") as file:
        file.write(rubbish.replace(b"KEY", chain.workspace.key.encode()))
    assert not first_wrong(chain)
    append_entry(workspace=chain.workspace, by=chain.bob, at=NOW, verb="record evidence")
    assert write_heads(at=NOW + timedelta(hours=1)) == 1, "the worker goes on writing, on a line of its own"
    assert [line["number"] for line in read_heads() if line["workspace"] == chain.workspace.key] == [12, 13]
    change(chain, 9, verb="look away")
    assert first_wrong(chain).startswith("entry 9 ")


def cut(cast: Cast, last: int) -> None:
    """What somebody does who can write to the database: the tail goes, the head is set back."""
    Entry.objects.filter(workspace=cast.workspace, number__gt=last).delete()
    digest = row(cast, last).digest if last else ""
    Head.objects.filter(workspace=cast.workspace).update(number=last, digest=digest)


def digest(cast: Cast, entry: Entry, before: str) -> str:
    return link_digest(
        audit_key(settings.SECRET_KEY), before, workspace=cast.workspace.pk, number=entry.number, at=entry.at,
        by=entry.by_id, verb=entry.verb, target=entry.target, detail=entry.detail,
    )  # fmt: skip


def forge(cast: Cast, number: int, before: str) -> None:
    entry = Entry(workspace=cast.workspace, number=number, at=NOW, by=cast.bob, verb="saw")
    entry.digest = digest(cast, entry, before)
    entry.save()


# --- who saw what ---


@pytest.mark.django_db
def test_a_sight_is_recorded_once_an_hour_for_each_person_and_target() -> None:
    cast = make_cast()
    enter(cast.workspace.pk)

    def see(minutes: int, target: str = "deal a", by: object = cast.bob) -> bool:
        return record_sight(workspace=cast.workspace, by=by, at=NOW + timedelta(minutes=minutes), target=target)  # type: ignore[arg-type]

    seen = [see(0), see(1), see(59), see(5, "deal b"), see(5, by=cast.vera), see(60), see(61)]
    assert seen == [True, False, False, True, True, True, False]
    assert Entry.objects.filter(workspace=cast.workspace, verb="saw").count() == 4


@pytest.mark.django_db
def test_a_sight_recorded_already_costs_one_query(django_assert_num_queries: Callable[[int], object]) -> None:
    cast = make_cast()
    enter(cast.workspace.pk)
    record_sight(workspace=cast.workspace, by=cast.bob, at=NOW, target="deal a")
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        record_sight(workspace=cast.workspace, by=cast.bob, at=NOW + timedelta(minutes=9), target="deal a")


@pytest.mark.django_db
def test_filters_and_pages_of_the_audit() -> None:
    cast = make_cast()
    alice, bob = cast.access(cast.alice), cast.access(cast.bob)
    for hours in range(5):
        record_sight(workspace=cast.workspace, by=cast.bob, at=NOW + timedelta(hours=hours), target="deal abc")
    record_sight(workspace=cast.workspace, by=cast.alice, at=NOW, target=f"person {cast.bob.key}")

    def numbers(wanted: EntryFilter, before: int | None = None, access: object = alice) -> list[int]:
        return [entry.number for entry in list_entries(access, wanted, before=before, count=3)]  # type: ignore[arg-type]

    assert numbers(EntryFilter()) == [10, 9, 8]
    assert numbers(EntryFilter(), before=9) == [8, 7, 6]
    assert numbers(EntryFilter(person=cast.alice.key, verb="saw")) == [10]
    assert (
        numbers(EntryFilter(target="abc"), before=8) == numbers(EntryFilter(target="deal abc"), before=8) == [7, 6, 5]
    )
    assert numbers(EntryFilter(since=NOW + timedelta(hours=3), until=NOW + timedelta(hours=4))) == [8]
    assert numbers(EntryFilter(verb="saw"), access=bob) == [10, 9, 8], "Bob reads what he did and who looked at him"
    assert numbers(EntryFilter(person=cast.alice.key), access=bob) == [10, 2]
    assert list_verbs(alice) == ["add member", "make workspace", "saw"]
    assert target_names(alice, {f"person {cast.bob.key}", "deal abc", ""}) == {f"person {cast.bob.key}": "Bob Adler"}


@pytest.mark.django_db
def test_names_of_another_workspace_stay_there() -> None:
    cast = make_cast()
    carol = cast.access(cast.carol)
    assert target_names(carol, {f"person {cast.bob.key}"}) == {}
    assert {entry.workspace for entry in list_entries(carol, EntryFilter(), before=None, count=9)} == {cast.elsewhere}


@pytest.mark.usefixtures("own_database", "heads")
def test_concurrent_writers_never_fork_a_chain() -> None:
    cast = make_cast()
    writers, each = 4, 12
    barrier = Barrier(writers)
    problems: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            barrier.wait()
            enter(cast.workspace.pk)
            for number in range(each):
                with transaction.atomic():
                    append_entry(
                        workspace=cast.workspace,
                        by=cast.bob,
                        at=NOW,
                        verb="record evidence",
                        target=f"{writer}-{number}",
                    )
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    enter(ALL)
    found = list(Entry.objects.filter(workspace=cast.workspace).order_by("number").values_list("number", flat=True))
    assert found == list(range(1, 4 + writers * each + 1))
    assert first_wrong(cast) == ""
