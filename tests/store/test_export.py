"""An export holds everything but secrets, and loads as the same rows with the same analysis, or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from headway.basics.cells import guarded, unguarded
from headway.basics.errors import UserError
from headway.deals.event_log import EventLog
from headway.store.actions.commitments import make_commitment
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, set_amount
from headway.store.actions.evidence import HandedFile, record_by_hand
from headway.store.actions.exports import ask_for_export, drop_export, record_download, sweep_exports, write_asked
from headway.store.actions.invitations import invite, join_anew
from headway.store.actions.loading import load_export, parents_first
from headway.store.actions.outbox import Letter, put_out
from headway.store.actions.workspaces import make_person
from headway.store.export_reading import LEAST_SUSPICIOUS, open_export
from headway.store.export_writing import write_export
from headway.store.exported import LEFT_OUT, exported_models, table_of, undecided_fields
from headway.store.guards import ALL, enter
from headway.store.models import Attachment, Deal, Entry, Invitation, Membership, OutMessage, Person, Wording, Workspace
from headway.store.queries.audit import verify_chain
from headway.store.queries.event_log import fill_log
from headway.store.queries.exports import exports_folder, file_of, known_migrations
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
SECRETS = ("planted-token-1", "planted-hook-2", "planted-body-3")


def filled(cast: Cast) -> Deal:
    """A deal with evidence, a file, a contact, a promise; and secrets where secrets may be."""
    deal = add_deal(workspace=cast.workspace, name="=cmd|' /C calc'!A0", by=cast.bob, at=NOW, owner="Bob Adler")
    set_amount(deal=deal, amount=Decimal("1234.50"), by=cast.bob, at=NOW)
    add_contact(deal=deal, name="Petra Örtel", email="petra@example.com", by=cast.bob, at=NOW)
    record_by_hand(
        deal=deal, milestone="problem_stated", happened_at=NOW, act="wrote", contact="Petra Örtel", by=cast.bob,
        quote="We must replace 40 vans", at=NOW, file=HandedFile("mail.txt", b"\x00\xffnot text", "text/plain"),
    )  # fmt: skip
    make_commitment(
        workspace=cast.workspace, owner="Bob Adler", person=cast.bob, what="-2+3 sheets", shows="", contact="",
        milestone="", due_on=NOW.date(), by=cast.alice, at=NOW,
    )  # fmt: skip
    invite(workspace=cast.workspace, email="nora@example.com", role="seller", by=cast.alice, at=NOW)
    Invitation.objects.update(token_hash=SECRETS[0])
    put_out(
        workspace=cast.workspace, person=cast.bob, channel="mail", kind="minutes", once="m 1", at=NOW,
        letter=Letter("Minutes", f"https://example.com/{SECRETS[2]}"),
    )  # fmt: skip
    return deal


def exported(cast: Cast, folder: Path, name: str = "acme.zip") -> Path:
    file = folder / name
    write_export(workspace=cast.workspace, file=file, at=NOW)
    return file


def loaded(file: Path, **more: Any) -> Any:
    opened = open_export(file, known_migrations=known_migrations())
    try:
        return load_export(file=opened, at=NOW + timedelta(hours=1), **more)
    finally:
        opened.close()
        enter(ALL)


def moved(file: Path, folder: Path) -> Path:
    """The same export as of another installation: every key is another one, so that it fits beside the original."""
    from headway.store.models.keys import new_key

    keys: dict[str, str] = {}
    unique = {
        table_of(model) for model in exported_models() if any(one.name == "key" for one in model._meta.concrete_fields)
    }

    def other(name: str, row: dict[str, Any]) -> dict[str, Any]:
        if name[7:-6] in unique or name == "workspace.jsonl":
            row["key"] = keys.setdefault(row["key"], new_key())
        if "once" in row:
            row["once"] += " moved"
        return row

    def renamed(name: str) -> str:
        return f"attachments/{keys[name[12:]]}" if name.startswith("attachments/") else name

    return rewritten(file, folder / "moved.zip", other, renamed)


def rewritten(
    file: Path,
    target: Path,
    row: Callable[[str, dict[str, Any]], dict[str, Any] | None] = lambda _, row: row,
    renamed: Callable[[str], str] = str,
) -> Path:
    """An export of which rows were changed, with sums that fit."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        manifest = json.loads(old.read("manifest.json"))
        files = {}
        for name in sorted(old.namelist(), key=lambda name: name.startswith("attachments/")):
            content = old.read(name)
            if name.endswith(".jsonl"):
                rows = [row(name, json.loads(line)) for line in content.splitlines()]
                content = b"".join(json.dumps(one).encode() + b"\n" for one in rows if one is not None)
            if name != "manifest.json":
                new.writestr(renamed(name), content)
                files[renamed(name)] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        files.pop("README.txt")
        new.writestr("manifest.json", json.dumps(manifest | {"files": files}))
    return target


