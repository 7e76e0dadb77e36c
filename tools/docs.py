"""The generated pages: `python tools/docs.py` writes docs/generated/cli.md and docs/generated/diagnosis.schema.json.

Both are made from the code (the typer app; the dataclasses of `headway.diagnosis.value`, their docstrings and the
comments beside their fields). In README.md it renews what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`:
the five sentences of the demo, and the table of docs/benchmarks.md where that file exists. tests/test_docs.py holds
what is committed to what is made. With `--check` nothing is written: exit status 1 names the pages that are behind.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import functools
import inspect
import io
import itertools
import json
import sys
import tempfile
import tokenize
import types
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from typer.models import ArgumentInfo, OptionInfo

from headway.cli.main import app
from headway.diagnosis import value

ROOT = Path(__file__).resolve().parent.parent
DEMO_SEED, DEMO_DAY = 7, datetime(2026, 6, 30)  # noqa: DTZ001 (a day, as typed on the command line)
# Fields that files of the same schema, written before there were any, lack.
LATER = {("Diagnosis", "judged"), ("Diagnosis", "forecast")}
PLAIN: dict[Any, dict[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or option of a command. `names`: as it is typed; `takes`: its value, empty for a flag."""

    names: tuple[str, ...]
    takes: str
    help: str
    default: str
    required: bool
    repeats: bool
    is_option: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Command:
    """One command, with its docstring as paragraphs."""

    name: str
    text: tuple[str, ...]
    parameters: tuple[Parameter, ...]


def commands(tree: typer.Typer = app, prefix: str = "headway") -> Iterator[Command]:
    """Every command of the app, in the order in which it registers them."""
    for registered in tree.registered_commands:
        run = registered.callback
        if run is None:
            continue
        text = tuple(" ".join(part.split()) for part in (inspect.getdoc(run) or "").split("\n\n"))
        yield Command(f"{prefix} {registered.name or run.__name__}", text, tuple(_parameters(run)))
    for group in tree.registered_groups:
        if group.typer_instance is not None:
            yield from commands(group.typer_instance, f"{prefix} {group.name}")


