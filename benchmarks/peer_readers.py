"""The Rust readers of XES on PyPI, and pm4py's own. Runs in .venv-bench."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from benchmarks.measured import Record, arguments

TASKS = ("r4pm", "rustxes", "pm4py_default", "pm4py_own")


def main() -> None:
    """Read the log with each reader named."""
    asked = arguments(TASKS)
    record = Record()
    path = str(asked.log)
    for task in asked.tasks:
        if task == "r4pm":
            import r4pm

            frame: Any = record.timed(task, lambda: r4pm.df.import_xes(path)[0], asked.repeat)
        elif task == "rustxes":
            import rustxes

            frame = record.timed(task, lambda: rustxes.import_xes(path)[0], asked.repeat)
        else:
            import pm4py

            # Without a variant pm4py takes its fastest importer that is installed, which is r4pm. Of its own, the one
            # it names as default (chunk_regex) stops with an IndexError on the nested attributes of the real log.
            variant = None if task == "pm4py_default" else "iterparse"
            frame = record.timed(task, lambda v=variant: pm4py.read_xes(path, variant=v), asked.repeat)
        cases = frame["case:concept:name"]
        distinct = cases.n_unique() if hasattr(cases, "n_unique") else cases.nunique()
        record.answers[task] = {"cases": int(distinct), "events": len(frame)}
        record.versions |= {name: version(name) for name in ("r4pm", "rustxes", "pm4py")}
    record.hand_over(asked.out)


if __name__ == "__main__":
    main()
