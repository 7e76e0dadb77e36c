"""What the buyer would have done where the seller's act was a success: the sentences that rewrites are made of.

Per topic of an artefact: once the thing is prepared or arranged (BEFORE), and once it has taken place or gone out
(AFTER). `{buyer}` is the line's own word for the buyer. Each sentence has the buyer as its subject, says one thing
that somebody can see, that is done or not, and that leaves something behind which the buyer made; a test demands it.
"""

from __future__ import annotations

BEFORE, AFTER = "before", "after"

BY_TOPIC: dict[str, dict[str, str]] = {
    "proposal": {
        BEFORE: "The {buyer} has confirmed in writing what the proposal must contain for them to decide on it",
        AFTER: "The {buyer} has told us in writing what in the proposal they would change or accept",
    },
    "quote": {
        BEFORE: "The {buyer} has asked for the quote in writing and named who will decide on it",
        AFTER: "The {buyer} has answered the quote in writing with the figure they can approve",
    },
    "pricing": {
        BEFORE: "The {buyer} has named in writing the price range they have money for",
        AFTER: "The budget holder has replied in writing how the price compares with the budget",
    },
    "bid": {AFTER: "The {buyer} has placed us on the shortlist in writing and named the others on it"},
    "demo": {
        BEFORE: "The {buyer} has accepted the invitation to the demo and named what their users must see",
        AFTER: "The users who must work with it have said in writing whether the demo covered their problem",
    },
    "presentation": {
        BEFORE: "The {buyer} has invited the people who decide to the presentation and sent us their questions",
        AFTER: "The {buyer} has sent us the questions their colleagues raised after the presentation",
    },
    "discovery": {
        BEFORE: "The {buyer} has accepted the invitation and sent us the problem they want to talk about",
        AFTER: "The {buyer} has described the problem in writing, in their own words, with what it costs them",
    },
    "qualification": {
        AFTER: "The {buyer} has confirmed in writing the problem, the budget and the date by which they want it solved"
    },
    "needs": {AFTER: "The {buyer} has corrected our summary of what they need and confirmed it in writing"},
    "value": {AFTER: "The {buyer} has put the value in their own numbers and sent them to us in writing"},
    "perception": {AFTER: "The {buyer} has told us in writing how they rank us against the alternatives"},
    "prospecting": {AFTER: "The prospect has replied to us and named the problem they would like to talk about"},
    "research": {AFTER: "The {buyer} has confirmed in writing which of the problems we named is theirs"},
    "follow-up": {AFTER: "The {buyer} has answered our summary in writing and named the date of their next step"},
    "message": {AFTER: "The {buyer} has replied to the message and named a colleague who should see it"},
    "objections": {AFTER: "The {buyer} has confirmed in writing which objections are settled and which remain"},
    "solution": {AFTER: "The {buyer}'s technical team has signed off the solution against the requirements they set"},
    "roi": {AFTER: "The {buyer}'s finance team has returned the calculation with its own numbers in it"},
    "scope": {
        BEFORE: "The {buyer} has named in writing what must be in scope and what can wait",
        AFTER: "The {buyer} has signed off the scope line by line",
    },
    "sample": {AFTER: "The {buyer} has sent us the result of testing the sample"},
    "invoice": {AFTER: "The {buyer} has paid the invoice"},
    "reference": {AFTER: "The {buyer} has spoken with the reference and told us in writing what they concluded"},
    "site visit": {
        BEFORE: "The {buyer} has invited us on site and named in writing whom we will meet",
        AFTER: "The {buyer} has confirmed in writing what we saw on site and what should change",
    },
    "environment": {AFTER: "The {buyer}'s users have logged in and completed the task they chose"},
    "internal": {AFTER: "The {buyer} has confirmed in writing their next step and its date"},
    "rapport": {AFTER: "The {buyer} has introduced us to a colleague who shares the problem"},
    "security questionnaire": {AFTER: "The {buyer}'s security team has approved our answers in writing"},
    "purchase order": {AFTER: "The {buyer} has issued the purchase order"},
    "signature": {AFTER: "The {buyer}'s signatory has signed the contract"},
    "approval": {AFTER: "The budget holder has approved the purchase in writing"},
    "budget": {AFTER: "The budget holder has confirmed the amount in writing and which budget it comes from"},
    "rfp": {AFTER: "The {buyer} has issued the request for proposal and named in writing who will judge the answers"},
    "payment": {AFTER: "The {buyer} has paid the deposit"},
    "commitment": {AFTER: "The {buyer} has written that they intend to buy, and named what still has to happen"},
    "intent": {AFTER: "The {buyer} has signed a letter of intent"},
    "decision": {AFTER: "The {buyer} has told us their decision in writing, with the reasons"},
    "procurement": {AFTER: "Procurement has sent us its forms and named in writing the steps to a purchase order"},
    "security review": {AFTER: "The {buyer}'s security team has approved us in writing"},
    "enquiry": {AFTER: "The {buyer} has written to us and named the problem they want solved"},
    "redlines": {AFTER: "The {buyer}'s legal team has returned the contract with its redlines"},
    "reply": {AFTER: "The {buyer} has answered in writing and named what has to be settled next"},
    "requirements": {AFTER: "The {buyer} has sent us their requirements in writing, in the order they count"},
    "pain": {
        AFTER: "The {buyer} has described the problem in writing, in their own words, and named who suffers from it"
    },
    "impact": {AFTER: "The {buyer} has named in writing the figure they want to move, and its value today"},
    "criteria": {AFTER: "The {buyer} has sent us in writing the criteria they will decide by, in the order they count"},
    "process": {AFTER: "The {buyer} has written down each step to a signature, who takes it and by when"},
    "timeline": {
        AFTER: "The {buyer} has named in writing the date they must have this by, and what happens if they miss it"
    },
    "competition": {
        AFTER: "The {buyer} has named in writing the alternatives they compare us with, doing nothing among them"
    },
    "contract": {
        BEFORE: "The {buyer} has named in writing who signs the contract and who must read it first",
        AFTER: "The {buyer}'s legal team has returned the contract with its redlines",
    },
    "nda": {AFTER: "The {buyer} has signed and returned the NDA"},
    "plan": {
        BEFORE: "The {buyer} has entered their own steps and dates in the plan and sent it back",
        AFTER: "The {buyer} has corrected the plan and confirmed each of its dates in writing",
    },
    "business case": {
        BEFORE: "The {buyer} has sent us the figures that the business case rests on",
        AFTER: "The champion has sent the budget holder the business case in the {buyer}'s own numbers",
    },
    "meeting": {
        BEFORE: "The {buyer} has accepted the invitation and sent us the points they want to settle",
        AFTER: "The {buyer} has confirmed in writing what was agreed in the meeting and what they will do next",
    },
    "contact": {AFTER: "The {buyer} has replied to us and named a time for a conversation"},
    "next step": {AFTER: "The {buyer} has confirmed in writing what they will do next, who does it and by when"},
    "kickoff": {
        BEFORE: "The {buyer} has named their project lead in writing and accepted the invitation to the kickoff",
        AFTER: "The {buyer} has signed off the dates of the rollout and named their people for it",
    },
    "negotiation": {AFTER: "The {buyer} has sent us in writing the terms they still want changed"},
    "legal review": {AFTER: "The {buyer}'s legal team has returned the contract with its redlines"},
    "trial": {
        BEFORE: "The {buyer} has named in writing what the trial must show for them to buy",
        AFTER: "The {buyer}'s users have signed off the result of the trial against the criteria they set",
    },
    "renewal": {AFTER: "The {buyer} has confirmed the renewal in writing, with the term and the amount"},
    "status": {AFTER: "The {buyer} has written to us and named the problem they want solved"},
    "hold": {AFTER: "The {buyer} has named in writing the date on which they will take it up again"},
    "discussion": {AFTER: "The {buyer} has confirmed in writing what was agreed and what they will do next"},
}

