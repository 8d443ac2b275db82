"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of things, and durations in seconds."""

    rounds: int
    seconds: float
    connections: int
    subscribers: int
    pace: int
    """Events a second while latency is measured."""
    starts: int
    pictures: int
    cold_starts: int
    accounts: tuple[int, ...]
    """Generations of the accounts that are exported and erased."""


FULL = Size(
    rounds=4,
    seconds=4,
    connections=32,
    subscribers=1000,
    pace=2000,
    starts=60,
    pictures=15,
    cold_starts=4,
    accounts=(100, 1_000, 10_000),
)
TINY = Size(
    rounds=1, seconds=0.2, connections=4, subscribers=10, pace=100, starts=1, pictures=1, cold_starts=1, accounts=(2,)
)
"""Shows that everything runs; its figures mean nothing."""
