"""A letter as a message of RFC 5322."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import Policy, default
from email.utils import formatdate, parseaddr

from email_validator import validate_email

from app.core.ports import Letter


class _Whole(UnstructuredHeader, BaseHeader):
    """A field with an address that programs read: Python would fold a long one by encoding it as words (RFC 2047)."""

    def fold(self, *, policy: "Policy[Message[str, str]]") -> str:
        """Return its one line."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = default.clone(header_factory=_HEADERS)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return text and HTML in one message. Its Message-ID is the letter's, so that a repeated one can be told."""
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = _to(letter.address)
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    if letter.unsubscribe is not None:  # RFC 8058: both, and covered by the DKIM signature of whoever sends
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _to(address: str) -> str:
    """Return the address with a domain that every mail server knows (IDNA 2008)."""
    checked = validate_email(address, check_deliverability=False)
    return f"{checked.local_part}@{checked.ascii_domain}"
