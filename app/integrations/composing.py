"""A letter as a message of RFC 5322."""

from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from email_validator import validate_email

from app.core.ports import Letter


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return text and HTML in one message. Its Message-ID is the letter's, so that a repeated one can be told."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _to(letter.address)
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _to(address: str) -> str:
    """Return the address with a domain that every mail server knows (IDNA 2008)."""
    checked = validate_email(address, check_deliverability=False)
    return f"{checked.local_part}@{checked.ascii_domain}"
