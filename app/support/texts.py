"""What a message may be, and what is kept of one that came by mail."""

import re
from dataclasses import replace
from html import unescape

from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.mail.kinds import ANSWER_ABOVE
from app.mail.replies import without_tokens
from app.support.errors import WrongMessage
from app.support.threads import Inquiry
from app.support.topics import Topic

MAX_MESSAGE = 5_000
MAX_SUBJECT = 200
CUT = "\n[The rest was too long, and is not kept.]"
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table"}
_UNSEEN = {"head", "style", "script", "title"}
_ATTRIBUTION = re.compile(r"\d.*:\s*\Z", re.DOTALL)


def inquiry(topic: Topic, message: str, right: PrivacyRight | None = None) -> Inquiry:
    """Return what somebody asks. Raises WrongMessage, and InvalidInput for a right that the topic has no use for."""
    return replace(about(topic, right), text=message_text(message))


def about(topic: Topic, right: PrivacyRight | None) -> Inquiry:
    """Return what a thread is about. Raises InvalidInput for a right that the topic has no use for."""
    if right is not None and topic is not Topic.PRIVACY_REQUEST:
        raise InvalidInput("A right is for PRIVACY_REQUEST only: leave it out, or change the topic.", path=("right",))
    return Inquiry(topic, "", right)


def message_text(text: str) -> str:
    """Return what is kept of a message. Raises WrongMessage for an empty one, and for one that is too long."""
    plain = printable(text)
    if not plain or len(plain) > MAX_MESSAGE:
        raise WrongMessage(f"Write 1 to {MAX_MESSAGE} characters.", path=("message",))
    return plain


def printable(text: str) -> str:
    """Return the text without what is neither shown nor a break of lines."""
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(each for each in lines if each == "\n" or each.isprintable()).strip()


def one_line(text: str) -> str:
    """Return a subject as it is kept."""
    return " ".join(printable(text[: 4 * MAX_SUBJECT]).split())[:MAX_SUBJECT]


def of_mail(text: str, attachments: int) -> str:
    """Return what is kept of a mail: without what it quotes, no longer than a message, and saying what else it had."""
    kept = printable(without_tokens(_unquoted(text)))
    if len(kept) > MAX_MESSAGE - 200:
        kept = kept[: MAX_MESSAGE - 200] + CUT
    note = f"[Not kept: {attachments} attachment{'s' if attachments > 1 else ''}.]" if attachments else ""
    return f"{kept}\n\n{note}".strip()


def _unquoted(text: str) -> str:
    """Cut off what is below our line, and who is said to have written it."""
    lines = text.replace("\r\n", "\n").split("\n")
    quoted = next((number for number, line in enumerate(lines) if ANSWER_ABOVE in " ".join(line.split())), None)
    lines = lines[:quoted]
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines.pop()
    if quoted is None:
        return "\n".join(lines)
    last = next((number for number in range(len(lines), 0, -1) if not lines[number - 1].strip()), 0)
    if len(lines) - last <= 4 and _ATTRIBUTION.search("\n".join(lines[last:])):
        lines = lines[:last]
    return "\n".join(lines)


def text_of_html(html: str) -> str:
    """Return the words of a page, in a time that grows with its length; nothing of it is loaded or run."""
    words: list[str] = []
    unseen = ""
    first, *rest = html.split("<")
    words.append(first)
    for piece in rest:
        inside, closed, after = piece.partition(">")
        tag = inside.strip("/ \n").partition(" ")[0].partition("\n")[0].lower()
        if unseen:
            unseen = "" if inside.startswith("/") and tag == unseen else unseen
        elif tag in _UNSEEN:
            unseen = tag
        if not unseen:
            words += ["\n" if tag in _BREAKS else "", after if closed else ""]
    return unescape("".join(words))
