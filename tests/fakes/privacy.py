"""An office that keeps requests, and what carries them out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.core.clock import SystemClock
from app.core.controller import Controller
from app.core.personal_data import Holder
from app.core.ports import Counters, ObjectStore
from app.core.signing import Signer
from app.journal.writing import Journal
from app.privacy.erasure import Eraser
from app.privacy.export.office import ExportOffice
from app.privacy.objects import object_erasers
from app.privacy.office import Office
from app.privacy.rights.base import ErasingPorts, RunPorts
from app.processors.deletion import Recall
from app.processors.register import Register
from app.processors.service import Gate
from app.registries import HOLDERS, ON_OBJECTION, ON_WITHDRAWAL, PERSONAL_DATA
from app.support.letters import Desk
from tests.fakes.consents import consent_office


@dataclass
class FakeCounters:
    """`Counters` in memory."""

    counted: set[str] = field(default_factory=set)

    def keys(self, budgets: Sequence[str], limits: Sequence[str]) -> Sequence[str]:
        """Hash each."""
        names = [*(f"budget {name}" for name in budgets), *(f"limit {name}" for name in limits)]
        return [hashlib.sha256(name.encode()).hexdigest() for name in names]

    async def delete(self, keys: Sequence[str]) -> int:
        """Forget."""
        there = self.counted.intersection(keys)
        self.counted -= there
        return len(there)


def run_ports(store: ObjectStore, signer: Signer, register: Register, counters: Counters | None = None) -> RunPorts:
    """Return what carries out requests, where nobody can be told to delete anything."""
    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(store))
    recall = Recall(Gate(register), {})
    erasing = ErasingPorts(
        eraser, recall, counters or FakeCounters(), HOLDERS, Journal(store, signer, timedelta(days=35))
    )
    exports = export_office(store, signer)
    return RunPorts(store, signer, OFFICE, exports, erasing, CONSENTS, DESK, tuple(PERSONAL_DATA.values()))


OFFICE = Office(SystemClock(), ZoneInfo("UTC"))
DESK = Desk("support@localhost.localdomain", "privacy@localhost.localdomain")
CONSENTS = replace(consent_office(on_withdrawal=ON_WITHDRAWAL), on_objection=ON_OBJECTION)
CONTROLLER = Controller("Ada & Sons", "1 Lane", "privacy@example.com", "https://pictures.example", "IE", "IE")


def export_office(store: ObjectStore, signer: Signer, registry: Mapping[str, Holder] = PERSONAL_DATA) -> ExportOffice:
    """Compose an office that makes exports."""
    return ExportOffice(store, signer, SystemClock(), CONTROLLER, registry, HOLDERS, Register())
