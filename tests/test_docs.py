"""The docs say what the code does: generated pages are current, examples run, links and commands lead somewhere."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from headway.conformance.rules import RULES
from headway.connectors.files import headway_events
from headway.connectors.recognised import LAYOUTS
from headway.deals.event_log import EventLog
from headway.deals.events import EventKind, Outcome, RecordedHow
from headway.diagnosis.value import SCHEMA
from headway.evidence.kinds import Standing, State
from headway.evidence.provenance import Source
from headway.report.meanings import MEANINGS
from headway.store.models.people import Role
from headway.store.queries.access import MAY
from tests.connectors import salesforce_exports as salesforce
from tests.connectors.exports import written
from tests.pages import HOW_TO, METHODS, ROOT, RULE_PAGES, blocks, diagnosed, named, pages, text_of
from tools import docs

SOURCES = sorted((ROOT / "src/headway").rglob("*.py"))
WORDS = {
    *("workspace", "deal", "process", "stage", "milestone", "step", "activity", "contact", "buyer act", "agreed act"),
    *("evidence", "grade", "claimed stage", "evidenced stage", "gap", "standing", "silence", "finding", "exception"),
    *("verdict", "signal", "rhythm", "review", "commitment", "as_of", "rule", "layout", "event", "visit", "outcome"),
    *("role", "owner", "invitation", "import", "draft", "version", "pin", "exhibit", "source", "history", "undo"),
    *("wording", "audit", "analysis", "first page", "my deals", "rewind", "ten-minute pass", "paste"),
}
VERBS = {
    "record": "record evidence",
    "import": "import",
    "process": "write and publish processes",
    "people": "invite people",
    "audit": "read the audit",
    "trial": "begin and end [trials]",
    "workspace": "begin and end [trials](trials.md), set the margin",
    "placing": "ask for a [placing]",
}


# --- generated pages ---


@pytest.mark.parametrize("name", [name for name in docs.PAGES if name != "README.md"])
def test_generated_pages_are_current(name: str) -> None:
    assert text_of(ROOT / name) == docs.PAGES[name](), "run `make docs`"


@pytest.mark.slow
def test_the_readme_quotes_what_the_demo_says() -> None:
    assert text_of(ROOT / "README.md") == docs.readme_page(), "run `make docs`"


def test_every_command_argument_and_option_says_what_it_is_for() -> None:
    page = text_of(ROOT / "docs/generated/cli.md")
    for command in docs.commands():
        assert f"## `{command.name}`" in page
        assert command.text[0]
        for parameter in command.parameters:
            assert parameter.help, f"{command.name} {parameter.names} has no help"
            assert all(f"`{name}" in page for name in parameter.names)


# --- rules and estimators ---


def test_each_rule_has_a_module_a_query_a_test_file_and_a_page() -> None:
    rules = {rule.name for rule in RULES}
    folder = ROOT / "src/headway/conformance/rules"
    assert rules == {path.stem for path in folder.glob("[!_]*.py")}
    assert rules == {path.stem for path in (folder / "sql").glob("*.sql")}
    assert rules == {path.stem.removeprefix("test_") for path in (ROOT / "tests/conformance/rules").glob("test_*.py")}
    assert rules == {path.stem for path in RULE_PAGES.glob("[!R]*.md")}
    index = text_of(RULE_PAGES / "README.md")
    assert all(f"| [{rule}]({rule}.md) |" in index for rule in rules)


def test_method_pages_that_modules_name_exist_and_are_listed() -> None:
    index = text_of(METHODS / "README.md")
    listed = set(re.findall(r"\((?:rules/)?([\w-]+)\.md\)", index))
    assert {path.stem for path in METHODS.glob("*.md")} - {"README"} <= listed
    named_by_estimators = [
        found[1]
        for path in (ROOT / "src/headway/conformance").glob("*.py")
        if (found := re.search(r"Method page:\s+(docs/methods/[\w-]+\.md)", text_of(path)))
    ]
    assert len(named_by_estimators) >= 10
    assert all((ROOT / name).exists() for name in named_by_estimators)


def test_pages_that_the_code_names_exist() -> None:
    code = [*SOURCES, *(ROOT / "tests").rglob("*.py")]
    absent = {
        f"{named(path)}: {name}"
        for path in code
        for name in re.findall(r"\bdocs/[\w/-]+\.(?:md|json)\b", text_of(path))
        if not (ROOT / name).exists()
    }
    assert not absent


# --- other examples and lists ---


def test_the_event_file_page_lists_every_kind_column_and_outcome() -> None:
    page = text_of(HOW_TO / "events.md")
    kinds = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", page.partition("## Kinds")[2], re.M)
    assert sorted(re.findall(r"`(\w+)`", " ".join(kinds))) == sorted(kind.value for kind in EventKind)
    columns = re.findall(r"^\| `(\w+)` \|", page.partition("## Columns")[2].partition("## Kinds")[0], re.M)
    assert set(columns) >= {*headway_events.NEEDED, *headway_events.TEXTS}
    assert all(f"`{outcome.value}`" in page for outcome in Outcome)


def test_the_event_log_page_lists_every_column_of_the_source_tables() -> None:
    page = text_of(METHODS / "event-log.md")
    with EventLog(memory_mib=256) as log:
        columns = [row["column_name"] for table in ("deals", "events") for row in log.rows(f"DESCRIBE source_{table}")]
    assert [column for column in columns if f"`{column}`" not in page] == []
    assert all(f"`{how.value}`" in page for how in RecordedHow)


def test_every_crm_and_layout_is_explained() -> None:
    page = text_of(HOW_TO / "exports.md")
    assert [layout.name for layout in LAYOUTS if f"## {layout.crm}" not in page] == []
    assert "--layout" in text_of(HOW_TO / "diagnose.md")


# --- words ---


def test_the_glossary_has_every_term() -> None:
    rows = dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", text_of(ROOT / "docs/glossary.md"), re.M))
    shown = {meaning.lower() for meaning, _ in MEANINGS} - {"gap in money", "interval and n"}
    assert (WORDS | shown) - rows.keys() == set()
    assert all(standing.value in rows["standing"] for standing in Standing)
    assert all(state.value in rows["state"] for state in State)
    assert all(outcome.value.replace("_", " ") in rows["outcome"] for outcome in Outcome)
    assert all(source.value in rows["source"] for source in Source)
    assert all(role.value in rows["role"] for role in Role)
    assert re.findall(r"\b([0-4]) \w", rows["grade"]) == list("01234")


def test_who_may_do_what_is_told_as_it_is() -> None:
    page = text_of(HOW_TO / "application.md").partition("## Who may do what")[2].partition("\n## ")[0]
    head, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.split("\n") if "| " in line]
    told = {row[0]: {role for role, cell in zip(head[1:], row[1:], strict=True) if cell == "yes"} for row in rows}
    for verb, begins in VERBS.items():
        assert [roles for what, roles in told.items() if what.startswith(begins)] == [{str(r) for r in MAY[verb]}]


# Migrations are written by Django, and their names say what they are for.
TOLD = [path for path in SOURCES if path.stat().st_size and path.parent.name != "migrations"]


@pytest.mark.parametrize("path", TOLD, ids=named)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(text_of(path))), f"{named(path)} has no docstring"


# --- links and commands ---


def slugs(page: Path) -> set[str]:
    """The anchors that a page's headings give."""
    heads = re.findall(r"^#+ (.+)$", text_of(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    plain = re.sub(r"^```.*?^```|`[^`\n]*`", "", text_of(page), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        led = (page.parent / name).resolve() if name else page
        assert led.exists(), f"{named(page)} links to {target}"
        assert not anchor or anchor in slugs(led), f"{named(page)} links to {target}, which has no such heading"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, queue = set(), [ROOT / "README.md"]
    while queue:
        page = queue.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        queue += [(page.parent / name).resolve() for name in re.findall(r"\]\(([^)#:\s]+)", text_of(page))]
    decisions = set((ROOT / "docs/decisions").glob("*.md"))  # reached as a folder
    assert set((ROOT / "docs").rglob("*.md")) - reached - decisions == set()


def written_commands() -> Iterator[tuple[str, str]]:
    """(page, command) of every `headway ...` or `make ...` in a page, on a line of shell or in a span of code."""
    for page in pages():
        shell = "\n".join(blocks(page, "sh"))
        spans = re.findall(r"`((?:\.venv/bin/)?(?:headway|make) [^`\n]+)`", text_of(page))
        for line in [*shell.splitlines(), *spans]:
            command = line.split("#")[0].strip().removeprefix(".venv/bin/")
            if command.startswith(("headway ", "make ")):
                yield named(page), command


@pytest.mark.parametrize(("page", "line"), sorted(set(written_commands())))
def test_commands_in_the_docs_exist(page: str, line: str) -> None:
    words = shlex.split(line)
    if words[0] == "make":
        assert re.search(rf"^{re.escape(words[1])}:", text_of(ROOT / "Makefile"), re.M)
        return
    known = {command.name: command for command in docs.commands()}
    fitting = [name for name in known if words[: len(name.split())] == name.split()]
    assert fitting, f"{page}: there is no command {line!r}"
    names = [name for parameter in known[fitting[0]].parameters for name in parameter.names]
    options = {option for name in names for option in name.split("/")}  # as in --worker/--no-worker
    given = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert given <= options, f"{page}: {line!r}"


# --- the schema of the JSON ---


def schema() -> jsonschema.Draft202012Validator:
    """The published schema as a validator."""
    found = json.loads(text_of(ROOT / "docs/generated/diagnosis.schema.json"))
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["$id"] == SCHEMA
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


def small_export() -> dict[str, str | bytes]:
    return {
        "deals.csv": written(salesforce.opportunities()),
        "history.csv": written(salesforce.opportunity_history()),
    }


@pytest.mark.parametrize("with_process", [False, True])
def test_what_diagnose_writes_keeps_to_the_schema(with_process: bool, tmp_path: Path) -> None:
    files = small_export()
    if with_process:
        files |= {
            "acts.csv": blocks(HOW_TO / "events.md", "csv")[1],
            "process.yaml": blocks(RULE_PAGES / "README.md", "yaml")[0],
        }
    found = diagnosed(tmp_path, files)
    assert found["log"]["deals"] > 4
    schema().validate(found)


def test_the_schema_refuses_what_diagnose_never_writes(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, small_export())
    wrong = [
        {**found, "schema": "headway/diagnosis/0"},
        {**found, "extra": 1},
        {name: value for name, value in found.items() if name != "log"},
        {**found, "log": {**found["log"], "deals": "many"}},
        {**found, "movement": {**found["movement"], "stages": [{}]}},
    ]
    assert not any(schema().is_valid(value) for value in wrong)


@pytest.mark.slow
def test_the_demo_keeps_to_the_schema() -> None:
    schema().validate(docs.demo_diagnosis())
