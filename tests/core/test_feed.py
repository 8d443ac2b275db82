"""Numbers without holes, in the order of commits; cursors that are worth something only to their owner."""

import asyncio
import base64
import contextvars
from uuid import UUID, uuid4

import pytest

from app.core import feed
from app.core.db import fetch, transaction
from app.core.errors import NotFound
from app.core.feed import Signal
from app.core.ids import uuid7
from tests.fakes.carriers import LocalSignals
from tests.fakes.waiting import until


async def append(person_id: UUID, object_id: UUID, type: str = "CHANGED", progress: float = 0.0) -> int:
    async with transaction():
        return await feed.append(person_id, object_id, type, progress)


async def test_twenty_appends_at_once_are_numbered_without_gaps(database: str, signals: LocalSignals) -> None:
    person, object_id = uuid4(), uuid4()

    numbers = await asyncio.gather(*(append(person, object_id) for _ in range(20)))

    assert sorted(numbers) == list(range(1, 21))
    entries = await feed.entries(person, object_id, 0)
    assert [entry.sequence for entry in entries] == list(range(1, 21))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    told = [Signal.decode(message).sequence for message in signals.published]
    assert sorted(number for number in told if number) == list(range(1, 21))


@pytest.mark.parametrize("before", [0, 1], ids=["a new feed", "a feed with entries"])
async def test_a_number_is_given_out_only_once_the_one_before_it_is_committed(database: str, before: int) -> None:
    """So nobody who has read up to a number ever misses one below it.

    The ids of transactions would not show that: PostgreSQL may give one out before it waits for the feed's lock.
    """
    person, object_id = uuid4(), uuid4()
    for _ in range(before):
        await append(person, object_id)

    async with transaction():
        first = await feed.append(person, object_id, "CHANGED", 0.0)
        other = asyncio.create_task(append(person, object_id), context=contextvars.Context())
        await until(lambda: fetch("SELECT 1 FROM pg_locks WHERE NOT granted"))
        assert not other.done()

    assert (first, await other) == (before + 1, before + 2)


async def test_appends_that_are_rolled_back_leave_no_hole_and_tell_nobody(database: str, signals: LocalSignals) -> None:
    person, object_id = uuid4(), uuid4()

    async def attempt(number: int) -> None:
        async with transaction():
            await feed.append(person, object_id, "CHANGED", 0.0)
            if number % 3 == 0:
                raise ZeroDivisionError

    await asyncio.gather(*(attempt(number) for number in range(20)), return_exceptions=True)

    entries = await feed.entries(person, object_id, 0)
    assert [entry.sequence for entry in entries] == list(range(1, 14))
    assert len(signals.published) == 13


async def test_each_person_has_a_feed_of_their_own(database: str) -> None:
    ada, eve, object_id = uuid4(), uuid4(), uuid4()
    await append(ada, object_id)
    await append(ada, uuid4())
    await append(eve, uuid4())

    assert await feed.sequences([ada, eve, uuid4()]) == {ada: 2, eve: 1}
    assert [entry.sequence for entry in await feed.entries(ada, object_id, 0)] == [1]
    assert await feed.entries(eve, object_id, 0) == []
    assert await feed.last_entry(eve, object_id) is None


async def test_entries_come_in_order_behind_a_number_and_at_most_two_hundred(database: str) -> None:
    person, object_id = uuid4(), uuid4()
    async with transaction():
        for number in range(feed.READ_LIMIT + 5):
            await feed.append(person, object_id, "CHANGED", number / 1000)

    first = await feed.entries(person, object_id, 3)
    rest = await feed.entries(person, object_id, first[-1].sequence)

    assert [entry.sequence for entry in first] == list(range(4, feed.READ_LIMIT + 4))
    assert [entry.sequence for entry in rest] == [feed.READ_LIMIT + 4, feed.READ_LIMIT + 5]
    assert (rest[-1].progress, rest[-1].type) == (0.204, "CHANGED")
    last = await feed.last_entry(person, object_id)
    assert last == rest[-1]


