"""Find deals by the beginnings of words: their names, accounts and ids, however they are written.

Every word that was typed must begin a word of the deal. The rarest of them drives the query, over at most `reach` rows
of the index of words, so that a letter which begins 30,000 words costs what one does that begins 1,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from headway.store.actions.search import words_of
from headway.store.models import Deal as DealRow
from headway.store.queries.access import Access

__all__ = ["DealRow", "Found", "Narrowing", "find_deals", "search_deals"]

PALETTE_REACH = 400
PAGE_REACH = 1_500
MOST_WORDS = 6
LAST = chr(0x10FFFF)  # sorts behind every letter, byte by byte


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is narrowed to: `state` open, decided or empty; `standing` empty for any; `mine` own deals."""

    state: str = ""
    standing: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Some deals of `total`. Not `complete`: more words begin like this than are looked through; add a word."""

    deals: tuple[DealRow, ...]
    total: int
    complete: bool


def search_deals(access: Access, text: str, limit: int = 8) -> list[DealRow]:
    """The best deals for the palette, open ones first; none for a text without a word. At most 3 queries."""
    return list(find_deals(access, text, limit=limit, reach=PALETTE_REACH).deals)


def find_deals(
    access: Access,
    text: str,
    narrowing: Narrowing | None = None,
    limit: int = 50,
    offset: int = 0,
    reach: int = PAGE_REACH,
) -> Found:
    """One page of deals whose words begin so: open ones first, whole words before beginnings. At most 3 queries."""
    words = sorted(words_of(text), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return Found((), 0, True)
    with connection.cursor() as cursor:
        counts = _counts(cursor, access.workspace.pk, words, reach)
        driver, *others = sorted(words, key=lambda word: (counts[word], -len(word)))
        if counts[driver] == 0:
            return Found((), 0, True)
        cursor.execute(*_statement(access, driver, others, narrowing or Narrowing(), reach, limit, offset))
        rows = cursor.fetchall()
    places = {deal_id: place for place, (deal_id, _) in enumerate(rows)}
    # By number alone, which the statement above took from this workspace: with the workspace beside it SQLite reads
    # every deal of the workspace to find eight.
    deals = DealRow.objects.select_related("owner").filter(pk__in=places)
    ordered = sorted(deals, key=lambda deal: places[deal.pk])
    return Found(tuple(ordered), rows[0][1] if rows else 0, counts[driver] <= reach)


def _begins(column: str = "word", longer: bool = False) -> str:
    """SQL for 'begins with', two parameters; on PostgreSQL byte by byte, whatever the collation of the database.

    `longer`: and is not that very word.
    """
    if connection.vendor == "postgresql":
        return f"{column} {'~>~' if longer else '~>=~'} %s AND {column} ~<~ %s"
    return f"{column} {'>' if longer else '>='} %s AND {column} < %s"


def _counts(cursor: Any, workspace_id: int, words: list[str], reach: int) -> dict[str, int]:
    """How many rows of the index begin with each word, counted no further than one beyond `reach`."""
    one = (
        "SELECT CAST(%s AS text) AS word, count(*) FROM"
        f" (SELECT 1 FROM store_searchword WHERE workspace_id = %s AND {_begins()} LIMIT %s) AS counted"
    )
    parameters: list[Any] = []
    for word in words:
        parameters += [word, workspace_id, word, word + LAST, reach + 1]
    cursor.execute(" UNION ALL ".join([one] * len(words)), parameters)
    return dict(cursor.fetchall())


def _statement(
    access: Access, driver: str, others: list[str], narrowing: Narrowing, reach: int, limit: int, offset: int
) -> tuple[str, list[Any]]:
    """SQL for (id of deal, how many in all), in order, and its parameters.

    CROSS JOIN, and words of a deal asked for by the deal alone, keep SQLite from starting at the wrong, large end.
    """
    workspace_id = access.workspace.pk
    order = "word USING ~<~" if connection.vendor == "postgresql" else "word"
    parameters: list[Any] = [workspace_id, driver, reach, workspace_id, driver, driver + LAST, reach]
    conditions = ["deal.workspace_id = %s", "deal.is_live"]
    after: list[Any] = [workspace_id]
    for word in others:
        conditions.append(
            "EXISTS (SELECT 1 FROM store_searchword AS other"
            f" WHERE other.deal_id = deal.id AND {_begins('other.word')})"
        )
        after += [word, word + LAST]
    if narrowing.state:
        conditions.append("deal.outcome = ''" if narrowing.state == "open" else "deal.outcome <> ''")
    if narrowing.standing:
        conditions.append("deal.standing = %s")
        after.append(narrowing.standing)
    if narrowing.mine:
        conditions.append("deal.owner_id = %s")
        after.append(access.membership.owner_id or 0)
    statement = f"""
        WITH hit AS (
            SELECT * FROM (SELECT deal_id, 0 AS part FROM store_searchword
                WHERE workspace_id = %s AND word = %s ORDER BY deal_id DESC LIMIT %s) AS whole
            UNION ALL
            SELECT * FROM (SELECT deal_id, 1 AS part FROM store_searchword
                WHERE workspace_id = %s AND {_begins(longer=True)} ORDER BY {order} LIMIT %s) AS beginning
        ),
        best AS (SELECT deal_id, min(part) AS part FROM hit GROUP BY deal_id)
        SELECT deal.id, count(*) OVER () FROM best CROSS JOIN store_deal AS deal
        WHERE deal.id = best.deal_id AND {" AND ".join(conditions)}
        ORDER BY CASE WHEN deal.outcome = '' THEN 0 ELSE 1 END, best.part, deal.attention DESC, deal.id
        LIMIT %s OFFSET %s
    """
    return statement, [*parameters, *after, limit, offset]