def rows_of(model: Any, workspace: Workspace) -> list[dict[str, Any]]:
    """What a table holds of a workspace, without numbers, keys, people's numbers and what is made anew."""
    anew = {"id", "workspace", "key", "digest", "once", "last_event", "state" if model is OutMessage else ""}
    anew |= {"text", "html", "lease"} if model is OutMessage else set()
    names = [one.attname for one in model._meta.concrete_fields if not one.is_relation and one.name not in anew]
    return list(model._default_manager.filter(workspace=workspace).order_by("pk").values(*names))


def log_of(workspace: Workspace) -> list[dict[str, Any]]:
    with EventLog(in_memory=True) as log:
        fill_log(workspace.pk, log)
        return log.rows("SELECT kind, name, happened_at, actor, contact, grade, amount, note FROM source_events")


def test_every_table_leaves_or_says_why_not() -> None:
    from django.apps import apps

    tables = {table_of(model) for model in apps.get_app_config("store").get_models()}
    leaving = {table_of(model) for model in exported_models()} | {"workspace"}
    assert leaving & set(LEFT_OUT) == set()
    assert tables - leaving - set(LEFT_OUT) == set(), "export it, or name it in LEFT_OUT with its reason"
    assert set(LEFT_OUT) - tables == set(), "gone by now"
    assert undecided_fields() == []


def test_loaded_beside_it_has_the_same_rows(tmp_path: Path) -> None:
    cast = make_cast()
    deal = filled(cast)
    done = loaded(moved(exported(cast, tmp_path), tmp_path))
    for model in exported_models():
        if model is not Entry:
            assert rows_of(model, done.workspace) == rows_of(model, cast.workspace), table_of(model)
    assert log_of(done.workspace) == log_of(cast.workspace)
    files = Attachment.objects.filter(workspace__in=[cast.workspace, done.workspace]).values_list("content", flat=True)
    assert [bytes(content) for content in files] == [b"\x00\xffnot text"] * 2
    assert Deal.objects.get(workspace=done.workspace).last_event > deal.last_event
    old, new = (list(Wording.objects.filter(workspace=one).order_by("pk")) for one in (cast.workspace, done.workspace))
    assert [one.text for one in new] == [one.text for one in old]
    assert {one.digest for one in new} & {one.digest for one in old} == set(), "hashed under a key of its own"
    assert {one.person_id for one in Membership.objects.filter(workspace=done.workspace)} >= {
        cast.alice.pk,
        cast.bob.pk,
    }


