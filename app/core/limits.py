"""How often something may be tried, whoever asks: one table. Budgets bound what requests cost; limits bound guessing,
mass sign-up and mail to strangers.

Each limit is a leaky bucket: `amount` at once, and that many again spread over its `window`. Keys are hashed by the
budgets' implementation. Nothing here knows whether an account exists, so no answer tells.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.errors import RateLimited
from app.core.ports import Budgets


class Doing(StrEnum):
    """What is limited."""

    SIGN_UP = "sign up"
    SIGN_IN = "sign in"
    ASK_FOR_RESET = "ask for a new password"
    FOLLOW_LINK = "use a mailed link"
    CHANGE_EMAIL = "change the address"
    REAUTHENTICATE = "reauthenticate"
    GENERATE = "generate"
    UPLOAD = "upload"
    DECIDE = "decide on consents and objections"
    CONTACT_SUPPORT = "write to support"
    ASK_FOR_RIGHT = "ask for a right over one's data"


class Per(StrEnum):
    """Whose tries are counted together."""

    NETWORK = "network"
    """Truncated: IPv4 /24, IPv6 /48."""
    VIEWER = "viewer"
    TARGET = "target"
    """The address or the link that is tried, whoever tries."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` at once, and again over each `window`."""

    per: Per
    amount: int
    window: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
LIMITS: Mapping[Doing, tuple[Limit, ...]] = {
    Doing.SIGN_UP: (Limit(Per.NETWORK, 60, HOUR), Limit(Per.TARGET, 10, HOUR)),
    Doing.SIGN_IN: (Limit(Per.NETWORK, 200, QUARTER), Limit(Per.TARGET, 20, QUARTER)),
    Doing.ASK_FOR_RESET: (Limit(Per.NETWORK, 60, HOUR), Limit(Per.TARGET, 10, HOUR)),
    Doing.FOLLOW_LINK: (Limit(Per.NETWORK, 120, HOUR), Limit(Per.TARGET, 20, HOUR)),
    Doing.CHANGE_EMAIL: (Limit(Per.VIEWER, 10, HOUR), Limit(Per.TARGET, 10, HOUR)),
    Doing.REAUTHENTICATE: (Limit(Per.NETWORK, 200, QUARTER), Limit(Per.VIEWER, 30, QUARTER)),
    Doing.GENERATE: (Limit(Per.VIEWER, 2_000, HOUR),),
    Doing.UPLOAD: (Limit(Per.VIEWER, 2_000, HOUR),),
    Doing.DECIDE: (Limit(Per.VIEWER, 120, HOUR),),
    Doing.ASK_FOR_RIGHT: (Limit(Per.NETWORK, 60, HOUR), Limit(Per.VIEWER, 60, HOUR), Limit(Per.TARGET, 10, HOUR)),
    Doing.CONTACT_SUPPORT: (Limit(Per.NETWORK, 60, HOUR), Limit(Per.VIEWER, 20, HOUR), Limit(Per.TARGET, 10, HOUR)),
}
"""The network comes first: a network that is refused takes nothing from the person whom it tries to lock out. What only
people who are signed in do is theirs: a whole office may draw at once, and a network makes only so many accounts.
"""


def name_of(doing: Doing, limit: Limit, key: str) -> str:
    """Return what tries are counted under, before it is hashed."""
    return f"{doing} {limit.per} {key}"


def names_of(viewer: str, addresses: Sequence[str]) -> list[str]:
    """Return all that is counted of a person, as themselves and as whoever owns an address."""
    keys = {Per.VIEWER: [viewer], Per.TARGET: addresses, Per.NETWORK: ()}
    return [
        name_of(doing, limit, key) for doing, limits in LIMITS.items() for limit in limits for key in keys[limit.per]
    ]


class Limits:
    """Counts tries, in a bucket for each limit and each key."""

    def __init__(self, buckets: Callable[[int, float], Budgets]) -> None:
        """`buckets` makes those of one size and restore rate."""
        self._buckets = {
            limit: buckets(limit.amount, limit.amount / limit.window.total_seconds())
            for limits in LIMITS.values()
            for limit in limits
        }

    async def check(self, doing: Doing, who: Mapping[Per, str]) -> None:
        """Count a try. Raises RateLimited, before anything is done. A limit without a key in `who` does not apply."""
        for limit in LIMITS[doing]:
            key = who.get(limit.per)
            if not key:
                continue
            bucket = self._buckets[limit]
            balance = await bucket.spend(name_of(doing, limit, key), 1)
            if not balance.granted:
                seconds = max(1, math.ceil((1 - balance.left) / bucket.restore_rate))
                raise RateLimited(f"Too many tries: wait {seconds} seconds, then try again.", seconds)
