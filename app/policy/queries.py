"""Reads of what is published: it is the same for everybody, so no viewer is asked for.

A version that is shipped and not published is shown to nobody. A new installation publishes the latest one by itself
(`app.policy.beginning`). Where people came before the program did that, the oldest one is what they were shown; there
it is in force until a publication takes effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import NAMESPACE_OID, UUID, uuid5

from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, fetch, fetch_one
from app.policy.errors import TextChanged, UnknownVersion
from app.policy.library import library
from app.policy.texts import Document, DocumentKind


@dataclass(frozen=True, slots=True)
class Edition:
    """A version as the public sees it: its text, and what was said when it was published."""

    document: Document
    effective_at: datetime
    published_at: datetime | None = None
    """None: the program came with it, and nothing wrote that down."""
    material: bool = False
    summary: str = ""
    """What changes, in a few sentences of plain text; empty for what the installation began with only."""
    asks_again: tuple[ConsentPurpose, ...] = ()
    """Consents that count no more once it takes effect."""

    @property
    def id(self) -> UUID:
        """The same in every installation."""
        return edition_id(self.document.kind, self.document.version)

    @property
    def begins(self) -> bool:
        """Whether the installation began with it."""
        return not self.summary


def edition_id(kind: DocumentKind, version: str) -> UUID:
    """Return the id of a version, made from its name."""
    return uuid5(NAMESPACE_OID, f"anypeople/documents/{kind.value}/{version}")


_COLUMNS = "kind, version, sha256, published_at, effective_at, material, summary, asks_again"


async def in_force(kind: DocumentKind, at: datetime) -> Edition:
    """Return what is in force at a moment: one statement. Raises TextChanged.

    It is not kept in the process: a version takes effect in every process at the same moment. What the installation
    began with counts from ever: no process is without a text because its clock is a little behind.
    """
    row = await fetch_one(
        f"""SELECT {_COLUMNS} FROM document_versions WHERE kind = $1 AND (effective_at <= $2 OR summary = '')
            ORDER BY effective_at DESC, id DESC LIMIT 1""",  # noqa: S608
        kind.value,
        at,
    )
    return _edition(row) if row else _first(kind)


async def editions(kind: DocumentKind) -> Sequence[Edition]:
    """Return all that the public may see, the latest to take effect first. Raises TextChanged.

    There are never more than are shipped.
    """
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM document_versions WHERE kind = $1 ORDER BY effective_at DESC, id DESC",  # noqa: S608
        kind.value,
    )
    found, first = [_edition(row) for row in rows], _first(kind)
    complete = any(edition.begins or edition.document == first.document for edition in found)
    return found if complete else [*found, first]


async def edition(kind: DocumentKind, version: str) -> Edition:
    """Return one version that the public may see. Raises UnknownVersion, TextChanged."""
    for found in await editions(kind):
        if found.document.version == version:
            return found
    raise UnknownVersion("There is no such version: the list of versions names them all.", path=("version",))


async def edition_of(id: UUID) -> Edition:
    """Return the published version of an id. Raises UnknownVersion, TextChanged."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM document_versions WHERE id = $1", id)  # noqa: S608
    if row is None:
        raise UnknownVersion("There is no such version.")
    return _edition(row)


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the list of all, with the text that it takes the place of."""

    edition: Edition
    previous: Document | None


async def listed(kind: DocumentKind) -> Sequence[Listed]:
    """Return what `editions` returns, each with the version right before it: one statement."""
    found = await editions(kind)
    earlier = [*(edition.document for edition in found[1:]), None]
    return [Listed(edition, previous) for edition, previous in zip(found, earlier, strict=True)]


async def listed_in_force(kind: DocumentKind, at: datetime) -> Listed:
    """Return what is in force at a moment, with the version right before it: one statement."""
    found = await listed(kind)
    return next((each for each in found if each.edition.effective_at <= at), found[-1])


async def listed_by_id() -> Mapping[UUID, Listed]:
    """Return all versions of all documents by their ids: two statements."""
    return {each.edition.id: each for kind in DocumentKind for each in await listed(kind)}


async def asked_again(at: datetime) -> Mapping[ConsentPurpose, datetime]:
    """Return, for each purpose that has to be asked again, since when: consents from before count no more.

    A purpose that no version in force has ever asked for again is not in it.
    """
    rows = await fetch(
        """SELECT purpose, max(effective_at) AS since
           FROM document_versions, unnest(string_to_array(asks_again, ' ')) AS purpose
           WHERE effective_at <= $1 GROUP BY purpose""",
        at,
    )
    return {ConsentPurpose(row["purpose"]): row["since"] for row in rows if row["purpose"]}


async def check_published() -> None:
    """Compare what was published with what is shipped: a process asks when it starts. Raises TextChanged."""
    for row in await fetch(f"SELECT {_COLUMNS} FROM document_versions"):  # noqa: S608
        _edition(row)


def _first(kind: DocumentKind) -> Edition:
    document = library().oldest(kind)
    return Edition(document, datetime.combine(document.effective, time(), UTC))


def _edition(row: Row) -> Edition:
    kind, version = DocumentKind(row["kind"]), row["version"]
    document = library().find(kind, version)
    if document is None or document.sha256 != row["sha256"]:
        raise TextChanged(
            f"{kind.value} {version} was published with the hash {row['sha256']}, and its file "
            f"{'is not shipped' if document is None else 'has another one'}: restore that file."
        )
    asked = tuple(ConsentPurpose(purpose) for purpose in row["asks_again"].split())
    return Edition(document, row["effective_at"], row["published_at"], row["material"], row["summary"], asked)
