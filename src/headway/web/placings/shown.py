"""Placings as their pages say them: choices, evidence, and what the figures mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from headway.basics.figures import counted, listed, percent_figure
from headway.basics.language import told
from headway.charts.confusion import NARROW, WIDE, beyond_mark
from headway.charts.confusion import confusion as confusion_picture
from headway.evidence.kinds import Grade
from headway.reviews.agreement import Agreement
from headway.reviews.blinded import Line, lines_from
from headway.reviews.placing import BEFORE, CLEAR, Pair, Placed, Results, StageResult, Word, confusion
from headway.store.queries.placings import Convicted, ItemRow, Opened, VersionRow, names_of
from headway.store.queries.versions import process_of

UNSURE = "unsure"
GRADES = {
    Grade.WORD: "the seller’s word",
    Grade.QUOTED: "quoted by the seller",
    Grade.WRITTEN: "written by the buyer",
    Grade.SEEN: "seen in a system",
    Grade.CORROBORATED: "confirmed by a second person",
}
WORDS = {Word.CLEAR: "clear", Word.UNCLEAR: "not clear", Word.UNKNOWN: "not known yet", Word.NOT_MET: "no deal here"}
BADGES = {Word.CLEAR: "good", Word.UNCLEAR: "bad", Word.UNKNOWN: "pill", Word.NOT_MET: "pill"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One place that a deal may be put. `key`: to press; `asks`: what the buyer must have done for it."""

    value: str
    key: str
    name: str
    stage: str = ""
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineShown:
    """One thing that the buyer did, as words. `facts`: how it was seen, by whom, how often."""

    day: int
    what: str
    quote: str
    facts: str
    weak: bool
    act: bool


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of the results. `says`: what follows, as a sentence."""

    one: StageResult
    badge: str
    word: str
    figure: str
    mark: SafeString
    says: str


@dataclass(frozen=True, slots=True)
class Differed:
    """A deal that was put in more than one stage: `places` as words with how many, and Headway's own."""

    item: ItemRow
    places: tuple[str, ...]
    headway: str
    lines: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class ResultsShown:
    """Everything on the page of results."""

    results: Results
    headline: str
    word: str
    badge: str
    sentence: str
    to_do: str
    stages: tuple[StageRow, ...]
    pooled: int
    pooled_deals: int
    matrix: tuple[SafeString, SafeString] | None
    cells: tuple[tuple[str, tuple[int, ...]], ...]
    names: tuple[str, ...]
    differed: tuple[Differed, ...]
    headway: str
    figures: tuple[tuple[str, str], ...]
    rewrite: str  # the name of the stage whose definition to rewrite first; empty for none


@dataclass(frozen=True, slots=True)
class Unclear:
    """A stage known to be unclear: `process`: key of what to rewrite; `basis`: on how much it rests."""

    name: str
    sentence: str
    basis: str
    process: str


def unclear(found: Convicted) -> Unclear:
    """As a note says it."""
    stage, names = found.stage, names_of(found.version)
    basis = (
        f"{found.version.process.name}, version {found.version.number}: {_figure(stage.beyond)} beyond chance, "
        f"over {counted(found.n, 'deal')} in {counted(found.rounds, 'placing')}."
    )
    return Unclear(_blamed(stage, names), _says(stage, names), basis, found.version.process.key)


def choices_of(version: VersionRow) -> tuple[Choice, ...]:
    """Before the first, every stage, cannot tell. The ninth stage is the last one with a key of its own."""
    stages = process_of(version).stages
    rows = [Choice("0", "0", told(BEFORE))]
    for rank, stage in enumerate(stages, 1):
        asks = tuple(milestone.buyer for milestone in stage.milestones)
        rows.append(Choice(str(rank), str(rank) if rank < 10 else "", stage.name, stage.name, asks))
    return (*rows, Choice(UNSURE, "u", told("Cannot tell from this")))


