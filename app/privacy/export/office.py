"""What making exports takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.controller import Controller
from app.core.personal_data import Holder, PersonalDataHolder
from app.core.ports import Clock, ObjectStore
from app.core.signing import Signer
from app.privacy.export.selection import Selected, everything, provided, select
from app.processors.register import Register


class Extent(StrEnum):
    """How much of what we hold an export has; the values are in manifests."""

    ACCESS = "ACCESS"
    """All of it (Art. 15 GDPR)."""
    PORTABILITY = "PORTABILITY"
    """What is processed for a contract or by consent (Art. 20 GDPR)."""


@dataclass(frozen=True, slots=True)
class ExportOffice:
    """Composed once for a process: the registries and the ports."""

    store: ObjectStore
    signer: Signer
    clock: Clock
    controller: Controller
    registry: Mapping[str, Holder]
    """Every table."""
    holders: Sequence[PersonalDataHolder]
    """Every table and every store."""
    processors: Register
    supervisor: str = ""
    """The supervisory authority that people may complain to; empty: that of where they live."""

    def selected(self, extent: Extent) -> Mapping[str, Selected]:
        """Return what of each table an export has."""
        return select(self.registry.values(), everything if extent is Extent.ACCESS else provided)

    def has_files(self, extent: Extent, store: str) -> bool:
        """Return whether an export has the files of a store of the registry."""
        wanted = everything if extent is Extent.ACCESS else provided
        return any(holder.name == store and wanted(holder.columns["content"]) for holder in self.holders)
