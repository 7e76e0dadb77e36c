"""A message once as content, then as plain text, as HTML for mail and as blocks for Slack: three twins of one value.

The three say the same, in the same order, whatever people wrote into it: text can neither end a header, nor open a tag,
nor call a channel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

MOST_BLOCKS = 50  # Slack refuses a message with more
MOST_SIGNS = 2_800  # of one piece of text there, below Slack's 3,000
MOST_HEADING = 150
LONGEST_SUBJECT = 200

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """`Decided: Keep as it is`. `label` may be empty. `weak`: said beside the rest, as of what counts no more."""

    text: str
    label: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands beside it, and lines."""

    title: str
    beside: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """`lead`: sentences under the title. `link`: words and address, at the end. `foot`: why one gets this."""

    title: str
    lead: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    link: tuple[str, str] | None = None
    foot: str = ""


def one_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    """Fit for a header: no line break and no control character, at most `most` signs."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def as_text(paper: Paper) -> str:
    """Plain text; further lines of what somebody wrote are indented, so that they cannot pass for lines of ours."""
    said = [one_line(paper.title), "", *(_indented(sentence, "") for sentence in paper.lead)]
    for part in paper.parts:
        beside = f" ({one_line(part.beside)})" if part.beside else ""
        said += ["", f"{one_line(part.title)}{beside}"]
        said += [f"- {_indented(_labelled(line), '    ')}" for line in part.lines]
    if paper.link:
        said += ["", f"{paper.link[0]}: {paper.link[1]}"]
    if paper.foot:
        said += ["", paper.foot]
    return "\n".join(said) + "\n"


def as_html(paper: Paper) -> str:
    """One column for mail: no picture, no address but the link's, legible where a client turns it dark."""
    said = [f'<h1 class="ink" style="{H1}">{_html(one_line(paper.title))}</h1>']
    said += [f'<p class="ink" style="{LEAD}">{_html(sentence)}</p>' for sentence in paper.lead]
    for part in paper.parts:
        beside = f' <span class="soft" style="{SOFT}">({_html(one_line(part.beside))})</span>' if part.beside else ""
        said.append(f'<h2 class="ink rule" style="{H2}">{_html(one_line(part.title))}{beside}</h2>')
        if part.lines:
            said.append(f'<ul class="ink" style="{LIST}">{"".join(_item(line) for line in part.lines)}</ul>')
    if paper.link:
        words, address = paper.link
        said.append(
            f'<p style="{END}"><a class="press" style="{PRESS}" href="{escape(address)}">{_html(words)}</a></p>'
        )
    if paper.foot:
        said.append(f'<p class="soft" style="{FOOT}">{_html(paper.foot)}</p>')
    return FRAME.format(title=_html(one_line(paper.title)), body="\n".join(said))


def as_blocks(paper: Paper) -> list[Block]:
    """For Slack, at most 50 blocks; what no longer fits is counted and stands behind the link."""
    head: list[Block] = [{"type": "header", "text": _plain(one_line(paper.title, MOST_HEADING))}]
    if paper.lead:
        head.append(_section("\n".join(_indented(sentence, "") for sentence in paper.lead)))
    tail: list[Block] = []
    if paper.link:
        words, address = paper.link
        tail.append(_section_link(words, address))
    if paper.foot:
        tail.append({"type": "context", "elements": [_plain(_cut(paper.foot))]})
    room = MOST_BLOCKS - len(head) - len(tail)
    parts = [_part_block(part) for part in paper.parts]
    if len(parts) > room:
        left = len(parts) - room + 1
        parts = [*parts[: room - 1], _section(f"and {left} more")]
    return [*head, *parts, *tail]


def _labelled(line: Line) -> str:
    return f"{line.label}: {line.text}" if line.label else line.text


def _indented(text: str, by: str) -> str:
    lines = [one_line(part, 10_000) for part in re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)]
    return f"\n{by}".join(line for line in lines if line)


def _html(text: str) -> str:
    return "<br>".join(escape(line) for line in _indented(text, "").split("\n"))


def _item(line: Line) -> str:
    label = f"<b>{_html(line.label)}:</b> " if line.label else ""
    soft = f' class="soft" style="{SOFT}"' if line.weak else ""
    return f'<li style="{ITEM}"><span{soft}>{label}{_html(line.text)}</span></li>'


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text or "–", "emoji": False}


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else text[: MOST_SIGNS - 1].rstrip() + "…"


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(_cut(text))}


def _section_link(words: str, address: str) -> Block:
    button = {"type": "button", "text": _plain(one_line(words, 70)), "url": address, "action_id": "open"}
    return {"type": "actions", "elements": [button]}


def _part_block(part: Part) -> Block:
    """One section of marked text, in which `&`, `<` and `>` are written so that Slack neither links nor calls."""
    beside = f" ({_slack(one_line(part.beside))})" if part.beside else ""
    lines = [f"*{_slack(one_line(part.title)).replace('*', '∗')}*{beside}", *_slack_lines(part)]
    kept: list[str] = []
    for place, line in enumerate(lines):
        if sum(map(len, kept)) + len(kept) + len(line) > MOST_SIGNS:
            kept.append(f"• and {len(lines) - place} more" if kept else line[:MOST_SIGNS])
            break
        kept.append(line)
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(kept), "verbatim": True}}


def _slack_lines(part: Part) -> Iterator[str]:
    for line in part.lines:
        yield f"• {_slack(_indented(_labelled(line), '   '))}"


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
H1 = "margin:0 0 8px;font-size:20px;line-height:1.3;font-weight:650;color:#1b1d22"
H2 = (
    "margin:24px 0 6px;padding-top:14px;border-top:1px solid #d9dad8;font-size:16px;line-height:1.4;font-weight:600;"
    "color:#1b1d22"
)
LEAD = "margin:0 0 6px;font-size:15px;line-height:1.5;color:#1b1d22"
SOFT = "font-weight:400;color:#5b616c"
LIST = "margin:0;padding:0 0 0 18px;color:#1b1d22"
ITEM = "margin:0 0 5px;font-size:15px;line-height:1.5"
END = "margin:28px 0 0"
PRESS = (
    "display:inline-block;padding:11px 18px;border-radius:8px;background:#0f6270;color:#ffffff;font-size:15px;"
    "font-weight:600;text-decoration:none"
)
FOOT = "margin:24px 0 0;font-size:13px;line-height:1.5;color:#5b616c"
FRAME = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{{title}}</title>
<style>
:root {{{{ color-scheme: light dark; supported-color-schemes: light dark; }}}}
body {{{{ overflow-wrap: anywhere; }}}}
@media (prefers-color-scheme: dark) {{{{
  .paper {{{{ background: #15171a !important; }}}}
  .ink {{{{ color: #e8e9eb !important; }}}}
  .soft {{{{ color: #a9afb9 !important; }}}}
  .rule {{{{ border-color: #3a3f46 !important; }}}}
  .press {{{{ background: #79cbd4 !important; color: #0c2226 !important; }}}}
}}}}
</style></head>
<body class="paper" style="margin:0;padding:0;background:#ffffff;{FONT}">
<div class="paper" style="max-width:600px;margin:0 auto;padding:24px 20px 32px;background:#ffffff;{FONT}">
{{body}}
</div></body></html>
"""
