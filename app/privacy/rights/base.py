"""What a right is: who may ask, how they show that it is them, what is done, and what it is refused for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from app.consents.office import ConsentOffice
from app.core.jobs import Count, Hold
from app.core.personal_data import Holder, PersonalDataHolder
from app.core.ports import Clock, Counters, ObjectStore
from app.core.privacy_rights import PrivacyRight
from app.core.receipts import PRIVACY
from app.core.signing import Signer
from app.journal.writing import Journal
from app.privacy.asked import Asked, Request
from app.privacy.erasure import Eraser
from app.privacy.export.office import ExportOffice
from app.privacy.office import Office
from app.privacy.status import StepAction
from app.processors.deletion import Recall
from app.support.letters import Desk


class Proof(Enum):
    """How a person shows that it is them: as much as what is asked for could do in the wrong hands (Art. 12(6))."""

    LINK = "a link that was mailed to the address on file, or a session"
    STEP_UP = "a proof in this session that is at most ten minutes old, or the mailed link"


@dataclass(frozen=True, slots=True)
class ErasingPorts:
    """What erasing takes besides."""

    eraser: Eraser
    recall: Recall
    counters: Counters
    registry: Sequence[PersonalDataHolder]
    """Everything that may hold something about a person."""
    journal: Journal
    """Where an erasure is put down before it begins, for as long as a backup may bring somebody back."""


@dataclass(frozen=True, slots=True)
class RunPorts:
    """What carrying out a request takes besides the database."""

    store: ObjectStore
    signer: Signer
    office: Office
    exports: ExportOffice
    erasing: ErasingPorts
    consents: ConsentOffice
    desk: Desk
    holders: Sequence[Holder]
    """The tables of the registry of personal data."""

    @property
    def clock(self) -> Clock:
        """The office's."""
        return self.office.clock


@dataclass(frozen=True, slots=True)
class Work:
    """What a step gets: `hold` comes first in each of its transactions."""

    hold: Hold
    count: Count
    ports: RunPorts


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step ended; with `awaiting_until` it has not, and is run again then."""

    note: str | None = None
    """A short code or number for the person, with nothing personal in it."""
    awaiting_until: datetime | None = None
    count: int | None = None
    """Of a step that finds and does not do: written with its end, so that what is found twice is counted once.

    None: what was counted on the way.
    """


DONE = StepResult()


class Step(Protocol):
    """What is done with what one holder has. Run again after a crash, it goes on where it broke off."""

    @property
    def holder(self) -> str:
        """Who has it, as the registry of personal data calls it."""
        ...

    @property
    def action(self) -> StepAction:
        """What is done."""
        ...

    async def run(self, request: Request, work: Work) -> StepResult:
        """Do it, in transactions of its own. Raises LeaseLost, and what is tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a request is not granted: a code that is kept, and words for the person."""

    code: str
    reason: str


class RightRule(Protocol):
    """One right. Its file says everything about it."""

    @property
    def right(self) -> PrivacyRight:
        """Which one."""
        ...

    @property
    def proof(self) -> Proof:
        """How much it takes to ask for it."""
        ...

    @property
    def needs_account(self) -> bool:
        """Whether there is nothing to do for an address that is of no account."""
        ...

    @property
    def receipt(self) -> str:
        """The type of its receipt (`app.core.receipts`)."""
        ...

    async def grace(self, request: Request, office: Office) -> timedelta:
        """Return how long it may be taken back before it begins."""
        ...

    def check(self, asked: Asked) -> None:
        """Raise InvalidInput for what cannot be asked for like this."""
        ...

    async def refusal(self, request: Request) -> Denial | None:
        """Return why it is not granted to a person who is known by now; None: it is."""
        ...

    async def verified(self, request: Request) -> None:
        """Do what has to be so from the moment on that we know who it is, in the transaction that says so."""
        ...

    async def canceled(self, request: Request) -> None:
        """Undo that, in the transaction that ends the request."""
        ...

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """Return what is to be done, in order: the same each time that it is asked for one request."""
        ...

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """Return what the receipt says besides what every receipt says. Nothing personal."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """What most rights have in common; a right that differs says how."""

    right: PrivacyRight
    proof: Proof = Proof.LINK
    needs_account: bool = True
    receipt: str = PRIVACY

    async def grace(self, request: Request, office: Office) -> timedelta:
        """At once."""
        return timedelta()

    def check(self, asked: Asked) -> None:
        """Everything may be asked for."""

    async def refusal(self, request: Request) -> Denial | None:
        """Nobody is refused."""
        return None

    async def verified(self, request: Request) -> None:
        """Nothing is so before the first step."""

    async def canceled(self, request: Request) -> None:
        """Nothing is to be undone."""

    async def claims(self, request: Request, ports: RunPorts) -> Mapping[str, Any]:
        """Nothing more."""
        return {}


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that is one function."""

    holder: str
    action: StepAction
    do: Callable[[Request, Work], Awaitable[StepResult]]

    async def run(self, request: Request, work: Work) -> StepResult:
        """Do it."""
        return await self.do(request, work)


def person_of(request: Request) -> UUID:
    """Return whose request it is, for a right that needs an account. Raises RuntimeError where there is nobody."""
    if request.person is None:
        raise RuntimeError("this request is of nobody's account")
    return request.person
