"""A pass for pages that ask once a second: for forty seconds after the door was passed, its checks are not repeated.

What stays checked at every ask is that the session is still that person's: who logs out is out at once. Who loses the
membership is out at the next renewal. All that a pass shows is a number that grows when the review changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.core import signing

from headway.store.queries.access import Access
from headway.store.queries.review_room import ReviewRow
from headway.web.requests import Request

SALT = "headway review pass"
LASTS_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Pass:
    """Ids of the workspace and the review."""

    workspace: int
    review: int


def pass_for(access: Access, review: ReviewRow) -> str:
    """Signed, for this person and review."""
    content = [access.workspace.key, review.key, access.workspace.pk, review.pk, access.person.pk]
    return signing.dumps(content, salt=SALT)


def passed(request: Request, w: str, key: str) -> Pass | None:
    """What the pass of this request opens; None without one, or where it is old, another's, or of another review."""
    text = request.GET.get("pass", "")
    if not text:
        return None
    try:
        workspace_key, review_key, workspace, review, person = signing.loads(text, salt=SALT, max_age=LASTS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if (workspace_key, review_key) != (w, key) or request.session.get(SESSION_KEY) != str(person):
        return None
    return Pass(workspace, review)
