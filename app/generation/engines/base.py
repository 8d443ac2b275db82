"""What every inference engine is: one async generator from an order to a stream of events.

An engine knows nothing of users, rows or queues. It gets an `Order`, yields events, and raises an `EngineError` when it
cannot go on. Closing the generator (or cancelling the task that reads it) cancels this order and no other.
`tests/contracts/engines.py` is the suite that every registered engine passes.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol
from uuid import UUID

from app.core.ports import Compute as Compute
from app.media.faces import Box
from app.processors.records import About
from app.processors.register import Processor


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can be asked for; a request outside of it is refused before anything is queued."""

    min_side: int
    """Smallest width and height, in pixels."""
    max_side: int
    """Largest width and height, in pixels."""
    side_step: int
    """Width and height are multiples of this."""
    max_count: int
    """Most pictures in one order."""
    max_prompt_length: int
    """In characters."""
    styles: tuple[str, ...] = ()
    """The values that `style` may have; empty: the engine knows no styles."""
    negative_prompt: bool = False
    previews: bool = False
    """Whether it yields `Preview` events."""
    seeded: bool = True
    """Whether the same seed gives the same pictures; where it does not, asking for one is refused."""
    max_references: int = 0
    """Most reference pictures in one order."""


@dataclass(frozen=True, slots=True)
class RetentionProof:
    """How we know that the engine keeps nothing (privacy policy, P12). `None` on an engine means there is no proof."""

    statement: str
    """One sentence that can be shown to people."""
    source: str
    """What backs it: `nothing leaves`, a header's name, an endpoint, a contract's reference."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that somebody uploaded for the engine to go by."""

    content: bytes
    """PNG, JPEG or WebP bytes without metadata."""
    content_type: str
    has_face: bool = True
    """Whether a face was found in it; the safe reading where nobody looked."""
    face: Box | None = None
    """Where the largest one is, if it is upright."""


@dataclass(frozen=True, slots=True)
class Order:
    """One request to an engine. The same order gives the same pictures where the engine is deterministic."""

    key: str
    """Idempotency key: the id of the row that asks. Stable over retries."""
    prompt: str
    seed: int
    """0 ≤ seed < 2**63. Image `i` of the order is drawn from `(seed, i)`, whatever the other indexes are."""
    width: int
    height: int
    indexes: tuple[int, ...]
    """Which images of the generation to make; a retry after a crash asks only for the missing ones."""
    negative_prompt: str | None = None
    style: str | None = None
    references: tuple[Reference, ...] = ()
    subject: str | None = None
    """Who asks, as a keyed hash that leads nowhere without our key; None: nobody in particular."""
    person: UUID | None = None
    """Who asks, for the gate's record alone: an engine sends it nowhere."""
    about: About | None = None
    """The generation, for the same record."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the whole order is, 0 to 1, never falling."""

    fraction: float
    stage: str
    """A short word for what is being done (`background`, `hair`, `diffusing`). Never personal data."""


@dataclass(frozen=True, slots=True)
class Preview:
    """An unfinished picture. Never a result: it is shown and forgotten."""

    index: int
    content: bytes
    """PNG, JPEG or WebP bytes; small (the longest side at most 256 pixels)."""


@dataclass(frozen=True, slots=True)
class ImageReady:
    """A finished picture of exactly the size that was ordered."""

    index: int
    content: bytes
    """PNG, JPEG or WebP bytes."""


@dataclass(frozen=True, slots=True)
class ImageRejected:
    """A picture that the engine's safety check withheld. The others of the order go on."""

    index: int
    stage: str
    """`input` or `output`."""
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What of the prompt the engine could not honour, in sentences for the person who asked."""

    sentences: tuple[str, ...] = field(default=())


Event = Progress | Preview | ImageReady | ImageRejected | Notes


class EngineError(Exception):
    """The engine failed. `message` is safe to show; details go to the log by `raise … from`.

    `retryable` says whether the same order may succeed later.
    """

    code: ClassVar[str] = "ENGINE_FAILED"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EngineUnavailable(EngineError):
    """Cannot be reached, is at capacity, or broke off: worth another try.

    `retry_after` is what the engine asks for in seconds, None where it says nothing.
    """

    code = "ENGINE_UNAVAILABLE"
    retryable = True

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineTimeout(EngineUnavailable):
    """Took longer than its time limit."""

    code = "ENGINE_TIMEOUT"


class BadOutput(EngineError):
    """What came back is no picture, or not one of the size that was asked for."""

    code = "ENGINE_BAD_OUTPUT"
    retryable = True


class FaceNotAllowed(EngineError):
    """The engine gives no proof that it keeps nothing."""

    code = "FACE_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("This engine gives no proof that it keeps nothing, so it gets no faces: choose another one.")


class OrderRejected(EngineError):
    """The whole order was refused as unsafe; not an outage, not retried, not charged."""

    code = "CONTENT_REJECTED"

    def __init__(self, message: str, *, stage: str = "input", categories: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.stage = stage
        self.categories = tuple(categories)


class Engine(Protocol):
    """An inference engine. Stateless but for what it caches; one instance serves a whole worker."""

    @property
    def name(self) -> str:
        """Stable name, as in `Engine.name` of the API."""
        ...

    @property
    def title(self) -> str:
        """Name for people."""
        ...

    @property
    def description(self) -> str:
        """One or two sentences for people."""
        ...

    @property
    def processor(self) -> Processor | None:
        """Whoever gets what is ordered, as the register has it; None: nothing leaves this machine."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can be asked for."""
        ...

    @property
    def retention(self) -> RetentionProof | None:
        """How we know that it keeps nothing; None: we do not."""
        ...

    async def warm(self, compute: Compute) -> None:
        """Load what the first order would otherwise wait for. A worker calls it once, while it takes jobs already."""
        ...

    def run(self, order: Order, compute: Compute) -> AsyncGenerator[Event, None]:
        """Make the pictures of `order`.

        Yields `Notes` at most once, `Progress` that never falls, any number of `Preview`, and exactly one of
        `ImageReady` or `ImageRejected` for each index. Ends after the last one. Raises `EngineError`. Pixels are
        made in `compute`, never on the event loop.
        """
        ...
