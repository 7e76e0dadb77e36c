"""The pages of the docs, and what Headway answers to the examples on them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from headway.cli.main import app

ROOT = Path(__file__).parents[1]
METHODS, RULE_PAGES, HOW_TO = ROOT / "docs/methods", ROOT / "docs/methods/rules", ROOT / "docs/how-to"
NOT_OURS = {"node_modules", "demo-output", "dist", "mutants"}


def pages() -> list[Path]:
    """Every Markdown page of the repository."""
    found = sorted(ROOT.rglob("*.md"))
    return [p for p in found if not any(part.startswith(".") or part in NOT_OURS for part in p.relative_to(ROOT).parts)]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(path), re.M | re.S)


def diagnosed(folder: Path, files: dict[str, str | bytes], *options: str) -> dict[str, Any]:
    """The JSON that `headway diagnose` writes for these files; those ending .yaml are process files."""
    arguments = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        arguments += ["--process", str(path)] if path.suffix == ".yaml" else [str(path)]
    result = CliRunner().invoke(app, ["diagnose", *arguments, "--json", "-", *options], catch_exceptions=False)
    found: dict[str, Any] = json.loads(result.stdout)
    return found
