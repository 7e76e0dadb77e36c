"""The pages of gates, the forms that ask and hold, and the import that says what was held."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.reviews.gates import LADDER, Earned, Rung
from headway.store.actions.deals import add_deal, claim_stage
from headway.store.actions.gates import raise_gate, set_gate
from headway.store.models import Analysis, Deal, Gate, GateChange, GatePassing, ImportBatch, ProcessVersion
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, client_of, make_cast
from tests.logs import claims, day
from tests.store.test_imports import CREATED, bring_in, snapshot
from tests.web.pages import text_of, to

pytestmark = pytest.mark.django_db
EARNED = [Earned(rung, True, "it holds") for rung in LADDER]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def stage(cast: Cast, place: int = 1) -> str:
    return process_of(cast.version).stages[place].name


def gate_on(cast: Cast, rung: Rung, at: datetime = NOW) -> Gate:
    gate = set_gate(workspace=cast.workspace, process=cast.version.process, stage=stage(cast), by=cast.alice, at=at)
    while gate.rung != rung:
        gate = raise_gate(gate=gate, earned=EARNED, harms=(), by=cast.alice, at=at)
    return gate


def measured(cast: Cast, *, holds: bool = True, harm: dict[str, list[int]] | None = None) -> None:
    """What the newest analysis says of the gate."""
    since = GateChange.objects.order_by("-id")[0].at.isoformat()
    row = {
        "process": cast.version.process_id, "stage": stage(cast), "asked": 120, "lacked": 80, "horizon_days": 90,
        "effect": {"value": -0.24, "low": -0.34, "high": -0.15, "n": 110}, "supported": "ask", "so": "Let it ask.",
        "earned": [["observe", True, "it counts"]] + [[name, holds, f"{name} figures"] for name in LADDER[1:]],
    }  # fmt: skip
    if harm is not None:
        row |= {"since": since, "harm": harm}
    Analysis.objects.create(
        workspace=cast.workspace, as_of=NOW, started_at=NOW, finished_at=NOW, summary={"gates": [row]}
    )


def page(client: Client, cast: Cast, rest: str = "") -> str:
    answer = client.get(f"/w/{cast.workspace.key}/gates/{rest}")
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, cast: Cast, rest: str, **given: str) -> tuple[int, str]:
    answer = client.post(f"/w/{cast.workspace.key}/{rest}", given, follow=True)
    return answer.redirect_chain[-1][1] if answer.redirect_chain else answer.status_code, answer.content.decode()


def deal_of(cast: Cast) -> Deal:
    deal = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    claim_stage(deal=deal, stage=stage(cast, 0), by=cast.bob, at=NOW)
    return deal


def test_a_gate_is_set_raised_lowered_and_ended_and_each_can_be_undone(cast: Cast) -> None:
    client = client_of(cast.alice)
    assert "Set a gate" in page(client, cast)
    status, text = post(client, cast, "gates/set/", process=cast.version.process.key, stage=stage(cast))
    gate = Gate.objects.get()
    assert status == 302 and gate.rung == "observe" and "It observes" in text
    status, text = post(client, cast, f"gates/{gate.key}/move/up/", was="observe")
    assert status == 422 and "not been measured" in text
    measured(cast)
    status, text = post(client, cast, f"gates/{gate.key}/move/up/", was="observe")
    assert status == 302 and Gate.objects.get().rung == "warn" and "It warns" in text
    token = text.split('name="token" value="')[1].split('"')[0]
    post(client, cast, "undo/", token=token)
    assert Gate.objects.get().rung == "observe"
    post(client, cast, f"gates/{gate.key}/move/up/", was="observe")
    status, text = post(client, cast, f"gates/{gate.key}/move/down/", was="warn", why="Too many questions")
    assert status == 302 and "Too many questions" in page(client, cast, f"{gate.key}/")
    _, text = post(client, cast, f"gates/{gate.key}/end/")
    assert Gate.objects.get().ended_at is not None
    token = text.split('name="token" value="')[1].split('"')[0]
    post(client, cast, "undo/", token=token)
    assert Gate.objects.get().ended_at is None


def test_a_rung_that_is_not_earned_or_does_harm_is_refused_in_words_and_what_was_typed_stays(cast: Cast) -> None:
    gate = gate_on(cast, Rung.WARN)
    measured(cast, holds=False)
    client = client_of(cast.alice)
    status, text = post(client, cast, f"gates/{gate.key}/move/up/", was="warn")
    assert status == 422 and "Your past does not support that it asks for a reason: ask figures." in text
    measured(cast, harm={"junk_before": [5, 100], "junk_since": [40, 60], "late_before": [0, 0]})
    status, text = post(client, cast, f"gates/{gate.key}/move/up/", was="warn")
    assert status == 422 and "It does harm where it stands: 40 of 60 entries" in text
    status, text = post(client, cast, f"gates/{gate.key}/move/down/", was="block", why="Typed words")
    assert status == 422 and "Somebody moved this gate meanwhile" in text and "Typed words" in text


def test_the_page_says_what_it_caught_and_what_it_costs(cast: Cast) -> None:
    gate = gate_on(cast, Rung.WARN)
    claim_stage(deal=deal_of(cast), stage=stage(cast), by=cast.bob, at=NOW + timedelta(minutes=5))
    measured(cast, harm={"junk_before": [5, 100], "junk_since": [40, 60]})
    text = page(client_of(cast.bob), cast, f"{gate.key}/")
    for words in ("Fleet renewal", "Saved, warned", "24 points fewer are won without it", "40 of 60", "Harm"):
        assert words in text
    assert "Raise to" not in text and "Set a gate" not in page(client_of(cast.bob), cast)


@pytest.mark.parametrize(("lacked", "words"), [(120, "all 120 deals came without it"), (110, "Too few deals to tell")])
def test_where_the_past_says_nothing_the_page_says_why(cast: Cast, lacked: int, words: str) -> None:
    gate_on(cast, Rung.OBSERVE)
    measured(cast)
    newest = Analysis.objects.get()
    newest.summary["gates"][0] |= {"lacked": lacked, "effect": None}
    newest.save()
    assert words in page(client_of(cast.alice), cast)


def test_a_gate_whose_stage_was_renamed_says_so(cast: Cast) -> None:
    gate, name = gate_on(cast, Rung.WARN), stage(cast)
    again = ProcessVersion.objects.create(
        workspace=cast.workspace, process=cast.version.process, number=2, changed_at=NOW, published_at=NOW,
        text=cast.version.text.replace(f"name: {name}", "name: Money is there"),
    )  # fmt: skip
    assert process_of(again).stages[1].name == "Money is there"
    told = page(client_of(cast.alice), cast)
    assert f'gates/{gate.key}/">{name}</a>: no stage is called so any more' in told
    ProcessVersion.objects.filter(pk=again.pk).update(withdrawn_at=NOW)
    assert "no stage is called so" not in page(client_of(cast.alice), cast)


def test_who_may_change_gates(cast: Cast) -> None:
    gate = gate_on(cast, Rung.WARN)
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        assert client.get(f"/w/{cast.workspace.key}/gates/").status_code == 200
        for rest in (f"gates/{gate.key}/move/down/", f"gates/{gate.key}/end/", "gates/set/"):
            post(client, cast, rest, was="warn")
    assert Gate.objects.get().rung == "warn" and Gate.objects.get().ended_at is None
    assert client_of(cast.carol).get(f"/w/{cast.workspace.key}/gates/{gate.key}/").status_code == 404
    assert client_of(cast.carol).get(f"/w/{cast.elsewhere.key}/gates/{gate.key}/").status_code == 404


def test_the_claim_form_asks_keeps_what_was_typed_and_saves_with_a_reason(cast: Cast) -> None:
    gate_on(cast, Rung.ASK)
    deal, client = deal_of(cast), client_of(cast.bob)
    given = {"was": stage(cast, 0), "value": stage(cast)}
    status, text = post(client, cast, f"deals/{deal.key}/edit/stage/", **given)
    assert status == 422 and 'name="reason"' in text and "all the same" in text
    assert f'<option value="{stage(cast)}" selected>' in text
    status, _ = post(client, cast, f"deals/{deal.key}/edit/stage/", **given, reason="Their CFO told me on the phone")
    deal.refresh_from_db()
    assert status == 302 and deal.claimed == stage(cast)
    assert [one.ended for one in GatePassing.objects.order_by("id")] == ["asked", "reasoned"]


def test_the_claim_form_holds_and_leads_to_the_proof(cast: Cast) -> None:
    gate_on(cast, Rung.BLOCK)
    deal, client = deal_of(cast), client_of(cast.bob)
    status, text = post(
        client, cast, f"deals/{deal.key}/edit/stage/", was=stage(cast, 0), value=stage(cast), reason="x"
    )
    deal.refresh_from_db()
    assert status == 422 and deal.claimed == stage(cast, 0) and "opens once something shows" in text
    assert f"deals/{deal.key}/record/" in text and 'name="reason"' not in text


def test_a_warning_is_said_after_saving(cast: Cast) -> None:
    gate_on(cast, Rung.WARN)
    deal, client = deal_of(cast), client_of(cast.bob)
    _, text = post(client, cast, f"deals/{deal.key}/edit/stage/", was=stage(cast, 0), value=stage(cast))
    assert "is claimed ahead of the buyer" in text


def test_few_queries(cast: Cast) -> None:
    gate = gate_on(cast, Rung.WARN)
    measured(cast, harm={})
    client = client_of(cast.alice)
    for rest in ("", f"{gate.key}/"):
        page(client, cast, rest)
        with CaptureQueriesContext(
            connection,
        ) as made:
            page(client, cast, rest)
        assert len([one for one in made if "set_config" not in one["sql"]]) <= 15


def test_the_page_of_an_import_says_what_was_held_and_why(cast: Cast) -> None:
    first, second = stage(cast, 0), stage(cast, 1)
    gate_on(cast, Rung.BLOCK, day(0))
    history = DealHistory("D-1", (CREATED, *claims((0.5, first)), snapshot(EventKind.STAGE_CLAIMED, 35, second)))
    batch, _ = bring_in(cast, history, **{"D-1": {"name": "Fleet <renewal>"}})
    ImportBatch.objects.filter(pk=batch.pk).update(state="done", by=cast.olga)
    text = text_of(client_of(cast.olga).get(to(cast, "import_batch", key=batch.key)))
    assert "Held at a gate 1 deal keeps its stage as it was. Everything else about it is imported." in text
    assert "Fleet <renewal>" in text and f"{second} opens once something shows" in text
