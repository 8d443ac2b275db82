"""What a person has to say before a picture with a face is used, word for word (privacy policy, P05).

A wording that was published is never edited: records name its version and its hash. A change is a new entry at the end
of `WORDINGS`, and pictures that are added from then on are acknowledged anew.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FaceStatement(StrEnum):
    """Whose face it is. The values are stored; never rename one."""

    OWN_FACE = "OWN_FACE"
    WRITTEN_CONSENT_OF_ADULT = "WRITTEN_CONSENT_OF_ADULT"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of what is acknowledged."""

    version: str
    text: str
    statements: Mapping[FaceStatement, str]

    @property
    def sha256(self) -> str:
        """The hash of version, text and statements, as lower-case hex."""
        lines = [self.version, self.text, *(f"{name}: {words}" for name, words in sorted(self.statements.items()))]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What somebody acknowledged, as they sent it."""

    version: str
    statement: FaceStatement


WORDINGS = (
    Wording(
        "2026-11-24",
        "There is a face in this picture. We looked for one on our own machine, and computed nothing that could "
        "recognise it. The picture is used for the pictures that you ask for and for nothing else. It is deleted after "
        "24 hours unless you save it, and whenever you delete it. Say whose face it is:",
        {
            FaceStatement.OWN_FACE: "This is my own face, and I am 18 or older.",
            FaceStatement.WRITTEN_CONSENT_OF_ADULT: (
                "This is the face of another person who is 18 or older and who has agreed to this use in writing. "
                "I can show that agreement."
            ),
        },
    ),
)
"""Every version that was ever published, oldest first."""
CURRENT = WORDINGS[-1]
