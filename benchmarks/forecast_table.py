"""What the runs say, as the table of docs/methods/forecast.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.forecast_loans import HORIZON, TUNED, Loans
from benchmarks.forecast_runs import ALL, METHODS, MODEL, OWN_SEEDS, OWN_SIZES, SEEDS, SIZES, Task, team
from headway.conformance.arrays import BoolArray, FloatArray, IntArray
from headway.conformance.shares import share
from headway.forecast import scores
from headway.forecast.baselines import TIMES
from headway.forecast.rollup import moments_of, total_of
from headway.forecast.shock import Shock, shock_of
from headway.forecast.snapshots import WON

Found = Mapping[Task, FloatArray]
JUDGED = tuple(range(TUNED, 11))
TUNE = tuple(range(TUNED))
PROTOTYPE_BRIER = {50: 0.221, 100: 0.218, 200: 0.215, 500: 0.213, ALL: 0.206}
"""As published: three origins with eight draws each; all data on all eleven origins."""
PROTOTYPE_JUDGED = {50: 0.2191, 100: 0.2160, 200: 0.2130, 500: 0.2103, ALL: 0.2080}
"""The prototype run again on the judging origins with 24 draws."""
OTHERS = tuple(name for name in METHODS if name != MODEL)
NOT_WORSE = "gradient boosting"
WEEKS_APART = 7 / HORIZON


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The open deals of some origins, one after the other; columns (n,)."""

    mondays: tuple[int, ...]
    origin: IntArray
    deal: IntArray
    amount: FloatArray
    won: BoolArray

    def chances(self, found: Found, method: str, size: int) -> FloatArray:
        """(draws, n): of being won."""
        draws = 1 if size == ALL else SEEDS
        return np.array(
            [
                np.concatenate([found[Task(method, size, seed, place)][:, WON] for place in self.mondays])
                for seed in range(draws)
            ]
        )


def rows_of(loans: Loans, mondays: Sequence[int]) -> Rows:
    """What became of the deals open at these origins."""
    chosen = [loans.mondays[place] for place in mondays]
    return Rows(
        mondays=tuple(mondays),
        origin=np.concatenate([np.full(len(one.known.now), place) for place, one in enumerate(chosen)]),
        deal=np.concatenate([one.known.now.deal for one in chosen]),
        amount=np.concatenate([one.known.now.amount for one in chosen]),
        won=np.concatenate([one.ended == WON for one in chosen]),
    )


def figures(loans: Loans, found: Found) -> str:
    """All tables, in Markdown."""
    judged = rows_of(loans, JUDGED)
    parts = [
        _quality(found, judged),
        _differences(found, judged, "Brier"),
        _differences(found, judged, "log loss"),
        _calibration(found, judged),
        _whole(loans, found),
        _own(loans, found),
        _times(loans, found),
    ]
    return "\n\n".join(parts)


def size_text(size: int) -> str:
    """`50`; `all`."""
    return "all" if size == ALL else str(size)


