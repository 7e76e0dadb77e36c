# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""What the judge says of the sample firm: every word once, with and without a known truth; and where nothing can be judged."""

from __future__ import annotations

import dataclasses

from headway.verdict.value import (
    BuyersOrder,
    Comparison,
    Constraint,
    ConstraintCandidate,
    Interval,
    Judged,
    OrderReversal,
    OwnWay,
    PlantedTruth,
    Reinforcement,
    Sign,
    Signal,
    Theatre,
    TrialResult,
    Verdict,
    WeekAfter,
)
from tests.report.sample_company import MILESTONES, STAGES

PROCESS = "New business"
NO_STEPS = "This log holds no activities, so there are no steps to judge."

_STEPS: tuple[tuple[str, str, str, int, str, str, float | None, tuple[float, float, float] | None, str, float], ...] = (
    # id, what is asked, stage, n, word, ground, left out, effect, truth's word, truth's cost
    ("send_agenda", "Send the agenda of the first call", "Discovery", 622, "works", "kept by nearly all", 0.06, (-0.04, -0.16, 0.08), "works", 0.06),
    ("ask_who", "Ask who else has called this a problem", "Discovery", 618, "rhythm", "not inspected", 0.31, (-0.17, -0.24, -0.1), "rhythm", 0.19),
    ("cost_sheet", "Send the cost sheet for the buyer to fill in", "Evaluation", 487, "process", "harmless", 0.44, (0.02, -0.05, 0.09), "process", 0.0),
    ("demo_script", "Hold the demonstration by the script", "Evaluation", 471, "process", "harmless", 0.37, (-0.01, -0.08, 0.06), "process", 0.02),
    ("yes_to_sum", "Ask who has to say yes to the sum", "Business case", 344, "practice", "few leave it out", 0.22, (-0.2, -0.29, -0.11), "practice", 0.2),
    ("board_paper", "Write the board paper with them within seven days", "Business case", 338, "process", "many leave it out", 0.63, (-0.14, -0.22, -0.05), "process", 0.12),
    ("meet_everyone", "Meet everyone who can say no", "Negotiation", 271, "practice", "few leave it out", 0.29, (-0.24, -0.34, -0.13), "practice", 0.17),
    ("reference", "Offer a reference call", "Negotiation", 268, "costly", "no reviews", 0.52, (-0.12, -0.21, -0.03), "practice", 0.14),
    ("press_date", "Press for a date at the end of the quarter", "Signature", 214, "helps", "better without", 0.41, (0.13, 0.04, 0.21), "helps", -0.1),
    ("paper_path", "Agree the paper path with dates", "Signature", 209, "unknown", "too wide", 0.33, (-0.05, -0.17, 0.07), "practice", 0.11),
)  # fmt: skip


def judged() -> Judged:
    """Ten steps, one of each word at least; reviews lapsed half-way; no truth known."""
    verdicts = tuple(_verdict(*row[:8]) for row in _STEPS)
    return Judged(
        sentence="The process is at fault for three of your ten steps, the practice for two, the rhythm for one; one cannot be told yet.",
        so="Begin with “Meet everyone who can say no”: coach the deals that leave it out. Then rewrite or drop “Send the cost sheet for the buyer to fill in”.",
        margin=0.10,
        horizon_days=90.0,
        verdicts=(*verdicts, _requested(), *_rules()),
        signals=_signals(),
        orders=(_order(),),
        theatre=_theatre(),
        reinforcement=_reinforcement(),
        own_ways=_own_ways(),
        constraint=_constraint(),
    )  # fmt: skip


def truth_known() -> Judged:
    """The same firm, simulated: what is really so stands beside each verdict."""
    whole = judged()
    truths = {row[0]: PlantedTruth(row[8], row[9], -row[9] - 0.14) for row in _STEPS}
    told = tuple(dataclasses.replace(verdict, truth=truths.get(verdict.id)) for verdict in whole.verdicts)
    return dataclasses.replace(whole, verdicts=told)


