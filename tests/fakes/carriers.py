"""The two ways that jobs and signals travel, without Valkey."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any
from uuid import UUID


class Crash(BaseException):
    """The process dies here: no handler of ours may catch it."""


class DirectQueue:
    """`JobQueue` that runs each job at once, in a task of this loop. Before `work_with` it only remembers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, UUID, int]] = []
        self._run: Callable[[UUID, int], Coroutine[Any, Any, None]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def work_with(self, run: Callable[[UUID, int], Coroutine[Any, Any, None]] | None) -> None:
        """Run jobs with `run` from now on; None: only remember them."""
        self._run = run

    async def enqueue(self, queue: str, job_id: UUID, attempt: int) -> None:
        """Remember, and run."""
        self.sent.append((queue, job_id, attempt))
        if self._run is not None:
            task = asyncio.create_task(self._run(job_id, attempt))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until no job runs."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Cancel what runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class LocalSignals:
    """`Signals` within one loop; `up = False` loses messages, as a Valkey that is away does."""

    def __init__(self) -> None:
        self.up = True
        self.published: list[bytes] = []
        self._listeners: set[asyncio.Queue[bytes | None]] = set()

    @property
    def connected(self) -> bool:
        """Whether messages come in."""
        return self.up

    async def publish(self, message: bytes) -> None:
        """Hand to all listeners, or lose."""
        self.published.append(message)
        if self.up:
            for listener in self._listeners:
                listener.put_nowait(message)

    def interrupt(self) -> None:
        """Tell the listeners that the line was lost and is up again."""
        for listener in self._listeners:
            listener.put_nowait(None)

    async def listen(self) -> AsyncIterator[bytes | None]:
        """Yield messages."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield None
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)
