"""How findings end: the four ways, what each needs, and whether the next deals changed after somebody was coached.

Method page: docs/methods/correction.md.
"""

from __future__ import annotations

AGE_EDGES = (7, 14, 28, 90)  # days at which an open finding comes into the next band of age
