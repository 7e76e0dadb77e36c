"""Mutation testing of `headway.evidence` and `headway.conformance`: `python tools/mutants.py` (or `make mutants`).

Works on a copy of the last commit, so that the tree may be edited meanwhile. Prints and writes docs/mutants.md.
`--sample N`: at most so many mutants of each package and language; `--again FILE`: carry over what an earlier run
(`--results FILE`) killed where the mutated file has not changed, and run the rest.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setup import ROOT, install

PACKAGES = ("evidence", "conformance")


def copied(folder: Path) -> Path:
    """The last commit, unpacked below `folder`."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def hashes(copy: Path) -> dict[str, str]:
    """Of every file of the two packages."""
    files = [file for package in PACKAGES for file in (copy / "src/headway" / package).rglob("*") if file.is_file()]
    return {str(file.relative_to(copy)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def arguments() -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=200, help="most mutants per package and language (default 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("python", "sql"))
    parser.add_argument("--results", type=Path, help="write what became of each mutant to this file")
    parser.add_argument("--again", type=Path, help="results of an earlier run")
    return parser.parse_args()


def main() -> int:
    """Make, run and report; exit status 1 where a package stays under the bar."""
    asked = arguments()
    if importlib.util.find_spec("mutmut") is None:
        install(Path(sys.prefix), ["-e", ".[mutants]"])
    os.nice(3)
    folder = Path(tempfile.mkdtemp(prefix="headway-mutants-"))
    try:
        return _run(asked, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(asked: argparse.Namespace, folder: Path) -> int:
    from mutation import report
    from mutation.both import Asked, ran

    copies = {name: copied(folder / name) for name in (*PACKAGES, "Python")}
    known = hashes(copies["Python"])
    earlier = json.loads(asked.again.read_text()) if asked.again else {"hashes": {}, "rows": []}
    fresh = {file for file, digest in known.items() if earlier["hashes"].get(file) == digest}
    kept = [report.Row(**row) for row in earlier["rows"] if row["file"] in fresh and row["status"] != "survived"]
    languages = [name for name in ("Python", "SQL") if asked.only in (None, name.lower())]
    rows, made, whole = ran(copies, Asked(PACKAGES, languages, asked.sample, asked.seed), kept)
    if asked.results:
        written = {"hashes": known, "rows": [row.as_dict() for row in rows]}
        asked.results.write_text(json.dumps(written, indent=1, ensure_ascii=False), encoding="utf-8")
    page = report.markdown(report.with_reasons(rows), made, "make mutants")
    print(page)
    if not whole:
        print("Not every mutant was run: docs/mutants.md stays as it is. Run again with --again.", file=sys.stderr)
        return 1
    if asked.only is None:
        (ROOT / "docs/mutants.md").write_text(page, encoding="utf-8")
    return 0 if report.meets_bar(rows, made) else 1


if __name__ == "__main__":
    sys.exit(main())
