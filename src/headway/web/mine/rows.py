"""A deal as its row on My deals says it: where the buyer is, the one question, what changed, and why it stands here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.deals.history import DealHistory, Event
from headway.evidence.attention import attention
from headway.evidence.changes import Change, changes_between
from headway.evidence.deal_about import AgreedAct
from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof
from headway.evidence.question import NextQuestion, next_question
from headway.evidence.shown import past_of
from headway.evidence.standing import DealStanding
from headway.process.definition import Process
from headway.store.queries.deal_chances import chance_of
from headway.store.queries.my_deals import DealRow, Known, about_of, standing_of
from headway.web.mailto import mailto_of
from headway.web.mine.strip import claimed_name, shown_name, strip

ANY = "0any0"
MOST_CHANGES = 3
MOST_CHANGES_FIRST = 5
MOST_LACKING = 5
PROOF = (EventKind.EVIDENCE_RECORDED, EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED)


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: the moment shown; `since`: from when on a change is new; `limit`: days after which a buyer is silent."""

    at: datetime
    since: datetime
    limit: float


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of a workspace, worked out once for all its rows; `ANY` stands for the deal and the milestone."""

    deal: str
    sheet: str
    happening: str

    @classmethod
    def of(cls, workspace: str) -> Places:
        """Those of the workspace with this key."""
        return cls(
            deal=reverse("deal", kwargs={"w": workspace, "key": ANY}),
            sheet=reverse("record_evidence", kwargs={"w": workspace, "key": ANY, "milestone": ANY}),
            happening=reverse("record_happening", kwargs={"w": workspace, "key": ANY}),
        )

    def record(self, deal: str, milestone: str) -> str:
        """Where to record that the buyer did this; anything at all, where no milestone is asked about."""
        if not milestone:
            return self.happening.replace(ANY, deal)
        return self.sheet.replace(ANY, deal, 1).replace(ANY, quote(milestone, safe=""), 1)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A milestone that does not hold yet, for the list beside the first question."""

    url: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class MineRow:
    """`to`: whom to ask, empty where nobody is known; `recap` and `ask`: what to say, without that name before it.

    `record_url`: the sheet of the milestone asked about. `changes`: newest first.
    `chance`: `won by 31 Dec: 42 %`, empty where nothing was forecast.
    """

    deal: DealRow
    url: str
    record_url: str
    account: str
    strip: SafeString
    claimed: str
    shown: str
    silence: str
    chance: str
    stalled: bool
    closes: str
    late: bool
    question: NextQuestion
    to: str
    recap: str
    ask: str
    mailto: str
    reasons: tuple[str, ...]
    changes: tuple[str, ...]
    more_changes: int
    lacking: tuple[Lacking, ...]
    more_lacking: int


def mine_row(
    deal: DealRow, process: Process, known: Known, moment: Moment, places: Places, *, first: bool = False
) -> MineRow:
    """Work it out. `first`: with what is still to be shown."""
    at, since, limit = moment.at, moment.since, moment.limit
    standing = standing_of(deal, process, known, at)
    about = about_of(deal, known, at)
    question = _named(next_question(about, standing, process, as_of=AsOf.moment(at)), deal)
    changes = changes_of(deal, process, known, standing, limit, since, at)
    most = MOST_CHANGES_FIRST if first else MOST_CHANGES
    needed = _needed(standing)
    asked = question.about or (needed[0].milestone.id if needed else "")
    url, chance = places.deal.replace(ANY, deal.key), chance_of(deal)
    return MineRow(
        deal=deal,
        url=url,
        record_url=places.record(deal.key, asked),
        account="" if deal.account.casefold() in deal.name.casefold() else deal.account,
        strip=strip(process, standing),
        claimed=claimed_name(process, standing) if process.stages else deal.claimed or "nothing",
        shown=shown_name(process, standing),
        silence=_silence(standing, limit),
        chance=chance.words if chance else "",
        stalled=chance is not None and chance.stalled,
        closes=_closes(deal, at),
        late=deal.close_on is not None and deal.close_on < at.date(),
        question=question,
        to=question.contact or "",
        recap=_unnamed(question.recap, question.contact),
        ask=_unnamed(question.question, question.contact),
        mailto=mailto_of(question),
        reasons=_reasons(deal, process, standing, about.agreed, limit, at),
        changes=tuple(change.sentence for change in changes[:most]),
        more_changes=max(0, len(changes) - most),
        lacking=tuple(_lacking(p, places.record(deal.key, p.milestone.id)) for p in needed[:MOST_LACKING])
        if first
        else (),
        more_lacking=max(0, len(needed) - MOST_LACKING),
    )


