"""The text of a campaign, as a file: a head with its subject, then paragraphs with empty lines between them.

There is no markup: the letter is written as every other is, in plain text and in HTML that loads nothing.
"""

import re
from dataclasses import dataclass

from app.marketing.errors import NotAText

MAX_SUBJECT = 150
MAX_TEXT = 10_000
"""Characters. Each mail keeps a copy for the week in which it may bounce."""
_HEAD = re.compile(r"\A---\nsubject:(?P<subject>[^\n]*)\n---\n")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""All but the line break."""
_BETWEEN = re.compile(r"\n[ \t]*\n+")
_EXAMPLE = "---\nsubject: What is new\n---\n\nThe first paragraph.\n\nThe second one."


@dataclass(frozen=True, slots=True)
class CampaignText:
    """What everybody gets. Paragraphs are parted by one empty line."""

    subject: str
    text: str


def campaign_text(content: str) -> CampaignText:
    """Return the text of a file. Raises NotAText."""
    content = content.replace("\r\n", "\n")
    head = _HEAD.match(content)
    if head is None:
        raise NotAText(f"A campaign is a file like this:\n\n{_EXAMPLE}")
    subject = head["subject"].strip()
    parts = (" ".join(part.split()) for part in _BETWEEN.split(content[head.end() :]))
    text = "\n\n".join(part for part in parts if part)
    if not 0 < len(subject) <= MAX_SUBJECT or _CONTROL.search(subject):
        raise NotAText(f"Its subject is one line of at most {MAX_SUBJECT} characters.")
    if not 0 < len(text) <= MAX_TEXT or _CONTROL.search(text):
        raise NotAText(f"Its text is at least a paragraph, at most {MAX_TEXT} characters, no control characters.")
    return CampaignText(subject, text)
