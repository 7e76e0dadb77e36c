"""The application as `headway serve` loads it: in a process that ends with its parent."""

from __future__ import annotations

from headway.jobs.parent import die_with_parent
from headway.web.wsgi import application as application

die_with_parent()