BY_PERSON: dict[str, str] = {
    "economic": "The economic buyer has told us in writing what has to be true for them to release the money",
    "budget": "The budget holder has confirmed in writing the amount and what it is meant for",
    "champion": "The champion has introduced us to the person who holds the budget",
    "sponsor": "The sponsor has told their colleagues in writing that they back the project",
    "decision": "The {buyer} has named in writing everyone who must say yes, and in which order",
    "stakeholder": "The {buyer} has named in writing everyone who must say yes, and in which order",
    "committee": "The {buyer} has named in writing who sits on the committee and when it meets",
    "procurement": "Procurement has sent us its forms and named in writing the steps to a purchase order",
    "legal": "The {buyer}'s legal team has returned the contract with its redlines",
    "user": "The users have written down which of their tasks must become easier",
    "influencer": "The {buyer} has named in writing everyone who must say yes, and in which order",
    "competitor": "The {buyer} has named in writing the alternatives they compare us with, doing nothing among them",
    "security": "The {buyer}'s security team has approved us in writing",
    "cfo": "The CFO has confirmed in writing the amount and what it is meant for",
}


# For a verb without an artefact: the topic that it stands for, else a sentence of its own.
_TOPIC_OF_VERBS = {
    "qualification": "qualify screen",
    "prospecting": "prospect",
    "negotiation": "negotiate",
    "signature": "close sign",
    "follow-up": "follow-up follow respond reply chase",
    "next step": "begin agree complete",
    "proposal": "propose",
    "presentation": "present pitch",
    "demo": "demo",
    "quote": "quote",
    "contact": "call contact reach email dial approach nurture connect",
    "discovery": "discover",
    "needs": "understand diagnose",
    "objections": "handle overcome",
    "trial": "evaluate",
    "contract": "contract",
    "kickoff": "onboard implement",
    "internal": "forecast update log record",
    "meeting": "meet",
    "research": "research",
    "decision": "await wait ask",
    "commitment": "sell",
    "site visit": "visit",
    "payment": "pay",
}
BY_VERB: dict[str, str] = {verb: topic for topic, said in _TOPIC_OF_VERBS.items() for verb in said.split()} | {
    "develop": "The {buyer} has named in writing what a solution must do for them, and who else must agree",
    "teach": "The {buyer} has told us in writing which of our findings they will act on",
    "tailor": "The {buyer} has forwarded the message to a colleague in their own words",
    "take": "The {buyer} has written down each step to a signature, who takes it and by when",
    "post-sell": "The {buyer} has told their colleagues in writing why they chose us",
    "upsell": "The {buyer} has asked for the addition in writing and named what it is for",
    "cross-sell": "The {buyer} has asked for the addition in writing and named what it is for",
    "build": "The {buyer} has introduced us to a colleague who shares the problem",
}

