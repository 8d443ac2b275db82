"""An entry of the journal, and the object that it is: a signed statement by random ids, with nothing else in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from app.core import signing
from app.core.db import Row
from app.core.signing import Signer
from app.journal.errors import Forged

ENTRY_TYPE = "journal-entry+jwt"
FOLDER = "journal/"
DIGITS = 16
Verify = Callable[[str, str], Mapping[str, Any]]
"""Returns the claims of a token of a type, as `Signer.verify` does. Raises `app.core.signing.Forged`."""


class Decision(StrEnum):
    """What is written down. The values are in the journal: never rename one.

    What takes something back is one too, so that whoever applies all of them ends where people last were.
    """

    ERASED = "ERASED"
    """The account goes; from here on nothing brings it back."""
    ERASURE_TAKEN_BACK = "ERASURE_TAKEN_BACK"
    """The account stays: a backup that knows only that its erasure was asked for would else go on with that."""
    CHILD_ERASED = "CHILD_ERASED"
    """Likewise, with what others made from its reference pictures."""
    GENERATION_DELETED = "GENERATION_DELETED"
    REFERENCE_DELETED = "REFERENCE_DELETED"
    CONSENT_GIVEN = "CONSENT_GIVEN"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    """Also who was never asked and said no, and who unsubscribed."""
    OBJECTED = "OBJECTED"
    OBJECTION_TAKEN_BACK = "OBJECTION_TAKEN_BACK"
    RESTRICTED = "RESTRICTED"
    RESTRICTION_LIFTED = "RESTRICTION_LIFTED"
    MARK = "MARK"
    """Nobody's: it is there so that an older entry can go, or stands for what was lost."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision, and which one it is."""

    sequence: int
    id: UUID
    at: datetime
    decision: Decision
    person: UUID | None = None
    object: UUID | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    """Names of purposes and activities, versions of texts: nothing that anybody wrote."""

    @classmethod
    def of(cls, row: Row) -> "Entry":
        """Read a row that has its number."""
        detail = orjson.loads(row["detail"]) if row["detail"] else {}
        decision = Decision(row["decision"])
        return cls(
            row["sequence"], row["id"], row["at"].astimezone(UTC), decision, row["person_id"], row["object"], detail
        )

    @classmethod
    def signed(cls, sequence: int, token: bytes, verify: Verify) -> "Entry":
        """Read the object of a number. Raises Forged."""
        try:
            claims = verify(token.decode("ascii"), ENTRY_TYPE)
            if claims["sequence"] != sequence:
                raise signing.Forged("This is the entry of another number.")
            return cls(
                sequence,
                UUID(claims["jti"]),
                datetime.fromisoformat(claims["at"]),
                Decision(claims["decision"]),
                UUID(claims["person"]) if "person" in claims else None,
                UUID(claims["object"]) if "object" in claims else None,
                dict(claims.get("detail", {})),
            )
        except (signing.Forged, KeyError, TypeError, ValueError) as error:
            raise Forged(
                f"Entry {sequence} of the decision journal is not one that this service signed. After "
                "ANYPEOPLE_SECRET_KEY was replaced, `anypeople restore replay --old-key` takes the old one on standard "
                "input; else somebody changed the object store: restore the folder `journal` of it."
            ) from error

    def token(self, signer: Signer) -> bytes:
        """Sign it: the same entry is the same bytes, whoever writes it and however often."""
        claims: dict[str, object] = {
            "sequence": self.sequence,
            "jti": str(self.id),
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "decision": self.decision.value,
        }
        if self.person is not None:
            claims["person"] = str(self.person)
        if self.object is not None:
            claims["object"] = str(self.object)
        if self.detail:
            claims["detail"] = dict(sorted(self.detail.items()))
        return signer.sign(claims, ENTRY_TYPE).encode("ascii")


def key_of(sequence: int) -> str:
    """Return where the entry of a number is: keys sort as numbers do."""
    return f"journal/{sequence:0{DIGITS}d}"


def sequence_of(key: str) -> int | None:
    """Return the number of an object of the journal; None of what is none of its entries."""
    number = key.removeprefix(FOLDER)
    return int(number) if len(number) == DIGITS and number.isascii() and number.isdigit() else None
