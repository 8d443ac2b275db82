"""Delivery status notifications (RFC 3464), as a mail server pipes them to us.

Anybody may send one: so it is taken apart flatly, part by part, in a time that grows with its length. `email`'s parser
of whole messages calls itself for each level, and its structured headers take minutes for a long one.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from uuid import UUID

MAX_BYTES = 262_144
"""What is looked at: our mail has some 5 KB, and what comes back with it is not much more."""
MAX_FIELD = 1_000
"""Characters of a Content-Type field."""
MAX_PARTS = 10
"""Such a message has three."""
_ID = re.compile(r"^Message-ID:[ \t\r\n]*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(r"^Action:[ \t]*failed", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"^Status:[ \t]*(5\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)


def bounce_of(content: bytes) -> tuple[UUID, str] | None:
    """Return which mail of ours failed for good and the status code (RFC 3463); None for any other message."""
    status, mail_id = None, None
    for kind, text in _parts(content[:MAX_BYTES]):
        if kind == "message/delivery-status":
            code = _CODE.search(text)
            status = code[1] if code and _FAILED.search(text) else status
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            known = _ID.search(text)
            mail_id = UUID(known[1]) if known else mail_id
    return (mail_id, status) if mail_id and status else None


def _parts(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield type and text of the parts of a report; nothing of any other message."""
    report = _read(content)
    if _type(report) != "multipart/report":
        return
    boundary = report.get_boundary()
    for part in f"\n{report.get_payload()}".split(f"\n--{boundary}")[1 : MAX_PARTS + 1] if boundary else ():
        message = _read(part.partition("\n")[2].encode(errors="replace"))
        yield _type(message), str(message.get_payload())


def _read(content: bytes) -> "Message[str, str]":
    return BytesHeaderParser().parsebytes(content)


def _type(message: "Message[str, str]") -> str:
    return message.get_content_type() if len(str(message.get("content-type", ""))) <= MAX_FIELD else ""