def cli_page() -> str:
    """docs/generated/cli.md."""
    parts = [
        "# The command line",
        "Generated from the code by `make docs`; do not edit. Exit status: 0 done, 2 something you can mend (one"
        " sentence on standard error says what, where and what to do).",
    ]
    for command in commands():
        parts += [f"## `{command.name}`", *command.text, "```\n" + _usage(command) + "\n```"]
        for title, is_option in (("argument", False), ("option", True)):
            rows = [_row(p) for p in command.parameters if p.is_option is is_option]
            if rows:
                parts.append("\n".join([f"| {title} | meaning | default |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def schema_text() -> str:
    """docs/generated/diagnosis.schema.json: JSON Schema 2020-12 of what `headway diagnose --json` writes."""
    classes = _parts_of(value.Diagnosis)
    docs = _field_comments({value.Diagnosis, *classes.values()})
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": value.SCHEMA,
        "title": "Diagnosis",
        **_object(value.Diagnosis, docs),
        "$defs": {name: _object(found, docs) for name, found in sorted(classes.items())},
    }
    schema["description"] = f"{schema['description']} {' '.join((value.__doc__ or '').split())}"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def readme_page() -> str:
    """README.md with its generated parts made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, make in (("sentences", _demo_sentences), ("benchmarks", _benchmark_section)):
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"README.md has no {begin} ... {end}")
        made = make()
        text = before + begin + (f"\n{made}\n" if made else "") + end + after
    return text


PAGES: dict[str, Callable[[], str]] = {
    "docs/generated/cli.md": cli_page,
    "docs/generated/diagnosis.schema.json": schema_text,
    "README.md": readme_page,
}


@functools.cache
def demo_diagnosis() -> dict[str, Any]:
    """What `headway demo --ends-on DEMO_DAY --seed DEMO_SEED` writes as JSON."""
    from headway.cli.demo import demo

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        demo(out=Path(folder), seed=DEMO_SEED, ends_on=DEMO_DAY, serve=False)
        found: dict[str, Any] = json.loads((Path(folder) / "diagnosis.json").read_text(encoding="utf-8"))
    return found


def _demo_sentences() -> str:
    said = [sentence["text"] for sentence in demo_diagnosis()["sentences"]]
    return "\n".join(f"> {place}. {text}" for place, text in enumerate(said, 1))


def _benchmark_section() -> str:
    """The table of docs/benchmarks.md, with the machine, under a heading; nothing where nothing was measured."""
    page = ROOT / "docs/benchmarks.md"
    if not page.exists():
        return ""
    lines = page.read_text(encoding="utf-8").splitlines()
    first = next((place for place, line in enumerate(lines) if line.startswith("|")), len(lines))
    rows = list(itertools.takewhile(lambda line: line.startswith("|"), lines[first:]))
    if not rows:
        raise ValueError("docs/benchmarks.md has no table")
    measured = " ".join(line for line in lines if line.startswith("Measured on "))
    note = f"{measured} Side by side: [how](docs/benchmarks.md); `make bench` measures on yours.".strip()
    return "\n".join(["## Speed", "", *rows, "", note])


def _parameters(run: Callable[..., Any]) -> Iterator[Parameter]:
    hints = typing.get_type_hints(run, include_extras=True)
    for name, parameter in inspect.signature(run).parameters.items():
        kind, info = typing.get_args(hints[name])[:2]
        is_option = isinstance(info, OptionInfo)
        if not isinstance(info, OptionInfo | ArgumentInfo):
            raise TypeError(f"{run.__module__}: parameter {name} is neither an option nor an argument")
        kind, repeats = _single(kind)
        required = parameter.default is inspect.Parameter.empty
        default = "" if required or parameter.default in (None, False) else str(parameter.default)
        # Inside Annotated, typer.Option("--one", "-o") holds its first spelling where a default would stand.
        told = (info.default, *(info.param_decls or ()))
        spelled = tuple(d for d in told if isinstance(d, str)) or (f"--{name.replace('_', '-')}",)
        yield Parameter(
            names=spelled if is_option else (info.metavar or name.upper(),),
            takes=_takes(kind, info) if is_option else "",
            help=" ".join((info.help or "").split()),
            default=default,
            required=required,
            repeats=repeats,
            is_option=is_option,
        )


def _single(kind: Any) -> tuple[Any, bool]:
    """The type of one value, and whether several may be given."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    return (typing.get_args(kind)[0], True) if typing.get_origin(kind) is list else (kind, False)


def _takes(kind: Any, info: OptionInfo) -> str:
    if kind is bool:
        return ""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "|".join(str(member.value) for member in kind)
    if kind is datetime:
        return "|".join(info.formats or ()).replace("%Y", "YYYY").replace("%m", "MM").replace("%d", "DD")
    return {Path: "PATH", int: "NUMBER", float: "NUMBER"}.get(kind, "TEXT")


def _usage(command: Command) -> str:
    given = [p for p in command.parameters if not p.is_option]
    words = [p.names[0] + ("..." if p.repeats else "") for p in given]
    places = [word if p.required else f"[{word}]" for word, p in zip(words, given, strict=True)]
    options = ["[OPTIONS]"] if any(p.is_option for p in command.parameters) else []
    return " ".join([command.name, *options, *places])


def _row(parameter: Parameter) -> str:
    value_text = f" {parameter.takes}" if parameter.takes else ""
    spelled = ", ".join(f"`{name}{value_text}`" for name in parameter.names).replace("|", "\\|")
    default = "needed" if parameter.required else f"`{parameter.default}`" if parameter.default else ""
    return f"| {spelled} | {parameter.help.replace('|', chr(92) + '|')} | {default} |"


def _object(found: type, docs: dict[tuple[str, str], str]) -> dict[str, Any]:
    """A dataclass as an object of which every field is written, and no other."""
    hints = typing.get_type_hints(found)
    names = [field.name for field in dataclasses.fields(found)]
    properties = {}
    for name in names:
        about = docs.get((found.__name__, name))
        what = {"const": value.SCHEMA} if (found, name) == (value.Diagnosis, "schema") else _type(hints[name])
        properties[name] = what | ({"description": about} if about else {})
    return {
        "type": "object",
        "description": " ".join((inspect.getdoc(found) or "").split()),
        "properties": properties,
        "required": [name for name in names if (found.__name__, name) not in LATER],
        "additionalProperties": False,
    }


def _parts_of(whole: type) -> dict[str, type]:
    """Every dataclass that a field of `whole` holds, however deep, by its name."""
    found: dict[str, type] = {}
    waiting = list(typing.get_type_hints(whole).values())
    while waiting:
        hint = waiting.pop()
        waiting += typing.get_args(hint)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint.__name__ not in found:
            found[hint.__name__] = hint
            waiting += typing.get_type_hints(hint).values()
    return found


def _type(hint: Any) -> dict[str, Any]:
    if hint in PLAIN:
        return dict(PLAIN[hint])
    if dataclasses.is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        if parts[-1] is Ellipsis:
            return {"type": "array", "items": _type(parts[0])}
        return {"type": "array", "prefixItems": [_type(p) for p in parts], "items": False, "minItems": len(parts)}
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if part is type(None) else _type(part) for part in parts]}
    raise TypeError(f"no JSON type is known for {hint}; add it to tools/docs.py")


def _field_comments(classes: set[type]) -> dict[tuple[str, str], str]:
    """(class, field) -> the comment on the field's line, wherever the class stands."""
    return {key: text for name in sorted({found.__module__ for found in classes}) for key, text in _comments_of(name)}


def _comments_of(module: str) -> Iterator[tuple[tuple[str, str], str]]:
    source = inspect.getsource(sys.modules[module])
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    for owner in ast.parse(source).body:
        for line in owner.body if isinstance(owner, ast.ClassDef) else ():
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.lineno in comments:
                yield (owner.name, line.target.id), comments[line.lineno]


def main() -> int:
    """Write the pages, or with `--check` name those that are behind."""
    behind = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        behind.append(name)
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")
    if behind and "--check" in sys.argv[1:]:
        print(f"behind the code: {', '.join(behind)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
