"""Sets up `.venv`: `python3 tools/setup.py run|dev|bench`. Standard library only; a second call costs milliseconds.

An environment is stamped with a hash of `pyproject.toml` and `constraints.txt`; while the stamp
matches, nothing is done. `bench` is a separate environment (`.venv-bench`) because pm4py's licence is AGPL.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHAT = {
    "run": (".venv", ["-e", "."]),
    "dev": (".venv", ["-e", ".[dev]"]),
    "bench": (".venv-bench", ["-r", "benchmarks/requirements.txt"]),
}


def stamp_of(kind: str) -> str:
    """Hash of everything the environment `kind` is made from."""
    files = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    if kind == "bench":
        files.append(ROOT / "benchmarks/requirements.txt")
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def is_current(folder: Path, kind: str, stamp: str) -> bool:
    """True when `folder` already holds what `kind` needs (a dev environment also serves `run`)."""
    kinds = ("run", "dev") if kind == "run" else (kind,)
    return any((folder / f".stamp-{k}").exists() and (folder / f".stamp-{k}").read_text() == stamp for k in kinds)


def install(folder: Path, arguments: list[str]) -> None:
    """Install into `folder` with uv when it is on PATH, else with pip."""
    constraints = ["-c", "constraints.txt"] if (ROOT / "constraints.txt").exists() and folder.name == ".venv" else []
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python")]
    else:
        command = [str(folder / "bin/python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*command, *constraints, *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Bring the environment named on the command line up to date; exit 2 with one sentence when that fails."""
    if sys.version_info < (3, 11):  # noqa: UP036 (this script runs on whatever Python the machine has)
        print(
            f"headway needs Python 3.11 or newer, this is {sys.version.split()[0]}: run make PYTHON=python3.11 …",
            file=sys.stderr,
        )
        return 2
    kind = sys.argv[1]
    name, arguments = WHAT[kind]
    folder, stamp = ROOT / name, stamp_of(kind)
    if is_current(folder, kind, stamp):
        return 0
    print(f"Setting up {name} ({kind}) …", flush=True)
    try:
        if not (folder / "bin/python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install(folder, arguments)
    except subprocess.CalledProcessError as problem:
        print(
            f"Setting up {name} failed ({problem}): mend what is printed above and run the command again.",
            file=sys.stderr,
        )
        return 2
    (folder / f".stamp-{kind}").write_text(stamp)
    return 0


if __name__ == "__main__":
    sys.exit(main())
