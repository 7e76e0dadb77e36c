"""No cell of any file that leaves is taken for a formula: opened in a real spreadsheet, and counted."""

from __future__ import annotations

import csv
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from headway.basics.cells import guarded
from headway.diagnosis.value import Repair
from headway.jobs.problem_rows import told_problems
from headway.store.actions.commitments import make_commitment
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.actions.evidence import record_evidence
from headway.store.export_writing import write_export
from headway.store.models import Contact, Deal
from tests.cast import NOW, Cast, make_cast

FORMULAS = (
    "=1+1", "=HYPERLINK(\"https://example.com\"&A1)", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1",
    "\r=1+1", "＝1+1", "=WEBSERVICE(\"https://example.com\")", "'=1+1", "''=1+1", "=DDE(\"a\";\"b\";\"c\")", " =1+1",
)  # fmt: skip
CALCULATED = re.compile(r'table:formula="([^"]*)"')
TEXTS = re.compile(r"<text:p>(.*?)</text:p>", re.DOTALL)


def opened(file: Path, folder: Path) -> str:
    """The file as LibreOffice reads it, as flat XML; 59/44/9 tell comma, quote and UTF-8."""
    found = shutil.which("soffice")
    assert found, (
        "LibreOffice is not on PATH; install it: apt-get install -y --no-install-recommends libreoffice-calc-nogui"
    )
    done = subprocess.run(
        [found, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--infilter=CSV:44,34,76,1",
         "--convert-to", "fods", "--outdir", str(folder / "out"), str(file)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    made = folder / "out" / f"{file.stem}.fods"
    assert made.exists(), done.stderr + done.stdout
    return made.read_text()


def written(file: Path, texts: list[str]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([text, "5"] for text in texts)
    return file


def test_the_spreadsheet_takes_what_is_not_guarded_for_a_formula(tmp_path: Path) -> None:
    """Else the tests below could not fail."""
    assert CALCULATED.findall(opened(written(tmp_path / "bare.csv", list(FORMULAS)), tmp_path))


def test_no_guarded_text_is_one_and_numbers_stay_numbers(tmp_path: Path) -> None:
    draw = random.Random(20261122)
    signs = "=+-@＝＋－＠'\"\t\r\n ;,|!A1(){}0.\x00é"
    texts = [*FORMULAS, *("".join(draw.choices(signs, k=draw.randint(1, 9))) for _ in range(3_000))]
    safe = [guarded(text).replace("\x00", "") for text in texts]
    shown = opened(written(tmp_path / "guarded.csv", [*safe, guarded("-3.50"), guarded("12")]), tmp_path)
    assert CALCULATED.findall(shown) == []
    assert 'office:value="-3.5"' in shown
    assert 'office:value="12"' in shown


@pytest.mark.django_db
def test_an_export_whose_every_word_is_a_formula_holds_none(tmp_path: Path) -> None:
    cast = make_cast()
    fill(cast)
    file = tmp_path / "export.zip"
    write_export(workspace=cast.workspace, file=file, at=NOW)
    seen = ""
    with zipfile.ZipFile(file) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".csv")]
        archive.extractall(tmp_path, tables)
    assert len(tables) >= 4
    for name in tables:
        shown = opened(tmp_path / name, tmp_path)
        assert CALCULATED.findall(shown) == [], name
        seen += " ".join(TEXTS.findall(shown))
    assert "HYPERLINK" in seen  # the words are there, as words
    assert "SUM(1)" in seen


def fill(cast: Cast) -> None:
    """Names, accounts, quotes, stages and promises that are formulas."""
    for number, text in enumerate(FORMULAS):
        deal = add_deal(
            workspace=cast.workspace, name=text, by=cast.bob, at=NOW, owner=f"{text} {number}", account=text
        )
        Deal.objects.filter(pk=deal.pk).update(segment=text, team=text, pipeline=text, source_id=f"{text}{number}")
        claim_stage(deal=deal, stage=text, by=cast.bob, at=NOW)
        record_evidence(
            deal=deal, milestone="problem_stated", source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW,
            quote=text, contact=text,
        )  # fmt: skip
        Contact.objects.get_or_create(workspace=cast.workspace, deal=deal, name=f"{text} {number}", part=text)
        make_commitment(
            workspace=cast.workspace, owner=cast.bob.name, person=cast.bob, what=f"{text} Send Petra the order form",
            shows=f"{text} signs the order form", contact="Petra",
            milestone="", due_on=NOW.date(), by=cast.bob, at=NOW,
        )  # fmt: skip


def test_the_rows_with_problems_hold_none(tmp_path: Path) -> None:
    rows = [{"id": str(number), "name": text, "amount": text} for number, text in enumerate(FORMULAS)]
    file = tmp_path / "deals.csv"
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, ("id", "name", "amount"))
        writer.writeheader()
        writer.writerows(rows)
    repair = Repair(
        "dropped", "unreadable amount in column 'amount'", len(rows), file.name, tuple(range(2, 2 + len(rows)))
    )
    _, files = told_problems([repair], {file.name: file}, tmp_path)
    assert CALCULATED.findall(opened(tmp_path / files[file.name], tmp_path)) == []
