"""Delivery status notifications (RFC 3464), as a mail server pipes them to us."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

MAX_BYTES = 1_048_576
_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")


def bounce_of(content: bytes) -> tuple[UUID, str] | None:
    """Return which mail of ours failed for good and the status code (RFC 3463); None for any other message."""
    message = message_from_bytes(content[:MAX_BYTES], policy=policy.default)
    if not isinstance(message, EmailMessage) or message.get_content_type() != "multipart/report":
        return None
    status, mail_id = None, None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            fields = part.as_string()
            failed = re.search(r"^Action:\s*failed", fields, re.IGNORECASE | re.MULTILINE)
            code = re.search(r"^Status:\s*(5\.\d{1,3}\.\d{1,3})", fields, re.IGNORECASE | re.MULTILINE)
            status = code[1] if failed and code else status
        elif part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            found = re.search(r"^Message-ID:\s*(.*)$", part.as_string(), re.IGNORECASE | re.MULTILINE)
            known = _ID.search(found[1]) if found else None
            mail_id = UUID(known[1]) if known else mail_id
    return (mail_id, status) if mail_id and status else None
