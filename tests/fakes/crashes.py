"""Where a process may die: around a commit, before a statement, around a write to the object store."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from typing import Literal

from app.core.db import commit_probe
from app.core.ports import ObjectStore, StoredObject
from tests.fakes.carriers import Crash
from tests.fakes.statements import counted


class CrashPoints:
    """Counts the points that are passed and dies at the one numbered `at` (from 0); None: passes all of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed = 0

    def here(self) -> None:
        """Pass a point. Raises Crash."""
        self.passed += 1
        if self.at is not None and self.passed > self.at:
            raise Crash(f"point {self.at}")  # a dead process does nothing more: later points die too


@contextmanager
def dying_at_commits(points: CrashPoints) -> Generator[None, None, None]:
    """Every commit is two points: just before and just after."""

    def probe(_moment: Literal["before", "after"]) -> None:
        points.here()

    token = commit_probe.set(probe)
    try:
        yield
    finally:
        commit_probe.reset(token)


@contextmanager
def dying_at_statements(points: CrashPoints) -> Generator[None, None, None]:
    """Every statement is a point; those outside of a transaction are commits of their own."""
    with counted(lambda _statement: points.here()):
        yield


class DyingStore:
    """`ObjectStore` where every write is two points."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.points = CrashPoints()

    async def put(self, key: str, content: bytes) -> None:
        """Write."""
        self.points.here()
        await self._store.put(key, content)
        self.points.here()

    async def put_new(self, key: str, content: bytes) -> bool:
        """Write what is new."""
        self.points.here()
        written = await self._store.put_new(key, content)
        self.points.here()
        return written

    async def head(self, key: str) -> StoredObject | None:
        """Look."""
        return await self._store.head(key)

    def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Read."""
        return self._store.read(key, start, end)

    async def delete(self, key: str) -> None:
        """Delete."""
        await self._store.delete(key)

    def list(self, prefix: str, after: str = "") -> AsyncIterator[str]:
        """List."""
        return self._store.list(prefix, after)
