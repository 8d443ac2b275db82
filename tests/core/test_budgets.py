"""Leaky buckets, with a clock that is turned by hand."""

from app.core.budgets import MAX_BUCKETS, LocalBudgets


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_what_is_spent_comes_back_steadily() -> None:
    clock = Clock()
    budgets = LocalBudgets(100, 10, clock)

    assert (await budgets.spend("ada", 100)).left == 0
    refused = await budgets.spend("ada", 1)
    assert (refused.granted, refused.left) == (False, 0)
    clock.now += 5
    assert (await budgets.spend("ada", 51)).granted is False
    assert (await budgets.spend("ada", 50)).granted is True
    clock.now += 1_000
    assert (await budgets.spend("ada", 0)).left == 100
    assert (await budgets.spend("eve", 1)).left == 99


async def test_no_number_of_strangers_grows_memory() -> None:
    budgets = LocalBudgets(100, 10, Clock())
    await budgets.spend("ada", 100)
    for stranger in range(MAX_BUCKETS):
        await budgets.spend(str(stranger), 1)

    assert len(budgets._full_at) == MAX_BUCKETS
    assert (await budgets.spend("ada", 100)).granted is True
