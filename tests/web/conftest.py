"""What tests of screens begin with: the cast, and a deal that Bob works on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from headway.store.actions.deals import add_deal
from headway.store.models import Deal
from headway.web.letterbox import letterbox
from tests.cast import NOW, Cast, make_cast


@pytest.fixture(autouse=True)
def _nothing_left_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wrong links and passwords of the test before are not counted; mails leave at once, and before the next test."""
    monkeypatch.setattr("headway.web.letterbox.WAITS_S", 0.0)
    cache.clear()
    yield
    letterbox().wait()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
