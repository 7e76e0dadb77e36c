"""`headway forecast` and `headway forecast backtest` as people call them: an export, a day, and what comes of it."""

from __future__ import annotations

import dataclasses
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from headway.basics.errors import UserError
from headway.cli.forecast import forecast_json, run_forecast
from headway.cli.forecast_backtest_text import forecast_backtest_text
from headway.cli.forecast_text import forecast_text
from headway.cli.main import app
from headway.cli.reading import Request
from headway.demo.company import simulate
from headway.forecast.value import Forecast
from headway.report import forecast_words as tell
from tests.forecast.sample import empty_forecast, huge_forecast, sample_forecast, without_model
from tests.forecast.sample_backtest import sample_backtest, without_skill

FILES = ("opportunities.csv", "opportunity_history.csv", "buyer_acts.csv")
DAY = date(2026, 5, 15)


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm")
    simulate(7, date(2026, 6, 30), sellers=4, months=12).write(folder)
    return folder


@pytest.fixture(scope="module")
def found(firm: Path) -> Forecast:
    return run_forecast(Request(tuple(firm / name for name in FILES), (firm / "process.yaml",), as_of=DAY))


def called(*words: str, columns: int = 100) -> str:
    done = CliRunner().invoke(app, list(words), env={"COLUMNS": str(columns), "TERM": "dumb"})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def drawn(text: RenderableType, columns: int = 100) -> str:
    console = Console(width=columns, record=True, file=io.StringIO(), highlight=False)
    console.print(text)
    return console.export_text()


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def events_file(folder: Path, outcomes: dict[int, str]) -> Path:
    """Forty deals that claim two stages each; `outcomes`: how some of them ended."""
    rows = ["deal,kind,name,happened_at,amount"]
    for number in range(40):
        first = date(2026, 1, 1) + timedelta(days=number)
        rows += [
            f"D-{number},deal_created,,{first},",
            f"D-{number},amount_set,,{first},{1000 + 100 * number}",
            f"D-{number},stage_claimed,Talk,{first},",
            f"D-{number},stage_claimed,Offer,{first + timedelta(days=14)},",
        ]
        if number in outcomes:
            rows.append(f"D-{number},deal_decided,{outcomes[number]},{first + timedelta(days=30)},")
    path = folder / "events.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_same_files_say_the_same_and_are_written_whole(firm: Path, found: Forecast, tmp_path: Path) -> None:
    html, written = tmp_path / "forecast.html", tmp_path / "forecast.json"
    process = ("-p", str(firm / "process.yaml"), "--as-of", str(DAY))
    shown = called(
        "forecast", *(str(firm / name) for name in FILES), *process, "--html", str(html), "--json", str(written)
    )
    assert flat(tell.spoken(found.sentence)) in flat(shown) and str(html) in flat(shown).replace(" ", "")
    data: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
    assert data == json.loads(forecast_json(found))
    assert (data["schema"], data["period"]["name"], data["as_of"][:10]) == ("headway/forecast/1", "Q2 2026", str(DAY))
    assert len(data["deals"]) == found.total.open_deals > 10
    assert found.sentence.split(",")[0] in html.read_text(encoding="utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [({}, "decided"), (dict.fromkeys(range(24), "won"), "8 times in 10"), ({1: "won", 2: "lost"}, "decided")],
)
def test_too_little_is_a_result_with_its_limits_and_no_error(
    outcomes: dict[int, str], said: str, tmp_path: Path
) -> None:
    """No deal decided, one outcome only, two decided."""
    shown = flat(
        called("forecast", str(events_file(tmp_path, outcomes)), "--as-of", "2026-04-10", "--period", "2026-Q2")
    )
    assert said in shown and "Traceback" not in shown and " nan" not in shown
    assert "most expected first" not in shown  # no odds deal by deal