def test_the_audit_is_linked_anew_and_says_what_was_loaded(tmp_path: Path) -> None:
    cast = make_cast()
    filled(cast)
    before = list(Entry.objects.filter(workspace=cast.workspace).order_by("number"))
    file = moved(exported(cast, tmp_path), tmp_path)
    done = loaded(file)
    assert verify_chain(done.workspace).wrong == ""
    assert verify_chain(cast.workspace).wrong == ""
    after = list(Entry.objects.filter(workspace=done.workspace).order_by("number"))
    told = [(one.number, one.at, one.by_id, one.verb, one.target) for one in before]
    assert [(one.number, one.at, one.by_id, one.verb, one.target) for one in after[:-1]] == told
    assert after[-1].verb == "load workspace"
    assert after[-1].detail["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert after[-1].detail["past"] == {"number": len(before), "digest": before[-1].digest}


def test_no_secret_leaves(tmp_path: Path) -> None:
    cast = make_cast()
    filled(cast)
    with zipfile.ZipFile(exported(cast, tmp_path)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    workspace = Workspace.objects.get(pk=cast.workspace.pk)
    planted = [*SECRETS, *Person.objects.values_list("password", flat=True), bytes(workspace.secret).hex()]
    assert [one for one in planted if one.encode() in everything] == []
    assert b"carol@example.com" not in everything, "nobody of another workspace"
    assert b"alice@example.com" in everything


def test_tables_to_read_hold_no_formula(tmp_path: Path) -> None:
    cast = make_cast()
    filled(cast)
    with zipfile.ZipFile(exported(cast, tmp_path)) as archive:
        deals = archive.read("readable/deals.csv").decode("utf-8-sig")
        promises = archive.read("readable/promises.csv").decode("utf-8-sig")
    assert ",'=cmd|' /C calc'!A0," in deals and ",1234.50," in deals
    assert ",'-2+3 sheets," in promises


def test_a_guard_comes_off_again_and_numbers_stay_numbers() -> None:
    for text in ("=1+1", "+cmd", "-x", "@a", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", "'=1", "''-x"):
        assert guarded(text) == "'" + text and unguarded(guarded(text)) == text
    for text in ("", "-5", "+3.25", "-1,234.5", "Fleet", "'tis", "a=b", "12 %"):
        assert guarded(text) == text and unguarded(text) == text


def test_who_is_mentioned_is_matched_by_address_or_waits_for_an_invitation(tmp_path: Path) -> None:
    cast = make_cast()
    filled(cast)

    def somebody_else(name: str, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"email": "new.bob@example.com", "key": "b" * 12} if row.get("email") == "bob@example.com" else row

    file = rewritten(moved(exported(cast, tmp_path), tmp_path), tmp_path / "other.zip", somebody_else)
    done = loaded(file)
    made = Person.objects.get(email="new.bob@example.com")
    assert not made.is_active and not made.has_usable_password() and made.never_let_in
    assert done.people_made == 1 and done.leader == cast.alice
    assert Deal.objects.get(workspace=done.workspace).events.filter(by=made).exists()
    invitation, _ = invite(workspace=done.workspace, email=made.email, role="seller", by=cast.alice, at=NOW)
    joined = join_anew(invitation=invitation, name="Bob Again", password="four odd words here", at=NOW)
    assert joined.pk == made.pk and joined.is_active and joined.check_password("four odd words here")
    with pytest.raises(UserError, match="has an account already"):
        make_person(email="new.bob@example.com", name="Somebody", password="x", at=NOW)


def test_never_over_what_is_there(tmp_path: Path) -> None:
    cast = make_cast()
    filled(cast)
    with pytest.raises(UserError, match="Acme Sales is in this installation already"):
        loaded(exported(cast, tmp_path))


def count_everything() -> dict[str, int]:
    enter(ALL)
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def points_elsewhere(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"deal_id": Deal.objects.get(name="Hidden").pk} if name == "tables/contact.jsonl" else row


def with_a_hole(name: str, row: dict[str, Any]) -> dict[str, Any] | None:
    return None if name == "tables/entry.jsonl" and row["number"] == 2 else row


def with_a_stranger(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"by_id": 10**9} if name == "tables/event.jsonl" else row


def with_a_secret(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"secret": "mine"} if name == "workspace.jsonl" else row


def with_a_huge_number(name: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"id": 2**62} if name == "tables/contact.jsonl" else row


@pytest.mark.parametrize("change", [points_elsewhere, with_a_hole, with_a_stranger, with_a_secret, with_a_huge_number])
def test_hostile_rows_are_refused_and_leave_nothing(tmp_path: Path, change: Any) -> None:
    cast = make_cast()
    add_deal(workspace=cast.elsewhere, name="Hidden", by=cast.carol, at=NOW)
    filled(cast)
    file = rewritten(moved(exported(cast, tmp_path), tmp_path), tmp_path / "bad.zip", change)
    before = count_everything()
    with pytest.raises(UserError, match=r"bad\.zip is damaged"):
        loaded(file)
    assert count_everything() == before


def flipped(file: Path) -> None:
    """One byte of the packed deals is another."""
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo("tables/deal.jsonl")
    content = bytearray(file.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-400])


def manifest_says(**more: Any) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with zipfile.ZipFile(file) as old:
            held = {name: old.read(name) for name in old.namelist()}
        held["manifest.json"] = json.dumps(json.loads(held["manifest.json"]) | more).encode()
        with zipfile.ZipFile(file, "w") as new:
            for name, content in held.items():
                new.writestr(name, content)

    return change


def holds(name: str, content: bytes = b"x") -> Callable[[Path], None]:
    def change(file: Path) -> None:
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (flipped, "damaged"),
        (cut, "no export of Headway"),
        (lambda file: file.write_bytes(b"PK\x03\x04 and no more"), "no export of Headway"),
        (lambda file: file.write_text("deal,name\n"), "no export of Headway"),
        (manifest_says(version=2), "newer than this one"),
        (manifest_says(migration="9999_later"), "newer than this one"),
        (manifest_says(format="else"), "no export of Headway"),
        (holds("../../etc/passwd"), "which no export does"),
        (holds("/tables/deal.jsonl"), "which no export does"),
        (holds("tables/deal.jsonl"), "not those of its manifest"),
        (holds("attachments/abcabcabcabc"), "not those of its manifest"),
        (holds("readable/bomb.csv", b"0" * (LEAST_SUSPICIOUS * 3)), "damaged"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_sound_export_is_refused_in_one_sentence(
    tmp_path: Path, change: Callable[[Path], None], says: str
) -> None:
    cast = make_cast()
    filled(cast)
    file = exported(cast, tmp_path)
    change(file)
    with pytest.raises(UserError, match=says) as told:
        open_export(file, known_migrations=known_migrations()).close()
    assert "\n" not in str(told.value) and len(str(told.value)) < 250


def test_an_export_of_the_page_lasts_a_week_and_every_copy_is_recorded() -> None:
    cast = make_cast()
    filled(cast)
    asked = ask_for_export(workspace=cast.workspace, by=cast.alice, at=NOW)
    with pytest.raises(UserError, match="being written already"):
        ask_for_export(workspace=cast.workspace, by=cast.olga, at=NOW)
    write_asked(export=asked, at=NOW, told=lambda *_: None)
    asked.refresh_from_db()
    file = file_of(asked)
    assert asked.expires_at == NOW + timedelta(days=7)
    assert (asked.bytes, asked.sha256) == (file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())
    assert file.stat().st_mode & 0o777 == 0o600 and exports_folder().stat().st_mode & 0o777 == 0o700
    record_download(export=asked, by=cast.olga, at=NOW)
    told = Entry.objects.filter(workspace=cast.workspace, target=f"export {asked.key}").order_by("number")
    assert [(one.verb, one.by) for one in told] == [
        ("export workspace", cast.alice), ("download export", cast.olga)
    ]  # fmt: skip
    assert sweep_exports(at=NOW + timedelta(days=6)) == 0 and file.exists()
    assert sweep_exports(at=NOW + timedelta(days=8)) == 1 and not file.exists()


def test_an_export_can_be_deleted_before_its_time(django_capture_on_commit_callbacks: Any) -> None:
    cast = make_cast()
    asked = ask_for_export(workspace=cast.workspace, by=cast.alice, at=NOW)
    write_asked(export=asked, at=NOW, told=lambda *_: None)
    asked.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        drop_export(export=asked, by=cast.alice, at=NOW)
    assert not file_of(asked).exists()
    assert Entry.objects.filter(workspace=cast.workspace, verb="delete export").count() == 1


def test_what_is_pointed_at_is_loaded_before_what_points_at_it() -> None:
    """Else SQLite looks for those that point at each row: on 100,000 deals for longer than all the rest takes."""
    order = [table_of(model) for model in parents_first(exported_models())]
    pairs = {("wording", "event"), ("deal", "event"), ("importbatch", "event"), ("event", "exhibit"), ("owner", "deal")}
    assert {(a, b) for a, b in pairs if order.index(a) > order.index(b)} == set()
    assert sorted(order) == [table_of(model) for model in exported_models()]
