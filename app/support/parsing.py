"""A mail as a mail server pipes it (RFC 5322, RFC 2045), taken apart without trust.

Anybody may send one. It is split flatly, to a bounded depth and number of parts, in a time that grows with its length:
`email`'s parser of whole messages calls itself for each level and looks for every boundary in every line. Attachments
are counted, and never opened.
"""

import codecs
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import TypeAlias
from uuid import UUID

from app.accounts.identity import known_form
from app.support.errors import Unreadable
from app.support.texts import of_mail, one_line, text_of_html

MAX_BYTES = 10 * 1024 * 1024
MAX_HEADER_BYTES = 65_536
MAX_FIELD = 2_000
"""Characters of a field that are looked at."""
MAX_DEPTH = 8
MAX_PARTS = 50
MAX_TEXT_BYTES = 200_000
"""Of a part, decoded."""
MAX_ID = 200
CHARSETS = ("utf-8", "utf-16", "ascii", "iso8859", "cp", "koi8", "gb", "big5", "shift_jis", "euc", "iso2022", "mac")
"""What Python's names of charsets begin with that are read as they say; some others take minutes."""
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}", re.ASCII)
_ID = re.compile(rf"<([!-;=?-~]{{1,{MAX_ID}}})>")
_OF_LISTS = ("bulk", "junk", "list", "auto_reply")

Head: TypeAlias = "Message[str, str]"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail: who says to have sent it, where it went, and what is kept of it."""

    sender: str
    recipients: frozenset[str]
    """In small letters."""
    subject: str
    text: str
    message_id: str | None


def is_automatic(content: bytes, domain: str) -> bool:
    """Return whether a program sent it, a list, or ourselves (RFC 3834, RFC 2919): nobody answers such a mail."""
    head, _ = _split(content)
    submitted, precedence = (_field(head, name).strip().lower() for name in ("auto-submitted", "precedence"))
    known = _ID.search(_field(head, "message-id"))
    return (
        (submitted not in {"", "no"})
        or precedence in _OF_LISTS
        or any(name.lower().startswith("list-") for name in head)
        or _field(head, "return-path").strip() == "<>"
        or _field(head, "x-spam-flag").strip().lower() == "yes"
        or "x-autoreply" in head
        or (known is not None and _is_ours(known[1], domain))
    )


def read(content: bytes) -> Arrived:
    """Take a mail apart. Raises Unreadable where it has not one sender, or says nothing."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"A mail has {MAX_BYTES // 1024 // 1024} MB at most.")
    head, body = _split(content)
    senders = [address for _, address in getaddresses(_all(head, "from")) if address]
    sender = known_form(senders[0]) if len(senders) == 1 else ""
    if not sender:
        raise Unreadable("A mail has one sender, with an address that can be answered.")
    parts = list(_leaves(head, body, MAX_DEPTH, [MAX_PARTS]))
    plain = [part for part in parts if part[0] == "text/plain"]
    shown = plain or [part for part in parts if part[0] == "text/html"]
    words = "\n".join(text_of_html(text) if kind == "text/html" else text for kind, text in shown)
    text = of_mail(words, sum(kind == "" for kind, _ in parts))
    if not text:
        raise Unreadable("There is nothing in this mail above what it quotes.")
    where = [each for name in ("to", "cc", "delivered-to", "x-original-to") for each in _all(head, name)]
    known = _ID.search(_field(head, "message-id"))
    recipients = frozenset(found.lower() for each in where for found in _ADDRESS.findall(each))
    return Arrived(sender, recipients, one_line(_words(_field(head, "subject"))), text, known[1] if known else None)


def _is_ours(message_id: str, domain: str) -> bool:
    name, _, of = message_id.rpartition("@")
    try:
        return of.lower() == domain.lower() and UUID(name).version == 7
    except ValueError:
        return False


def _split(content: bytes) -> tuple[Head, bytes]:
    """Return the header fields and the body. Raises Unreadable for more header than a mail has."""
    content = content.replace(b"\r\n", b"\n")
    header, _, body = content.partition(b"\n\n")
    if content.startswith(b"\n"):
        header, body = b"", content[1:]
    if len(header) > MAX_HEADER_BYTES:
        raise Unreadable("This mail has too much of a header.")
    return BytesHeaderParser().parsebytes(header + b"\n\n"), body


def _all(head: Head, name: str) -> list[str]:
    return [_unfolded(value)[:MAX_FIELD] for value in head.get_all(name, [])[:10]]


def _field(head: Head, name: str) -> str:
    return next(iter(_all(head, name)), "")


def _unfolded(value: object) -> str:
    return " ".join(str(value)[: 2 * MAX_FIELD].splitlines())


def _leaves(head: Head, body: bytes, depth: int, room: list[int]) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each part that is none of parts; of an attachment, nothing but that there is one."""
    kind = _type(head)
    if kind.startswith("multipart/") and depth and (boundary := head.get_boundary()):
        for part in _parts(body, boundary.encode("ascii", "replace"), room):
            yield from _leaves(*_split(part), depth - 1, room)
    elif kind in {"text/plain", "text/html"} and not _field(head, "content-disposition").lower().startswith("attach"):
        yield kind, _decoded(head, body)
    else:
        yield "", ""


def _parts(body: bytes, boundary: bytes, room: list[int]) -> Iterator[bytes]:
    delimiter = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\n|\Z)")
    begun, position = b"\n" + body, None
    for found in delimiter.finditer(begun):
        if position is not None and room[0] > 0:
            room[0] -= 1
            yield begun[position : found.start()].removeprefix(b"\n")
        position = None if found[1] else found.end()
        if position is None or not room[0]:
            return
    if position is not None and room[0] > 0:  # it was cut off on its way
        room[0] -= 1
        yield begun[position:].removeprefix(b"\n")


def _type(head: Head) -> str:
    return (
        head.get_content_type() if len(str(head.get("content-type", ""))) <= MAX_FIELD else "application/octet-stream"
    )


def _decoded(head: Head, body: bytes) -> str:
    encoding = _field(head, "content-transfer-encoding").strip().lower()
    if encoding == "base64":
        content = _of_base64(body[: 2 * MAX_TEXT_BYTES])
    elif encoding == "quoted-printable":
        content = quopri.decodestring(body[: 3 * MAX_TEXT_BYTES])
    else:
        content = body
    return content[:MAX_TEXT_BYTES].decode(_charset(head), "replace")


def _of_base64(body: bytes) -> bytes:
    """Return what can be read of it: what is cut off, or broken, ends it."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    return b64decode(kept[: len(kept) // 4 * 4] if len(kept) % 4 == 1 else kept + b"=" * (-len(kept) % 4))


def _charset(head: Head) -> str:
    try:
        name = codecs.lookup(str(head.get_content_charset("utf-8"))[:40]).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if name.startswith(CHARSETS) else "utf-8"


def _words(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError):
        return value