async def test_a_cursor_names_its_entry(database: str) -> None:
    person, object_id = uuid4(), uuid4()
    await append(person, object_id)
    await append(person, object_id, "DONE", 1.0)
    entry = await feed.last_entry(person, object_id)
    assert entry is not None

    assert feed.decode_cursor(entry.cursor) == entry.sequence == 2
    assert await feed.entry_at(person, object_id, entry.cursor) == entry


@pytest.mark.parametrize("sequence", [0, 1, 9, 10**17, 10**18 - 1])
def test_cursors_round_trip(sequence: int) -> None:
    assert feed.decode_cursor(feed.encode_cursor(sequence)) == sequence


async def test_a_cursor_of_another_person_or_object_is_no_cursor(database: str) -> None:
    ada, eve, hers = uuid4(), uuid4(), uuid4()
    await append(eve, uuid4())
    await append(eve, uuid4())
    await append(ada, hers)
    other = await append(ada, uuid4())

    for person, object_id, sequence in ((eve, hers, 1), (ada, hers, other), (ada, hers, 99), (ada, uuid4(), 1)):
        with pytest.raises(NotFound) as missed:
            await feed.entry_at(person, object_id, feed.encode_cursor(sequence))
        assert missed.value.path == ("after",)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "garbage!",
        "é",
        "\x00",
        "a" * 10_000,
        *map(encoded, ("feed:", "feed:-1", "feed:1.5", "feed:٣", "feed:x", "other:1", f"feed:{10**18}", "feed:1e3")),
    ],
)
def test_garbage_is_no_cursor(cursor: str) -> None:
    with pytest.raises(NotFound, match="Subscribe again"):
        feed.decode_cursor(cursor)


async def test_a_preview_that_is_too_large_is_refused_and_not_sent(signals: LocalSignals) -> None:
    person, object_id = uuid4(), uuid4()
    with pytest.raises(ValueError, match="16 KiB"):
        await feed.publish_progress(person, object_id, 0.5, "x" * (feed.MAX_PREVIEW_BYTES + 1))
    assert signals.published == []

    await feed.publish_progress(person, object_id, 0.5, "x" * feed.MAX_PREVIEW_BYTES)
    [message] = signals.published
    assert Signal.decode(message) == Signal(person, object_id, None, 0.5, "x" * feed.MAX_PREVIEW_BYTES)


@pytest.mark.parametrize(
    "message", [b"", b"5", b"null", b"[]", b"[1,2,3,4,5]", b'["x","y",1,0.5,null]', b"{}", b"[null,null,1,0,null]"]
)
def test_what_is_no_signal_is_a_value_error(message: bytes) -> None:
    with pytest.raises(ValueError, match="no signal"):
        Signal.decode(message)


async def test_deleting_much_does_not_wait_for_signals_that_nobody_takes(database: str) -> None:
    class Silent(LocalSignals):
        async def publish(self, message: bytes) -> None:
            await asyncio.sleep(0.5)  # as long as a Valkey that does not answer is waited for

    person, objects = uuid4(), [uuid4() for _ in range(100)]
    await append(person, objects[0])
    feed.signal_with(Silent())
    try:
        async with asyncio.timeout(20):
            async with transaction():
                await feed.delete(person, objects)
    finally:
        feed.signal_with(None)

    assert await feed.entries(person, None, 0) == []


async def test_many_feeds_at_once_are_appended_in_one_order(database: str, signals: LocalSignals) -> None:
    people = [uuid7() for _ in range(60)]
    first, second = {person: uuid7() for person in people}, {person: uuid7() for person in reversed(people)}

    async def tell(objects: dict[UUID, UUID]) -> None:
        async with transaction():
            await feed.append_each(objects, "TOLD")

    async with asyncio.timeout(20):
        await asyncio.gather(*(tell(objects) for _ in range(3) for objects in (first, second)))

    for person in people:
        entries = await feed.entries(person, None, 0)
        assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5, 6]
        assert {entry.object_id for entry in entries} == {first[person], second[person]}
    assert (await feed.cursors([first[people[0]]])).keys() == {first[people[0]]}
    assert len(signals.published) == 6 * len(people)
