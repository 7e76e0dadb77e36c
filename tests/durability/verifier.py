"""Looks into a database after a crash: `python -m tests.durability.verifier`, one ledger's path per line of input.

A process of its own with the shipped settings, begun once for all cycles; answers each line with a list of what is
wrong, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

import django


def main() -> int:
    """Answer until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.settings")
    django.setup()
    from django.db import connection

    from headway.store.guards import ALL, enter

    for line in sys.stdin:
        writes = [json.loads(row) for row in Path(line.strip()).read_text().splitlines()]
        enter(ALL)
        print(json.dumps([*lost(writes), *half_written()]), flush=True)
        connection.close()
    return 0


def lost(writes: list[dict[str, str]]) -> list[str]:
    """Answered writes that are not there."""
    from headway.store.models import Deal, Event

    names = set(Deal.objects.filter(name__startswith="Deal ").values_list("name", flat=True))
    quotes = set(Event.objects.filter(note__text__startswith="Quote ").values_list("note__text", "deal__key"))
    amounts = {(int(a), k) for a, k in Event.objects.filter(kind="amount_set").values_list("amount", "deal__key")}
    stages = Counter(Event.objects.filter(kind="stage_claimed", by__isnull=False).values_list("deal__key", flat=True))
    found = {
        "deal": lambda w: f"Deal {w['mark']}" in names,
        "evidence": lambda w: (f"Quote {w['mark']}", w["deal"]) in quotes,
        "amount": lambda w: (int(w["mark"]), w["deal"]) in amounts,
        "stage": lambda w: True,
    }
    gone = [f"lost: {write}" for write in writes if not found[write["kind"]](write)]
    answered = Counter(write["deal"] for write in writes if write["kind"] == "stage")
    return gone + [f"lost claims of {deal}: {n} > {stages[deal]}" for deal, n in answered.items() if n > stages[deal]]


def half_written() -> list[str]:
    """What one transaction should have written together and did not; and what no longer verifies."""
    from django.db import connection

    from headway.store.queries.audit import verify_chains

    wrong = [f"audit of {verdict.name}: {verdict.wrong}" for verdict in verify_chains() if verdict.wrong]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            wrong += [f"integrity: {text}" for (text,) in cursor.fetchall() if text != "ok"]
        for name, statement in WHOLE.items():
            cursor.execute(statement)
            wrong += [f"{name}: {row}" for row in cursor.fetchall()]
    return wrong


RECORDED = "e.by_id IS NOT NULL AND e.kind NOT IN ('deal_created', 'owner_set')"
WHOLE = {
    "deal whose row does not know its newest event": "SELECT d.key FROM store_deal d WHERE d.touched_at IS NOT NULL AND"
    " d.last_event <> (SELECT max(e.id) FROM store_event e WHERE e.deal_id = d.id)",
    "deal added without its events, its words or its entry": "SELECT d.key FROM store_deal d WHERE d.source_id IS NULL"
    " AND (NOT EXISTS (SELECT 1 FROM store_event e WHERE e.deal_id = d.id AND e.kind = 'deal_created')"
    " OR NOT EXISTS (SELECT 1 FROM store_searchword s WHERE s.deal_id = d.id)"
    " OR NOT EXISTS (SELECT 1 FROM store_entry n WHERE n.target = 'deal ' || d.key AND n.verb = 'add deal'))",
    "evidence without what stands behind it": "SELECT e.id FROM store_event e WHERE e.kind = 'evidence_recorded' AND"
    " e.by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM store_exhibit x WHERE x.ref = e.ref)",
    "what stands behind evidence that is not there": "SELECT x.ref FROM store_exhibit x"
    " WHERE NOT EXISTS (SELECT 1 FROM store_event e WHERE e.ref = x.ref)",
    "events and entries that do not pair": "SELECT a.n, b.n FROM"
    f" (SELECT count(*) AS n FROM store_event e WHERE {RECORDED}) a,"
    " (SELECT count(*) AS n FROM store_entry WHERE verb IN ('set amount', 'claim stage', 'record evidence')) b"
    " WHERE a.n <> b.n",
}


if __name__ == "__main__":
    sys.exit(main())
