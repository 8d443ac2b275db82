"""The ports: what core needs from the outside world, named by what we want rather than by who provides it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar
from uuid import UUID

P = ParamSpec("P")
R = TypeVar("R")


class Clock(Protocol):
    """The time; tests turn it by hand."""

    def now(self) -> datetime:
        """Return the present moment, in UTC, with its time zone."""
        ...


class Compute(Protocol):
    """Runs a picklable function on another core, so that the event loop never waits for pixels."""

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return `function(*args)`; raises what it raises."""
        ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store knows of an object."""

    key: str
    byte_size: int


class ObjectStore(Protocol):
    """Bytes by key.

    Keys are `[a-z0-9/._-]+` and hold no personal data; no part of one is empty or begins with a dot, and no key is the
    folder of another. Every operation raises OSError where the store cannot be asked, or does not answer.
    """

    async def put(self, key: str, content: bytes) -> None:
        """Write an object whole: a reader sees all of it or nothing. Writing a key again replaces it."""
        ...

    async def head(self, key: str) -> StoredObject | None:
        """Return size and key, or None where there is no such object."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield bytes `start` to `end` (exclusive; None: to the end) in chunks of at most 64 KiB.

        Raises KeyError before the first chunk where there is no such object.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        ...

    def list(self, prefix: str) -> AsyncIterator[str]:
        """Yield the keys that begin with `prefix`."""
        ...


class JobQueue(Protocol):
    """Carries the id of a job row to a worker. May lose it: the dispatcher sends it again."""

    async def enqueue(self, queue: str, job_id: UUID, attempt: int) -> None:
        """Tell the workers of `queue` that the row may be taken for the attempt after `attempt`."""
        ...


@dataclass(frozen=True, slots=True)
class Balance:
    """What spending came to."""

    granted: bool
    left: float


class Budgets(Protocol):
    """What each viewer may ask of the service: a leaky bucket that holds `size` and restores itself steadily."""

    @property
    def size(self) -> int:
        """The most that can be spent at once."""
        ...

    @property
    def restore_rate(self) -> float:
        """How much comes back in a second."""
        ...

    async def spend(self, who: str, cost: int) -> Balance:
        """Take `cost` from somebody's budget, or nothing where it is not there. Never raises, never waits long."""
        ...


class Signals(Protocol):
    """Small, droppable messages to every process: wake-ups, progress, previews."""

    @property
    def connected(self) -> bool:
        """Whether messages come in at present; while they do not, listeners poll."""
        ...

    async def publish(self, message: bytes) -> None:
        """Send to whoever listens now. Never raises, never waits long: a lost message is no error."""
        ...

    def listen(self) -> AsyncIterator[bytes | None]:
        """Yield messages; None each time the line was lost and is up again (something may have been missed)."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, ready to be sent. Sending it again sends the same: receivers know it by its `id`."""

    id: str
    """Local part of the Message-ID."""
    address: str
    subject: str
    text: str
    html: str


class MailRefused(Exception):
    """The receiver's server refused the letter for good: a bounce. `code` is its reply code (RFC 5321, 4.2.1)."""

    def __init__(self, code: str) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class Mailer(Protocol):
    """Sends letters."""

    @property
    def processor(self) -> str:
        """Name in the register of processors of whoever carries them."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether they go no further than this machine at first."""
        ...

    async def send(self, letter: Letter) -> None:
        """Hand a letter over. Raises MailRefused for good, and OSError for what may succeed later."""
        ...
