"""All addresses of the application, from its URL patterns, with real keys from a site's database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.e2e.site import Site

# What stands before a parameter, or its own name -> where a real one comes from; `w/<w>/deals/<key>/` asks for `w` and
# for `deals`. All that belongs to a deal is of the one deal that has a file, a contact and a finding.
OF_DEAL = "JOIN store_attachment a ON a.deal_id = x.deal_id"
SHOWN = f"FROM store_event x {OF_DEAL} WHERE x.kind = 'evidence_recorded' ORDER BY x.id DESC LIMIT 1"
KEYS = {
    "w": "SELECT key FROM store_workspace ORDER BY id LIMIT 1",
    "deals": "SELECT x.key FROM store_deal x JOIN store_attachment a ON a.deal_id = x.id LIMIT 1",
    "contacts": f"SELECT x.key FROM store_contact x {OF_DEAL} ORDER BY x.id DESC LIMIT 1",
    "record": f"SELECT x.name {SHOWN}",
    "evidence": f"SELECT x.id {SHOWN}",
    "how": "SELECT 'dispute'",
    "behind": "SELECT 'deals'",
    "files": "SELECT key FROM store_attachment LIMIT 1",
    "edit": "SELECT 'amount'",
    "findings": f"SELECT x.id FROM store_dealfinding x {OF_DEAL} LIMIT 1",
    "mark": f"SELECT x.mark FROM store_dealfinding x {OF_DEAL} WHERE x.mark IS NOT NULL ORDER BY x.id DESC LIMIT 1",
    "corrections": "SELECT key FROM store_correction ORDER BY id LIMIT 1",
    "figures": "SELECT substr(name, 8) FROM store_teamfigure WHERE name LIKE 'behind:%' ORDER BY id LIMIT 1",
    "owners": "SELECT id FROM store_owner ORDER BY id DESC LIMIT 1",
    "processes": "SELECT key FROM store_process ORDER BY id LIMIT 1",
    "stages": "SELECT 1",
    "versions": "SELECT number FROM store_processversion WHERE number IS NOT NULL ORDER BY id LIMIT 1",
    "imports": "SELECT key FROM store_importbatch ORDER BY id LIMIT 1",
    "jobs": "SELECT key FROM store_job ORDER BY id LIMIT 1",
    "people": "SELECT key FROM store_person ORDER BY id LIMIT 1",
    "rhythm": "SELECT key FROM store_rhythm ORDER BY id LIMIT 1",
    "occurrences": "SELECT key FROM store_review WHERE state = 'due' AND rhythm_id = (SELECT id FROM store_rhythm"
    " ORDER BY id LIMIT 1) ORDER BY due_at DESC LIMIT 1",
    "trials": "SELECT key FROM store_trial ORDER BY id LIMIT 1",
    "process-reviews": "SELECT key FROM store_review WHERE kind = 'process' ORDER BY id LIMIT 1",
    "topics": "SELECT i.key FROM store_agendaitem i JOIN store_review r ON r.id = i.review_id WHERE r.kind = 'process'"
    " ORDER BY r.id, i.place LIMIT 1",
    "exports": "SELECT key FROM store_workspaceexport ORDER BY id LIMIT 1",
    "offers": "SELECT key FROM store_handover ORDER BY id LIMIT 1",
    "looks": "SELECT key FROM store_job WHERE kind = 'look' ORDER BY id LIMIT 1",
    "placings": "SELECT key FROM store_placing ORDER BY id DESC LIMIT 1",
    "place": "SELECT key FROM store_placingdeal ORDER BY placing_id DESC, number LIMIT 1",
    "gates": "SELECT key FROM store_gate ORDER BY id LIMIT 1",
    "move": "SELECT 'down'",
    "promises": "SELECT key FROM store_commitment ORDER BY id LIMIT 1",
    "invitations": "SELECT key FROM store_invitation ORDER BY id LIMIT 1",
    "outbox": "SELECT key FROM store_outmessage WHERE workspace_id IS NOT NULL ORDER BY id LIMIT 1",
    "decide": "SELECT 'keep'",
    "reviews": "SELECT key FROM store_review WHERE kind = 'pipeline' ORDER BY id LIMIT 1",
    "items": "SELECT key FROM store_agendaitem WHERE review_id ="
    " (SELECT id FROM store_review WHERE kind = 'pipeline' ORDER BY id LIMIT 1) ORDER BY id LIMIT 1",
}
# Addresses that only a secret leads to, sent by mail or shown once: their own tests open them.
SECRET = {"token", "uidb36"}
PARAMETER = re.compile(r"(?:([\w-]+)/)?<(?:\w+:)?(\w+)>")


def list_patterns() -> Iterator[tuple[str, str]]:
    """(name of the URL, its route), each name once."""
    seen = set()
    for name, route in _walk(get_resolver().url_patterns, ""):
        if name not in seen:
            seen.add(name)
            yield name, route


def _walk(patterns: list[URLPattern | URLResolver], route: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield pattern.name or here, here


def is_secret(route: str) -> bool:
    """Whether only a secret leads there."""
    return any(name in SECRET for _, name in PARAMETER.findall(route))


def address_of(site: Site, name: str, route: str) -> str:
    """Where this page is on `site`. AssertionError where the firm holds nothing that it could show."""
    keys = {}
    for before, parameter in PARAMETER.findall(route):
        before = before if before in KEYS else parameter
        assert before in KEYS, (
            f"{route} ({name}): say in tests/e2e/addresses.py where a real key of {before!r} comes from"
        )
        found = site.rows(KEYS[before])
        assert found, f"{route} ({name}): the firm holds none of {before!r}; make one in tests/e2e/firm.py"
        keys[parameter] = str(found[0][0])
    return site.to(name, **keys)
