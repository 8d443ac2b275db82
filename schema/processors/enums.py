"""Enums of the register of processors, each value with its words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import strawberry

from app.processors.outcomes import DELETIONS, OUTCOMES, REFUSALS
from app.processors.outcomes import Deletion as Deletion
from app.processors.outcomes import Outcome as Outcome
from app.processors.outcomes import Refusal as Refusal
from app.processors.register import CATEGORIES, PROOFS, ROLES, TRANSFERS
from app.processors.register import Disclosed as Disclosed
from app.processors.register import Proof as Proof
from app.processors.register import Role as Role
from app.processors.register import Transfer as Transfer

E = TypeVar("E", bound=StrEnum)


def _publish(kind: type[E], name: str, description: str, words: Mapping[E, str]) -> None:
    strawberry.enum(kind, name=name, description=description)
    for value in kind.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = words[kind(value.value)]


_publish(Role, "ProcessorRole", "In whose name a recipient handles data.", ROLES)
_publish(Transfer, "TransferMechanism", "What allows data to go where the recipient is.", TRANSFERS)
_publish(Disclosed, "DisclosedCategory", "Kinds of data that leave.", CATEGORIES)
_publish(Proof, "RetentionProofKind", "What backs a promise to keep nothing.", PROOFS)
_publish(Outcome, "DisclosureOutcome", "How a disclosure ended.", OUTCOMES)
_publish(Refusal, "DisclosureRefusal", "Why nothing left.", REFUSALS)
_publish(Deletion, "DisclosureDeletion", "What a recipient answered when it was told to delete.", DELETIONS)
