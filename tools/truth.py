"""How often the judge is right: `python tools/truth.py` (or `make truth`) writes docs/methods/truth.md.

Judges `--firms` simulated firms in each of the twelve cells of tools/truths/cells.py, and as many teams of the second
generator, where `../shared/prototypes` is there. Two blocks of seeds: `--block tune` to tune on, and `publish`.
Each firm judged is one line of JSON below `--results`, in a file named after the code that judged it: a run that was
cut goes on where it stopped, and figures of different code never mix. `--cells`: only cells whose name begins so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tools.truths, in the processes of the pool too
PAGE = ROOT / "docs/methods/truth.md"
JUDGES = ("conformance", "deals", "demo", "evidence", "process", "verdict")
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def fingerprint() -> str:
    """Of everything that makes or judges a firm."""
    folders = [ROOT / "src/headway" / name for name in JUDGES] + [ROOT / "tools/truths"]
    ends = (".py", ".sql", ".yaml")
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in ends]
    digest = hashlib.sha256()
    for file in files:
        if file.name not in ("page.py", "tally.py"):
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def work(task: tuple[str, int]) -> str:
    """One firm or team, judged, as a line of JSON."""
    from tools.truths.cells import CELLS, SECOND
    from tools.truths.firms_judged import judged_firm
    from tools.truths.second import judged_team

    name, seed = task
    cell = {one.name: one for one in CELLS}.get(name)
    if cell is not None:
        return json.dumps(judged_firm(cell, seed))
    return json.dumps(judged_team({one.name: one for one in SECOND}[name], seed))


def tasks(names: list[str], firms: int, block: str, done: set[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """What is still to be judged, all cells in turns, so that a run that is cut has some of each."""
    from tools.truths.cells import seed_of

    for number in range(firms):
        for name in names:
            task = (name, seed_of(block, name, number))
            if task not in done:
                yield task


def run(args: argparse.Namespace, file: Path, names: list[str]) -> None:
    """Judge what the file lacks, and append it line by line."""
    done = {(record["cell"], record["seed"]) for record in read(file)}
    todo = list(tasks(names, args.firms, args.block, done))
    began = time.monotonic()
    print(f"{len(todo)} firms to judge, {len(done)} judged already; results in {file}", flush=True)
    with file.open("a", encoding="utf-8") as lines, get_context("spawn").Pool(args.processes) as pool:
        for count, line in enumerate(pool.imap_unordered(work, todo, chunksize=4), 1):
            print(line, file=lines, flush=True)
            if count % 100 == 0:
                left = (time.monotonic() - began) / count * (len(todo) - count) / 60
                print(f"{count} of {len(todo)}; about {left:.0f} minutes left", flush=True)


def read(file: Path) -> list[dict[str, Any]]:
    """The records of a file; a last line that was cut is left out."""
    records = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return records


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--firms", type=int, default=200, help="firms in each cell (default 200)")
    parser.add_argument("--cells", nargs="*", default=[], help="only cells whose name begins so")
    parser.add_argument("--block", choices=("tune", "publish"), default="publish", help="block of seeds")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, default=ROOT / "bench-data/truth", help="folder of the lines of JSON")
    parser.add_argument("--page", type=Path, help="write the page there (publish: docs/methods/truth.md)")
    parser.add_argument("--file", type=Path, help="take this file of results, whatever code made it, and judge nothing")
    return parser.parse_args()


def main() -> int:
    """Judge, count, write the page."""
    for name in ONE_THREAD:
        os.environ[name] = "1"
    args = arguments()
    from tools.truths.cells import CELLS, SECOND
    from tools.truths.page import page_of
    from tools.truths.second import is_there

    known = [cell.name for cell in CELLS] + ([cell.name for cell in SECOND] if is_there() else [])
    names = [name for name in known if not args.cells or name.startswith(tuple(args.cells))]
    args.results.mkdir(parents=True, exist_ok=True)
    file = args.file or args.results / f"{args.block}-{fingerprint()}.jsonl"
    if args.file is None:
        run(args, file, names)
    text = page_of(read(file), block=args.block, second_is_there=is_there())
    page = args.page or (PAGE if args.block == "publish" and not args.cells else None)
    if page is None:
        print(text)
    else:
        page.write_text(text, encoding="utf-8")
        print(f"Written: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