def lines_of(item: ItemRow) -> tuple[LineShown, ...]:
    """What is shown of a deal, oldest first."""
    return tuple(_line(line) for line in lines_from(item.shown))


def _line(line: Line) -> LineShown:
    facts = [line.who] if line.who else []
    if line.grade is not None:
        facts.append(GRADES.get(Grade(line.grade), ""))
    if line.disputed:
        facts.append("disputed since")
    if line.often > 1:
        facts.append(f"{line.often} times, the last on this day")
    words = line.what[:1].upper() + line.what[1:]
    said = " · ".join(fact for fact in facts if fact)
    return LineShown(line.day, words, line.quote, said[:1].upper() + said[1:], line.grade == 0, line.grade is None)


def shown_results(opened: Opened, results: Results, together: Results | None) -> ResultsShown:
    """`results`: of this round; `together`: of all rounds of its version, None where this is the only one."""
    names = (told(BEFORE), *opened.names)  # here, as the names of stages are shown as they were typed
    judged = together or results
    convicted = judged.convicted
    grid = confusion(opened.placed, len(names))
    counts = [[len(cell) for cell in row] for row in grid]
    said = [[f"{_deals(cell)}: {names[down]} and {names[across]}" for across, cell in enumerate(row)]
            for down, row in enumerate(grid)]  # fmt: skip
    return ResultsShown(
        results=results,
        headline=f"{results.alike.done} of {results.n}",
        word=WORDS[judged.word].capitalize(),
        badge=BADGES[judged.word],
        sentence=_sentence(judged, opened.rounds if together else 1),
        to_do=_to_do(results.pairs[0] if results.pairs else None, names),
        stages=tuple(_stage(stage, opened.names) for stage in judged.stages),
        pooled=opened.rounds if together else 0,
        pooled_deals=together.n if together else 0,
        matrix=_matrix(counts, names, said, results) if results.n else None,
        cells=tuple((name, tuple(row)) for name, row in zip(names, counts, strict=True)),
        names=names,
        differed=tuple(_differed(one, opened, names) for one in opened.placed if len(set(one.places)) > 1),
        headway=_headway(results),
        figures=_figures(results),
        rewrite=_blamed(convicted[0], opened.names) if convicted else "",
    )


def _sentence(results: Results, rounds: int) -> str:
    """Of all rounds where there are several: then they are judged together."""
    beyond = results.beyond
    if beyond.value is None:
        return "Everybody put every deal into one and the same stage: that tells nothing. Place deals of other stages."
    said = f"Beyond chance that is {_figure(beyond)}; from {CLEAR:.1f} on, stages count as clear."
    if rounds > 1:
        over = f"over all {rounds} placings of this version ({counted(results.n, 'deal')})"
        said = f"Beyond chance, {over}, that is {_figure(beyond)}; from {CLEAR:.1f} on, stages count as clear."
    follows: tuple[str, ...] = (_needed(results.more), "Placings of one version count together.")
    if results.word is Word.CLEAR:
        follows = ("These do.",)
    elif results.word is Word.UNCLEAR:
        follows = ("These do not: what a stage means must be written so that two people read it alike.",)
    return " ".join((said, *follows))


def _needed(more: int | None) -> str:
    if more is None:
        return "It lies so close to that line that more deals would hardly tell."
    return f"About {counted(more, 'more deal')} would tell."


def _to_do(pair: Pair | None, names: Sequence[str]) -> str:
    if pair is None:
        return ""
    return f"Most often taken for each other: {names[pair.first]} and {names[pair.second]} ({_deals(pair.deals)})."


def _stage(stage: StageResult, names: Sequence[str]) -> StageRow:
    beyond, mark = stage.beyond, SafeString("")
    if stage.met and beyond.value is not None and beyond.low is not None and beyond.high is not None:
        mark = SafeString(beyond_mark(beyond.value, beyond.low, beyond.high, CLEAR))
    return StageRow(
        stage, BADGES[stage.word], WORDS[stage.word], _figure(beyond) if mark else "", mark, _says(stage, names)
    )


