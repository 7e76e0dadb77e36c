"""How to read the report: the glossary's words, short."""

from __future__ import annotations

MEANINGS = (
    ("Claimed stage", "What the CRM says."),
    (
        "Evidenced stage",
        "The furthest stage whose milestones, and those of every stage before it, the buyer has verifiably done.",
    ),
    ("Milestone", "One thing the buyer must have done. A seller's call, mail or demonstration never proves one."),
    ("Gap", "Claimed minus evidenced, in stages. Above zero the deal is ahead of its buyer, below zero behind."),
    (
        "Gap in money",
        "Amount times the difference in past win rates between deals claimed here with and without proof. "
        "Hidden while fewer than 30 such deals are decided.",
    ),
    ("Silence", "Days since the buyer last did something. Nothing that a seller does resets it."),
    (
        "Standing",
        "Advancing: the buyer moved lately. Waiting: something agreed is not yet due. Drifting: the seller is active, "
        "the buyer silent. Quiet: both silent. Unseen: no buyer act was ever observed.",
    ),
    (
        "Movement",
        "Of the deals that enter a stage, the share that reach a decision within the usual time. "
        "No is a decision; going quiet is not. Deals still open count for as long as they were seen.",
    ),
    (
        "Usual time",
        "What the process says, else the time within which three in four past deals of that stage were decided.",
    ),
    ("Finding", "One departure from the process on one deal, with the events behind it. It is a result, not an error."),
    (
        "Verdict",
        "Works: nearly every deal gets the step. Process: leaving it out costs nothing, or many leave it out although "
        "reviews look. Practice: it costs, reviews look, few leave it out. Rhythm: it costs, reviews rarely look. "
        "Costly: it costs, no review was recorded. Helps: better without it.",
    ),
    ("Landmark", "The moment at which deals are compared: only those still open then, by what was known of them then."),
    ("Margin", "A cost below so many points does not matter."),
    (
        "Naive figure",
        "Won where done against won where not done, among finished deals. Deals that end early never get a step, "
        "so it misleads.",
    ),
    ("Signal", "How much more often deals are won that have a milestone by a landmark."),
    ("Trial", "A step asked on a randomly chosen half of new deals. Its result outranks a verdict."),
    ("Theatre", "A process that is played rather than followed. Never told of a person."),
    ("Adherence", "How often something the process asks was done, among the times it fell due."),
    (
        "Interval and n",
        "Where the true value lies in 95 of 100 such cases (90 where it says so), and how many cases stand behind it.",
    ),
    ("Unknown", "There is too little to say. The reason stands beside it."),
)
