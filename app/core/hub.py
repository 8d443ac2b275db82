"""The hub: one per process, one line to Valkey, any number of subscribers.

A subscriber is never sent to: it is woken and reads what it needs. State comes from the feed's rows, by its own
cursor; progress and previews wait in one slot that the newest overwrites. So a slow reader costs no memory, misses no
state and gets fewer pictures.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog

from app.core import feed
from app.core.errors import NotFound
from app.core.feed import Entry, Signal
from app.core.ports import Signals

POLL_INTERVAL = 0.5
"""Seconds between polls while the line is down."""
CHECK_INTERVAL = 10.0
"""Seconds between polls while the line is up: a backstop for a lost signal."""
SHARED_FOR = 0.5
"""Seconds that what was loaded for one event is handed to others who ask for the same event."""

OBJECTS_SHOWN = 100
"""Of how many objects one subscriber's progress is kept: where more move, that of the longest silent is dropped."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """Progress or a preview of an object, with the cursor of the last state event that this subscriber saw."""

    object_id: UUID
    cursor: str
    sequence: int
    progress: float
    preview: str | None


class HubClosed(Exception):
    """The process is going away: subscribe again, to another one, with `after`."""


class _Subscriber:
    __slots__ = ("after", "doubt", "news", "pending", "person_id", "reached", "waiting", "wake")

    def __init__(self, person_id: UUID, after: int, news: int) -> None:
        self.person_id = person_id
        self.after = after
        self.wake = asyncio.Event()
        self.pending = True
        self.doubt = False
        self.news = news
        self.waiting: dict[UUID, tuple[float, str | None]] = {}
        self.reached: dict[UUID, float] = {}

    def read(self, news: int, *, doubt: bool = False) -> None:
        """Have it read its rows. `news` tells the read apart from those that began before there was reason to; in
        `doubt` it asks too whether its object still exists.
        """
        self.pending = True
        self.doubt |= doubt
        self.news = news
        self.wake.set()

    def show(self, signal: Signal) -> None:
        """Keep the newest of an object: one slot each."""
        progress, preview = self.waiting.pop(signal.object_id, (0.0, None))
        self.waiting[signal.object_id] = (max(signal.progress, progress), signal.preview or preview)
        _bound(self.waiting)
        self.wake.set()

    def saw(self, entry: Entry) -> None:
        """Remember how far an object is, as long as it is under way; what waited to be shown of it is older."""
        self.waiting.pop(entry.object_id, None)
        reached = self.reached.pop(entry.object_id, 0.0)
        if entry.progress < 1.0:
            self.reached[entry.object_id] = max(reached, entry.progress)
            _bound(self.reached)

    def take_ephemeral(self, after: int) -> list[Ephemeral]:
        """Return what waits; no fraction falls behind what was shown before."""
        cursor, waiting, self.waiting = feed.encode_cursor(after), self.waiting, {}
        shown = []
        for object_id, (progress, preview) in waiting.items():
            self.reached[object_id] = reached = max(self.reached.pop(object_id, 0.0), progress)
            _bound(self.reached)
            shown.append(Ephemeral(object_id, cursor, after, reached, preview))
        return shown


def _bound(kept: dict[UUID, Any]) -> None:
    if len(kept) > OBJECTS_SHOWN:
        del kept[next(iter(kept))]


