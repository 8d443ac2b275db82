"""Budgets in a real Valkey."""

from collections.abc import AsyncGenerator

import pytest
from arq.connections import ArqRedis

from app.core.limits import Doing, Limits, Per, names_of
from app.integrations.budgets import LIMIT_PREFIX, PREFIX, SharedBudgets, SharedCounters
from app.integrations.valkey import connect

KEY = b"k" * 32


@pytest.fixture
async def client(valkey_url: str) -> AsyncGenerator[ArqRedis, None]:
    """A client of this test's Valkey."""
    client = connect(valkey_url)
    yield client
    await client.aclose()


async def test_what_is_spent_comes_back_steadily_by_the_servers_clock(client: ArqRedis) -> None:
    budgets = SharedBudgets(client, b"k" * 32, 1_000, 0.001, 20)
    assert (await budgets.spend("ada", 600)).left == pytest.approx(400, abs=1)
    refused = await budgets.spend("ada", 401)
    [key] = await client.keys(f"{PREFIX}*")
    full_at = float(await client.get(key))

    assert refused.granted is False
    # As if half a million seconds had gone by: 500 are back.
    await client.set(key, f"{full_at - 500_000:.6f}")
    assert (await budgets.spend("ada", 850)).left == pytest.approx(50, abs=1)
    await client.set(key, f"{full_at - 10_000_000:.6f}")
    assert (await budgets.spend("ada", 0)).left == pytest.approx(1_000, abs=1)


async def test_processes_with_one_key_share_and_others_do_not(client: ArqRedis) -> None:
    one, two, other = (SharedBudgets(client, key * 32, 100, 0.001, 20) for key in (b"k", b"k", b"o"))
    await one.spend("ada", 60)

    assert (await two.spend("ada", 60)).granted is False
    assert (await other.spend("ada", 60)).granted is True


async def test_a_server_that_forgot_the_script_is_told_again(client: ArqRedis) -> None:
    budgets = SharedBudgets(client, b"k" * 32, 100, 0.001, 20)
    await budgets.spend("ada", 10)
    await client.script_flush()

    assert (await budgets.spend("ada", 10)).left == pytest.approx(80, abs=1)


async def test_what_was_counted_of_somebody_is_forgotten_and_nothing_else(client: ArqRedis) -> None:
    """By the keys that budgets and limits count under, as the web process composes them."""
    counters = SharedCounters(client, KEY)
    limits = Limits(lambda size, rate: SharedBudgets(client, KEY, size, rate, 5.0, LIMIT_PREFIX))
    spent = SharedBudgets(client, KEY, 100, 0.1, 5.0)
    for who in ("ada", "eve"):
        await spent.spend(f"user {who}", 1)
        for doing in Doing:
            await limits.check(doing, {Per.VIEWER: who, Per.TARGET: f"{who}@example.com", Per.NETWORK: "192.0.2.0/24"})
    before = len(await client.keys("anypeople:*"))

    keys = counters.keys(["user ada"], names_of("ada", ["ada@example.com"]))
    assert await counters.delete(keys) == len(keys)

    assert len(await client.keys("anypeople:*")) == before - len(keys)
    assert await counters.delete(keys) == await counters.delete([]) == 0
    assert await counters.delete(counters.keys(["user eve"], [])) == 1
    assert not any("@" in key or " " in key for key in keys)


async def test_a_valkey_that_is_away_forgets_nothing_and_says_so() -> None:
    counters = SharedCounters(connect("redis://127.0.0.1:1"), KEY)
    with pytest.raises(OSError, match="does not answer"):
        await counters.delete(counters.keys(["user ada"], []))
