"""Server-sent events of the image API (WHATWG HTML, 9.2; event names from the official client's types)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app.generation.engines.base import BadOutput
from app.generation.engines.openai import failures, wire

PARTIAL = frozenset({"image_generation.partial_image", "image_edit.partial_image"})
COMPLETED = frozenset({"image_generation.completed", "image_edit.completed"})
END = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Partial:
    """An unfinished picture: never a result."""

    ordinal: int
    """0 for the first."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Completed:
    """The finished picture."""

    picture: wire.Picture


class EventReader:
    """Turns chunks of bytes, cut anywhere, into the `(event, data)` of each server-sent event."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._searched = 0
        self._event = ""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the events that this chunk completes. Lines end in LF or CRLF, as every server sends them."""
        self._line += chunk
        while (end := self._line.find(b"\n", self._searched)) >= 0:
            line = bytes(self._line[:end]).removesuffix(b"\r")
            del self._line[: end + 1]
            self._searched = 0
            yield from self._read(line)
        self._searched = len(self._line)

    def _read(self, line: bytes) -> Iterator[tuple[str, bytes]]:
        if not line:
            if self._data:
                yield self._event, b"\n".join(self._data)
            self._event, self._data = "", []
            return
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value)
        elif field == b"event":
            self._event = value.decode("utf-8", "replace")


def meaning(event: str, data: bytes) -> Partial | Completed | None:
    """Return what an event means to us; None: nothing.

    Raises BadOutput where it cannot be read, and what an error event stands for: Refused or EngineError.
    """
    if data.strip() == END:
        return None
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise wire.bad_output() from None
    if not isinstance(content, dict):
        raise wire.bad_output()
    kind = content.get("type") or event
    if kind in COMPLETED:
        return Completed(wire.picture_of(content))
    if kind in PARTIAL:
        return _partial(content)
    if kind == "error" or content.get("error"):
        raise failures.of_stream(failures.report(content.get("error") or content))
    return None


def _partial(content: dict[str, Any]) -> Partial | None:
    """Return an unfinished picture; one that cannot be read is no reason to lose the finished one."""
    ordinal = content.get("partial_image_index")
    try:
        picture = wire.picture_of(content)
    except BadOutput:
        return None
    if isinstance(picture, bytes) and isinstance(ordinal, int) and 0 <= ordinal < 100:
        return Partial(ordinal, picture)
    return None