def nothing_to_judge() -> Judged:
    """An export of claims alone: no activity, no buyer act, no review."""
    reason = "No review was recorded."
    rules = tuple(
        dataclasses.replace(
            rule, word="unknown", ground="no buyer evidence", cannot_be_judged=True, deals_needed=None,
            so="Run a trial.",
            sentence=f"{rule.label}: 9 points fewer were won (90 % interval 2 to 16 fewer, n 377), but no buyer act is known, so why cannot be told.",
        )
        for rule in _rules()
    )  # fmt: skip
    return Judged(
        sentence=NO_STEPS,
        so="Record what buyers do, or run a trial: ask for a step on a randomly chosen half of new deals.",
        margin=0.10,
        horizon_days=90.0,
        verdicts=rules,
        signals=(),
        orders=(BuyersOrder(PROCESS, 0, 0, (), (), "Whether buyers go in this order is unknown.", "No milestone was proven on a won deal."),),
        theatre=Theatre(None, "Whether the process is played cannot be told.", (Sign("edits before reviews", PROCESS, None, "Unknown.", reason=reason),)),
        reinforcement=Reinforcement("What a review does is unknown.", 0, 0, None, None, None, "The leader's absence is not recorded.", (), reason),
        own_ways=(),
        constraint=Constraint(None, "What holds this team back most cannot be told yet.", "Record what buyers do.", ()),
        no_steps=NO_STEPS,
    )  # fmt: skip


def crowded(names: tuple[str, ...], process: str) -> Judged:
    """Sixty steps with the names given, most of them on top of each other."""
    whole = judged()
    made = []
    for place in range(60):
        row = _STEPS[place % len(_STEPS)]
        left_out, effect = row[6] or 0.0, row[7]
        assert effect is not None
        shift, moved = (place * 37 % 23 - 11) / 300, (place * 53 % 29 - 14) / 200
        one = _verdict(f"step-{place}", f"{names[place % len(names)]} {place}", f"{place:02d} {names[(place + 3) % len(names)]}", row[3] * 900, row[4],
                       row[5], max(left_out + shift, 0.0), (effect[0] + moved, effect[1] + moved, effect[2] + moved))  # fmt: skip
        made.append(dataclasses.replace(one, process=process, truth=PlantedTruth(row[8], row[9])))
    signals = tuple(
        dataclasses.replace(whole.signals[place % len(whole.signals)], milestone=f"m{place}", buyer=f"{names[place % len(names)]} {place}")
        for place in range(80)
    )  # fmt: skip
    proposed = tuple((signal.milestone, signal.buyer) for signal in (*signals[40:], *signals[:40]))
    ways = tuple(dataclasses.replace(whole.own_ways[0], why=f"{name} {name}", label=name) for name in names)
    return dataclasses.replace(
        whole, verdicts=tuple(made), signals=signals, own_ways=ways,
        orders=(dataclasses.replace(whole.orders[0], process=process, proposed=proposed),),
    )  # fmt: skip


def _verdict(
    id: str, label: str, stage: str, n: int, word: str, ground: str, left_out: float | None,
    effect: tuple[float, float, float] | None,
) -> Verdict:  # fmt: skip
    deals = f"{n:,} deals"
    assert left_out is not None and effect is not None
    value, low, high = effect
    change = f"difference {_points(value)} points, 90 % interval {_points(low)} to {_points(high)}, {deals}, {100 * left_out:.0f} % left it out"
    said = {
        "works": f"Nearly every deal gets it ({change}).",
        "process": f"Deals without it were won as often as the others ({change}). The step asks for something that does not matter.",
        "helps": f"Deals without it were won more often ({change}).",
        "unknown": f"Whether it matters cannot be told yet ({change}).",
    }.get(word if ground != "many leave it out" else ground, f"Deals without it were won less often ({change}).")  # fmt: skip
    so = {
        "works": "Leave it alone.", "process": "Rewrite or drop the step.", "practice": "Coach the deals that leave it out.",
        "rhythm": "Hold the reviews, and look at these deals in them.", "costly": "Start holding reviews; then it shows whether practice or rhythm is at fault.",
        "helps": "Propose a trial of leaving it out as the new way.", "unknown": "About 240 more decided deals will tell, or run a trial.",
    }[word]  # fmt: skip
    return Verdict(
        "step", id, label, PROCESS, stage, word, ground, said, so, 0.10,
        Interval(left_out, max(left_out - 0.04, 0), min(left_out + 0.04, 1), n),
        Interval(value, low, high, n),
        deals_needed=240 if word == "unknown" else None,
        provisional=word != "practice",
        comparison=_comparison(n, left_out, value, word),
        trial=TrialResult("Cost sheet or none", "running", 41, 44, 38, Interval(0.03, -0.19, 0.25, 38), "Go on: the trial cannot tell yet.")
        if id == "cost_sheet" else None,
    )  # fmt: skip


