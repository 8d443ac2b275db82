"""The hub: every state event once and in order, progress as it comes, nothing of anybody else's."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from uuid import uuid4

import pytest

from app.core import feed
from app.core.db import fetch, transaction
from app.core.feed import Entry, Signal
from app.core.hub import OBJECTS_SHOWN, SHARED_FOR, Hub, HubClosed
from tests.core.watching import Thing, Watch, gate
from tests.fakes.carriers import LocalSignals
from tests.fakes.statements import Statements, counted
from tests.fakes.waiting import until


@pytest.fixture
async def hub(database: str, signals: LocalSignals) -> AsyncGenerator[Hub, None]:
    """A hub that listens."""
    made = Hub(signals)
    await made.start()
    yield made
    await made.close()


async def test_several_subscribers_get_every_state_event_once_and_in_order(hub: Hub) -> None:
    thing = Thing()
    await thing.change()

    async def watch() -> list[int]:
        async with thing.watched(hub) as watcher:
            return [change.sequence for change in await watcher.until("DONE")]

    watching = [asyncio.create_task(watch()) for _ in range(5)]
    for number in range(20):
        await thing.change(progress=number / 20)
    await thing.change("DONE", 1.0)

    assert await asyncio.gather(*watching) == [list(range(1, 23))] * 5


async def test_a_subscriber_that_comes_back_goes_on_behind_its_cursor(hub: Hub) -> None:
    thing = Thing()
    for _ in range(3):
        await thing.change()
    async with thing.watched(hub, after=2) as watcher:
        assert (await watcher.entry()).sequence == 3
        await thing.change("DONE")
        assert (await watcher.entry()).sequence == 4


async def test_more_entries_than_one_read_holds_come_all(hub: Hub) -> None:
    thing = Thing()
    async with transaction():
        for _ in range(feed.READ_LIMIT + 1):
            await feed.append(thing.person_id, thing.id, "CHANGED", 0.0)
        await feed.append(thing.person_id, thing.id, "DONE", 1.0)
    async with thing.watched(hub) as watcher:
        assert [change.sequence for change in await watcher.until("DONE")] == list(range(1, feed.READ_LIMIT + 3))


async def test_a_slow_reader_gets_the_newest_progress_and_no_backlog(hub: Hub) -> None:
    thing = Thing()
    async with thing.watched(hub) as watcher, thing.watched(hub) as other:
        await thing.advance(0.0)
        assert (await watcher.ephemeral()).progress == 0.0  # it is slow from here on
        for number in range(1, 1001):
            await thing.advance(number / 1000, f"picture {number}")
        await thing.change("DONE", 1.0)
        await other.until("DONE")  # the hub has handled every signal

        [*rest, last] = await watcher.until("DONE")

        assert len(rest) <= 1
        assert isinstance(last, Entry)
        assert last.sequence == 1


async def test_what_is_kept_for_one_reader_is_bounded_however_many_objects_move(hub: Hub) -> None:
    thing = Thing()
    mark = Thing()
    mark.person_id = thing.person_id
    async with aclosing(hub.follow(thing.person_id, 0)) as changes, mark.watched(hub) as marked:
        watcher = Watch(changes)
        await thing.advance(0.5)
        await watcher.ephemeral()
        others = [uuid4() for _ in range(OBJECTS_SHOWN + 50)]
        for _ in range(2):
            for other in others:
                await feed.publish_progress(thing.person_id, other, 0.5, "picture")
        await mark.advance(1.0)
        await marked.ephemeral()

        shown = [(await watcher.ephemeral()).object_id for _ in range(OBJECTS_SHOWN)]

        assert shown == [*others[1 - OBJECTS_SHOWN :], mark.id]
        [subscriber] = hub._subscribers[thing.person_id]
        assert len(subscriber.reached) == OBJECTS_SHOWN
        assert subscriber.waiting == {}


async def test_conflated_progress_keeps_the_highest_fraction_and_the_newest_preview(hub: Hub) -> None:
    thing, mark = Thing(), Thing()
    async with thing.watched(hub) as watcher, mark.watched(hub) as marked:
        await thing.advance(0.0)
        await watcher.ephemeral()
        await thing.advance(0.4, "first")
        await thing.advance(0.6, "second")
        await thing.advance(0.5)
        await mark.advance(1.0)
        await marked.ephemeral()

        change = await watcher.ephemeral()

        assert (change.progress, change.preview, change.sequence) == (0.6, "second", 0)


async def test_progress_that_is_older_than_a_state_event_is_not_shown_after_it(hub: Hub) -> None:
    thing, mark = Thing(), Thing()
    async with aclosing(hub.follow(thing.person_id, 0)) as changes, mark.watched(hub) as marked:
        watcher = Watch(changes)
        await thing.advance(0.0)
        await watcher.ephemeral()
        await thing.advance(0.9, "nearly drawn")
        await thing.change("SUCCEEDED", 1.0)
        await mark.advance(1.0)
        await marked.ephemeral()  # the hub has handled every signal

        assert (await watcher.entry()).type == "SUCCEEDED"
        await thing.change("SHOWN", 1.0)
        assert isinstance(await watcher.next(), Entry)


async def test_progress_does_not_fall_behind_a_state_event(hub: Hub) -> None:
    thing = Thing()
    async with thing.watched(hub) as watcher:
        await thing.change("IMAGE_READY", 0.5)
        await watcher.entry()
        await thing.advance(0.4, "half drawn")

        assert (await watcher.ephemeral()).progress == 0.5


async def test_what_was_lost_while_the_line_was_down_is_found_by_polling(hub: Hub, signals: LocalSignals) -> None:
    thing = Thing()
    await thing.change()
    signals.up = False
    async with thing.watched(hub, after=1) as watcher:
        waiting = asyncio.create_task(watcher.entry())
        await thing.change("SECOND")
        assert (await waiting).sequence == 2
        waiting = asyncio.create_task(watcher.entry())
        await thing.change("THIRD")
        assert (await waiting).sequence == 3


async def test_a_line_that_is_up_again_wakes_everybody(hub: Hub, signals: LocalSignals) -> None:
    thing = Thing()
    async with thing.watched(hub) as watcher:
        await thing.advance(0.1)
        await watcher.ephemeral()
        signals.up = False
        await thing.change("DONE")
        signals.up = True
        signals.interrupt()
        assert (await watcher.entry()).type == "DONE"


async def test_signals_of_another_person_never_arrive(hub: Hub, signals: LocalSignals) -> None:
    thing = Thing()
    async with thing.watched(hub) as watcher:
        stranger = uuid4()
        async with transaction():
            await feed.append(stranger, thing.id, "THEIRS", 0.9)
        await feed.publish_progress(stranger, thing.id, 0.9, "their picture")
        await feed.publish_progress(thing.person_id, uuid4(), 0.9, "another object's picture")
        await thing.advance(0.1)

        change = await watcher.ephemeral()

        assert (change.progress, change.preview, change.sequence) == (0.1, None, 0)


async def test_a_message_that_is_no_signal_does_not_end_the_listening(hub: Hub, signals: LocalSignals) -> None:
    thing = Thing()
    async with thing.watched(hub) as watcher:
        for message in (b"", b"5", b"[1,2,3,4,5]", b"null"):
            await signals.publish(message)
        await thing.advance(0.1)
        assert (await watcher.ephemeral()).progress == 0.1


async def test_closing_ends_every_subscription_and_forgets_it(database: str, signals: LocalSignals) -> None:
    hub, thing = Hub(signals), Thing()
    await hub.start()
    ended: list[int] = []

    async def watch(number: int) -> None:
        async with thing.watched(hub) as watcher:
            with pytest.raises(HubClosed):
                await watcher.next()
            ended.append(number)

    async def all_there() -> bool:
        return hub.subscriber_count == 3

    async with asyncio.timeout(20):
        watching = [asyncio.create_task(watch(number)) for number in range(3)]
        await until(all_there)
        await hub.close()
        await asyncio.gather(*watching)

    assert sorted(ended) == [0, 1, 2]
    assert hub.subscriber_count == 0
    async with thing.watched(hub) as late:
        with pytest.raises(HubClosed):
            await late.next()


async def test_subscribers_that_leave_are_forgotten(hub: Hub) -> None:
    things = [Thing() for _ in range(4)]
    async with AsyncExitStack() as open_watches:
        for thing in things:
            watcher = await open_watches.enter_async_context(thing.watched(hub))
            await thing.change()
            await watcher.entry()
        assert hub.subscriber_count == 4
        for thing in things:
            await thing.advance(0.5)
    assert hub.subscriber_count == 0


async def test_one_load_serves_all_who_ask_at_the_same_time(hub: Hub) -> None:
    async def load() -> int:
        return len(await fetch("SELECT 1"))

    with counted() as statements:
        assert await asyncio.gather(*(hub.once("key", load) for _ in range(50))) == [1] * 50
        assert len(statements) == 1
        await asyncio.gather(hub.once("key", load), hub.once("other", load))
        assert len(statements) == 2
        await asyncio.sleep(SHARED_FOR * 1.1)
        await hub.once("key", load)
        assert len(statements) == 3


async def test_a_load_that_fails_fails_for_all_and_is_tried_again_by_the_next(hub: Hub) -> None:
    async def broken() -> int:
        raise KeyError("gone")

    async def works() -> int:
        return 7

    outcomes = await asyncio.gather(*(hub.once("key", broken) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [KeyError] * 3
    assert await hub.once("key", works) == 7


async def test_one_asker_that_leaves_does_not_take_the_load_away_from_the_others(hub: Hub) -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def load() -> int:
        started.set()
        await finish.wait()
        return 7

    leaving, staying = (asyncio.create_task(hub.once("key", load)) for _ in range(2))
    async with asyncio.timeout(20):
        await started.wait()
        leaving.cancel()
        finish.set()
        assert await staying == 7


async def test_a_subscriber_does_not_join_a_read_that_began_before_what_it_was_woken_for(
    hub: Hub, signals: LocalSignals
) -> None:
    """A read that began before a commit does not see it: whoever comes after the signal needs a read of their own."""
    thing, mark = Thing(), Thing()
    async with thing.watched(hub) as early, mark.watched(hub) as marked, gate() as closed:
        for watched, watcher in ((thing, early), (mark, marked)):
            await watched.advance(0.1)
            await watcher.ephemeral()  # its first read is over
        await closed.close()
        await signals.publish(Signal(thing.person_id, thing.id, 0).encode())
        reading = asyncio.create_task(early.entry())
        await closed.somebody_waits()
        await closed.write(thing, 1)
        await signals.publish(Signal(thing.person_id, thing.id, 1).encode())
        await mark.advance(0.5)
        await marked.ephemeral()  # the signal has been handled
        async with thing.watched(hub) as late:
            late_reading = asyncio.create_task(late.entry())
            await asyncio.sleep(0)
            await closed.open()
            assert (await late_reading).sequence == 1
        assert (await reading).sequence == 1


async def test_a_poll_has_nobody_read_who_has_the_last_entry(database: str, signals: LocalSignals) -> None:
    signals.up = False
    hub, thing = Hub(signals), Thing()
    await hub.start()
    await thing.change()

    async def seen(statements: Statements, table: str, times: int) -> None:
        async def often_enough() -> bool:
            return len(statements.about(f"FROM {table} ")) >= times

        await until(often_enough)

    await asyncio.sleep(0)  # the hub listens now: that alone would have everybody read
    async with thing.watched(hub, after=1) as watcher:
        with counted() as statements:
            waiting = asyncio.create_task(watcher.entry())
            await seen(statements, "feed_entries", 1)
            await seen(statements, "feeds", 2)
            assert len(statements.about("FROM feed_entries ")) == 1, statements.sent
        await thing.change()
        assert (await waiting).sequence == 2
    await hub.close()
