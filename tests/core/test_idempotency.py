"""The same call twice does the thing once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.core import idempotency
from app.core.clock import SystemClock
from app.core.db import execute, fetch, transaction
from app.core.idempotency import IdempotencyInProgress, IdempotencyMismatch
from app.generation.engines.registry import Engines
from app.generation.errors import BeyondCapabilities
from app.generation.service import create_generation
from app.generation.wishes import Wish
from tests.conftest import SignUp
from tests.fakes.consents import consent_office
from tests.fakes.sweeping import swept

ADA, EVE = uuid4(), uuid4()


async def call(key: str = "key", person: UUID = ADA, operation: str = "make", hash: bytes = b"input") -> UUID:
    """A command with a key: return what it made, now or before."""
    async with transaction():
        made = await idempotency.begin(person, operation, key, hash)
        if made is None:
            made = uuid4()
            await idempotency.finish(person, operation, key, hash, made)
    return made


async def test_the_same_call_again_returns_what_the_first_one_made(database: str) -> None:
    assert await call() == await call()
    assert len(await fetch("SELECT id FROM idempotency_keys")) == 1


async def test_another_key_person_or_operation_is_another_call(database: str) -> None:
    made = [await call(), await call("other"), await call(person=EVE), await call(operation="other")]
    assert len(set(made)) == 4
    assert await call(person=EVE) == made[2]


async def test_the_same_key_with_another_input_is_refused_and_changes_nothing(database: str) -> None:
    first = await call()
    with pytest.raises(IdempotencyMismatch) as refused:
        await call(hash=b"other input")
    assert refused.value.path == ("idempotencyKey",)
    assert await call() == first


async def test_a_call_that_has_not_ended_is_in_progress_until_it_ends(database: str) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def first() -> UUID:
        async with transaction():
            assert await idempotency.begin(ADA, "make", "key", b"input") is None
            begun.set()
            await finish.wait()
            made = uuid4()
            await idempotency.finish(ADA, "make", "key", b"input", made)
        return made

    async with asyncio.timeout(20):
        running = asyncio.create_task(first())
        await begun.wait()
        with pytest.raises(IdempotencyInProgress):
            await call()
        await call(person=EVE)
        finish.set()
        made = await running
    assert await call() == made


async def test_a_failure_is_not_kept(database: str) -> None:
    async def fails() -> None:
        async with transaction():
            assert await idempotency.begin(ADA, "make", "key", b"input") is None
            await idempotency.finish(ADA, "make", "key", b"input", uuid4())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await fetch("SELECT id FROM idempotency_keys") == []
    made = await call(hash=b"other input")
    assert await call(hash=b"other input") == made


@pytest.mark.parametrize(("hours", "again"), [(23, True), (25, False)])
async def test_a_key_is_remembered_for_a_day(database: str, hours: int, again: bool) -> None:
    first = await call()
    await execute(f"UPDATE idempotency_keys SET created_at = now() - interval '{hours} hours'")
    assert (await call() == first) is again
    assert len(await fetch("SELECT id FROM idempotency_keys")) == 1


async def test_a_key_of_yesterday_may_be_used_with_another_input(database: str) -> None:
    first = await call()
    await execute("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    assert await call(hash=b"other input") != first


async def test_expired_keys_are_deleted_in_batches(database: str) -> None:
    for number in range(3):
        await call(f"old {number}")
    await execute("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    await call("young")

    assert [await swept("idempotency_keys", limit=2) for _ in range(3)] == [2, 1, 0]
    assert [row["key"] for row in await fetch("SELECT key FROM idempotency_keys")] == ["young"]


@pytest.mark.parametrize("key", ["", "x" * 65, "nul\x00"])
async def test_a_key_has_1_to_64_characters_and_no_nul(database: str, key: str) -> None:
    with pytest.raises(IdempotencyMismatch, match="1 to 64"):
        await call(key)
    assert await fetch("SELECT id FROM idempotency_keys") == []


@pytest.mark.parametrize("key", ["x", "x" * 64, "ü" * 64, "'; DROP TABLE users; --", "👩‍🎨"])
async def test_any_other_key_is_good(database: str, key: str) -> None:
    assert await call(key) == await call(key)


async def test_a_hundred_identical_calls_at_once_make_one_generation(person: SignUp, engines: Engines) -> None:
    ada = await person("ada")

    async def create() -> UUID | None:
        try:
            return await create_generation(
                ada.viewer,
                Wish("a person", width=64, height=64),
                key="key",
                engines=engines,
                clock=SystemClock(),
                hash_key=b"k" * 32,
                consents=consent_office(),
            )
        except IdempotencyInProgress:
            return None

    async with asyncio.timeout(30):
        made = set(await asyncio.gather(*(create() for _ in range(100)))) - {None}

    rows = [row["id"] for row in await fetch("SELECT id FROM generations")]
    assert len(made) == 1
    assert rows == list(made)
    assert len(await fetch("SELECT id FROM jobs")) == 1
    assert len(await fetch("SELECT id FROM feed_entries")) == 1
    assert await create() == rows[0]


async def test_a_refused_wish_leaves_its_key_free(person: SignUp, engines: Engines) -> None:
    ada = await person("ada")

    async def create(width: int) -> UUID:
        wish = Wish("a person", width=width, height=64)
        clock = SystemClock()
        return await create_generation(
            ada.viewer, wish, key="key", engines=engines, clock=clock, hash_key=b"k" * 32, consents=consent_office()
        )

    with pytest.raises(BeyondCapabilities):
        await create(63)
    assert await create(64) == await create(64)


async def test_the_input_is_kept_only_as_a_hash(person: SignUp, engines: Engines) -> None:
    ada = await person("ada")
    wish, clock = Wish("a canary in a prompt", width=64, height=64), SystemClock()
    await create_generation(
        ada.viewer, wish, key="key", engines=engines, clock=clock, hash_key=b"k" * 32, consents=consent_office()
    )

    [row] = await fetch("SELECT input_hash, idempotency_keys::text AS row FROM idempotency_keys")
    assert len(row["input_hash"]) == 32
    assert "canary" not in row["row"]
