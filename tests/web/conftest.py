"""What tests of screens begin with: the cast, and a deal that Bob works on."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from headway.store.actions.deals import add_deal
from headway.store.models import Deal
from tests.cast import NOW, Cast, make_cast


@pytest.fixture(autouse=True)
def _nothing_tried() -> None:
    """Wrong links and passwords of the test before are not counted."""
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def deal(cast: Cast) -> Deal:
    return add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
