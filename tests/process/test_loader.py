"""Process files: every mistake with its line, all at once; hostile files end in one clear sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.basics.errors import InvalidFileError, UserError
from headway.process.definition import Limits, Process
from headway.process.document import MAX_CHARACTERS, MOST_PROBLEMS
from headway.process.loader import load_process, parse_process
from headway.process.starters import starter_text

GOOD = """\
headway: process/1
name: New business
stages:
  - name: Problem identified
    milestones:
      - id: problem_stated
        buyer: The user says what is wrong
    steps:
      - id: write_back
        seller: Write it back
        serves: problem_stated
        due_days: 2
  - name: Decided
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidFileError) as caught:
        parse_process(text, "p.yaml")
    found = [(problem.line, problem.message) for problem in caught.value.problems]
    assert found == sorted(found)
    return found


def only(text: str) -> tuple[int, str]:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]


def with_line(number: int, line: str | None) -> str:
    lines = GOOD.splitlines()
    lines[number - 1 : number] = [] if line is None else [line]
    return "\n".join(lines) + "\n"


def test_a_small_file_is_read() -> None:
    process = parse_process(GOOD, "p.yaml")
    assert (process.name, process.version, process.limits) == ("New business", "1", Limits())
    assert [stage.name for stage in process.stages] == ["Problem identified", "Decided"]
    (rank, milestone), (_, step) = process.milestones[0], process.steps[0]
    assert (rank, milestone.id, milestone.proof.grade, step.due_days) == (1, "problem_stated", 1, 2)


@pytest.mark.parametrize(
    ("number", "line", "at", "says"),
    [
        (1, None, 1, "the first line must be `headway: process/1`"),
        (1, "headway: mapping/1", 1, "`headway: mapping/1` is no process file"),
        (1, "headway: process/2", 1, "this Headway reads `process/1`, not `process/2`"),
        (2, None, 1, "the file lacks `name`"),
        (2, "name: ''", 2, "`name` of the file must be text"),
        (2, "name: [a, b]", 2, "`name` of the file must be text"),
        (2, 'name: "a\\e[31mb"', 2, "`name` of the file must be text"),
        (2, 'name: "\\ud800"', 2, "`name` of the file must be text"),
        (2, "name: x\nversoin: 2", 3, "`versoin` is not known in the file; did you mean `version`?"),
        (2, "name: x\nstage: 2", 3, "`stage` is not known in the file; known are `headway`, `for`"),
        (2, "name: x\nname: y", 3, "`name` stands twice in the file"),
        (2, "name: x\n? [a]\n: b", 3, "a key of the file must be a single word"),
        (2, "name: x\nvalid_from: 31.1.2026", 3, "`valid_from` of the file must be a date like 2026-01-31"),
        (2, "name: x\nvalid_from: 20260131", 3, "`valid_from` of the file must be a date like 2026-01-31"),
        (2, "name: x\nvalid_from: 2026-02-30", 3, "`valid_from` of the file must be a date"),
        (2, "name: x\nfor: Direct", 3, "`for` must be a list of `key: value` lines"),
        (2, "name: x\nfor:\n  pipeline: Direct", 4, "`pipeline` is not known in `for`; did you mean `pipelines`?"),
        (2, "name: x\nfor:\n  pipelines:\n    - a\n    - [b]", 6, "`pipelines` of `for` must be a list of texts"),
        (2, "name: x\nlimits:\n  silence_days: 0", 4, "`silence_days` of `limits` must be a whole number from 1 to"),
        (13, "  - Decided", 13, "stage 2 must be a list of `key: value` lines"),
        (4, "  - name: Problem identified\n    usual_days: soon", 5, "`usual_days` of stage 1 must be a whole number"),
        (4, "  - name: Problem identified\n    usual_days: ²", 5, "`usual_days` of stage 1 must be a whole number"),
        (4, "  - name: Problem identified\n    usual_days: --5", 5, "`usual_days` of stage 1 must be a whole number"),
        (4, "  - name: Problem identified\n    usual_days: -5", 5, "`usual_days` of stage 1 must be a whole number"),
        (4, "  - name: Problem identified\n    usual_days: 1.5", 5, "`usual_days` of stage 1 must be a whole number"),
        (4, f"  - name: P\n    limit_days: {'9' * 5000}", 5, "`limit_days` of stage 1 must be a whole number"),
        (6, "      - id:", 6, "milestone 1 of stage 1 lacks `id`"),
        (7, None, 6, "milestone 1 of stage 1 lacks `buyer`"),
        (7, "        buyer: x\n        proof: {grade: 5}", 8, "must be a whole number from 0 to 4"),
        (7, "        buyer: x\n        proof:\n          grade: 1\n          shelf: 3", 10, "`shelf` is not known"),
        (7, "        buyer: x\n        required_when: {amount_from: many}", 8, "must be a number of at least 0"),
        (7, "        buyer: x\n        required_when: {amount_from: nan}", 8, "must be a number of at least 0"),
        (7, "        buyer: x\n        required_when: {amount_from: 1e400}", 8, "must be a number of at least 0"),
        (9, "      - id: problem_stated", 9, "the id `problem_stated` is used before, in line 6"),
        (11, "        serves: nothing", 9, "step `write_back` serves `nothing`, which is no milestone"),
        (12, None, 9, "step 1 of stage 1 lacks `due_days`"),
        (12, "        due_days: 2\n        at_buyers_request: perhaps", 13, "must be true or false"),
        (12, "        due_days: 2\n        times: 0", 13, "must be a whole number from 1 to 100"),
        (13, "  - name: ' problem  IDENTIFIED '", 13, "`problem IDENTIFIED` is used before, in line 4"),
        (13, "  - name: B\n    claims: [problem identified]", 13, "`problem identified` is used before, in line 4"),
        (13, "  - name: B\n    milestones: {id: a}", 14, "must be a list whose items begin with `- `"),
    ],
)
def test_each_mistake_is_told_with_its_line(number: int, line: str | None, at: int, says: str) -> None:
    told = [(line_, message) for line_, message in problems(with_line(number, line)) if says in message]
    assert [line_ for line_, _ in told] == [at], problems(with_line(number, line))


