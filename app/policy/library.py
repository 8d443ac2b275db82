"""The documents that this program came with, read from disk once."""

from collections.abc import Sequence
from pathlib import Path

from app.policy.texts import FOLDER, Document, DocumentKind, shipped


class Library:
    """All versions of all documents, published or not."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Raises ValueError for a file that is no document, and where there is none of a kind."""
        self._documents = {kind: tuple(shipped(kind, folder)) for kind in DocumentKind}
        for kind, documents in self._documents.items():
            if not documents:
                raise ValueError(f"{kind.value}: no version of it is shipped")

    def versions(self, kind: DocumentKind) -> Sequence[Document]:
        """Return all of a kind, oldest first."""
        return self._documents[kind]

    def oldest(self, kind: DocumentKind) -> Document:
        """Return what the program came with first: it is in force where nothing was ever published."""
        return self._documents[kind][0]

    def latest(self, kind: DocumentKind) -> Document:
        """Return what a new installation begins with."""
        return self._documents[kind][-1]

    def find(self, kind: DocumentKind, version: str) -> Document | None:
        """Return one version; None where it is not shipped."""
        return next((document for document in self._documents[kind] if document.version == version), None)


class _Carrier:
    library: Library | None = None


def library() -> Library:
    """Return the process's library."""
    if _Carrier.library is None:
        _Carrier.library = Library()
    return _Carrier.library


def lend_from(other: Library | None) -> None:
    """Set where documents are read from. None: what is shipped."""
    _Carrier.library = other
