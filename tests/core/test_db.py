"""The outermost command's transaction, and its hooks."""

import asyncio
from typing import Literal

import pytest
from structlog.testing import capture_logs

from app.core.db import (
    IDLE_TIMEOUT,
    after_commit,
    commit_probe,
    connected,
    connection,
    execute,
    fetch,
    fetch_one,
    transaction,
)
from tests.fakes.carriers import Crash
from tests.fakes.statements import counted


@pytest.fixture
async def numbers(database: str) -> str:
    """A table to write into."""
    await execute("CREATE TABLE numbers (number int PRIMARY KEY)")
    return database


async def add(number: int) -> None:
    await execute("INSERT INTO numbers VALUES ($1)", number)


async def present() -> list[int]:
    return [row["number"] for row in await fetch("SELECT number FROM numbers ORDER BY number")]


async def test_what_one_transaction_writes_is_seen_by_others_only_after_its_commit(numbers: str) -> None:
    written, looked = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with transaction():
            await add(1)
            written.set()
            await looked.wait()

    writer = asyncio.create_task(write())
    async with asyncio.timeout(20):
        await written.wait()
        assert await present() == []
        looked.set()
        await writer
    assert await present() == [1]


async def test_an_inner_transaction_joins_the_outer_one_and_is_undone_with_it(numbers: str) -> None:
    async def fails() -> None:
        async with transaction():
            async with transaction():
                await add(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await present() == []


async def test_an_inner_transaction_that_fails_undoes_everything(numbers: str) -> None:
    async def fails() -> None:
        async with transaction():
            await add(1)
            async with transaction():
                await add(2)
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await present() == []


async def test_hooks_run_in_order_after_the_outermost_commit(numbers: str) -> None:
    ran: list[tuple[str, list[int]]] = []

    def hook(name: str) -> None:
        async def run() -> None:
            ran.append((name, await present()))

        after_commit(run)

    async with transaction():
        hook("outer")
        async with transaction():
            await add(1)
            hook("inner")
        assert ran == []
        hook("last")

    assert ran == [("outer", [1]), ("inner", [1]), ("last", [1])]


async def test_a_rollback_runs_no_hook(numbers: str) -> None:
    ran: list[int] = []

    async def hook() -> None:
        ran.append(1)

    async def fails() -> None:
        async with transaction():
            after_commit(hook)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    async with transaction():
        await add(1)

    assert ran == []


async def test_a_commit_that_fails_runs_no_hook(numbers: str) -> None:
    await execute("CREATE TABLE later (number int REFERENCES numbers DEFERRABLE INITIALLY DEFERRED)")
    ran: list[int] = []

    async def hook() -> None:
        ran.append(1)

    async def fails() -> None:
        async with transaction():
            await execute("INSERT INTO later VALUES (7)")
            after_commit(hook)

    with pytest.raises(Exception, match="later_number_fkey"):
        await fails()

    assert ran == []
    assert await fetch("SELECT * FROM later") == []


async def test_a_failing_hook_is_logged_by_kind_only_and_loses_nothing(numbers: str) -> None:
    ran: list[int] = []

    async def fails() -> None:
        raise KeyError("a secret")

    async def works() -> None:
        ran.append(1)

    with capture_logs() as lines:
        async with transaction():
            await add(1)
            after_commit(fails)
            after_commit(works)

    assert await present() == [1]
    assert ran == [1]
    assert lines == [{"event": "after_commit.failed", "error": "KeyError", "log_level": "warning"}]


async def test_a_hook_may_open_a_transaction_of_its_own(numbers: str) -> None:
    async def hook() -> None:
        async with transaction():
            await add(2)

    async with transaction():
        await add(1)
        after_commit(hook)

    assert await present() == [1, 2]


async def test_a_hook_outside_of_a_transaction_is_refused(numbers: str) -> None:
    async def hook() -> None:
        await add(1)

    with pytest.raises(RuntimeError, match="transaction"):
        after_commit(hook)
    assert await present() == []


async def test_tasks_do_not_share_a_transaction(numbers: str) -> None:
    together = asyncio.Barrier(5)

    async def write(number: int) -> None:
        async with transaction():
            await add(number)
            await together.wait()
            if number % 2:
                raise ZeroDivisionError

    async with asyncio.timeout(20):
        outcomes = await asyncio.gather(*(write(number) for number in range(5)), return_exceptions=True)

    assert [isinstance(outcome, ZeroDivisionError) for outcome in outcomes] == [False, True, False, True, False]
    assert await present() == [0, 2, 4]


async def test_a_process_that_dies_before_the_commit_leaves_nothing_and_after_it_everything_but_the_hooks(
    numbers: str,
) -> None:
    ran: list[int] = []

    async def hook() -> None:
        ran.append(1)

    async def write(number: int, moment: str) -> None:
        def die(now: Literal["before", "after"]) -> None:
            if now == moment:
                raise Crash

        commit_probe.set(die)
        async with transaction():
            await add(number)
            after_commit(hook)

    for number, moment in ((1, "before"), (2, "after")):
        with pytest.raises(Crash):
            await asyncio.create_task(write(number, moment))

    assert await present() == [2]
    assert ran == []


async def test_a_task_that_is_cancelled_while_its_transaction_begins_gives_the_connection_back(
    database_url: str,
) -> None:
    async def begin() -> None:
        async with transaction():
            await fetch("SELECT pg_sleep(25)")

    async with connected(database_url, pool_size=1):
        await fetch("SELECT 1")
        for turns in range(40):
            task = asyncio.create_task(begin())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(20):
                assert await fetch_one("SELECT 1 AS one") == {"one": 1}


async def test_a_statement_is_counted_once_inside_and_outside_of_a_transaction(numbers: str) -> None:
    with counted() as statements:
        await add(1)
        async with transaction():
            await add(2)
            await present()
    await add(3)

    assert len(statements) == 3
    assert statements.about("SELECT") == ["SELECT number FROM numbers ORDER BY number"]


async def test_the_connection_outside_of_a_transaction_is_the_pool(database: str) -> None:
    outside = connection()
    async with transaction():
        assert connection() is not outside
    assert connection() is outside


async def test_a_process_that_froze_in_a_transaction_does_not_keep_its_rows_from_others(numbers: str) -> None:
    frozen, thaw = asyncio.Event(), asyncio.Event()
    await add(1)

    async def freeze() -> None:
        async with transaction():
            await execute("UPDATE numbers SET number = 2")
            [held] = await fetch("SHOW idle_in_transaction_session_timeout")
            assert held == {"idle_in_transaction_session_timeout": IDLE_TIMEOUT}
            await execute("SET LOCAL idle_in_transaction_session_timeout = 50")
            frozen.set()
            await thaw.wait()
            await add(4)

    freezing = asyncio.create_task(freeze())
    async with asyncio.timeout(20):
        await frozen.wait()
        await execute("UPDATE numbers SET number = 3")
        thaw.set()
        with pytest.raises(Exception, match=r"closed|terminat"):
            await freezing

    assert await present() == [3]