def _says(stage: StageResult, names: Sequence[str]) -> str:
    if stage.word is Word.NOT_MET:
        return "Nobody put a deal here."
    other = ""
    if stage.confused is not None:
        rank = stage.confused.second if stage.confused.first == stage.rank else stage.confused.first
        other = f" Taken for {(BEFORE, *names)[rank]} on {counted(len(stage.confused.deals), 'deal')}."
    if stage.word is Word.CLEAR:
        return f"People agree what it means.{other}"
    if stage.word is Word.UNCLEAR:
        return f"People read it differently.{other}"
    return f"{_needed(stage.more)}{other}"


def _blamed(stage: StageResult, names: Sequence[str]) -> str:
    """Before the first stage is no stage: then what is not clear is when the first one begins."""
    return stage.name if stage.rank else names[0]


def _matrix(
    counts: Sequence[Sequence[int]], names: Sequence[str], said: Sequence[Sequence[str]], results: Results
) -> tuple[SafeString, SafeString]:
    two = results.people == 2
    axes = ("one of you", "the other") if two else ("one of you", "another")
    title, desc = "Where the same deals were put", _to_do(results.pairs[0] if results.pairs else None, names)
    wide, narrow = (
        SafeString(confusion_picture(counts, names, width=width, title=title, desc=desc, down=axes[0],
                                     across=axes[1] if width == WIDE else f"{axes[0]} ↓   {axes[1]} →", said=said))
        for width in (WIDE, NARROW)
    )  # fmt: skip
    return wide, narrow


def _differed(one: Placed, opened: Opened, names: Sequence[str]) -> Differed:
    """Without saying who: it is the definition that is looked at."""
    times = Counter(one.places)
    ordered = sorted(times.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))
    many = len(one.places) > 2
    places = tuple(
        ("Cannot tell" if place is None else names[place]) + (f" ({often} of {len(one.places)})" if many else "")
        for place, often in ordered
    )
    item = opened.items[one.number]
    return Differed(item, places, names[one.headway] if one.headway is not None else "not observed", lines_of(item))


def _headway(results: Results) -> str:
    same = results.headway
    if same.value is None or results.later is None:
        return ""
    said = (
        f"{same.done} of {same.n} placements are where Headway has the deal ({percent_figure(same.value)} %, "
        f"{percent_figure(same.low)} to {percent_figure(same.high)} %)."
    )
    if abs(results.later) < 0.05:
        return said
    way = "further along" if results.later > 0 else "less far along"
    return f"{said} On average people place them {abs(results.later):.1f} stages {way}."


def _figures(results: Results) -> tuple[tuple[str, str], ...]:
    rows = [
        ("Deals that all put into one stage", _share_text(results)),
        (f"Beyond chance ({results.beyond.measure})", _figure(results.beyond)),
        (f"The same, counting how far apart ({results.by_distance.measure}, quadratic)", _figure(results.by_distance)),
    ]
    if results.unsure:
        rows.append(("“Cannot tell” was said", counted(results.unsure, "time")))
    return tuple(rows)


def _share_text(results: Results) -> str:
    alike = results.alike
    if alike.value is None:
        return "none placed twice"
    return (
        f"{alike.done} of {alike.n}, {percent_figure(alike.value)} % "
        f"({percent_figure(alike.low)} to {percent_figure(alike.high)} %)"
    )


def _figure(one: Agreement) -> str:
    """`0.63 (0.32 to 0.87)`, true minus signs."""
    if one.value is None or one.low is None or one.high is None:
        return "not to be told"
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})".replace("-", "−")


def _deals(numbers: Sequence[int]) -> str:
    return f"deal{'s'[: len(numbers) != 1]} {listed(map(str, numbers))}"
