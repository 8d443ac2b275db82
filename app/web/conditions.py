"""Conditional and range requests for one representation (RFC 9110, sections 13 and 14), free of any framework."""

import re
from dataclasses import dataclass

# One range and no more: several at once would need a multipart answer, which nobody wants of a picture. Section 14.2
# lets a server ignore the field. Positions are bounded so that no header makes a number of 60,000 digits.
BYTE_RANGE = re.compile(r"bytes=[ \t,]*(?P<first>[0-9]{0,64})-(?P<last>[0-9]{0,64})[ \t,]*", re.IGNORECASE)
ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class Slice:
    """Bytes `start` to `end` (exclusive), at least one of them."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The range lies outside of the representation: the answer is 416."""


def parse_range(field: str, size: int) -> Slice | None:
    """Return the part of `size` bytes that a Range field asks for.

    None: the field is malformed, of another unit, or asks for several parts, and is to be ignored. Raises
    Unsatisfiable.
    """
    match = BYTE_RANGE.fullmatch(field)
    if match is None:
        return None
    first, last = match["first"], match["last"]
    if first == "":
        return _suffix(int(last), size) if last else None
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Slice(start, min(int(last) + 1, size) if last else size)


def _suffix(length: int, size: int) -> Slice:
    if length == 0 or size == 0:
        raise Unsatisfiable
    return Slice(max(0, size - length), size)


def is_listed(field: str, tag: str) -> bool:
    """Whether If-None-Match names `tag`, a strong entity tag with its quotes (weak comparison, section 8.8.3.2)."""
    return field.strip() == "*" or tag in ENTITY_TAG.findall(field)


def allows_range(if_range: str | None, tag: str) -> bool:
    """Whether If-Range is absent or names `tag` (strong comparison, section 13.1.5).

    We send no Last-Modified, so a date is never ours.
    """
    return if_range is None or if_range.strip() == tag