class Hub:
    """Hands signals to the subscribers of this process."""

    def __init__(self, signals: Signals) -> None:
        self._signals = signals
        self._subscribers: defaultdict[UUID, set[_Subscriber]] = defaultdict(set)
        self._loads: dict[Hashable, asyncio.Task[Any]] = {}
        self._seen: dict[UUID, int] = {}
        self._news = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    async def start(self) -> None:
        """Begin to listen."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._poll())]

    async def close(self) -> None:
        """End every subscription with HubClosed and stop listening."""
        self._closed = True
        for subscribers in list(self._subscribers.values()):
            for subscriber in subscribers:
                subscriber.wake.set()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    @property
    def subscriber_count(self) -> int:
        """How many subscriptions are open."""
        return sum(len(subscribers) for subscribers in self._subscribers.values())

    async def follow(
        self, person_id: UUID, after: int, object_id: UUID | None = None
    ) -> AsyncGenerator[Entry | Ephemeral, None]:
        """Yield the entries behind `after`, once and in order, then the live ones and what is ephemeral.

        Of one object, or (None) of all that are the person's. The caller ends it at a terminal entry. Raises NotFound
        once the object is deleted, HubClosed when the process goes away.
        """
        topic = object_id or person_id
        subscriber = _Subscriber(person_id, after, self._news)
        self._subscribers[topic].add(subscriber)
        try:
            while not self._closed:
                subscriber.wake.clear()
                if subscriber.pending:
                    subscriber.pending = False
                    found = await self._entries(subscriber, object_id, after)
                    if len(found) == feed.READ_LIMIT:
                        subscriber.read(subscriber.news)
                    for entry in found:
                        after = subscriber.after = entry.sequence
                        subscriber.saw(entry)
                        yield entry
                for ephemeral in subscriber.take_ephemeral(after):
                    yield ephemeral
                if not subscriber.wake.is_set():
                    await subscriber.wake.wait()
            raise HubClosed
        finally:
            self._forget(topic, subscriber)

    async def _entries(self, subscriber: _Subscriber, object_id: UUID | None, after: int) -> Sequence[Entry]:
        """Share a read with those who were woken for the same news: an older one may have missed them.

        Raises NotFound where nothing is there because the object is gone.
        """
        person_id = subscriber.person_id
        key = (object_id, person_id, after, subscriber.news)
        found = await self.once(key, lambda: feed.entries(person_id, object_id, after))
        doubt, subscriber.doubt = subscriber.doubt, False
        if doubt and not found and object_id is not None:
            gone = await self.once((*key, "last"), lambda: feed.last_entry(person_id, object_id)) is None
            if gone:
                raise NotFound("It was deleted: there is nothing left to follow.", path=("id",))
        return found

    def _forget(self, topic: UUID, subscriber: _Subscriber) -> None:
        subscribers = self._subscribers[topic]
        subscribers.discard(subscriber)
        if not subscribers:
            del self._subscribers[topic]

    async def once(self, key: Hashable, load: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return `load()`, run once for all that ask for the same key within `SHARED_FOR` of its end.

        Many are woken for one event, and on a busy machine the last of them asks when the first has its answer.
        """
        task = self._loads.get(key)
        if task is None:
            task = self._loads[key] = asyncio.create_task(load())
            task.add_done_callback(lambda done: self._ended(key, done))
        return cast(T, await asyncio.shield(task))

    def _ended(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        # A failure is looked at, so that asyncio does not log its text where every asker has left, and is not shared.
        if task.cancelled() or task.exception() is not None:
            self._loads.pop(key, None)
        else:
            asyncio.get_running_loop().call_later(SHARED_FOR, self._loads.pop, key, None)

    async def _listen(self) -> None:
        async for message in self._signals.listen():
            if message is None:
                self._wake_all()
                continue
            try:
                signal = Signal.decode(message)
            except ValueError:
                log.warning("hub.unreadable_signal")
                continue
            self._hand_out(signal)

    def _hand_out(self, signal: Signal) -> None:
        if signal.sequence is not None:
            self._news += 1
        for topic in (signal.object_id, signal.person_id):
            for subscriber in self._subscribers.get(topic, ()):
                if subscriber.person_id != signal.person_id:
                    continue
                if signal.sequence is not None:
                    subscriber.read(self._news, doubt=signal.gone)
                else:
                    subscriber.show(signal)

    def _wake_all(self) -> None:
        self._news += 1
        for subscribers in self._subscribers.values():
            for subscriber in subscribers:
                subscriber.read(self._news, doubt=True)

    async def _poll(self) -> None:
        """Ask the feeds themselves: often while the line is down, now and then while it is up."""
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while True:
            await asyncio.sleep(POLL_INTERVAL)
            if self._signals.connected and loop.time() < checked + CHECK_INTERVAL:
                continue
            checked = loop.time()
            try:
                await self._check()
            except Exception as error:  # noqa: BLE001 - the database may be away for a moment; the next round asks again
                log.warning("hub.poll_failed", error=type(error).__name__)

    async def _check(self) -> None:
        people = {subscriber.person_id for group in self._subscribers.values() for subscriber in group}
        now = await feed.sequences(list(people)) if people else {}
        moved = {person for person, sequence in now.items() if self._seen.get(person, -1) != sequence}
        self._seen = now
        self._news += 1
        for group in self._subscribers.values():
            for subscriber in group:
                # Whoever has the feed's last entry misses nothing: a thousand that are new here need not read at once.
                if subscriber.person_id in moved and subscriber.after < now[subscriber.person_id]:
                    subscriber.read(self._news, doubt=True)