def test_what_cannot_be_tried_on_the_past_says_why(tmp_path: Path) -> None:
    path = events_file(tmp_path, {})
    with pytest.raises(UserError, match=r"events\.csv cannot be tried on its past"):
        called("forecast", "backtest", str(path), "--as-of", "2026-04-10")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--period", "2026-13"), "2026-Q4"),
        (("--as-of", "2001-01-01"), "--as-of"),
        (("--as-of", "2026-06-01", "--since", "2026-06-01"), "earlier day"),
        (("--since", "2030-01-01"), "earlier day"),
        (("--html", "a", "--json", "a"), "the same file"),
        (("-p", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_people_get_wrong_is_one_sentence(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said):
        called("forecast", str(events_file(tmp_path, {})), *words)


def test_a_file_may_be_called_backtest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events_file(tmp_path, {}).rename(tmp_path / "backtest")
    monkeypatch.chdir(tmp_path)
    assert "40 open deals" in flat(called("forecast", "./backtest", "--as-of", "2026-04-10"))
    assert "Forecast past weeks again" in flat(called("forecast", "backtest", "--help"))
    assert "Say what open deals bring" in flat(called("forecast", "--help"))


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("make", [sample_forecast, without_model, empty_forecast, huge_forecast])
def test_it_is_drawn_within_the_width(make: Any, columns: int) -> None:
    forecast = make()
    text = drawn(forecast_text(forecast, "Forecast of deals.csv"), columns)
    assert max(map(cell_len, text.splitlines())) <= columns
    assert len(text.splitlines()) < 150
    assert flat(tell.spoken(forecast.sentence)) in flat(text)


def test_it_says_the_deals_with_their_facts_what_is_stalled_and_why_it_moved() -> None:
    forecast = sample_forecast(12)
    text = flat(drawn(forecast_text(forecast, "T", every=True), 120))
    for deal in forecast.deals:
        assert deal.name in text
        for fact in deal.facts:
            assert flat(tell.fact_text(fact.sentence)) in text
    assert "Stalled: no decision is likelier (61 %) than a win." in text
    assert forecast.moved is not None
    for cause, amount, _ in forecast.moved.causes:
        assert tell.cause_text(cause) in text and flat(tell.signed(amount, "EUR")) in text
    few = flat(drawn(forecast_text(forecast, "T"), 120))
    assert "and 6 deals more in the report" in few


def test_the_picture_of_the_number_is_to_scale() -> None:
    forecast = sample_forecast(12)
    line = next(line for line in drawn(forecast_text(forecast, "T"), 100).splitlines() if line.startswith("Forecast "))
    strip = line.split()[1]
    total = forecast.total
    scale = total.stage_weighted or 0.0
    wide = len(strip)
    assert strip.count("█") / wide == pytest.approx(total.booked / scale, abs=0.06)
    assert strip.index("┃") / wide == pytest.approx(total.middle / scale, abs=0.06)
    assert strip.rindex("░") / wide == pytest.approx(total.high / scale, abs=0.06)


@pytest.mark.parametrize("columns", [60, 100])
def test_the_backtest_says_its_scores_beside_the_others_and_what_came_true(columns: int) -> None:
    back = sample_backtest()
    text = drawn(forecast_backtest_text(back, "T", currency="EUR"), columns)
    assert max(map(cell_len, text.splitlines())) <= columns
    said = flat(text)
    for way in tell.ways_of(back.scores):
        assert all(figure.replace("\u00a0", " ") in said for figure in (way.brier, way.log_loss, way.calibration))
    assert said.count("above") == 2  # weeks in which more came true than the range held
    assert "9 of 11" in said and "n 133" in said and "never in 13 weeks" in said
    assert "has skill" in said


def test_a_forecast_without_skill_says_so_first() -> None:
    said = flat(drawn(forecast_backtest_text(without_skill(), "T")))
    assert said.index(without_skill().reason) < said.index("Won within")
    assert "has skill" not in said and "−6 to 8 %" in said


def test_control_signs_in_names_do_not_steer_the_terminal() -> None:
    forecast = sample_forecast(3)
    odd = tuple(
        dataclasses.replace(deal, name="\x1b[31m[bold]x[/nope]\u202e", owner="\x1b[2J") for deal in forecast.deals
    )
    text = drawn(forecast_text(dataclasses.replace(forecast, deals=odd), "T\x1b[0m", every=True), 120)
    assert "\x1b" not in text and "\u202e" not in text and "[bold]x[/nope]" in text
