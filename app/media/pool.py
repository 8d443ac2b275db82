"""Pixels on other cores: a pool of worker processes for functions like those of `app.media.imaging`.

Each worker is a `ProcessPoolExecutor` of one process. A shared executor breaks as a whole when one of its processes is
killed, and cannot stop a call that hangs without ending all others; here both hit the one call that caused them.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from app.media.child import Context, start_child
from app.media.imaging import load_codecs

P = ParamSpec("P")
R = TypeVar("R")

START_TIMEOUT = 60.0
"""Seconds until a worker that does not come up is given up."""


class WorkerLost(RuntimeError):
    """The worker process died under the call, and so did the one that tried again (killed for memory, most likely)."""


class PoolClosed(RuntimeError):
    """The pool closed before the call could run, or was closed already."""


class ProcessCompute:
    """Runs picklable functions in worker processes; an implementation of the `Compute` port of the engines.

    At most `workers` calls run at a time and the others wait in order. A call that runs longer than `timeout` seconds
    (waiting and starting a process not counted) raises TimeoutError, and its process is killed and replaced. A process
    that dies is replaced and its call tried once more, so functions must bear to run twice; then WorkerLost.

    A caller that is cancelled leaves at once; what it started runs on to its end, for a picture takes less time than a
    new process.

    Use as an async context manager, on a thread that lives as long as the process (Linux ties the children to the
    *thread* that started them). Nothing starts before `warm` or the first call. Leaving the context lets running calls
    finish and raises PoolClosed in those that wait.
    """

    def __init__(self, *, workers: int, timeout: float) -> None:
        if workers < 1 or timeout <= 0:
            raise ValueError("workers and timeout must be positive")
        self._timeout = timeout
        self._workers = [_Worker() for _ in range(workers)]
        # Last in, first out: with little to do, one worker has all caches and the others are never started.
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._running: set[asyncio.Task[object]] = set()
        self._closed = False
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        self._idle.put_nowait(None)
        try:
            if self._running:
                await asyncio.wait(self._running)
        finally:
            await asyncio.gather(*(asyncio.to_thread(worker.kill, wait=True) for worker in self._workers))

    async def warm(self) -> None:
        """Start all workers now and have them load the picture codecs. Raises WorkerLost where they cannot start."""
        try:
            await asyncio.gather(*(worker.started() for worker in self._workers))
        except BrokenProcessPool as error:
            raise WorkerLost("a worker process does not start") from error

    async def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return `function(*args, **kwargs)`, run in a worker; raises what it raises.

        Raises TimeoutError, WorkerLost and PoolClosed besides.
        """
        worker = None if self._closed else await self._idle.get()
        if worker is None or self._closed:
            self._idle.put_nowait(None)  # For the next one that waits.
            raise PoolClosed("the pool of worker processes is closed")
        task = asyncio.create_task(self._run(worker, partial(function, *args, **kwargs)))
        self._running.add(task)
        task.add_done_callback(self._ran)
        return await asyncio.shield(task)

    def _ran(self, task: asyncio.Task[R]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # Looked at, so that asyncio does not complain where the caller has left.

    async def _run(self, worker: "_Worker", call: Callable[[], R]) -> R:
        try:
            return await self._twice(worker, call)
        finally:
            self._idle.put_nowait(worker)

    async def _twice(self, worker: "_Worker", call: Callable[[], R]) -> R:
        try:
            return await worker.run(call, self._timeout)
        except BrokenProcessPool:
            pass
        try:
            return await worker.run(call, self._timeout)
        except BrokenProcessPool as error:
            raise WorkerLost("the worker process died twice under the same call") from error


class _Worker:
    """One process at a time: started when it is needed, replaced when it is lost."""

    def __init__(self) -> None:
        self._context = Context()
        self._executor: ProcessPoolExecutor | None = None
        self._start: Future[None] | None = None

    async def started(self) -> ProcessPoolExecutor:
        """Start the process unless it runs. Raises TimeoutError or BrokenProcessPool where it does not come up."""
        if self._executor is None or self._start is None:
            self._context = Context()
            self._executor = ProcessPoolExecutor(1, self._context, start_child, (os.getpid(),))
            self._start = self._executor.submit(load_codecs)
        executor = self._executor
        await self._result(self._start, START_TIMEOUT)
        return executor

    async def run(self, call: Callable[[], R], timeout: float) -> R:
        executor = await self.started()
        try:
            future = executor.submit(call)
        except BrokenProcessPool:
            # It died while idle, which is no fault of this call.
            self.kill()
            future = (await self.started()).submit(call)
        return await self._result(future, timeout)

    async def _result(self, future: Future[R], timeout: float) -> R:
        # Not `wait_for`: a caller of `warm` that is cancelled would take the start away from everybody else.
        waiter = asyncio.wrap_future(future)
        done, _ = await asyncio.wait((waiter,), timeout=timeout)
        if not done:
            waiter.cancel()
            self.kill()
            raise TimeoutError(f"a worker process did not answer within {timeout:g} seconds")
        try:
            return waiter.result()
        except BrokenProcessPool:
            self.kill()
            raise

    def kill(self, *, wait: bool = False) -> None:
        """Kill the process; the next call starts another one. `wait` blocks until it is gone (milliseconds)."""
        executor, self._executor, self._start = self._executor, None, None
        for child in self._context.children:
            if child.pid is not None:
                child.kill()
        if executor is not None:
            executor.shutdown(wait=wait, cancel_futures=True)
