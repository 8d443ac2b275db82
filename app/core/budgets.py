"""Leaky buckets in this process: the backstop of those that all processes share.

A bucket is one number: when it will be full again (the generic cell rate algorithm of ATM, ITU-T I.371). One that is
full is forgotten.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from app.core.ports import Balance

MAX_BUCKETS = 10_000
"""What is forgotten first is what was asked for longest ago: at worst somebody begins with a full bucket."""


class LocalBudgets:
    """`Budgets` of this process alone. Times are seconds of a clock that only goes forward."""

    def __init__(self, size: int, restore_rate: float, now: Callable[[], float] = time.monotonic) -> None:
        self.size = size
        self.restore_rate = restore_rate
        self._now = now
        self._full_at: OrderedDict[str, float] = OrderedDict()

    async def spend(self, who: str, cost: int) -> Balance:
        """Answer at once."""
        now = self._now()
        used = max(0.0, self._full_at.get(who, now) - now) * self.restore_rate
        if used + cost > self.size:
            return Balance(False, self.size - used)
        self._full_at[who] = now + (used + cost) / self.restore_rate
        self._full_at.move_to_end(who)
        if len(self._full_at) > MAX_BUCKETS:
            self._full_at.popitem(last=False)
        return Balance(True, self.size - used - cost)
