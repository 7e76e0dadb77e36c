from __future__ import annotations

from pathlib import Path

import pytest

from headway.basics.errors import InvalidFileError, UserError
from headway.connectors.mapping_file import load_mapping, parse_mapping
from headway.deals.events import EventKind, Outcome

EXAMPLES = Path(__file__).parents[2] / "examples"


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidFileError) as caught:
        parse_mapping(text, "m.yaml")
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_the_shipped_mappings_are_sound() -> None:
    crm = load_mapping(EXAMPLES / "crm_sales_mapping.yaml")
    assert crm.deals is not None and crm.deals.outcomes is not None
    assert crm.deals.outcomes.texts == {"Won": Outcome.WON, "Lost": Outcome.LOST}
    loan = load_mapping(EXAMPLES / "loan_mapping.yaml")
    assert loan.events is not None
    assert {rule.kind for rule in loan.events.rules} >= {EventKind.BUYER_ACTED, EventKind.STAGE_CLAIMED, None}


def test_every_problem_comes_at_once_with_its_line() -> None:
    text = """\
headway: mapping/1
dates: day first
zone: Mars/Olympus
exported_on: 31.12.2026
deals:
  account: Company
  amount: {colum: Value}
  outcome:
    won: [Won]
    lost: [Won]
  colour: Blue
lookups:
  - file: x.csv
    key: id
events:
  rules:
    - {what: A, kind: nonsense}
    - {what: B, kind: deal_decided, outcome: victory}
    - {kind: buyer_acted, grade: 7}
    - {what: C, kind: buyer_acted}
    - {what: D, kind: activity_done, by: robot, occurrence: twice}
"""
    found = problems(text)
    lines = [line for line, _ in found]
    assert lines == sorted(lines)
    for line, words in (
        (2, "`dates` must be"), (3, "no time zone"), (4, "must be a date"), (6, "lacks `id`"), (7,
        "`column` or `always`"),
        (7, "`colum` is not known"), (9, "lacks `column`"), (10, "both won and lost"), (11, "`colour` is not known"),
        (13, "lacks `matches`"), (13, "lacks `take`"), (17, "no kind of event"), (18, "no outcome"), (19,
        "lacks `what`"),
        (19, "from 0 to 4"), (20, "lacks `grade`"), (21, "`by` of rule 5"), (21, "`occurrence` of rule 5"),
    ):  # fmt: skip
        assert any(at == line and words in message for at, message in found), (line, words, found)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("headway: process/1\ndeals: {id: A}\n", 1, "headway: mapping/1"),
        ("headway: mapping/1\n", 1, "needs `deals`, `history` or `events`"),
        ("headway: mapping/1\ndeals: [a]\n", 2, "must be a list of `key: value` lines"),
        ("headway: mapping/1\ndeals: {id: [[x]]}\n", 2, "`id` of `deals` must be a list of texts"),
        ("headway: mapping/1\nhistory: {stage: A}\n", 2, "lacks `when`"),
        ("headway: mapping/1\nevents: {deal: A}\n", 2, "lacks `rules`"),
        ("headway: mapping/1\ndeals: {id: A, amount: {column: B, known: always}}\n", 2, "`export` or `creation`"),
        ("headway: mapping/1\ndeals:\n  id: A\n   name: B\n", 4, "not valid YAML"),
        ("", 1, "empty"),
    ],
)
def test_one_problem(text: str, line: int, words: str) -> None:
    found = problems(text)
    assert any(at == line and words in message for at, message in found), found


def test_a_missing_or_unreadable_mapping_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        load_mapping(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("headway: mapping/1 # \xe9".encode("latin-1"))
    with pytest.raises(InvalidFileError, match="not UTF-8"):
        load_mapping(tmp_path / "latin.yaml")
