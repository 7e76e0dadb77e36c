"""People who post as fast as they can, and the ledger outside of what they were told is saved."""

from __future__ import annotations

import http.client
import json
import os
import threading
from pathlib import Path
from urllib.parse import urlencode

from tests.e2e.site import Site

CSRF = "c" * 32
KINDS = ("amount", "stage", "evidence", "deal")


class Ledger:
    """One line per answered write, on disk before the next is posted."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lock = threading.Lock()
        self.lines = 0

    def note(self, **written: object) -> None:
        """Keep that this was answered with success."""
        with self._lock:
            os.write(self._handle, json.dumps(written).encode() + b"\n")
            os.fsync(self._handle)
            self.lines += 1

    def read(self) -> list[dict[str, str]]:
        """Everything noted so far."""
        return [json.loads(line) for line in self.file.read_text().splitlines()]


class Writer(threading.Thread):
    """Posts amounts, claims, evidence and new deals until the server is gone. `first`: marks count up from it."""

    def __init__(self, site: Site, ledger: Ledger, deal: str, milestone: str, stage: str, first: int) -> None:
        super().__init__(daemon=True)
        self.site, self.ledger, self.deal = site, ledger, deal
        self.milestone, self.stage, self.mark = milestone, stage, first
        self.refused = ""  # an answer that was no success

    def run(self) -> None:
        """Until the connection breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            while not self.refused:
                self.mark += 1
                self._post(connection, KINDS[self.mark % len(KINDS)], str(self.mark))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def post_one(self, kind: str) -> None:
        """One write of this kind."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        self._post(connection, kind, str(self.mark))
        connection.close()

    def _post(self, connection: http.client.HTTPConnection, kind: str, mark: str) -> None:
        path, form = self._form(kind, mark)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"headway-csrf={CSRF}; headway-session={self.site.facts['sessions']['leader']}",
        }
        connection.request("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **form}), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 302 and "login" not in answer.headers["Location"]:
            self.ledger.note(kind=kind, mark=mark, deal=self.deal)
        else:
            self.refused = f"{kind}: {answer.status} {answer.headers.get('Location')} {text[:300]!r}"

    def _form(self, kind: str, mark: str) -> tuple[str, dict[str, str]]:
        deals = f"/w/{self.site.workspace}/deals"
        return {
            "amount": (f"{deals}/{self.deal}/edit/amount/", {"value": mark}),
            "stage": (f"{deals}/{self.deal}/edit/stage/", {"value": self.stage}),
            "evidence": (f"{deals}/{self.deal}/record/{self.milestone}/", {"quote": f"Quote {mark}", "when": "today"}),
            "deal": (f"{deals}/add/", {"name": f"Deal {mark}"}),
        }[kind]
