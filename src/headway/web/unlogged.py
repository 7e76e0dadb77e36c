"""What no log may hold: the secret in an address that opens something without a login."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"(/(?:calendars|notices)/(?:(?:off|reply)/)?)[^\s/?]+")


class SecretAddresses(logging.Filter):
    """Takes the secret out of a record, and leaves the rest: Django logs the path of what it answers with an error."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        if isinstance(record.args, tuple):
            record.args = tuple(SECRET.sub(r"\1…", one) if isinstance(one, str) else one for one in record.args)
        if isinstance(record.msg, str):
            record.msg = SECRET.sub(r"\1…", record.msg)
        return True