def test_only_what_is_wrong_is_told() -> None:
    assert only(with_line(2, "name: x\nname: y"))[0] == 3
    assert only(with_line(7, None)) == (6, "milestone 1 of stage 1 lacks `buyer`; add it.")
    assert only(with_line(4, "  - Problem\n  - name: P"))[0] == 4  # that it lacks a name goes without saying


def test_all_mistakes_at_once() -> None:
    text = """\
headway: process/1
nam: x
stages:
  - name: A
    usual_days: never
    milestones:
      - buyer: They say so
        proof: {grade: nine}
  - name: a
    steps:
      - id: s
        serves: m
        due_days: x
extra: 1
"""
    found = problems(text)
    assert [line for line, _ in found] == [1, 2, 5, 7, 8, 9, 11, 11, 13, 14], found


def test_the_message_names_file_line_and_cure() -> None:
    with pytest.raises(
        InvalidFileError, match=r"p\.yaml has 1 problem; mend each .*\n  p\.yaml:6: .*; add it\."
    ) as caught:
        parse_process(with_line(7, None), "p.yaml")
    assert isinstance(caught.value, UserError)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file is empty"),
        ("# only a comment\n", 1, "the file is empty"),
        ("just words", 1, "the file must be a list of `key: value` lines"),
        ("- a\n- b\n", 1, "the file must be a list of `key: value` lines"),
        ("a: &x 1\nb: 2\nc: *x\n", 3, "aliases (`*x`) are not allowed"),
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "tags ("),
        ("a: !custom x\n", 1, "tags (`!custom`) are not allowed"),
        ("a: !!binary aGk=\n", 1, "tags ("),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins here"),
        ("a:\n\t- b\n", 2, "a tab stands where spaces must"),
        ("a: b: c\n", 1, "this is not valid YAML"),
        ("a: 'open\nb: 1\n", 3, "this is not valid YAML"),
        ("a: 1\nb: \x07\n", 2, "the character U+0007 cannot stand in YAML text"),
        ("[" * 50_000, 1, "nested too deeply"),
        ("{a: " * 40_000, 1, "nested too deeply"),
        ("a: " + "x" * MAX_CHARACTERS, 1, "the file is longer than"),
    ],
)
def test_hostile_text_ends_in_one_sentence(text: str, line: int, says: str) -> None:
    at, message = only(text)
    assert (at, says in message) == (line, True), (at, message)


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert only(bomb) == (2, "aliases (`*a`) are not allowed; write the text out.")


def test_thousands_of_mistakes_are_cut_short() -> None:
    found = problems("headway: process/1\nname: x\nstages:\n" + "  - name: s\n" * 5000)
    assert len(found) == MOST_PROBLEMS + 1
    assert "more problems" in found[-1][1]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfeh\x00e\x00", "saved as UTF-16"),
        (b"\xfe\xff\x00h", "saved as UTF-16"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"headway: process/1\nname: Gesch\xe4ft\n", "p.yaml:2: a character here is not UTF-8"),
        (b"x" * (4 * MAX_CHARACTERS + 2), "longer than"),
    ],
)
def test_files_that_are_no_utf8_text(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(data)
    with pytest.raises(UserError, match=says):
        load_process(path)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_process(path) == parse_process(GOOD, "p.yaml")


@pytest.mark.parametrize("name", ["absent.yaml", ".", "nul\0.yaml"])
def test_what_cannot_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"does not exist|cannot be read"):
        load_process(tmp_path / name)


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(UserError, match=r"longer than|cannot be read"):
        load_process(Path("/dev/zero"))


def accepted_or_refused(text: str) -> Process | None:
    try:
        return parse_process(text, "p.yaml")
    except UserError as refused:
        assert "\x1b" not in str(refused)
        str(refused).encode()  # a lone surrogate would break the terminal
        return None


@given(st.text(max_size=400))
def test_any_text_is_a_process_or_refused(text: str) -> None:
    accepted_or_refused(text)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_damage_to_a_good_file_is_read_or_refused(data: st.DataObject) -> None:
    text = starter_text("short_cycle")
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, min(len(text), low + 40)))
    put = data.draw(
        st.text(max_size=20) | st.sampled_from(["\n", ": ", "- ", "&a ", "*a", "!!x ", "{", "[", "\t", "'"])
    )
    process = accepted_or_refused(text[:low] + put + text[high:])
    assert process is None or (1 <= len(process.stages) <= 100 and all(stage.name for stage in process.stages))


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_a_process_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    with pytest.raises(UserError):
        load_process(path)


def test_every_key_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/generated/process-format.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert example is not None
    parse_process(example[1], "docs")
    every_level = """\
zzz: 1
for: {zzz: 1}
limits: {zzz: 1}
stages:
  - zzz: 1
    milestones: [{zzz: 1, proof: {zzz: 1}, required_when: {zzz: 1}}]
    steps: [{zzz: 1}]
"""
    told = [message for _, message in problems(every_level) if "known are" in message]
    assert len(told) == 8
    keys = {key for message in told for key in re.findall(r"`(\w+)`", message.split("known are")[1])}
    assert len(keys) > 25
    for key in keys:
        assert f"| `{key}` |" in page or key == "required_when", key
        assert f"{key}:" in example[1], key
