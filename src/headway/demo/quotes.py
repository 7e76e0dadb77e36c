"""What buyers are quoted with, by milestone."""

from __future__ import annotations

QUOTES: dict[str, tuple[str, ...]] = {
    "talk_agreed": (
        "We lost two days of production in spring and nobody could say why. Let us talk.",
        "A colleague at another plant mentioned you. Thursday works.",
        "Our contract for the old system ends next year, so the timing is good.",
    ),
    "problem_stated": (
        "Every Monday I rebuild the plan by hand, and by Tuesday it is wrong.",
        "Late orders cost us about 40,000 a quarter in penalties alone.",
        "We carry six weeks of stock because nobody trusts the figures.",
        "The night shift calls me at home when a line stops.",
    ),
    "problem_confirmed": (
        "I hear the same from all three sites. It has to be this year.",
        "If planning stays as it is, we cannot take the new customer.",
        "My team spends a day a week on this. I want that day back.",
    ),
    "budget_owner_named": (
        "Up to 50,000 I sign myself. Beyond that it is our CFO; I have copied her.",
        "Investments go through the plant director. He will join the next call.",
        "The group approves it, on the word of our operations board.",
    ),
    "budget_confirmed": (
        "It is in next year's plan, under operations.",
        "I can release this amount if it runs before the season begins.",
        "There is money set aside; I need one page for the board.",
    ),
    "group_met": (
        "Everybody who has to agree was in the room today.",
        "IT, production and finance have all said yes to going on.",
        "Thank you for taking the questions from the works council as well.",
    ),
    "criteria_written": (
        "Attached is what we will decide by, agreed with production and finance.",
        "Our five criteria, in order. Time to go live comes first.",
    ),
    "risk_review_done": (
        "Security has no objection, provided that the data stay in the EU.",
        "The assessment is finished: two points to settle in the contract.",
        "Legal has read it. Liability needs another sentence, otherwise fine.",
    ),
    "reference_heard": (
        "We spoke with the plant you named. Their start took longer than planned, and they would do it again.",
        "Good conversation with your customer; they answered what you could not.",
    ),
    "path_agreed": (
        "These dates work for us. I own the first three, our buyer the last two.",
        "Agreed: board on the 14th, contract the week after.",
    ),
    "paper_returned": (
        "Contract attached with our changes in sections 4 and 9.",
        "Accepted as it stands; it goes to signature on Friday.",
    ),
}
