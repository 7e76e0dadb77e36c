"""Which tests `make quick` leaves out: those that simulate, search long, start processes or draw in a browser.

Named here by file, so that the fast half stays under two minutes on two cores; `make test` runs everything.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SLOW = (
    "cli/test_diagnose.py",
    "cli/test_diagnosis_text.py",
    "conformance/test_consistency.py",
    "conformance/test_fade.py",
    "conformance/test_levels.py",
    "conformance/test_movement.py",
    "conformance/test_order.py",
    "conformance/test_pressure.py",
    "conformance/test_survival.py",
    "connectors/test_column_order.py",
    "connectors/test_hubspot_and_pipedrive_layouts.py",
    "connectors/test_mapped_files.py",
    "connectors/test_salesforce_layouts.py",
    "connectors/files",
    "demo",
    "diagnosis",
    "evidence/test_many.py",
    "process/linter",
    "report",
    "test_docs.py",
    "test_docs_examples.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of `SLOW` as slow."""
    for item in items:
        place = item.path.relative_to(HERE).as_posix()
        if place.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
