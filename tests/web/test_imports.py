"""The import wizard: files in, questions answered, one press, undone as a whole; who may, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.jobs.checking import run_check
from headway.jobs.importing import run_import
from headway.jobs.task import Task
from headway.store.actions.deals import set_amount
from headway.store.actions.uploads import uploads_folder
from headway.store.models import Deal, ImportBatch, Job
from headway.web.imports.receiving import free_name
from headway.web.imports.words import role_words
from tests.cast import Cast, client_of
from tests.jobs.test_checking import HEADER, MINE, deal_row
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db
EXPORT = HEADER + "".join(deal_row(n) for n in range(5))
NOT_OURS = ["import_batch", "import_part", "import_state", "undo_import", "problem_rows"]
POSTED = ["answer_import", "check_import", "map_import", "leave_out_file", "run_import", "drop_import"]


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def file(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def drop(client: Client, cast: Cast, *files: SimpleUploadedFile, json: bool = False, **more: str) -> Any:
    headers = {"accept": "application/json"} if json else {}
    return client.post(to(cast, "upload_import"), {"files": list(files), **more}, headers=headers)


def work(batch: ImportBatch) -> ImportBatch:
    """What the worker does with the newest job about this import."""
    job = Job.objects.filter(about__batch=batch.key, state="waiting").latest("id")
    Job.objects.filter(pk=job.pk).update(state="done")
    at = datetime.now(UTC)
    {"check": run_check, "import": run_import}[job.kind](Task(job.workspace, job.by, at, lambda: at, job.about))
    batch.refresh_from_db()
    return batch


def checked(client: Client, cast: Cast, text: str = EXPORT, name: str = "Opportunities.csv") -> ImportBatch:
    drop(client, cast, file(name, text))
    return work(ImportBatch.objects.latest("id"))


def imported(client: Client, cast: Cast) -> ImportBatch:
    batch = checked(client, cast)
    client.post(to(cast, "run_import", key=batch.key))
    return work(batch)


def test_from_files_to_the_first_finding_and_back(cast: Cast) -> None:
    client = client_of(cast.olga)
    answer = drop(client, cast, file("Opportunities.csv", EXPORT))
    batch = ImportBatch.objects.latest("id")
    assert answer["Location"] == to(cast, "import_batch", key=batch.key)
    assert "Checking every row" in text_of(client.get(answer["Location"]))
    work(batch)
    page = text_of(client.get(answer["Location"]))
    assert "5 new deals" in page
    assert "Salesforce, opportunity report" in page and "probably Salesforce" not in page
    assert "Stage Claimed stage Proposal" in page
    assert "Nothing is written yet" in page
    assert not Deal.objects.filter(workspace=cast.workspace).exists()
    client.post(to(cast, "run_import", key=batch.key))
    work(batch)
    assert Deal.objects.filter(workspace=cast.workspace, is_live=True).count() == 5
    assert not list(uploads_folder().rglob("Opportunities.csv"))
    Job.objects.filter(kind="analysis").update(state="done")
    assert "5 deals imported" in text_of(client.get(to(cast, "import_batch", key=batch.key)))
    assert "5 deals of which nothing else tells go" in text_of(client.get(to(cast, "undo_import", key=batch.key)))
    answer = client.post(to(cast, "undo_import", key=batch.key), follow=True)
    assert "Undone" in text_of(answer)
    assert not Deal.objects.filter(workspace=cast.workspace, is_live=True).exists()


def test_the_page_that_waits_is_told_of_news_only(cast: Cast) -> None:
    client = client_of(cast.olga)
    drop(client, cast, file("Opportunities.csv", EXPORT))
    batch = ImportBatch.objects.latest("id")
    state = to(cast, "import_state", key=batch.key)
    last = client.get(state, {"after": "0"}).json()["last"]
    assert client.get(state, {"after": last}).status_code == 204
    work(batch)
    assert client.get(state, {"after": last}).status_code == 200


def test_once_the_finding_is_there_the_page_goes_to_it_with_an_undo(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = imported(client, cast)
    part = to(cast, "import_part", key=batch.key)
    htmx = {"hx-request": "true"}
    answer = client.get(part, {"from": "writing"}, headers=htmx)
    assert "Working out the first finding" in answer.content.decode()
    Job.objects.filter(kind="analysis").update(state="done")
    answer = client.get(part, {"from": "analysing"}, headers=htmx)
    assert answer["HX-Redirect"] == to(cast, "home")
    page = client.get(to(cast, "home")).content.decode()
    assert "5 deals imported." in page
    token = re.findall(r'name="token" value="([^"]+)"', page)[-1]
    client.post(to(cast, "undo"), {"token": token})
    batch.refresh_from_db()
    assert batch.undone_at is not None


def test_undo_says_first_what_stays(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = imported(client, cast)
    deal = Deal.objects.get(workspace=cast.workspace, name="Deal 3")
    set_amount(deal=deal, amount=Decimal(7), by=cast.bob, at=datetime.now(UTC))
    page = text_of(client.get(to(cast, "undo_import", key=batch.key)))
    assert "4 deals of which nothing else tells go" in page
    assert "1 deal that people touched since stays as it is: Deal 3" in page
    client.post(to(cast, "undo_import", key=batch.key))
    assert [d.name for d in Deal.objects.filter(workspace=cast.workspace, is_live=True)] == ["Deal 3"]
    answer = client.post(to(cast, "undo_import", key=batch.key))
    assert answer.status_code == 422
    assert "undone already" in text_of(answer)


def test_a_question_is_put_with_its_choices_and_answered(cast: Cast) -> None:
    client = client_of(cast.olga)
    rows = "".join(deal_row(n, close=f"0{n + 1}/0{9 - n}/2026") for n in range(8))
    batch = checked(client, cast, HEADER + rows)
    page = text_of(client.get(to(cast, "import_batch", key=batch.key)))
    assert "01/09/2026 is 1 September 2026" in page
    assert "01/09/2026 is 9 January 2026" in page
    assert client.post(to(cast, "answer_import", key=batch.key), {"day_order": "ymd"}).status_code == 422
    client.post(to(cast, "answer_import", key=batch.key), {"day_order": "dmy"})
    assert work(batch).state == "ready"


def test_columns_are_mapped_by_selects_and_errors_stand_beside_them(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = checked(client, cast, MINE, "mine.csv")
    url = to(cast, "map_import", key=batch.key)
    page = client.get(to(cast, "import_batch", key=batch.key)).content.decode()
    assert re.search(r'<option value="account" selected>', page)
    answer = client.post(url, {"use-0": "deals", "role-0-0": "id", "role-0-1": "id", "role-0-5": "created"})
    assert answer.status_code == 422
    assert "“number” means this already" in text_of(answer)
    assert len(re.findall(r'<option value="id" selected>', answer.content.decode())) == 2  # what was chosen is kept
    told = {"use-0": "deals", "role-0-0": "id", "role-0-1": "account", "role-0-3": "stage", "role-0-5": "created"}
    assert client.post(url, told).status_code == 302
    assert work(batch).report["compared"]["new"] == 2
    assert checked(client, cast, MINE, "next month.csv").state == "ready"
    client.post(to(cast, "check_import", key=batch.key), {"forget": "1"})
    assert work(batch).report["question"]["kind"] == "columns"


def test_problem_rows_are_downloaded(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = checked(client, cast, EXPORT + deal_row(9, close="tbd"))
    page = text_of(client.get(to(cast, "import_batch", key=batch.key)))
    assert "Left out unreadable date 'tbd'" in page
    assert "(this cell)" in page
    answer = client.get(to(cast, "problem_rows", key=batch.key))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Deal 9" in answer.content.decode("utf-8-sig")
    assert client.get(to(cast, "problem_rows", key=batch.key) + "?file=7").status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"%PDF-1.4", "a.pdf is a PDF document"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.json", b'{"a": 1}', "a.json is a JSON file"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as XLSX"),
        ("a.yaml", b"headway: mapping/1\n", "a.yaml, line 1"),
        ("a.zip", b"PK\x03\x04 nothing", "damaged or locked zip"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(cast: Cast, name: str, content: bytes, sentence: str) -> None:
    client = client_of(cast.olga)
    before = set(uploads_folder().iterdir())
    answer = drop(client, cast, file(name, content), json=True)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]
    page = drop(client, cast, file(name, content))
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()
    assert not ImportBatch.objects.exists()
    assert set(uploads_folder().iterdir()) == before


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return packed.getvalue()


def test_a_zip_is_unpacked_and_its_names_are_made_harmless(cast: Cast) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/deals.csv", EXPORT)
        archive.writestr("__MACOSX/._deals.csv", "x")
        archive.writestr("other/deals.csv", EXPORT)
    drop(client_of(cast.olga), cast, file("all.zip", packed.getvalue()))
    batch = ImportBatch.objects.latest("id")
    assert [upload.name for upload in batch.uploads.order_by("id")] == ["deals.csv", "deals (2).csv"]
    assert all(str(uploads_folder()) in upload.path for upload in batch.uploads.all())


def test_a_zip_bomb_and_an_archive_in_an_archive_are_refused(cast: Cast) -> None:
    client = client_of(cast.olga)
    for content, sentence in (
        (zipped(a_dot_csv="a" * 60_000_000), "unpacks to"),
        (zipped(a_dot_zip="PK"), "another archive"),
        (zipped(**{f"{n}_dot_csv": "a,b\n" for n in range(11)}), "holds 11 files"),
    ):
        answer = drop(client, cast, file("all.zip", content), json=True)
        assert sentence in answer.json()["error"]


def test_too_many_and_too_large_is_said_before_and_after(cast: Cast) -> None:
    client = client_of(cast.olga)
    many = [file(f"{n}.csv", EXPORT) for n in range(11)]
    assert "10 files at most" in drop(client, cast, *many, json=True).json()["error"]
    with override_settings(IMPORT_LIMIT_BYTES=400):
        assert "larger than" in drop(client, cast, file("a.csv", EXPORT), json=True).json()["error"]
    with override_settings(IMPORT_LIMIT_BYTES=-1_000_000):  # announced length alone
        assert "larger than" in drop(client, cast, file("a.csv", EXPORT), json=True).json()["error"]
    assert not ImportBatch.objects.exists()


def test_files_are_for_the_eyes_of_this_user_only(cast: Cast) -> None:
    drop(client_of(cast.olga), cast, file("Opportunities.csv", EXPORT))
    upload = ImportBatch.objects.latest("id").uploads.get()
    path = next(path for path in uploads_folder().rglob("Opportunities.csv") if str(path) == upload.path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_mended_file_takes_the_place_of_the_one_before(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = checked(client, cast, HEADER)
    assert batch.state == "failed"
    drop(client, cast, file("Opportunities.csv", EXPORT), batch=batch.key)
    assert batch.uploads.count() == 1
    assert work(batch).report["compared"]["new"] == 5


def test_a_dropped_import_is_gone_from_list_and_disk(cast: Cast) -> None:
    client = client_of(cast.olga)
    batch = checked(client, cast)
    answer = client.post(to(cast, "drop_import", key=batch.key), follow=True)
    assert "Earlier imports" not in text_of(answer)
    assert not list(uploads_folder().rglob("Opportunities.csv"))


def test_a_form_from_elsewhere_leaves_nothing_on_disk(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.olga)
    before = set(uploads_folder().iterdir())
    assert drop(client, cast, file("a.csv", EXPORT)).status_code == 403
    assert set(uploads_folder().iterdir()) == before


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_sellers_and_viewers_may_not_import(cast: Cast, who: str) -> None:
    batch = checked(client_of(cast.olga), cast)
    client = client_of(getattr(cast, who))
    assert client.get(to(cast, "imports")).status_code == 403
    assert drop(client, cast, file("a.csv", EXPORT)).status_code == 403
    for name in NOT_OURS:
        assert client.get(to(cast, name, key=batch.key)).status_code == 403
    for name in (*POSTED, "undo_import"):
        assert client.post(to(cast, name, key=batch.key)).status_code == 403
    assert ImportBatch.objects.count() == 1


def test_carol_finds_nothing_anywhere(cast: Cast) -> None:
    batch = imported(client_of(cast.olga), cast)
    client = client_of(cast.carol)
    assert client.get(to(cast, "imports")).status_code == 404
    assert drop(client, cast, file("a.csv", EXPORT)).status_code == 404
    for where in (cast.workspace, cast.elsewhere):
        for name in NOT_OURS:
            assert client.get(reverse(name, kwargs={"w": where.key, "key": batch.key})).status_code == 404
        for name in (*POSTED, "undo_import"):
            assert client.post(reverse(name, kwargs={"w": where.key, "key": batch.key})).status_code == 404
    url = reverse("upload_import", kwargs={"w": cast.elsewhere.key})
    assert client.post(url, {"files": [file("a.csv", EXPORT)], "batch": batch.key}).status_code == 404
    batch.refresh_from_db()
    assert batch.undone_at is None


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.sets(st.just("deals.csv")))
def test_a_free_name_is_one_harmless_name(name: str, taken: set[str]) -> None:
    free = free_name(name, taken)
    assert free
    assert "/" not in free
    assert "\\" not in free
    assert free not in (".", "..", *taken)
    assert len(free.encode()) <= 255
    assert free.isprintable() or " " in free or not free.isascii()


def test_roles_have_words() -> None:
    assert role_words("expected_close+closed") == "Close date (expected, or when decided)"
    assert role_words("entered:Offer") == "When it entered “Offer”"
    assert role_words("probability") == ""
