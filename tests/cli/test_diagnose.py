"""`headway diagnose` as a person runs it: real files, a real process, what is printed and written."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headway.basics.language import LANGUAGES
from headway.cli.log_options import Language

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
HISTORY = """Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,CloseDate,Probability,ForecastCategory,IsDeleted
h1,006000000000001AAA,u1,2026-01-05T09:00:00.000Z,Qualification,100000,2026-03-31,10,Pipeline,false
h2,006000000000001AAA,u1,2026-02-05T09:00:00.000Z,Negotiation,100000,2026-03-31,60,Pipeline,false
h3,006000000000001AAA,u1,2026-03-20T09:00:00.000Z,Closed Won,100000,2026-03-20,100,Closed,false
h4,006000000000002AAA,u2,2026-01-10T09:00:00.000Z,Qualification,50000,2026-04-30,10,Pipeline,false
h5,006000000000002AAA,u2,2026-02-10T09:00:00.000Z,Proposal,50000,2026-05-31,40,Pipeline,false
h6,006000000000002AAA,u2,2026-03-10T09:00:00.000Z,Proposal,50000,2026-06-30,40,Pipeline,false
"""
PROCESS = """headway: process/1
name: Sales
stages:
  - name: Qualification
  - name: Proposal
  - name: Negotiation
