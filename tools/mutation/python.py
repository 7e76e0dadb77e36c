"""Mutants of Python by mutmut, in a copy of the tree: made, sampled, run, and read back with their lines."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/headway/evidence/*.py", "src/headway/conformance/*.py"]
also_copy = ["examples"]
pytest_add_cli_args = ["-p", "mutation.plugin", "-p", "no:xdist", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/evidence", "tests/conformance"]
process_isolation = "forkserver"
timeout_multiplier = 3.0
timeout_constant = 10.0
use_git_change_detection = false
track_dependencies = false
"""
GENERATE = (
    "import mutmut.__main__ as m; m.set_mutant_under_test('mutant_generation'); m.copy_src_dir();"
    " m.copy_also_copy_files(); m.setup_source_paths(); m.create_mutants(1)"
)
STATUS = {0: "survived", 5: "survived", 33: "survived", 1: "killed", 3: "killed", 37: "killed", -24: "timeout"}
STATUS |= {24: "timeout", 36: "timeout", 152: "timeout", 255: "timeout", -9: "timeout", None: "not run"}


@dataclass(frozen=True, slots=True)
class PythonMutant:
    """One mutant: its name at mutmut, the file it changes, and what became of it."""

    name: str
    file: str
    status: str


def made(copy: Path) -> list[PythonMutant]:
    """Let mutmut write every mutant of both packages into `copy`/mutants; none is run yet."""
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as config:
        config.write(CONFIG)
    subprocess.run(
        [sys.executable, "-c", GENERATE], cwd=copy, env=environment(copy), check=True, stdout=subprocess.DEVNULL
    )
    return results(copy)


def sampled(mutants: list[PythonMutant], most: int, seed: int) -> list[PythonMutant]:
    """At most `most` of them, each as likely as any other; which, depends on nothing but the seed and the mutant."""
    return sorted(mutants, key=lambda one: drawn(seed, one.name))[:most]


def drawn(seed: int, name: str) -> str:
    """The lot of one mutant. Unlike a random sample it stays the same while other files change."""
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def run(copy: Path, names: list[str], processes: int) -> None:
    """Run these mutants; mutmut keeps what became of them in the copy."""
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", str(processes), *names]
    log = copy / "mutmut.log"
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            command, cwd=copy, env=environment(copy), check=False, stdout=out, stderr=subprocess.STDOUT
        )
    if done.returncode != 0:
        last = log.read_text(encoding="utf-8").replace("\r", "\n").splitlines()[-20:]
        print(f"mutmut ended early ({done.returncode}):", *last, sep="\n", file=sys.stderr)


def results(copy: Path) -> list[PythonMutant]:
    """Every mutant made in `copy` with its status: killed, survived, timeout or not run."""
    found = []
    for meta in sorted((copy / "mutants/src/headway").rglob("*.meta")):
        file = str(meta.relative_to(copy / "mutants")).removesuffix(".meta")
        codes: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
        found += [PythonMutant(name, file, STATUS.get(code, "killed")) for name, code in codes.items()]
    return found


def described(copy: Path, mutant: PythonMutant) -> tuple[int, str, str]:
    """Line (1-based) in the original file, that line as it was, and the change as text."""
    command = [str(Path(sys.executable).parent / "mutmut"), "show", mutant.name]
    shown = subprocess.run(command, cwd=copy, env=environment(copy), check=True, capture_output=True, text=True).stdout
    body = [line for line in shown.splitlines() if not line.startswith(("---", "+++", "#"))]
    removed = [line[1:].strip() for line in body if line.startswith("-")]
    added = [line[1:].strip() for line in body if line.startswith("+")]
    lines = (copy / mutant.file).read_text(encoding="utf-8").splitlines()
    function = mutant.name.rpartition(".")[2].rpartition("__mutmut_")[0].split("ǁ")[-1].removeprefix("x_")
    start = next((n for n, line in enumerate(lines) if line.lstrip().startswith(f"def {function}(")), 0)
    line = next((n for n in range(start, len(lines)) if removed and lines[n].strip() == removed[0]), start)
    return line + 1, lines[line].strip(), f"`{' '.join(removed)}` → `{' '.join(added) or 'nothing'}`"


def environment(copy: Path) -> dict[str, str]:
    """Of every run in the copy: scratch databases in memory where the machine has such a folder."""
    memory = {"TMPDIR": "/dev/shm"} if Path("/dev/shm").is_dir() else {}
    return os.environ | memory | {"PYTHONPATH": f"{copy / 'tools'}", "PYTHONDONTWRITEBYTECODE": "1"}