def _comparison(n: int, left_out: float, effect: float, word: str) -> Comparison:
    without = round(n * left_out)
    return Comparison(
        landmark="seven days after the stage was claimed",
        n=n, left_out=without, won_without=round(without * max(0.41 + effect, 0)), won_with=round((n - without) * 0.41),
        horizon_days=90, not_followed=38, decided_before=21,
        adjusted_for=("amount", "segment", "owner", "quarter", "milestones proven by then", "the buyer's silence"),
        raw=effect - 0.06, naive=effect - 0.21, naive_n=n - 59,
        why_naive_is_off="Deals that were lost early never reached the day on which it was due, and count as left out.",
        without_evidence=effect - 0.05, e_value=2.1, e_value_bound=1.4 if word != "process" else None,
        owners=12, owners_leaving_out=4 if word != "process" else 11,
        inspected=Interval(0.42, 0.37, 0.47, without) if word not in ("costly", "rhythm") else Interval(0.08, 0.05, 0.12, without) if word == "rhythm" else None,
        evidence_seen=0.87,
    )  # fmt: skip


def _requested() -> Verdict:
    return Verdict(
        "step", "second_offer", "Send a second, better offer", PROCESS, "Negotiation", "", "at the buyer's request",
        "The buyer asks for it, so it cannot be judged.", "", 0.10, Interval(0.71, 0.66, 0.76, 268), None,
    )  # fmt: skip


def _rules() -> tuple[Verdict, ...]:
    skip = _verdict("skip", "Enter every stage", "", 512, "process", "harmless", 0.34, (0.01, -0.06, 0.08))
    jump = _verdict("jump", "One stage at a time", "", 377, "unknown", "too few", 0.12, (-0.09, -0.24, 0.06))
    return tuple(
        dataclasses.replace(rule, subject="rule", trial=None, sentence=rule.sentence.replace("step", "rule"))
        for rule in (skip, jump)
    )


def _signals() -> tuple[Signal, ...]:
    figures = ((0.31, 0.24, 0.38), (0.12, 0.03, 0.21), (0.27, 0.19, 0.35), (0.01, -0.08, 0.1), None)
    words = ("telling", "telling", "telling", "not telling", "unknown")
    return tuple(
        Signal(
            id, buyer, PROCESS, STAGES[rank - 1], word, "" if figure else "too few",
            f"Deals that had it were won {100 * figure[0]:.0f} points more often." if figure else "Too few deals had it by then.",
            Interval(*figure, 420 - 50 * rank) if figure else None, 200 - 30 * rank, 220 - 20 * rank, "30 days after entering the stage",
            None if figure else 120,
        )
        for (id, rank, buyer, _), word, figure in zip(MILESTONES, words, figures, strict=True)
    )  # fmt: skip


