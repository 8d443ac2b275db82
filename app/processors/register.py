"""The register of processors: who gets what, for which activity, where, and what they promise (privacy policy, P11).

An adapter declares its processor from its settings; what is not in the register gets nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.personal_data import Activity


class Role(StrEnum):
    """In whose name data is handled."""

    PROCESSOR = "PROCESSOR"
    """Another company, on our behalf (Art. 28 GDPR)."""
    OURSELVES = "OURSELVES"
    """A server on this machine: nobody else gets anything."""


class Transfer(StrEnum):
    """What allows data to go where the processor is (Chapter V GDPR). Consent is none of them."""

    INSIDE_EEA = "INSIDE_EEA"
    ADEQUACY = "ADEQUACY"
    SCC = "SCC"
    NONE_NEEDED = "NONE_NEEDED"
    """It stays on this machine."""


class Disclosed(StrEnum):
    """Kinds of data that leave."""

    PROMPT = "PROMPT"
    REFERENCE = "REFERENCE"
    """A picture that somebody uploaded."""
    FACE = "FACE"
    """A face in such a picture."""
    ADDRESS = "ADDRESS"
    """An email address, and what is written to it."""
    SIGN_IN = "SIGN_IN"
    """That somebody signs in with us by an account that they have there."""
    PSEUDONYM = "PSEUDONYM"
    """A keyed hash that stands for a person."""


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
    """ISO 3166-1 alpha-2, or `local` for this machine."""
    transfer: Transfer
    retention: str | None
    """What backs its promise to keep nothing; None: there is no promise, so it may not get faces."""

    def __post_init__(self) -> None:
        if (self.role is Role.OURSELVES) is not (self.transfer is Transfer.NONE_NEEDED):
            raise ValueError(f"{self.name}: a processor needs a transfer mechanism, and this machine needs none")


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