def _named(question: NextQuestion, deal: DealRow) -> NextQuestion:
    """Where nobody is known and nothing was shown, say of which deal: an account may have two of them."""
    if question.contact is not None or question.recap:
        return question
    recap = f"Nobody at the buyer of “{deal.name}” is known by name yet."
    return replace(question, recap=recap, text=f"{recap} {question.question}")


def _reasons(
    deal: DealRow, process: Process, standing: DealStanding, agreed: AgreedAct | None, limit: float, at: datetime
) -> tuple[str, ...]:
    """Why it stands where it stands; worked out today, since days count on by themselves."""
    return attention(
        standing,
        None if deal.amount is None else float(deal.amount),
        stages=len(process.stages),
        typical_amount=None,
        close_on=deal.close_on,
        as_of=AsOf.moment(at),
        silence_limit_days=limit,
        agreed_due_on=agreed.due_on if agreed else None,
    ).reasons


def changes_of(
    deal: DealRow, process: Process, known: Known, standing: DealStanding, limit: float, since: datetime, at: datetime
) -> list[Change]:
    """What changed since then, the newest first; worked out only where something can have. Nothing for a new deal."""
    history = known.history
    born = min((event.known_at for event in history.events), default=at)
    if born > since or not _may_have_changed(deal, history, standing, limit, since, at):
        return []
    short = _short(history, process, since)
    found = changes_between(short, process, AsOf.moment(since), AsOf.moment(at), limit, currency=deal.currency or None)
    return list(reversed(found))


def _short(history: DealHistory, process: Process, since: datetime) -> DealHistory:
    """Of what was known before: the last of each kind, and whatever proves or doubts. Nothing else tells of changes."""
    proving = {act for _, milestone in process.milestones for act in milestone.proof.acts}
    kept: list[Event] = []
    last: set[EventKind] = set()
    for event in reversed(history.events):
        new = event.known_at > since or event.happened_at > since
        proves = event.kind in PROOF or (event.kind is EventKind.BUYER_ACTED and event.name in proving)
        if new or proves or event.kind not in last:
            kept.append(event)
        if not new:
            last.add(event.kind)
    return DealHistory(history.id, tuple(reversed(kept)), history.record_type)


def _may_have_changed(
    deal: DealRow, history: DealHistory, standing: DealStanding, limit: float, since: datetime, at: datetime
) -> bool:
    """Whether anything was recorded or happened since, or the clock ran over a limit: cheap, and never wrong by no."""
    if any(event.known_at > since or event.happened_at > since for event in history.events):
        return True
    turns = [
        proof.at + timedelta(days=proof.milestone.proof.shelf_life_days)
        for proof in standing.proofs
        if proof.at and proof.milestone.proof.shelf_life_days and proof.state in (State.LAPSED, State.PROVEN)
    ]
    if deal.last_buyer_act_at:
        turns.append(deal.last_buyer_act_at + timedelta(days=limit))
    if deal.agreed_on:
        turns.append(datetime.combine(deal.agreed_on, time(), UTC) + timedelta(days=1))
    return any(since <= turn <= at for turn in turns)


def _needed(standing: DealStanding) -> list[MilestoneProof]:
    """What does not hold, up to the claimed stage; where all of that holds, of the next stage."""
    lacking = [proof for proof in standing.proofs if not proof.holds]
    if not lacking:
        return []
    rank = max(standing.claimed_rank or 0, lacking[0].rank)
    return [proof for proof in lacking if proof.rank <= rank]


def _lacking(proof: MilestoneProof, url: str) -> Lacking:
    words = past_of(proof.milestone.buyer) or proof.milestone.buyer.strip().rstrip(".")
    return Lacking(url, proof.state.value, words[:1].upper() + words[1:])


def _unnamed(text: str, name: str | None) -> str:
    """Without the name it begins with, which stands before it anyway."""
    for sign in (", ", ": "):
        if name and text.startswith(name + sign):
            rest = text[len(name + sign) :]
            return type(text)(rest[:1].upper() + rest[1:])
    return text


def _silence(standing: DealStanding, limit: float) -> str:
    """`heard 5 days ago` within the limit, `silent 43 days` beyond it."""
    if standing.silence_days is None:
        return ""
    days = int(standing.silence_days)
    if days < 1:
        return "heard today"
    length = f"{days} day{'s' if days > 1 else ''}"
    return f"silent {length}" if standing.silence_days > limit else f"heard {length} ago"


def _closes(deal: DealRow, at: datetime) -> str:
    if deal.close_on is None:
        return "no close date"
    year = "" if deal.close_on.year == at.year else f" {deal.close_on.year}"
    return f"{'was to close' if deal.close_on < at.date() else 'closes'} {deal.close_on.day} {deal.close_on:%b}{year}"
