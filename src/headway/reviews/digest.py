"""One digest a day, as text, as HTML of a mail and as blocks of Slack. Nothing to tell: no digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from headway.basics.figures import counted
from headway.reviews.paper import FOOT, FRAME, H1, H2, MOST_BLOCKS, SOFT, one_line
from headway.reviews.reminders import Kind, Matter, Reply

MOST = 20  # things told at once: beyond that a list is what they need
HEADINGS = {
    Kind.PROMISE: "Your promises",
    Kind.AGENDA: "Before the review",
    Kind.COACHED: "Agreed about your deals",
    Kind.LOOK: "Looked at again",
    Kind.GATE: "Gates that stepped down",
    Kind.SILENCE: "Buyers who fell silent",
    Kind.SELF_REVIEW: "Your week",
}
ONCE_ONLY = (Kind.AGENDA, Kind.SELF_REVIEW)  # in a week they are over
REPLY_WORDS = {Reply.SNOOZE: "In a week", Reply.ENOUGH: "Not needed"}
MATTER = "margin:0 0 16px;font-size:15px;line-height:1.5;color:#1b1d22"
TITLE = "font-weight:600;color:#1b1d22"
REPLIES = "font-size:13px;line-height:2"
TOLD = "One digest a day at most, each thing twice at most."


@dataclass(frozen=True, slots=True)
class Part:
    """What is to tell of one workspace, by kind, and where to go on."""

    workspace: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """Of one person on one local day. `settings_address`: where they choose when they are told."""

    first_name: str
    on: date
    parts: tuple[Part, ...]
    settings_address: str
    cut: int = 0

    @property
    def matters(self) -> list[Matter]:
        """Everything in it."""
        return [matter for part in self.parts for matter in part.matters]


def find_digest(first_name: str, on: date, parts: Iterable[Part], settings_address: str) -> Digest | None:
    """The digest of these parts, the first `MOST` things of them; None where there is nothing to tell."""
    left, kept, cut = MOST, [], 0
    for part in parts:
        shown = part.matters[:left]
        left, cut = left - len(shown), cut + len(part.matters) - len(shown)
        if shown:
            kept.append(Part(part.workspace, shown))
    return Digest(first_name, on, tuple(kept), settings_address, cut) if kept else None


def digest_subject(digest: Digest) -> str:
    """What is in it, counted: `2 promises, 1 silent buyer`."""
    kinds = [matter.kind for matter in digest.matters]
    reviews = kinds.count(Kind.AGENDA)
    told = {
        Kind.PROMISE: counted(kinds.count(Kind.PROMISE), "promise"),
        Kind.AGENDA: f"{reviews} review{'s'[: reviews != 1]} to prepare",
        Kind.COACHED: counted(kinds.count(Kind.COACHED), "agreement"),
        Kind.LOOK: f"{counted(kinds.count(Kind.LOOK), 'agreement')} looked at again",
        Kind.GATE: f"{counted(kinds.count(Kind.GATE), 'gate')} stepped down",
        Kind.SILENCE: counted(kinds.count(Kind.SILENCE), "silent buyer"),
        Kind.SELF_REVIEW: "your week",
    }
    return ", ".join(words for kind, words in told.items() if kind in kinds)


def groups_of(part: Part) -> list[tuple[str, list[Matter]]]:
    """(heading, matters) in the order in which they are told."""
    return [
        (heading, [matter for matter in part.matters if matter.kind is kind])
        for kind, heading in HEADINGS.items()
        if any(matter.kind is kind for matter in part.matters)
    ]


def digest_text(digest: Digest, replies: bool = True) -> str:
    """Plain text. `replies`: with the addresses that snooze or end a reminder."""
    lines = [f"Good day {one_line(digest.first_name)},", ""]
    for part in digest.parts:
        if len(digest.parts) > 1:
            lines += [one_line(part.workspace).upper(), ""]
        for heading, matters in groups_of(part):
            lines += [heading, *(line for matter in matters for line in _text_of(matter, replies)), ""]
    if digest.cut:
        lines += [f"And {counted(digest.cut, 'thing')} more.", ""]
    lines += [f"{TOLD} When and how you are told:", digest.settings_address]
    return "\n".join(lines) + "\n"


def _text_of(matter: Matter, replies: bool) -> list[str]:
    lines = [f"- {one_line(matter.title, 1_000)}", f"  {one_line(matter.detail, 1_000)}", f"  {matter.address}"]
    if replies:
        lines += [f"  {words}: {reply_address(matter, reply)}" for reply, words in replies_of(matter).items()]
    return lines


def replies_of(matter: Matter) -> dict[Reply, str]:
    """What can be answered to it, in words; nothing where nobody signed an answer."""
    if not matter.reply:
        return {}
    once = matter.kind in ONCE_ONLY
    return {reply: words for reply, words in REPLY_WORDS.items() if reply is Reply.ENOUGH or not once}


def reply_address(matter: Matter, reply: Reply) -> str:
    """The page with one button for this answer. `Matter.reply` of a mail is its address up to the answer's name."""
    return f"{matter.reply}{reply.value}/"


