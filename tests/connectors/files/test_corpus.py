"""Each file of the corpus gives the value or the sentence that it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.basics.errors import UserError
from headway.connectors.files.limits import COMMAND_LINE, UPLOAD
from headway.connectors.files.tables import read_table
from tests.connectors.files.corpus import shape_cases, text_cases, workbook_cases
from tests.connectors.files.corpus.case import Case, Gives

CASES = text_cases.CASES + shape_cases.CASES + workbook_cases.CASES


def test_no_two_cases_share_a_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("limits", [COMMAND_LINE, UPLOAD], ids=["command line", "upload"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_gives_what_it_must(case: Case, limits: object, tmp_path: Path) -> None:
    path = tmp_path / case.file
    path.write_bytes(case.data)
    if isinstance(case.expected, Gives):
        table = read_table(path, limits=limits)  # type: ignore[arg-type]
        assert table.columns == case.expected.columns
        rows = tuple(tuple(row[name] for name in table.columns) for row in table.data.to_pylist())
        assert rows == case.expected.rows
        assert tuple(table.lines.to_pylist()) == case.expected.lines
        assert {repair.what: repair.count for repair in table.repairs} == case.expected.repairs
        if case.expected.kinds is not None:
            assert table.kinds == case.expected.kinds
        return
    with pytest.raises(UserError) as refused:
        read_table(path, limits=limits)  # type: ignore[arg-type]
    sentence = str(refused.value)
    for fragment in case.expected.fragments:
        assert fragment in sentence
    assert case.file in sentence, "a sentence says where"
    assert "\n" not in sentence
    assert sentence.endswith(".")
