"""Things a sale produces: who naturally issues each, and whether its bare name already says who acts.

`issuer` is who makes it, and so who could show it. `kind` says what sort of thing it is; `bare` is the side
that a line consisting of the name alone describes (None where either side does it). `topic` picks the rewrite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from headway.process.linter.parties import Side, singular


class Kind(StrEnum):
    """What sort of thing an artefact is."""

    DOCUMENT = "document"
    EVENT = "event"  # people meet: convening it is the seller's work unless the line says otherwise
    WORK = "work"  # takes time and both sides may do it
    ATTRIBUTE = "attribute"  # a fact about the buyer that nobody issues
    STATUS = "status"  # where a record stands, not an act


@dataclass(frozen=True, slots=True)
class Artefact:
    """One kind of thing a sale produces."""

    topic: str
    kind: Kind
    issuer: Side | None = None
    bare: Side | None = None


_S, _B = Side.SELLER, Side.BUYER
_TABLE: tuple[tuple[Artefact, str], ...] = (
    # The seller's documents and events.
    (Artefact("proposal", Kind.DOCUMENT, _S, _S), "proposal|proposition|offer|sales proposal|solution proposal|business proposal|final proposal"),
    (Artefact("quote", Kind.DOCUMENT, _S, _S), "quote|quotation|price quote|price quotation|estimate|cost estimate"),
    (Artefact("pricing", Kind.DOCUMENT, _S, _S), "pricing|price|price list|pricing sheet|price increase|rate card|commercials|commercial terms|commercial"),
    (Artefact("bid", Kind.DOCUMENT, _S, _S), "bid|tender|tender response|rfp response|rfi response|rfq response|bid response"),
    (Artefact("demo", Kind.EVENT, _S, _S), "demo|demonstration|product demo|product demonstration|demo call|technical demo|showing|viewing|product tour"),
    (Artefact("presentation", Kind.EVENT, _S, _S), "presentation|pitch|deck|sales presentation|solution presentation|pitch deck|slide deck|sales pitch|walkthrough"),
    (Artefact("discovery", Kind.EVENT, _S, _S), "discovery|discovery call|discovery meeting|discovery session|needs discovery|scoping call|qualification call"),
    (Artefact("qualification", Kind.WORK, _S, _S), "qualification|lead qualification|screening|pre-qualification|prequalification|lead scoring"),
    (Artefact("needs", Kind.WORK, _S, _S), "needs analysis|needs assessment|need analysis|need assessment|assessment|requirements gathering|requirement gathering|needs identification|need identification|diagnosis"),
    (Artefact("value", Kind.DOCUMENT, _S, _S), "value proposition|value proposal|value statement|value hypothesis|point of view"),
    (Artefact("perception", Kind.WORK, _S, _S), "perception analysis|competitive analysis|competitor analysis|battlecard|battle card|competitive positioning|account analysis"),
    (Artefact("prospecting", Kind.WORK, _S, _S), "lead generation|prospecting|outreach|cold outreach|cold call|sourcing|targeting|lead nurturing|lead assignment|lead gen|outbound|campaign"),
    (Artefact("research", Kind.WORK, _S, _S), "account research|account plan|account planning|research|call plan|sales call plan|preparation|pre-call planning|opportunity plan|call preparation|strategy|presentation strategy|territory plan|sales strategy|opportunity strategy|stakeholder map|power map|influence map|relationship map|account map|value map|approach"),
    (Artefact("follow-up", Kind.DOCUMENT, _S, _S), "follow-up|follow-up email|recap|recap email|meeting recap|thank you note|thank-you note|followup|call summary|check-in"),
    (Artefact("message", Kind.DOCUMENT, _S, _S), "voicemail|outreach email|cold email|brochure|catalogue|catalog|collateral|case study|data sheet|datasheet|sales collateral|newsletter|sequence|cadence|white paper|one-pager|connection request|information pack|marketing material"),
    (Artefact("objections", Kind.WORK, _S, _S), "objection handling|overcoming objection"),
    (Artefact("solution", Kind.DOCUMENT, _S, _S), "solution|solution design|solution development|technical design|solution fit|product fit|our solution|configuration|solution architecture|solution overview|solution mapping|solutioning"),
    (Artefact("roi", Kind.DOCUMENT, _S, _S), "roi calculator|roi model|roi analysis|roi|tco analysis|value assessment|value analysis|business value assessment|roi calculation"),
    (Artefact("scope", Kind.DOCUMENT, _S, _S), "statement of work|sow|scope of work|scope|scoping|specification|work order"),
    (Artefact("sample", Kind.DOCUMENT, _S, _S), "sample|product sample|prototype|mock-up|mockup"),
    (Artefact("invoice", Kind.DOCUMENT, _S, _S), "invoice|deposit invoice|bill|billing|invoicing"),
    (Artefact("reference", Kind.EVENT, _S, _S), "reference|reference call|customer reference|reference visit|reference customer|testimonial"),
    (Artefact("site visit", Kind.EVENT, _S, _S), "site visit|site survey|home visit"),
    (Artefact("environment", Kind.DOCUMENT, _S), "trial account|sandbox|trial environment|demo environment|test environment|trial licence|trial license"),
    (Artefact("internal", Kind.DOCUMENT, _S, _S), "crm|crm record|forecast category|forecast|discount|discount approval|deal review|deal desk approval|deal desk|win plan|close plan|handoff|handover|sales handoff|bant|sales call|deal strategy|meddic|meddicc|meddpicc|spiced|champ|gpct|scorecard|meddic scorecard|discovery questionnaire|call sheet|intake form|icp|opportunity scorecard|pipeline review|opportunity review|internal kickoff|commission|pre-sale|post-sale|pricing approval|bid decision|go/no-go|upsell|cross-sell|account management|cold calling|closing technique|trial close"),
    (Artefact("rapport", Kind.WORK, _S, _S), "rapport|bonding|relationship building|trust building|rapport building"),
    (Artefact("security questionnaire", Kind.DOCUMENT, _B, _B), "security questionnaire|vendor questionnaire|due diligence questionnaire|supplier questionnaire|risk questionnaire|questionnaire"),
    # The buyer's.
    (Artefact("purchase order", Kind.DOCUMENT, _B, _B), "purchase order|po|order|purchase requisition|requisition|sales order|firm order"),
    (Artefact("signature", Kind.DOCUMENT, _B, _B), "signature|contract signature|wet signature|e-signature"),
    (Artefact("approval", Kind.DOCUMENT, _B, _B), "approval|sign-off|signoff|sign off|authorisation|authorization|executive approval|go-ahead|green light|budget approval|permission|consent|buy-in|board approval|final approval|endorsement|access approval"),
    (Artefact("budget", Kind.DOCUMENT, _B), "budget|funding|fund|budget authority|money|project funding|spend|investment|purchase authority"),
    (Artefact("rfp", Kind.DOCUMENT, _B, _B), "rfp|rfq|rfi|rft|itt|request for proposal|request for quotation|request for information|request for quote|invitation to tender|tender invitation|tender document"),
    (Artefact("payment", Kind.DOCUMENT, _B, _B), "payment|deposit|down payment|prepayment|remittance"),
    (Artefact("commitment", Kind.DOCUMENT, _B, _B), "verbal|verbal commit|verbal commitment|verbal agreement|verbal yes|verbal approval|verbal confirmation|verbal go-ahead|verbal acceptance|verbal win|commitment|handshake|handshake agreement"),
    (Artefact("intent", Kind.DOCUMENT, _B, _B), "letter of intent|loi|intent to purchase|intent to buy|letter of award|award letter|notice of award|award|acceptance|memorandum of understanding"),
    (Artefact("decision", Kind.DOCUMENT, _B, _B), "decision|purchase decision|buying decision|purchasing decision|final decision|vendor selection|supplier selection|selection|shortlist|short list|vendor of choice|vendor shortlist|vendor comparison|board decision|vendor evaluation|supplier evaluation|vendor approval"),
    (Artefact("procurement", Kind.WORK, _B, _B), "procurement|procurement review|procurement process|procurement approval|vendor onboarding|supplier onboarding|vendor registration|vendor form|vendor onboarding form|vendor setup|purchasing|purchasing process"),
    (Artefact("security review", Kind.WORK, _B, _B), "security review|security assessment|security approval|risk assessment|infosec review|compliance review|privacy review|security audit|vendor risk assessment|information security review|internal review|data protection review|risk review|vendor assessment"),
    (Artefact("enquiry", Kind.DOCUMENT, _B, _B), "enquiry|inquiry|inbound enquiry|inbound request|demo request|contact request|inbound inquiry|request|application|quote request|web form|contact form|form fill|inbound form|sign-up|signup|registration|free trial sign-up|demo form|referral|quote enquiry|callback request"),
    (Artefact("redlines", Kind.DOCUMENT, _B, _B), "redline|markup|counter-offer|counteroffer|counter offer|contract redline"),
    (Artefact("reply", Kind.DOCUMENT, _B, _B), "reply|response|feedback|objection|question|answer|concern|customer feedback|comment|no response"),
    (Artefact("requirements", Kind.DOCUMENT, _B), "interest|buying signal|requirement|customer requirement|technical requirement|business requirement|test data|data sample|data|requirements document|user story"),
    # What only the buyer has, and nobody issues.
    (Artefact("pain", Kind.ATTRIBUTE), "pain|need|problem|challenge|pain point|customer need|business problem|business need|current state|goal|objective|key operating goal|issue|initiative|priority|situation|business pain|use case|business objective|use-case|buying issue"),
    (Artefact("impact", Kind.ATTRIBUTE), "impact|implication|cost of inaction|cost of doing nothing|metric|kpi|value driver|desired outcome|cost|success metric"),
    (Artefact("criteria", Kind.ATTRIBUTE), "decision criterion|success criterion|evaluation criterion|acceptance criterion|buying criterion|criterion|exit criterion"),
    (Artefact("process", Kind.ATTRIBUTE), "decision process|decision-making process|decision making process|paper process|buying process|approval process|decision path|paper path|authority|paper and decision path|signature process|decision and paper path|signing authority|procurement path|purchase process|buyer journey|decision-making unit|org chart|buying centre"),
    (Artefact("timeline", Kind.ATTRIBUTE), "timeline|timeframe|close date|go-live date|kick-off date|kickoff date|decision date|deadline|critical event|compelling event|timing|date|target date|signature date|project date|implementation date|start date"),
    (Artefact("competition", Kind.ATTRIBUTE), "competition|competitor|alternative|competitive landscape|incumbent"),
    # Shared.
    (Artefact("contract", Kind.DOCUMENT, _S), "contract|agreement|order form|msa|master service agreement|master services agreement|dpa|paperwork|redlined agreement|service agreement|contract terms|contract draft|licence agreement|license agreement|final contract|sla|data processing agreement|contracts|docs|document|renewal contract"),
    (Artefact("nda", Kind.DOCUMENT, _S), "nda|mutual nda|confidentiality agreement|non-disclosure agreement"),
    (Artefact("plan", Kind.DOCUMENT), "mutual action plan|map|mutual close plan|joint evaluation plan|mutual plan|joint plan|mutual success plan|success plan|evaluation plan|project plan|implementation plan|joint action plan|rollout plan|action plan|up-front contract|joint execution plan|closing plan"),
    (Artefact("business case", Kind.DOCUMENT), "business case|case for change|executive summary|board paper|business justification|investment case|internal business case"),
    (Artefact("meeting", Kind.EVENT), "meeting|call|appointment|workshop|session|conversation|intro call|introductory call|initial meeting|follow-on meeting|next meeting|kickoff meeting|kick-off meeting|executive meeting|intro meeting|first meeting|phone call|lunch|visit|introduction|review meeting|business review|interview|executive briefing|qbr|event|webinar|agenda|calendar invite|invite|invitation|exec meeting|consultation"),
    (Artefact("contact", Kind.EVENT), "contact|first contact|initial contact|outreach attempt|touch|connection|first touch|email|mail|e-mail|information|preliminary information|message|contact attempt|letter|note"),
    (Artefact("next step", Kind.DOCUMENT), "next step|action item|step|next action"),
    (Artefact("kickoff", Kind.EVENT), "kickoff|kick-off|project kickoff|project kick-off|onboarding|implementation|go-live|rollout|roll-out|launch|deployment|live|onboarding call|delivery|handover to delivery|adoption|training|fulfilment|fulfillment|installation"),
    (Artefact("negotiation", Kind.WORK), "negotiation|contract negotiation|price negotiation|term|terms|term sheet|commercial negotiation|contracting|terms and conditions|final terms|concession|bargaining"),
    (Artefact("legal review", Kind.WORK), "legal review|contract review|legal|legal process|redlining|contract redlining|review|legal and procurement|legal approval process|legal negotiation"),
    (Artefact("trial", Kind.WORK), "trial|pilot|proof of concept|poc|proof of value|pov|free trial|evaluation|technical evaluation|technical validation|validation|technical win|technical review|product evaluation|integration test|test|testing|solution validation|pilot project|bake-off|technical fit|architecture|technical assessment|solution evaluation|solution review|architecture review|beta|technical proof|trial run"),
    (Artefact("renewal", Kind.WORK), "renewal|expansion|renewal discussion|upsell opportunity|contract renewal"),
    (Artefact("status", Kind.STATUS), "new|lead|incoming|pipeline|opportunity|potential opportunity|best case|commit|upside|in progress|working|open|new lead|new opportunity|suspect|prospect|sql|mql|sal|marketing qualified lead|active|inbound|target|new deal|deal|backlog|in-progress|awareness|consideration|omitted|sales qualified lead|inbound lead"),
    (Artefact("hold", Kind.STATUS), "on hold|hold|stalled|parked|paused|dormant|no response yet|postponed|pending|delayed|future interest|waiting|deferred|recycle|ghosted|unresponsive"),
    (Artefact("discussion", Kind.WORK), "discussion|dialogue|relationship|engagement|alignment|expectation|consensus|discussions|confirmation|qualification discussion|follow-through"),
)  # fmt: skip

ARTEFACTS: dict[tuple[str, ...], Artefact] = {
    tuple(phrase.split()): artefact for artefact, phrases in _TABLE for phrase in phrases.split("|")
}
LONGEST = max(len(words) for words in ARTEFACTS)


def find_artefact(words: tuple[str, ...]) -> tuple[Artefact, int] | None:
    """The artefact named by the longest known ending of `words` (lower case), and how many words name it."""
    for size in range(min(LONGEST, len(words)), 0, -1):
        tail = words[-size:]
        for form in (tail, (*tail[:-1], singular(tail[-1]))):
            if form in ARTEFACTS:
                return ARTEFACTS[form], size
    return None
