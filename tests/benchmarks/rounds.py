"""Turns: the limit, ours, ours, the limit, …, so that neither gains from what the machine does meanwhile."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def alternate(
    rounds: int, limit: Callable[[], Awaitable[T]], ours: Callable[[], Awaitable[T]]
) -> tuple[list[T], list[T]]:
    """Run both in each round, in the other order every other time; return what they gave."""
    limits: list[T] = []
    own: list[T] = []
    for number in range(rounds):
        turns = [(limits, limit), (own, ours)]
        for results, run in turns if number % 2 == 0 else reversed(turns):
            results.append(await run())
    return limits, own
