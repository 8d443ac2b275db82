"""The ports: what core needs from the outside world, named by what we want rather than by who provides it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
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

    async def put_new(self, key: str, content: bytes) -> bool:
        """Write an object whole where there is none of that key; return whether it was written.

        Of writers at the same time one writes, and what is there is never touched.
        """
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

    def list(self, prefix: str, after: str = "") -> AsyncIterator[str]:
        """Yield the keys that begin with `prefix` and come after the key `after`, byte by byte; "": all of them."""
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


class Counters(Protocol):
    """What budgets and limits have counted of somebody, under keys that only we can make of who they are."""

    def keys(self, budgets: Sequence[str], limits: Sequence[str]) -> Sequence[str]:
        """Return the keys of whoever spends from budgets, and of tries that are limited, by their names."""
        ...

    async def delete(self, keys: Sequence[str]) -> int:
        """Forget what is counted under keys; return of how many there was something. Raises OSError."""
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
    unsubscribe: str | None = None
    """The address that ends such mail by a POST (RFC 8058)."""
    reply_to: str | None = None
    references: tuple[str, ...] = ()
    """Message-IDs of what it follows, the oldest first; those without a domain are letters of ours."""
    auto_submitted: str | None = "auto-generated"
    """RFC 3834; None: a person wrote it."""


class MailRefused(Exception):
    """The receiver's server refused the letter for good: a bounce.

    `code` is its status code (RFC 3463) where it says one, else its reply code (RFC 5321, 4.2.1).
    """

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


class KeptLetters(Protocol):
    """Letters that lie here, where no mail server takes them away."""

    async def forget(self, ids: Collection[str], addresses: Collection[str]) -> int:
        """Delete letters: those of these ids, and all to these addresses; return how many. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent to sign in at a provider, and what its return is held against."""

    url: str
    state: str
    """Comes back with the answer: it is one to this browser's question."""
    nonce: str
    """Is in the provider's token: it was made for this question."""
    verifier: str
    """Of PKCE (RFC 7636): the code is worth nothing without it."""
    begun_at: datetime
    anew: bool
    """Whether the person has to prove themselves there again."""


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """What a provider says of whoever signed in there."""

    subject: str
    """What stands for them there and nowhere else, for good. An address may become somebody else's."""
    email: str | None
    """Only one that the provider says is verified."""
    name: str
    picture: str | None
    """Address of a picture, which anybody may have chosen."""
    proved_at: datetime | None
    """When they last proved themselves there; None where the provider does not say."""


class ProviderAway(Exception):
    """The provider cannot be reached or does not answer: later it may."""


class ProviderDenied(Exception):
    """The person, or the provider for them, said no."""


class ProviderMistrusted(Exception):
    """What came back is no answer to the question. The message is for our log: a reason, and nothing of the answer."""


class IdentityProvider(Protocol):
    """Signs people in for us."""

    @property
    def processor(self) -> str:
        """Name in the register of processors."""
        ...

    @property
    def leads_to(self) -> str:
        """The origin that a form of ours may lead to, as a source of a content security policy."""
        ...

    async def depart(self, *, anew: bool) -> Departure:
        """Return where to send a browser. `anew`: even if they are signed in there. Raises ProviderAway."""
        ...

    async def arrive(self, answer: Mapping[str, str], departure: Departure) -> ProvenIdentity:
        """Return who came back, by the parameters of the callback.

        The provider's tokens are used for that and dropped. Raises ProviderAway, ProviderDenied, ProviderMistrusted.
        """
        ...
