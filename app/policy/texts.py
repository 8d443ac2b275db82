"""The privacy policy and the terms as they are shipped: one Markdown file per version, never edited once published.

A file begins with `version` and `effective`, and has one sentence a line, so that each can be pointed at: by a clause,
by a diff, by a reader. `{controller}`, `{address}`, `{contact}`, `{service}` and `{backup_days}` are the operator's
settings.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "documents"
_HEAD = re.compile(r"\A---\nversion: (?P<version>\S+)\neffective: (?P<effective>\S+)\n---\n\n# (?P<title>[^\n]+)\n")
_MARKERS = re.compile(r"^(?:- |\d+\. |> )")


class DocumentKind(StrEnum):
    """The two documents, which are read together."""

    PRIVACY = "PRIVACY"
    TERMS = "TERMS"


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document."""

    kind: DocumentKind
    version: str
    """Unique within its kind; an ISO date by custom."""
    effective: date
    """The day from which it is meant to be in force."""
    title: str
    text: str
    """Markdown without the head."""
    sha256: str
    """Of the file, in hexadecimal digits."""

    def sentences(self) -> Sequence[str]:
        """Return every sentence, list item and table row in order, without the Markdown that begins its line."""
        return sentences(self.text)


def sentences(text: str) -> Sequence[str]:
    """Return every sentence, list item and table row of Markdown that has one a line."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(_MARKERS.sub("", line) for line in lines if line and not line.startswith(("#", "|---")))


def read(kind: DocumentKind, path: Path) -> Document:
    """Return the document of a file. Raises ValueError where it does not begin as one does."""
    content = path.read_bytes()
    text = content.decode()
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"{path.name}: a document begins with its version, its effective date and its title")
    if head["version"] != path.stem:
        raise ValueError(f"{path.name}: the file has the name of its version")
    effective = date.fromisoformat(head["effective"])
    return Document(
        kind, head["version"], effective, head["title"], text[head.end() :], hashlib.sha256(content).hexdigest()
    )


def shipped(kind: DocumentKind, folder: Path = FOLDER) -> Sequence[Document]:
    """Return all versions that come with the program, oldest first. Raises ValueError as `read` does."""
    documents = [read(kind, path) for path in sorted((folder / kind.value.lower()).glob("*.md"))]
    return sorted(documents, key=lambda document: (document.effective, document.version))