def _order() -> BuyersOrder:
    order = ("problem", "budget", "impact", "paper", "stakeholders")
    buyers = {id: buyer for id, _, buyer, _ in MILESTONES}
    return BuyersOrder(
        PROCESS, 212, 10,
        (
            OrderReversal("impact", "budget", buyers["impact"], buyers["budget"], Interval(0.71, 0.63, 0.78, 148)),
            OrderReversal("stakeholders", "paper", buyers["stakeholders"], buyers["paper"], Interval(0.62, 0.54, 0.7, 131)),
        ),
        tuple((id, buyers[id]) for id in order),
        "Winning buyers go another way in 2 of 10 pairs of milestones: most clearly, 71 % secured the budget before they put a figure on the problem.",
    )  # fmt: skip


def _theatre() -> Theatre:
    return Theatre(
        True, "The weekly review is prepared for rather than lived: two of five signs are there.",
        (
            Sign("edits before reviews", "Weekly review", True, "38 % of edits fall into the four hours before a review; 9 % would by chance.", 0.38, 0.09, 0.06, 0.13, 2140),
            Sign("claims in bursts", PROCESS, False, "Claims come as spread out as deals move.", 0.11, 0.1, 0.07, 0.14, 1830),
            Sign("late evidence", PROCESS, True, "Evidence is recorded 19 days after it happened, as a median.", 19.0, 3.0, 2.0, 5.0, 611),
            Sign("dates at period ends", PROCESS, False, "Close dates pile up no more than wins do.", 0.31, 0.29, 0.24, 0.34, 812),
            Sign("mandatory criterion", "Budget confirmed", None, "No criterion became mandatory.", reason="No version made a criterion mandatory."),
        ),
    )  # fmt: skip


def _reinforcement() -> Reinforcement:
    curve = tuple(
        WeekAfter(
            week,
            Interval(0.78 - 0.04 * week, 0.74 - 0.05 * week, 0.82 - 0.03 * week, 410 - 40 * week),
            Interval(0.55 - 0.005 * week, 0.49 - 0.01 * week, 0.61, 180 - 12 * week) if week < 5 else None,
        )
        for week in range(7)
    )
    return Reinforcement(
        "After a review that was held 78 % of what falls due is done, after one that was missed 55 %; half of that is gone after 17 days.",
        61, 17, Interval(0.23, 0.16, 0.3, 1804), Interval(17.0, 11.0, 26.0, 1804), Interval(-0.11, -0.18, -0.04, 402),
        "In the six weeks in which the leader was away it was 11 points lower.", curve,
    )  # fmt: skip


def _own_ways() -> tuple[OwnWay, ...]:
    return (
        OwnWay("skip", "Skip Evaluation", "The buyer had tried it at another site.", "won", 22, 18, 13, Interval(0.72, 0.52, 0.87, 18), 0.38, "keeps winning",
               "Allowed 22 times; of 18 decided, 13 were won as predicted, where others like them win 38 %. Try it as the new way."),
        OwnWay("overstay", "Stay longer in Negotiation", "Their fiscal year begins in April.", "won", 9, 6, 2, Interval(0.33, 0.1, 0.65, 6), 0.41, "unknown",
               "Allowed 9 times; 6 are decided, which is too few to tell."),
    )  # fmt: skip


def _constraint() -> Constraint:
    return Constraint(
        "Movement", "Movement holds this team back most: of the deals that go quiet, most do so with the problem agreed and no one who can say yes.",
        "Work on “Someone with authority has secured the budget” first, and on nothing else.",
        (
            ConstraintCandidate("Movement", 0.62, ("47 % of deals that enter Evaluation reach a decision in time.", "34 % of lost deals end without a decision."), ("Deals that reach Negotiation are decided in time.",)),
            ConstraintCandidate("Trust", 0.31, ("Buyers act late: the first buyer act comes after 19 days as a median.",), ("References were asked for in 8 % of deals only.",)),
            ConstraintCandidate("Attention", 0.18, (), ("New deals per week have not fallen.",)),
            ConstraintCandidate("Control", None, (), ("No review was recorded before March, so it cannot be told.",)),
        ),
    )  # fmt: skip


def _points(share: float) -> str:
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{abs(100 * share):.0f}"
