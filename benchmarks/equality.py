"""Results are compared before speed: a fast wrong answer is no answer."""

from __future__ import annotations

from benchmarks.contest import Findings

# The counts that the design states for the real log; each copy of the log adds as many again.
KNOWN = {"cases": 13_087, "events": 262_200, "conform": 3_480, "skips": 4_852, "regresses": 6_215, "jumps": 7_367}
KNOWN_VARIANTS, KNOWN_PAIRS = 4_366, 125
# pm4py's Polars way gives whole seconds; its pandas way, and ours, are rounded to the millisecond here.
TOLERANCE = {"pandas": 0.0011, "polars": 1.0}


def require_equal(ours: Findings, peer: Findings | None, copies: int) -> list[str]:
    """What was compared and found equal, in words; AssertionError with the difference otherwise."""
    found = ours.answers
    counts = {**found["load"], "conform": found["conformance"]["conform"]}
    counts |= {word: found[word] for word in ("skips", "regresses", "jumps")}
    expected = {word: count * copies for word, count in KNOWN.items()}
    _same("counts", counts, expected)
    _same("variants", found["variants"]["variants"], KNOWN_VARIANTS)
    _same("pairs", len(found["follows"]), KNOWN_PAIRS)
    said = [", ".join(f"{word} {count:,}" for word, count in counts.items())]
    if peer is None:
        return said
    _same("load", found["load"], peer.answers["load"])
    for kind in ("pandas", "polars"):
        for task in ("conformance", "follows", "variants"):
            if f"{task}_{kind}" in peer.answers:
                _same(f"{task} ({kind})", found[task], peer.answers[f"{task}_{kind}"])
        theirs = peer.answers.get(f"dwell_{kind}")
        if theirs is not None:
            _same("pairs of dwell", sorted(found["dwell"]), sorted(theirs))
            furthest = max(abs(found["dwell"][pair] - theirs[pair]) for pair in theirs)
            if furthest > TOLERANCE[kind]:
                raise AssertionError(f"dwell differs from pm4py ({kind}) by {furthest} s")
    said.append("which cases conform, each directly-follows count, each variant with its cases, each median dwell")
    return said


def _same(what: str, ours: object, theirs: object) -> None:
    if ours != theirs:
        raise AssertionError(f"{what} differ: ours {str(ours)[:300]}, expected {str(theirs)[:300]}")
