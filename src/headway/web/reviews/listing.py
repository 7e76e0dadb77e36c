"""The reviews of a workspace: the next ones first, then how the past ones were held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from headway.reviews.kinds import KIND_NAMES, Held, ReviewKind
from headway.reviews.minutes import moment_words
from headway.store.queries.reviews import Listed, ReviewRow, list_coming, list_past
from headway.web.requests import Inside, inside
from headway.web.shell import find_url

SOON = timedelta(hours=1)  # before its time a review may begin
HELD_WORDS = {
    Held.DUE: "To come",
    Held.RUNNING: "Running",
    Held.HELD: "Held",
    Held.LATE: "Held late",
    Held.EMPTY: "Nothing decided",
    Held.SKIPPED: "Skipped",
}
HELD_MARKS = {Held.HELD: "good", Held.LATE: "warn", Held.EMPTY: "warn", Held.SKIPPED: "bad", Held.RUNNING: "info"}


@dataclass(frozen=True, slots=True)
class Row:
    """A review as a list shows it. `open_url`: where a press begins it; `room_url`: where it runs. Empty for none."""

    one: Listed
    when: str
    kind: str
    held: str
    mark: str
    open_url: str
    room_url: str
    near: bool

    @property
    def review(self) -> ReviewRow:
        """The review itself."""
        return self.one.review


@inside()
def reviews(request: Inside) -> HttpResponse:
    """GET page: of the past ones."""
    page = max(1, int(text)) if (text := request.GET.get("page", "")).isdecimal() and len(text) < 5 else 1
    coming = list_coming(request.access) if page == 1 else []
    past, more = list_past(request.access, page)
    context = {
        "coming": [row_of(request, one) for one in coming],
        "past": [row_of(request, one) for one in past],
        "page": page,
        "more": more,
        "may": request.access.may("review"),
        "may_set": request.access.may("rhythm"),
        "waiting": sum(one.mine_open for one in coming),
    }
    return render(request, "reviews/list.html", context)


def row_of(request: Inside, one: Listed) -> Row:
    """With its addresses, and the time where the person is."""
    review, state = one.review, Held(one.review.state)
    open_url, room_url = doors_of(request, review)
    return Row(
        one=one,
        when=moment_words(review.due_at, request.access.person.zone),
        kind=kind_words(review),
        held=HELD_WORDS[state],
        mark=HELD_MARKS.get(state, ""),
        open_url=open_url,
        room_url=room_url,
        near=review.due_at - SOON <= request.now,
    )


def doors_of(request: Inside, review: ReviewRow) -> tuple[str, str]:
    """Where a press begins it, and where it runs; empty where it does not, or their role may not."""
    about_process = review.kind == ReviewKind.PROCESS
    where = {"w": request.access.workspace.key, "key": review.key}
    may_open = review.state == Held.DUE and request.access.may("review")
    opens = find_url("process_review_open" if about_process else "review_open", **where) if may_open else ""
    runs = find_url("process_review" if about_process else "review_room", **where)
    return opens, runs if review.state == Held.RUNNING else ""


def kind_words(review: ReviewRow) -> str:
    """What kind of review it is, where its name does not say so, and whose deals."""
    name = KIND_NAMES[ReviewKind(review.kind)] if review.kind in tuple(ReviewKind) else review.kind
    parts = [] if name.casefold() in review.name.casefold() else [name]
    if review.team and review.team.casefold() not in review.name.casefold():
        parts.append(review.team)
    return " · ".join(parts)
