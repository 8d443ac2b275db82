"""Which function does which kind of job."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.core.jobs import Lease
from workers.context import WorkerContext


@dataclass(frozen=True, slots=True)
class Handler:
    """`run` does the job and completes its row; `exhausted` records the failure once it is given up.

    `exhausted` gets the exception of the last try; None where the row failed because its workers died.
    """

    run: Callable[[WorkerContext, Lease], Awaitable[None]]
    exhausted: Callable[[WorkerContext, Lease, Exception | None], Awaitable[None]] | None = None