OTHERWISE = (
    "The {buyer} has replied in writing with their next step, who takes it and by when",
    "The {buyer} has confirmed in writing what this changes for them and what they will do next",
    "The {buyer} has sent us in writing what they make of it and who else must see it",
)

NOT_YET = "The {buyer} has named in writing what keeps them from going ahead, and when it will be settled"

# What to write instead of a state of mind.
BY_STATE: dict[str, str] = {
    "understand": "The {buyer} has put the value in their own numbers and sent them to us in writing",
    "value": "The {buyer} has put the value in their own numbers and sent them to us in writing",
    "believe": "The {buyer} has told a colleague in writing why they would choose us",
    "trust": "The {buyer} has shared with us in writing what they expect to go wrong",
    "interested": "The {buyer} has asked in writing for a next step and named who will join it",
    "want": "The {buyer} has asked for it in writing and named who will join",
    "need": "The {buyer} has described the problem in writing, in their own words, and named who suffers from it",
    "like": "The {buyer} has told a colleague in writing why they would choose us",
    "know": "The {buyer} has written down the problem and what it costs them",
    "aware": "The {buyer} has written down the problem and what it costs them",
    "engaged": "The {buyer} has introduced us to a colleague who shares the problem",
    "involved": "The {buyer} has introduced us to a colleague who shares the problem",
    "aligned": "Every stakeholder has confirmed in writing the problem, the choice and the date",
    "align": "Every stakeholder has confirmed in writing the problem, the choice and the date",
    "bought-in": "The decision maker has told their own team in writing that they want to go ahead",
    "committed": "The decision maker has told their own team in writing that they want to go ahead",
    "convinced": "The decision maker has told their own team in writing that they want to go ahead",
    "sold": "The decision maker has told their own team in writing that they want to go ahead",
    "ready": "The {buyer} has named in writing the date on which they will sign",
    "satisfied": "The {buyer} has told us in writing what they would tell another company about us",
    "happy": "The {buyer} has told us in writing what they would tell another company about us",
    "hesitate": NOT_YET,
    "doubt": NOT_YET,
    "evaluate": "The {buyer} has sent us in writing the criteria they will decide by, in the order they count",
    "consider": "The {buyer} has placed us on the shortlist in writing and named the others on it",
    "review": "The {buyer} has told us in writing what they would change or accept",
    "compare": "The {buyer} has told us in writing how they rank us against the alternatives",
    "negotiate": "The {buyer} has sent us in writing the terms they still want changed",
    "fit": "The {buyer} has confirmed in writing the problem, the budget and the date by which they want it solved",
}
