"""The queue of findings: it empties in four ways, ranks nobody, and shows sellers their own deals alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from headway.basics.money import money_text
from headway.jobs.analysis import analyse
from headway.store.actions.deals import add_deal
from headway.store.actions.rates import state_rate
from headway.store.models import AllowedException, Analysis, Correction, Deal, DealFinding
from tests.cast import NOW, Cast, client_of
from tests.web.pages import main_of, text_of, to, undo

pytestmark = pytest.mark.django_db
MARK = "a" * 40


def found(cast: Cast, deal: Deal, mark: str = MARK, rule: str = "skip", days: int = 40) -> DealFinding:
    """An open finding that the newest analysis counted."""
    seen = timezone.now() - timedelta(days=days)
    row = DealFinding.objects.create(
        workspace=cast.workspace, deal=deal, rule=rule, stage="Budget", what=f"Went past Budget, {mark[:3]}.",
        mend="Ask who releases money.", mark=mark, first_seen_at=seen,
    )  # fmt: skip
    open_now = DealFinding.objects.filter(workspace=cast.workspace, state="open")
    rules = {name: open_now.filter(rule=name).count() for name in set(open_now.values_list("rule", flat=True))}
    counted = {
        "rule": [[None, name, n, 1, 900.0] for name, n in rules.items()],
        "age": [[None, "3", sum(rules.values()), 1, 900.0]],
    }
    Analysis.objects.filter(workspace=cast.workspace).delete()
    at = timezone.now()
    Analysis.objects.create(
        workspace=cast.workspace, as_of=at, started_at=at, finished_at=at, summary={"open_findings": counted}
    )
    return row


def posted(cast: Cast, deal: Deal, person: Any, mark: str = MARK, **fields: str) -> Any:
    return client_of(person).post(to(cast, "end_finding", key=deal.key, mark=mark), fields)


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def test_open_findings_stand_by_rule_with_age_and_ways(cast: Cast, deal: Deal) -> None:
    found(cast, deal)
    text = text_of(client_of(cast.alice).get(to(cast, "findings")))
    assert "1 finding waits" in text and "Stage never entered" in text and "1 finding on 1 deal" in text
    assert "40 days" in text and "Coached Process Exception Data fixed" in text
    narrowed = client_of(cast.alice).get(to(cast, "findings"), {"age": "0"})
    assert "None is like that" in text_of(narrowed)


def test_coached_leaves_the_queue_and_comes_back_by_undo(cast: Cast, deal: Deal) -> None:
    found(cast, deal)
    answer = posted(cast, deal, cast.alice, how="coached", note="Ask who signs", look_again_on=in_days(28))
    assert answer.status_code == 302
    client = client_of(cast.alice)
    assert "The queue is empty" in text_of(client.get(to(cast, "findings")))
    assert "Ask who signs" in text_of(client.get(to(cast, "findings_looks")))
    assert "Coached" in text_of(client.get(to(cast, "findings_ended")))
    again = client.post(to(cast, "open_finding", key=Correction.objects.get().key))
    assert again.status_code == 302 and "Went past Budget" in text_of(client.get(to(cast, "findings")))
    posted_again = client.post(
        to(cast, "end_finding", key=deal.key, mark=MARK), {"how": "data", "note": "It was never recorded"}
    )
    undo(client, cast, posted_again)
    assert DealFinding.objects.get().state == "open"


def test_what_is_missing_stands_beside_its_field_and_what_was_typed_stays(cast: Cast, deal: Deal) -> None:
    found(cast, deal)
    page = posted(cast, deal, cast.alice, how="coached", note="Ask who signs", look_again_on=in_days(0))
    assert page.status_code == 422 and "from tomorrow on" in text_of(page) and "Ask who signs" in main_of(page)
    page = posted(cast, deal, cast.alice, how="exception", note="", owner="", expires_on="soon", predicted="x")
    text = text_of(page)
    assert page.status_code == 422
    for words in ("needs a reason", "answers for it: write a name", "is no day", "Choose what you expect"):
        assert words in text
    assert not Correction.objects.exists()


def test_a_seller_corrects_their_own_deals_only_and_coaching_is_the_leaders(cast: Cast, deal: Deal) -> None:
    other = add_deal(workspace=cast.workspace, name="Sue's deal", by=cast.olga, at=NOW, owner="Sue Sells")
    found(cast, other, "b" * 40)
    found(cast, deal)
    text = text_of(client_of(cast.bob).get(to(cast, "findings")))
    assert "Went past Budget, aaa" in text and "bbb" not in text and "Coached" not in text
    assert posted(cast, other, cast.bob, "b" * 40, how="data", note="Wrong").status_code == 404
    assert posted(cast, deal, cast.bob, how="coached", note="x", look_again_on=in_days(9)).status_code == 403
    asked = {"how": "exception", "note": "Their board meets in May", "owner": "Bob Adler", "expires_on": in_days(30)}
    assert posted(cast, deal, cast.bob, **asked, predicted="won").status_code == 302
    assert AllowedException.objects.count() == 1


def test_a_viewer_reads_and_an_outsider_finds_nothing(cast: Cast, deal: Deal) -> None:
    found(cast, deal)
    assert "data-sheet" not in main_of(client_of(cast.vera).get(to(cast, "findings")))
    assert posted(cast, deal, cast.vera, how="data", note="x").status_code == 403
    made = posted(cast, deal, cast.alice, how="data", note="x")
    assert made.status_code == 302
    key = Correction.objects.get().key
    assert client_of(cast.vera).post(to(cast, "open_finding", key=key)).status_code == 403
    assert client_of(cast.bob).post(to(cast, "open_finding", key=key)).status_code == 302  # his deal, and data
    for name in ("findings", "findings_looks", "findings_ended"):
        assert client_of(cast.carol).get(to(cast, name)).status_code == 404
    assert client_of(cast.carol).get(to(cast, "end_finding", key=deal.key, mark=MARK)).status_code == 404
    assert client_of(cast.carol).post(to(cast, "open_finding", key=key)).status_code == 404


def test_an_empty_queue_says_so(cast: Cast) -> None:
    assert "Nothing was analysed yet" in text_of(client_of(cast.alice).get(to(cast, "findings")))
    add_deal(workspace=cast.workspace, name="One", by=cast.bob, at=NOW, owner="Bob Adler")
    analyse(cast.workspace, at=timezone.now())
    assert "The queue is empty" in text_of(client_of(cast.alice).get(to(cast, "findings")))


def test_at_most_fifteen_queries_however_many(cast: Cast, deal: Deal) -> None:
    def counted(person: Any, name: str = "findings") -> int:
        client = client_of(person)
        client.get(to(cast, name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(to(cast, name)).status_code == 200
        return len(queries)

    found(cast, deal)
    few = [counted(cast.alice), counted(cast.bob)]
    for number in range(60):
        found(cast, deal, f"{number:040d}", ("skip", "jump", "overstay", "late_entry")[number % 4], number)
    assert [counted(cast.alice), counted(cast.bob)] <= few and max(few) <= 15
    for row in DealFinding.objects.exclude(mark=MARK)[:8]:
        posted(cast, deal, cast.alice, row.mark or "", how="coached", note="Ask", look_again_on=in_days(9))
    assert counted(cast.alice, "findings_looks") <= 15 and counted(cast.alice, "findings_ended") <= 15
    assert "All of this rule" in text_of(client_of(cast.alice).get(to(cast, "findings")))
    page = client_of(cast.alice).get(to(cast, "findings"), {"rule": "skip", "page": "2"})
    assert page.status_code == 200


def test_amounts_in_other_currencies_are_summed_at_their_rate(cast: Cast, deal: Deal) -> None:
    other = add_deal(workspace=cast.workspace, name="Nordic", by=cast.bob, at=NOW, owner="Bob Adler")
    own = cast.workspace.currency
    for one, amount, currency in ((deal, 1_000_000, own), (other, 4_000_000, "SEK")):
        Deal.objects.filter(pk=one.pk).update(amount=amount, currency=currency)
        found(cast, one, str(one.pk).zfill(40))
    assert f"2 findings on 2 deals, {money_text(1_000_000, own)} at stake" in queue_of(cast.bob, cast)
    state_rate(workspace=cast.workspace, currency="SEK", rate=Decimal("0.1"), valid_on=NOW.date(), by=cast.olga, at=NOW)
    assert f"2 findings on 2 deals, {money_text(1_400_000, own)} at stake" in queue_of(cast.bob, cast)


def queue_of(person: Any, cast: Cast) -> str:
    return text_of(client_of(person).get(to(cast, "findings")))
