"""What is judged, in the terminal: the sentence, one line for each verdict, one for each of the other answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from headway.cli.terminal import more, plain
from headway.report import verdict_words as tell
from headway.verdict.value import Judged, Verdict

STEPS = 12  # shown; the report has all
STYLES = {"process": "yellow", "practice": "magenta", "rhythm": "magenta", "costly": "magenta", "helps": "green",
          "works": "cyan"}  # fmt: skip


def verdict_lines(judged: Judged) -> Iterator[RenderableType]:
    """What `headway diagnose` prints of it; the words stand in full, so that nothing depends on colour."""
    yield plain(judged.sentence, "bold")
    if judged.so:
        yield plain(judged.so)
    right = tell.was_it_right(judged.verdicts)
    if right:
        yield plain(right)
    steps, rules = tell.steps_of(judged), tell.rules_of(judged)
    if steps:
        yield _verdicts(steps[:STEPS])
        yield from more(len(steps) - STEPS, "step")
    told = [rule for rule in rules if rule.word not in ("unknown", "") or rule.cannot_be_judged]
    if told:
        yield plain("Rules", "dim")
        yield _verdicts(told[:STEPS])
    yield from _rules_unknown(rules)
    yield _others(judged)


def _verdicts(verdicts: Sequence[Verdict]) -> Table:
    rows = _grid()
    for verdict in verdicts:
        word = tell.word_of(verdict)
        said = plain(f"{verdict.label}. ", "bold") + plain(tell.sentence_below(verdict))
        rows.add_row(plain(word, STYLES.get(word, "dim")), said)
        if verdict.truth is not None:
            right = tell.rightness(verdict)
            rows.add_row("", plain(f"{tell.truth_sentence(verdict)} {f'({right})' if right else ''}".strip(), "dim"))
    return rows


def _rules_unknown(rules: Sequence[Verdict]) -> Iterator[RenderableType]:
    words = Counter(rule.word for rule in rules if not rule.cannot_be_judged)
    if words["unknown"]:
        yield plain(f"{words['unknown']} of {len(rules)} rules cannot be told yet; the report has them.", "dim")


def _others(judged: Judged) -> Table:
    """Signals, order, reviews, theatre, own ways and what to mend first: a line each."""
    rows = _grid()
    answers = [("first", f"{judged.constraint.sentence} {judged.constraint.so}".strip())]
    if judged.signals:
        answers.append(("signals", tell.signals_takeaway(judged.signals)))
    answers += [("order", f"{order.process}: {order.sentence}") for order in judged.orders]
    answers += [("reviews", judged.reinforcement.sentence), ("theatre", judged.theatre.sentence)]
    if judged.own_ways:
        answers.append(("my way", tell.ways_takeaway(judged.own_ways)))
    for name, said in answers:
        rows.add_row(plain(name, "dim"), plain(said))
    return rows


def _grid() -> Table:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(no_wrap=True, min_width=10)
    rows.add_column(ratio=1)
    return rows
