"""A letter as a message of RFC 5322."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import Policy, default
from email.utils import formatdate, parseaddr

from email_validator import validate_email

from app.core.ports import Letter


class _Whole(UnstructuredHeader, BaseHeader):
    """A field of what programs read: Python would fold a long one by encoding it as words (RFC 2047)."""

    def fold(self, *, policy: "Policy[Message[str, str]]") -> str:
        """Return it broken where it has spaces, and nowhere else."""
        return f"{self.name}: {self}".replace("> <", f">{policy.linesep} <") + policy.linesep


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "in-reply-to", "references"):
    _HEADERS.map_to_type(_name, _Whole)
_POLICY = default.clone(header_factory=_HEADERS)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return text and HTML in one message. Its Message-ID is the letter's, so that a repeated one can be told."""
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = _to(letter.address)
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = _id(letter.id, domain)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    if letter.references:
        message["In-Reply-To"] = _id(letter.references[-1], domain)
        message["References"] = " ".join(_id(each, domain) for each in letter.references)
    if letter.auto_submitted:
        message["Auto-Submitted"] = letter.auto_submitted  # RFC 3834: no holiday replies
    if letter.unsubscribe is not None:  # RFC 8058: both, and covered by the DKIM signature of whoever sends
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _id(name: str, domain: str) -> str:
    return f"<{name}>" if "@" in name else f"<{name}@{domain}>"


def _to(address: str) -> str:
    """Return the address with a domain that every mail server knows (IDNA 2008)."""
    checked = validate_email(address, check_deliverability=False)
    return f"{checked.local_part}@{checked.ascii_domain}"
