"""One day of a rewind in words, and the picture of its levels."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from headway.diagnosis.rewind_value import Level, Part, ProcessDay, Rewind, RewindDay, RewoundProcess
from headway.report.rewind_picture import level_name, rewind_picture, rewind_sentences

ON = date(2026, 9, 20)
EVIDENCED = Part((5, 1, 1, 0, 0), (500_000.0, 200_000.0, 200_000.0, 0.0, 0.0))
UNPROVEN = Part((2, 6, 2, 0, 0), (200_000.0, 600_000.0, 300_000.0, 0.0, 0.0))
UNOBSERVED = Part((0, 0, 0, 0, 1), (0.0, 0.0, 0.0, 0.0, 100_000.0))
LATE = Level(EVIDENCED, UNPROVEN, UNOBSERVED)
STAGES = ("Discovery", "Proposal", "Negotiation")


def rewound(*levels: Level, without_amount: int = 0) -> Rewind:
    deals = levels[0].claimed.deals
    process = ProcessDay(deals, levels[0].claimed.amount, without_amount, levels)
    day = RewindDay(ON, deals, process.amount, without_amount, 0, (process,))
    return Rewind(
        datetime(2026, 11, 1, tzinfo=UTC), "EUR", (RewoundProcess("Sales", "1", STAGES),), (day,), (date(2026, 9, 30),)
    )


def plain(sentences: tuple[str, ...]) -> list[str]:
    return [text.replace("\u00a0", " ").replace("\u2060", "") for text in sentences]


def test_a_day_says_what_was_claimed_what_was_shown_and_how_both_ended() -> None:
    assert plain(rewind_sentences(rewound(LATE, LATE, Level()), ON)) == [
        "On 20 Sep 2026, €2.1 M was claimed in the last two stages; buyers had shown it for €900 k.",
        "Of the 7 deals evidenced, 71 % (36–92 %) were won.",
        "Of the 11 deals not evidenced (1 of them not observed), 18 % (5–48 %) were won.",
        "1 deal is still open, so these shares may rise.",
    ]


def test_where_amounts_were_not_known_deals_are_counted() -> None:
    rewind = rewound(LATE, LATE, Level(), without_amount=17)
    assert not rewind.in_money
    assert plain(rewind_sentences(rewind, ON))[0] == (
        "On 20 Sep 2026, 18 deals were claimed in the last two stages; buyers had shown it for 7 deals."
    )
    assert 'data-claimed="18"' in rewind_picture(rewind)


def test_one_deal_is_not_a_share() -> None:
    level = Level(evidenced=Part((1, 0, 0, 0, 0), (9.0, 0.0, 0.0, 0.0, 0.0)), unproven=Part((0, 1, 0, 0, 0)))
    told = plain(rewind_sentences(rewound(level, level, level), ON, process=0, rank=3))
    assert told[1:] == ["The one deal evidenced was won.", "The one deal not evidenced was not won."]


def test_nothing_claimed_and_nothing_shown_are_said() -> None:
    assert plain(rewind_sentences(rewound(LATE, Level(), Level()), ON)) == [
        "On 20 Sep 2026 nothing was claimed in the last two stages."
    ]
    bluff = rewound(LATE, Level(unproven=UNPROVEN), Level())
    assert "buyers had shown none of it." in rewind_sentences(bluff, ON)[0]


def test_where_no_buyer_was_observed_nothing_is_said_of_evidence() -> None:
    unseen = Level(unobserved=Part((3, 1, 0, 0, 0), (60.0, 20.0, 0.0, 0.0, 0.0)))
    rewind = rewound(unseen, unseen, unseen)
    assert not rewind.observed and rewound(LATE, LATE, LATE).observed
    assert plain(rewind_sentences(rewind, ON)) == [
        "On 20 Sep 2026, €80 was claimed in the last two stages; what buyers had done was not observed.",
        "Of the 4 deals claimed, 75 % (30–95 %) were won.",
    ]
    picture = rewind_picture(rewind)
    assert 'data-claimed="80"' in picture and "data-evidenced" not in picture and "unbacked" not in picture


def test_what_has_not_ended_is_no_share_yet() -> None:
    young = Part((0, 0, 0, 0, 3), (0.0, 0.0, 0.0, 0.0, 90.0), without_amount=2)
    fresh = rewound(Level(evidenced=EVIDENCED, unproven=young), Level(evidenced=young), Level())
    assert plain(rewind_sentences(fresh, ON))[1:] == [
        "The amount of 2 deals was not known that day.",
        "None of these deals has ended yet.",
    ]
    assert plain(rewind_sentences(fresh, ON, process=0, rank=1))[3:] == [
        "Of the 3 deals not evidenced, none has ended yet.",
        "3 deals are still open, so these shares may rise.",
    ]


@pytest.mark.parametrize(
    ("process", "rank", "expected"),
    [
        (None, None, "the last two stages"),
        (0, None, "the last two stages"),
        (0, 2, "Proposal or beyond"),
        (0, 3, "Negotiation"),
    ],
)
def test_a_level_is_called_by_its_stage(process: int | None, rank: int | None, expected: str) -> None:
    assert level_name(rewound(LATE, LATE, LATE), process, rank) == expected


def test_the_picture_is_of_the_level_asked_for() -> None:
    rewind = rewound(LATE, LATE, Level(evidenced=EVIDENCED))
    assert 'data-claimed="2100000" data-evidenced="900000"' in rewind_picture(rewind)
    assert 'data-claimed="900000" data-evidenced="900000"' in rewind_picture(rewind, process=0, rank=3)
    assert "€2 M" in rewind_picture(rewind)
