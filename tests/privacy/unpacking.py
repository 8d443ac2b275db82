"""What lies in bytes beside themselves: what is compressed or cut up, as it was before."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy

DEPTH = 4
"""Archives in archives."""
_PNG = b"\x89PNG\r\n\x1a\n"
_PAGE = 8192
"""Bytes of a page of PostgreSQL's log of changes."""
_FIRST, _OTHER = 40, 24
"""Bytes of the header of a file's first page, and of each further one."""


def unpacked(name: str, content: bytes, depth: int = DEPTH) -> Iterator[tuple[str, bytes]]:
    """Yield a thing and what is in it, each with the way to it."""
    yield name, content
    if depth:
        for part, inner in _parts(name, content):
            yield from unpacked(f"{name} > {part}", inner, depth - 1)


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PK\x03\x04"):
        yield from _members(content)
    elif content.startswith(_PNG):
        yield from _texts(content)
    elif content.startswith(b"\x1f\x8b"):
        yield "content", gzip.decompress(content)
    elif name.endswith(".eml"):
        yield from _letter(content)
    elif "/pg_wal/" in name and ">" not in name and len(content) > _PAGE:
        yield "records", records(content)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield entry.filename, archive.read(entry)


def _texts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is compressed in a PNG's chunks of words: zTXt, iTXt, iCCP."""
    at = len(_PNG)
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if kind in (b"zTXt", b"iTXt", b"iCCP"):
            data = content[at + 8 : at + 8 + length]
            for start in (place for place in range(len(data) - 1) if data[place] == 0x78):
                try:
                    yield kind.decode(), zlib.decompress(data[start:])
                except zlib.error:
                    continue
        at += length + 12


def _letter(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the head and the parts of a mail, without what they were made to travel in."""
    message = message_from_bytes(content, policy=policy.default)
    yield "head", "\n".join(str(value) for value in message.values()).encode()
    for number, part in enumerate(message.walk()):
        if isinstance(decoded := part.get_payload(decode=True), bytes):
            yield f"part {number}", decoded


def records(content: bytes) -> bytes:
    """Return a file of the log of changes without the headers of its pages: they cut through what a record says."""
    pages = (content[at : at + _PAGE] for at in range(0, len(content), _PAGE))
    return b"".join(page[_OTHER if number else _FIRST :] for number, page in enumerate(pages))
