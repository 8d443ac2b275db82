"""The register of processors: who gets what, for which activity, where, and what they promise (privacy policy, P11).

An adapter declares its processor from its settings; what is not in the register gets nothing. Activities are those of
the policy's table and no others: there is none for the sale of data, so nothing can be declared for it (P10).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.personal_data import Activity

LOCAL = "local"
"""In place of a country: this machine, or another of ours."""
_COUNTRY = re.compile(r"[A-Z]{2}")


class Role(StrEnum):
    """In whose name data is handled."""

    PROCESSOR = "PROCESSOR"
    CONTROLLER = "CONTROLLER"
    """As whoever signs people in, who knows them already (Art. 4(7) GDPR)."""
    OURSELVES = "OURSELVES"


class Transfer(StrEnum):
    """What allows data to go where the processor is (Chapter V GDPR). Consent is none of them."""

    INSIDE_EEA = "INSIDE_EEA"
    ADEQUACY = "ADEQUACY"
    SCC = "SCC"
    NONE_NEEDED = "NONE_NEEDED"


class Disclosed(StrEnum):
    """Kinds of data that leave."""

    PROMPT = "PROMPT"
    REFERENCE = "REFERENCE"
    FACE = "FACE"
    ADDRESS = "ADDRESS"
    SIGN_IN = "SIGN_IN"
    PSEUDONYM = "PSEUDONYM"
    PICTURE = "PICTURE"
    STATISTICS = "STATISTICS"
    ALL = "ALL"
    """Only of whoever runs the machines."""


class Proof(StrEnum):
    """What backs a promise to keep nothing."""

    HEADER = "HEADER"
    ENDPOINT = "ENDPOINT"
    CONTRACT = "CONTRACT"
    NONE = "NONE"


ROLES: Mapping[Role, str] = {
    Role.PROCESSOR: "Another company, on our behalf and bound by an agreement (Art. 28 GDPR).",
    Role.CONTROLLER: "Another company, for purposes of its own.",
    Role.OURSELVES: "A server of our own: nobody else gets anything.",
}
TRANSFERS: Mapping[Transfer, str] = {
    Transfer.INSIDE_EEA: "It stays in the European Economic Area.",
    Transfer.ADEQUACY: "The European Commission found the country's protection adequate (Art. 45 GDPR).",
    Transfer.SCC: "Standard contractual clauses (Art. 46(2)(c) GDPR).",
    Transfer.NONE_NEEDED: "It stays on machines of ours.",
}
CATEGORIES: Mapping[Disclosed, str] = {
    Disclosed.PROMPT: "The words that a picture was asked for with.",
    Disclosed.REFERENCE: "A picture that somebody uploaded.",
    Disclosed.FACE: "A face in such a picture.",
    Disclosed.ADDRESS: "An email address, and what is written to it.",
    Disclosed.SIGN_IN: "That somebody signs in here by an account that they have there.",
    Disclosed.PSEUDONYM: "A keyed hash that stands for a person, and leads to nobody without our key.",
    Disclosed.PICTURE: "A picture that was made here, as it is kept.",
    Disclosed.STATISTICS: "How often what was done on a day: numbers, and nothing of anybody.",
    Disclosed.ALL: "Whatever the service keeps and carries: whoever runs its machines could see it.",
}
PROOFS: Mapping[Proof, str] = {
    Proof.HEADER: "A header of each request asks for it.",
    Proof.ENDPOINT: "The endpoint that is asked keeps nothing.",
    Proof.CONTRACT: "An agreement with the operator.",
    Proof.NONE: "Only their word.",
}


@dataclass(frozen=True, slots=True)
class RetentionPromise:
    """What a processor says about keeping what it gets (P12)."""

    statement: str
    """One sentence that can be shown to people."""
    proof: Proof
    source: str
    """The header's name, the endpoint, the agreement's reference."""
    keeps: timedelta = timedelta()
    """How long it keeps what it gets, at most; by default it keeps nothing."""


@dataclass(frozen=True, slots=True)
class Processor:
    """One recipient. Every field is stated in the public register."""

    name: str
    """Key in this register, as adapters give it."""
    operator: str
    """The legal person behind it."""
    role: Role
    purpose: str
    activities: frozenset[Activity]
    categories: frozenset[Disclosed]
    country: str
    """ISO 3166-1 alpha-2, or `local`."""
    transfer: Transfer
    dpa: str | None = None
    """Reference of the data processing agreement (Art. 28(3))."""
    retention: RetentionPromise | None = None
    """What it promises about keeping; None: nothing."""
    deletion: str | None = None
    """How it is told to delete what it got (`app.processors.deletion.Deletes`); None: it has no way for that."""
    standing: bool = False
    """Whether it holds data of ours all the time: such a disclosure is stated here once, not for each object."""

    def __post_init__(self) -> None:
        ours = self.role is Role.OURSELVES
        if ours is not (self.transfer is Transfer.NONE_NEEDED):
            raise ValueError(f"{self.name}: a processor needs a transfer mechanism, and a machine of ours needs none")
        if not ours and not _COUNTRY.fullmatch(self.country):
            raise ValueError(f"{self.name}: a processor is in a country, which ISO 3166-1 has two letters for")
        if self.role is Role.PROCESSOR and not self.dpa:
            raise ValueError(f"{self.name}: a processor is bound by an agreement (Art. 28(3) GDPR)")
        if not (self.operator and self.purpose and self.activities and self.categories):
            raise ValueError(f"{self.name}: a processor has an operator, a purpose, activities and categories")

    @property
    def proves_retention(self) -> bool:
        """Whether more than its word says that it keeps nothing: only then it may get faces."""
        promise = self.retention
        return promise is not None and promise.proof is not Proof.NONE and not promise.keeps


class Register:
    """The declared processors by name."""

    def __init__(self, processors: Iterable[Processor] = ()) -> None:
        """Raises ValueError where two have one name."""
        self._processors: dict[str, Processor] = {}
        for processor in processors:
            if processor.name in self._processors:
                raise ValueError(f"{processor.name} is registered twice")
            self._processors[processor.name] = processor

    def __iter__(self) -> Iterator[Processor]:
        return iter(self._processors.values())

    def find(self, name: str) -> Processor | None:
        """Return the processor of that name, or None where nobody declared it."""
        return self._processors.get(name)