def _quality(found: Found, rows: Rows) -> str:
    lines = [
        "**Brier / log loss / ranking** of won within 30 days, on all open deals of the judging origins.",
        "",
        f"| decided deals | {MODEL} | (prototype: published; same origins) | {' | '.join(OTHERS)} |",
        "|---|" + "---|" * (2 + len(OTHERS)),
    ]
    for size in (*SIZES, ALL):
        cells = []
        for method in (MODEL, *OTHERS):
            chance = rows.chances(found, method, size)
            brier = scores.brier_losses(chance, rows.won).mean()
            loss = scores.log_losses(chance, rows.won).mean()
            ranks = np.mean([scores.ranking(one, rows.won, rows.origin) or 0.5 for one in chance])
            cells.append(f"{brier:.4f} / {loss:.3f} / {ranks:.2f}")
        cells.insert(1, f"({PROTOTYPE_BRIER[size]:.3f}; {PROTOTYPE_JUDGED[size]:.4f})")
        cells[0] = f"**{cells[0]}**"
        lines.append(f"| {size_text(size)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _differences(found: Found, rows: Rows, what: str) -> str:
    losses = scores.brier_losses if what == "Brier" else scores.log_losses
    lines = [
        f"**{what}, {MODEL} minus each** [95 %], in thousandths; below zero the model is better. Origins, deals and "
        "draws of the sub-team are all drawn again.",
        "",
        f"| decided deals | {' | '.join(OTHERS)} |",
        "|---|" + "---|" * len(OTHERS),
    ]
    for size in (*SIZES, ALL):
        mine = losses(rows.chances(found, MODEL, size), rows.won)
        cells = []
        for method in OTHERS:
            other = losses(rows.chances(found, method, size), rows.won)
            apart = scores.paired_difference(mine, other, rows.origin, rows.deal)
            good = apart.high < 0 or (method == NOT_WORSE and apart.low <= 0)
            mark = "" if good else " **!**"
            cells.append(f"{_thousandths(apart.value)} [{_thousandths(apart.low)}, {_thousandths(apart.high)}]{mark}")
        lines.append(f"| {size_text(size)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _thousandths(value: float) -> str:
    return f"{1000 * value:+.1f}".replace("-", "−")


def per_origin_calibration(chance: FloatArray, rows: Rows) -> float:
    """Calibration error of each origin, weighted by its deals: harder than over all origins at once."""
    errors = [scores.calibration_error(chance[rows.origin == one], rows.won[rows.origin == one]) for one in range(5)]
    return float(np.average(errors, weights=np.bincount(rows.origin, minlength=5)))


def _calibration(found: Found, rows: Rows) -> str:
    lines = [
        "**Calibration error**, mean over origins (over all origins at once): goal 0.06 at 200, 0.04 on all.",
        "",
        "| decided deals | " + " | ".join((MODEL, *OTHERS)) + " |",
        "|---|" + "---|" * (1 + len(OTHERS)),
    ]
    for size in (*SIZES, ALL):
        cells = []
        for method in (MODEL, *OTHERS):
            chance = rows.chances(found, method, size)
            each = np.mean([per_origin_calibration(one, rows) for one in chance])
            whole = np.mean([scores.calibration_error(one, rows.won) for one in chance])
            cells.append(f"{each:.3f} ({whole:.3f})")
        cells[0] = f"**{cells[0]}**" + (" (prototype 0.040; published 0.038)" if size == ALL else "")
        lines.append(f"| {size_text(size)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _whole(loans: Loans, found: Found) -> str:
    lines = [
        "**Bookings on all data**: bias over origins, mean error per origin; goal within ±5 %, at most 7 %. Prototype: "
        "+6.6 %, 7.4 % on the judging origins, +4 %, 7 % on all eleven.",
        "",
        "| origins | " + " | ".join((MODEL, *OTHERS)) + " |",
        "|---|" + "---|" * (1 + len(OTHERS)),
    ]
    for name, mondays in (("judging", JUDGED), ("tuning", TUNE), ("all eleven", (*TUNE, *JUDGED))):
        rows = rows_of(loans, mondays)
        true = scores.totals(rows.amount * rows.won, rows.origin, len(mondays))
        cells = []
        for method in (MODEL, *OTHERS):
            said = rows.chances(found, method, ALL)[0] * rows.amount
            money = scores.bookings(scores.totals(said, rows.origin, len(mondays)), true)
            cells.append(f"{_percent(money.bias)}, {100 * (money.relative or 0):.1f} %")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:+.1f} %".replace("-", "−")


def _own(loans: Loans, found: Found) -> str:
    lines = [
        f"**A team's own pipeline**: {OWN_SEEDS} teams at the five judging origins. Error: mean of |forecast ÷ true − "
        "1|. Covered: how often the stated 80 % interval held the true total [95 %]; without the common shock in "
        "brackets. Width: of the interval, as a share of the forecast.",
        "",
        "| decided deals (open) | error: model (prototype) | goal | base rate | stage-weighted | naive Bayes | "
        "gradient boosting | 80 % covers | prototype | width |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    goals = {100: ("42 %", "42 %", "73 %"), 200: ("25 %", "25 %", "72 %"), 500: ("12 %", "12 %", "77 %")}
    for size in OWN_SIZES:
        told = own_totals(loans, found, size, OWN_SEEDS)
        errors = [f"{100 * np.mean([one.errors[method] for one in told]):.0f} %" for method in OWN]
        held = share(sum(one.held for one in told), len(told))
        alone = np.mean([one.held_alone for one in told])
        width, deals = np.mean([one.width for one in told]), np.mean([one.deals for one in told])
        goal, published, cover = goals[size]
        lines.append(
            f"| {size} ({deals:.0f}) | **{errors[0]}** ({published}) | ≤ {goal} | {' | '.join(errors[1:])} | "
            f"**{100 * (held.value or 0):.0f} %** [{100 * held.low:.0f}, {100 * held.high:.0f}] "
            f"({100 * alone:.0f} %) | "
            f"{cover} | {100 * width:.0f} % |"
        )
    lines.append(_all_covered(loans, found))
    return "\n".join(lines)


OWN = (MODEL, "base rate", "stage-weighted", "naive Bayes", "gradient boosting")


@dataclass(frozen=True, slots=True)
class OwnTotal:
    """One team at one origin."""

    deals: int
    errors: dict[str, float]
    held: bool
    held_alone: bool
    width: float


def own_totals(loans: Loans, found: Found, size: int, teams: int) -> list[OwnTotal]:
    """Every team of this size at every judging origin at which it won anything."""
    return [one for seed in range(teams) for one in _team(loans, found, size, seed)]


def _team(loans: Loans, found: Found, size: int, seed: int) -> list[OwnTotal]:
    """A team's own pipeline at each judging origin; the shock from its own origins whose horizon had passed."""
    sums = []
    for place, monday in enumerate(loans.mondays):
        own = team(loans, monday, size, seed)[monday.known.now.deal]
        sums.append((own, *_sum(found[Task(MODEL, size, seed, place)][own, WON], monday.known.now.amount[own])))
    found_here = []
    for place in JUDGED:
        monday = loans.mondays[place]
        own, chance, amount = sums[place][:3]
        true = float(amount[monday.ended[own] == WON].sum())
        if true <= 0:
            continue
        shock = _shock(loans, place, [(one[3], one[4]) for one in sums], [one[0] for one in sums])
        said, alone = (total_of(chance, amount, shock=one, seed=seed) for one in (shock, Shock.none()))
        others = {m: float(found[Task(m, size, seed, place)][own, WON] @ amount) for m in OWN}
        found_here.append(
            OwnTotal(
                deals=int(own.sum()),
                errors={method: abs(total / true - 1) for method, total in others.items()},
                held=said.low <= true <= said.high,
                held_alone=alone.low <= true <= alone.high,
                width=(said.high - said.low) / said.mean,
            )
        )
    return found_here


def _sum(chance: FloatArray, amount: FloatArray) -> tuple[FloatArray, FloatArray, float, float]:
    return chance, amount, *moments_of(chance, amount)


def _shock(loans: Loans, place: int, said: Sequence[tuple[float, float]], own: Sequence[BoolArray] | None) -> Shock:
    """As it could be known at an origin: from those at least 30 days before."""
    passed = [one for one in range(place) if (loans.mondays[place].on - loans.mondays[one].on).days >= HORIZON]
    true = []
    for one in passed:
        monday = loans.mondays[one]
        mine = np.ones(len(monday.ended), dtype=np.bool_) if own is None else own[one]
        true.append(float(monday.known.now.amount[mine & (monday.ended == WON)].sum()))
    return shock_of(true, [said[one][0] for one in passed], [said[one][1] for one in passed], each=WEEKS_APART)


def _all_covered(loans: Loans, found: Found) -> str:
    said, held = [], 0
    for place, monday in enumerate(loans.mondays):
        chance, amount = found[Task(MODEL, ALL, 0, place)][:, WON], monday.known.now.amount
        said.append(moments_of(chance, amount))
        if place in JUDGED:
            total = total_of(chance, amount, shock=_shock(loans, place, said, None))
            held += total.low <= float(amount[monday.ended == WON].sum()) <= total.high
    return f"\nOn all data the stated 80 % interval held the true total at {held} of the {len(JUDGED)} judging origins."


def time_error(loans: Loans, found: Found, mondays: Sequence[int]) -> float:
    """Mean error, in days, of the model's middle over deals since decided."""
    errors = []
    for place in mondays:
        monday = loans.mondays[place]
        errors.append(np.abs(found[Task(MODEL, ALL, 0, place)][:, 4] - monday.to_go)[monday.decided])
    return float(np.concatenate(errors).mean())


def _times(loans: Loans, found: Found) -> str:
    lines = [
        "**Days to the decision**, won or not: mean error over deals open at an origin and decided by the end of the "
        "log; goal below 7.8 (prototype 7.8 on all eleven). Held: how often the stated 80 % range held it. Ranking: of "
        "two deals, the one decided first was expected first.",
        "",
        f"| origins | {MODEL} | held | ranking | {' | '.join(TIMES)} |",
        "|---|---|---|---|" + "---|" * len(TIMES),
    ]
    for name, mondays in (("judging", JUDGED), ("tuning", TUNE), ("all eleven", (*TUNE, *JUDGED))):
        chosen = [loans.mondays[place] for place in mondays]
        said = np.concatenate([found[Task(MODEL, ALL, 0, place)][:, 3:] for place in mondays])
        true = np.concatenate([one.to_go for one in chosen])
        decided = np.concatenate([one.decided for one in chosen])
        origin = rows_of(loans, mondays).origin
        held = ((said[:, 0] <= true) & (true <= said[:, 2]))[decided].mean()
        ranks = scores.time_ranking(said[:, 1], true, decided, origin)
        usual = [np.concatenate([guess(one.by_queue) for one in chosen]) for guess in TIMES.values()]
        errors = [f"{np.abs(one - true)[decided].mean():.1f}" for one in (said[:, 1], *usual)]
        lines.append(f"| {name} | **{errors[0]}** | {100 * held:.0f} % | {ranks:.2f} | {' | '.join(errors[1:])} |")
    return "\n".join(lines)
