"""A letter as a message of RFC 5322."""

from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from app.core.ports import Letter


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return text and HTML in one message. Its Message-ID is the letter's, so that a repeated one can be told."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