"""


def headway(*arguments: object, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, without a terminal."""
    command = [sys.executable, "-c", "from headway.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **more)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    (tmp_path / "history.csv").write_text(HISTORY)
    (tmp_path / "process.yaml").write_text(PROCESS)
    return tmp_path


def test_findings_json_and_report(export: Path) -> None:
    asked = ("-p", "process.yaml", "--margin", "5", "--json", "d.json", "--html", "r.html")
    done = headway("diagnose", "history.csv", *asked, cwd=export)
    assert done.returncode == 0, done.stderr
    assert "salesforce" in done.stdout
    found = json.loads((export / "d.json").read_text())
    assert found["schema"] == "headway/diagnosis/1"
    assert found["judged"]["margin"] == 0.05 and "The process asks no step of sellers" in done.stdout
    assert {key: found["log"][key] for key in ("deals", "won", "lost", "no_decision", "withdrawn", "open")} == {
        "deals": 2, "won": 1, "lost": 0, "no_decision": 0, "withdrawn": 0, "open": 1,
    }  # fmt: skip
    assert len(found["sentences"]) == 5
    by_rule = {result["rule"]: result for result in found["findings"]}
    assert [(e["deal"][:15], e["stage"]) for e in by_rule["skip"]["examples"]] == [("006000000000001", "Proposal")]
    pushed = by_rule["pushed_close_date"]
    assert (pushed["deals"], pushed["amount"]) == (1, 50000.0)
    assert pushed["examples"][0]["what"] == "Close date pushed twice, by 61 days in all."
    trace = next(t for t in found["traces"] if t["deal"].startswith("006000000000002"))
    assert [e["line"] for e in trace["events"] if e["kind"] == "close_date_set"] == [5, 6, 7]
    assert "<html" in (export / "r.html").read_text()


def test_the_report_in_another_language(export: Path) -> None:
    done = headway("diagnose", "history.csv", "-p", "process.yaml", "--html", "r.html", "--language", "de", cwd=export)
    assert done.returncode == 0, done.stderr
    report = (export / "r.html").read_text()
    assert '<html lang="de"' in report
    assert "Abschlussdatum zweimal verschoben" in report and "Close date pushed" not in report
    refused = headway("diagnose", "history.csv", "--html", "s.html", "--language", "xx", cwd=export)
    assert refused.returncode == 2 and "--language" in refused.stderr and not (export / "s.html").exists()


def test_every_language_can_be_asked_of_a_report() -> None:
    assert [one.value for one in Language] == list(LANGUAGES)


def test_json_on_standard_output_is_nothing_but_json(export: Path) -> None:
    done = headway("diagnose", "history.csv", "--json", "-", cwd=export)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["processes"][0]["practised"] is True


def test_the_pipeline_as_known_then(export: Path) -> None:
    done = headway("diagnose", "history.csv", "--as-of", "2026-02-07", "--json", "-", cwd=export)
    found = json.loads(done.stdout)
    assert found["as_of"].startswith("2026-02-07")
    assert (found["log"]["open"], found["log"]["won"]) == (2, 0)
    assert {deal["claimed"] for deal in found["open_deals"]} == {"Negotiation", "Qualification"}


def test_a_day_before_everything_is_a_sentence(export: Path) -> None:
    done = headway("diagnose", "history.csv", "--as-of", "2020-01-01", cwd=export)
    assert done.returncode == 2
    assert "--as-of" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_same_input_gives_the_same_output(export: Path) -> None:
    first, second = (headway("diagnose", "history.csv", "--json", "-", cwd=export).stdout for _ in range(2))
    assert first == second


def mistakes() -> list[tuple[str, dict[str, bytes], list[str], str]]:
    """(name, files, arguments, part of the sentence) of what people get wrong."""
    history = HISTORY.encode()
    return [
        ("missing file", {}, ["diagnose", "nowhere.csv"], "nowhere.csv"),
        ("empty file", {"a.csv": b""}, ["diagnose", "a.csv"], "a.csv"),
        ("header only", {"a.csv": HISTORY.splitlines()[0].encode()}, ["diagnose", "a.csv"], "a.csv"),
        ("folder", {"d/a.csv": history}, ["diagnose", "d"], "d"),
        ("not an export", {"a.csv": b"x,y\n1,2\n"}, ["diagnose", "a.csv"], "--mapping"),
        ("truncated gzip", {"a.csv.gz": gzip.compress(history * 50)[:300]}, ["diagnose", "a.csv.gz"], "a.csv.gz"),
        ("XES without a mapping", {"a.xes": b'<?xml version="1.0"?><log></log>'}, ["diagnose", "a.xes"], "--mapping"),
        ("XES bomb", {"a.xes": b'<!DOCTYPE a [<!ENTITY b "b">]><log/>', "m.yaml": b"headway: mapping/1\n"},
         ["diagnose", "a.xes", "-m", "m.yaml"], ""),
        ("a process that is none", {"a.csv": history, "p.yaml": b"headway: process/1\nstages: 3\n"},
         ["diagnose", "a.csv", "-p", "p.yaml"], "p.yaml:"),
        ("a process that is missing", {"a.csv": history}, ["diagnose", "a.csv", "-p", "p.yaml"], "p.yaml"),
        ("a mapping that is none", {"a.csv": history, "m.yaml": b"\x00\xff"},
         ["diagnose", "a.csv", "-m", "m.yaml"], "m.yaml"),
        ("columns that are none", {"a.csv": history}, ["diagnose", "a.csv", "-c", "id"], "--column"),
        ("both at once", {"a.csv": history}, ["diagnose", "a.csv", "--html", "x", "--json", "x"], "--html"),
        ("no place to write", {"a.csv": history}, ["diagnose", "a.csv", "--html", "a.csv/r.html"], "r.html"),
        ("two CRMs", {"a.csv": history, "b.csv": b"Deal - ID,Deal - Title,Deal - Stage,Deal - Status\n1,A,Q,Open\n"},
         ["diagnose", "a.csv", "b.csv"], "one CRM"),
        ("unknown layout", {"a.csv": history}, ["diagnose", "a.csv", "--layout", "siebel"], "siebel"),
        ("unknown zone", {"a.csv": history}, ["diagnose", "a.csv", "--zone", "Mars/Base"], "Mars/Base"),
        ("no such day", {"a.csv": history}, ["diagnose", "a.csv", "--as-of", "31.12.2026"], "as-of"),
        ("lint of nothing", {}, ["process", "lint", "nowhere.md"], "nowhere.md"),
        ("check of nothing", {}, ["process", "check", "nowhere.yaml"], "nowhere.yaml"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "files", "arguments", "said"), mistakes(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_mistakes_give_a_sentence_and_status_2(
    name: str, files: dict[str, bytes], arguments: list[str], said: str, tmp_path: Path
) -> None:
    for file, content in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    done = headway(*arguments, cwd=tmp_path)
    assert done.returncode == 2, (name, done.stdout, done.stderr)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before, "something was left half-written"


def test_a_reader_that_goes_away_is_no_error(export: Path) -> None:
    command = f"{sys.executable} -c 'from headway.cli.main import main; main()' diagnose history.csv | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=export, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(
    not (DATA / "crm_sales").exists(), reason="the public crm_sales export is not beside the repository"
)
def test_the_real_crm_export(tmp_path: Path) -> None:
    file = DATA / "crm_sales" / "sales_pipeline.csv"
    mapping = ROOT / "examples" / "crm_sales_mapping.yaml"
    done = headway("diagnose", file, "--mapping", mapping, "--json", "-", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    counted = {key: found["log"][key] for key in ("deals", "won", "lost", "open")}
    assert counted == {"deals": 8800, "won": 4238, "lost": 2473, "open": 2089}
    stages = {stage["name"]: stage["open_deals"] for stage in found["processes"][0]["stages"]}
    assert stages == {"Engaging": 1589, "Prospecting": 500}
    assert found["sentences"][0]["text"].startswith("The buyer is not observed")
    assert any("GTXPro" in repair["what"] for repair in found["log"]["repairs"])


@pytest.mark.slow
@pytest.mark.skipif(
    not (DATA / "loan_applications").exists(), reason="the public loan log is not beside the repository"
)
def test_the_real_loan_log(tmp_path: Path) -> None:
    done = headway(
        "diagnose",
        DATA / "loan_applications" / "BPI_Challenge_2012.xes.gz",
        *("--mapping", ROOT / "examples" / "loan_mapping.yaml"),
        *("--process", ROOT / "examples" / "loan_process.yaml"),
        *("--json", "-"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    ended = {key: found["log"][key] for key in ("deals", "won", "lost", "open")}
    assert ended == {"deals": 13087, "won": 2246, "lost": 7635, "open": 399}
    assert found["log"]["no_decision"] + found["log"]["withdrawn"] == 13087 - 2246 - 7635 - 399
    assert found["gap"]["inflated"] == 231
