"""What an address of the board asks for: filters, which process, how far each column is unfolded, the open card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from headway.store.queries.access import Access
from headway.store.queries.board import Filters

STANDINGS = {
    "advancing": "Advancing",
    "waiting": "Waiting",
    "drifting": "Drifting",
    "quiet": "Quiet",
    "unseen": "Unseen",
}
MOST_PAGES = 25  # of one column: five hundred cards; further down one narrows the board instead
UNSEEN = "unseen"  # how an address calls the column of deals whose buyer was never observed
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """`process`: as `columns.Board.slug`; `pages`: column -> pages shown; `opened`: key of a deal; `column`: one."""

    filters: Filters
    mine: bool
    process: str
    pages: dict[str, int]
    opened: str
    column: str

    def query(self, *, opened: str = "", **changes: str) -> str:
        """The same as a query string, with another open card (none by default) and whatever is said otherwise."""
        found = {
            "process": self.process,
            "mine": "1" if self.mine else "",
            "owner": "" if self.mine or self.filters.owner is None else str(self.filters.owner),
            "team": self.filters.team,
            "standing": self.filters.standing,
            "column": self.column,
            **{f"page-{slug}": str(page) for slug, page in self.pages.items() if page > 1},
            "open": opened,
            **changes,
        }
        text = urlencode({name: value for name, value in found.items() if value})
        return f"?{text}" if text else ""

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return self.filters != Filters()


def asked_of(given: QueryDict, access: Access) -> Asked:
    """From the address; what is not understood counts as not asked for."""
    mine = bool(given.get("mine")) and access.membership.owner_id is not None
    owner = given.get("owner", "")
    pages = {}
    for name, value in given.items():
        found = re.fullmatch(r"page-(unseen|\d{1,3})", name)
        if found and isinstance(value, str) and re.fullmatch(r"\d{1,3}", value):
            pages[found[1]] = min(max(int(value), 1), MOST_PAGES)
    column, standing = given.get("column", ""), given.get("standing", "")
    return Asked(
        Filters(
            owner=access.membership.owner_id if mine else int(owner) if re.fullmatch(r"\d{1,17}", owner) else None,
            team=given.get("team", "")[:LONGEST],
            standing=standing if standing in STANDINGS else "",
        ),
        mine,
        given.get("process", "")[:40],
        pages,
        given.get("open", "")[:12],
        column if re.fullmatch(r"unseen|\d{1,3}", column) else "",
    )