def digest_html(digest: Digest) -> str:
    """The frame that agendas and minutes have: one column, no picture, legible where a client turns it dark."""
    body = [f'<h1 class="ink" style="{H1}">Good day {_html(digest.first_name)}</h1>']
    for part in digest.parts:
        beside = f' <span class="soft" style="{SOFT}">({_html(part.workspace)})</span>' * (len(digest.parts) > 1)
        for heading, matters in groups_of(part):
            body.append(f'<h2 class="ink rule" style="{H2}">{heading}{beside}</h2>')
            body += [_html_of(matter) for matter in matters]
    if digest.cut:
        body.append(f'<p class="ink" style="{MATTER}">And {counted(digest.cut, "thing")} more.</p>')
    chosen = (
        f'<a class="ink" href="{escape(digest.settings_address)}" style="color:#1b1d22">When and how you are told</a>'
    )
    body.append(f'<p class="soft" style="{FOOT}">{TOLD} {chosen}</p>')
    return FRAME.format(title=_html(digest_subject(digest)), body="\n".join(body))


def _html(text: str) -> str:
    return escape(one_line(text, 1_000))


def _html_of(matter: Matter) -> str:
    title = f'<a class="ink" href="{escape(matter.address)}" style="{TITLE}">{_html(matter.title)}</a>'
    links = [
        f'<a class="soft" href="{escape(reply_address(matter, reply))}" style="color:#5b616c">{words}</a>'
        for reply, words in replies_of(matter).items()
    ]
    replies = f'<br><span class="soft" style="{REPLIES}">{" &nbsp; ".join(links)}</span>' if links else ""
    return f'<p class="ink" style="{MATTER}">{title}<br>{_html(matter.detail)}{replies}</p>'


def digest_blocks(digest: Digest) -> list[dict[str, Any]]:
    """Slack's blocks, at most 50; each thing with its two buttons, whose value is `Matter.reply`."""
    blocks: list[dict[str, Any]] = []
    for part in digest.parts:
        if len(digest.parts) > 1:
            blocks.append(_section(f"*{mrkdwn(part.workspace)}*"))
        for matter in part.matters:
            blocks.append(_section(f"<{matter.address}|{mrkdwn(matter.title)}>\n{mrkdwn(matter.detail)}"))
            if matter.reply:
                blocks.append(_buttons(matter))
    cut = f"And {counted(digest.cut, 'thing')} more. " if digest.cut else ""
    link = f"{cut}<{digest.settings_address}|When and how you are told>"
    return [*blocks[: MOST_BLOCKS - 1], {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]}]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _buttons(matter: Matter) -> dict[str, Any]:
    elements: Sequence[dict[str, Any]] = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": words},
            "action_id": reply.value,
            "value": matter.reply,
        }
        for reply, words in replies_of(matter).items()
    ]
    return {"type": "actions", "elements": list(elements)}


def mrkdwn(text: str, most: int = 1_000) -> str:
    """Words of people as Slack shows them literally: no mention, no link, no bar that would end one."""
    return one_line(text, most).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")
