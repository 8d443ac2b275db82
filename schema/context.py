"""What resolvers get: who asks, the ports, and loaders that live for one operation."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypedDict, TypeVar, Unpack, cast

import strawberry
from strawberry.dataloader import DataLoader
from strawberry.types.info import Info as StrawberryInfo

from app.accounts.devices import device_family
from app.accounts.passkeys import RelyingParty
from app.analytics.events import Client, Event, Occurrence, Outcome
from app.analytics.tally import Tally
from app.consents.office import ConsentOffice
from app.core.errors import AppError
from app.core.hub import Hub
from app.core.limits import Doing, Limits, Per
from app.core.one_time import OneTimeTokens
from app.core.origin import Origin
from app.core.ports import Budgets, Clock
from app.core.purposes import Allows
from app.core.sealing import Sealer
from app.core.viewer import Viewer
from app.generation.engines.registry import Engines
from app.media.links import ImageLinks
from app.media.uploads import Intake
from app.policy.cookies import CookieRegister
from app.policy.wording import Facts
from app.privacy.office import Office
from app.processors.register import Register
from app.support.letters import Desk

L = TypeVar("L", bound=DataLoader[Any, Any])
Coordinate = tuple[str, str]
"""A type's and a field's name."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What this process was composed of."""

    clock: Clock
    hub: Hub
    engines: Engines
    links: ImageLinks
    session_lifetime: timedelta
    session_limit: timedelta
    idempotency_hash_key: bytes
    budgets: Budgets
    limits: Limits
    intake: Intake
    one_time: OneTimeTokens
    sealer: Sealer
    recovery_wait: timedelta
    relying_party: RelyingParty
    processors: Register
    facts: Facts
    """What the placeholders of the policy and the terms stand for."""
    notice: timedelta
    """How long before a material change takes effect people are told of it."""
    consents: ConsentOffice
    cookies: CookieRegister
    allows: Allows
    support: Desk
    purge_after: timedelta
    """How long an account stays frozen that is said to be a child's, before it is deleted."""
    requests: Office
    """Who keeps privacy requests."""
    tally: Tally
    """Counts what is done, and not by whom."""


class Details(TypedDict, total=False):
    """Of what is counted."""

    engine: str
    style: str
    outcome: Outcome


async def nobody() -> Viewer | None:
    """Return nobody: no browser asks."""
    return None


@dataclass(slots=True)
class Context:
    """One HTTP request, or one socket; `fresh` makes the context of each operation and event from it."""

    ports: Ports
    request_id: str
    viewer: Viewer | None = None
    network: str | None = None
    """Truncated: all that is kept of an address."""
    user_agent: str = ""
    """As it came: read only where it is asked for, because that takes longer than most operations."""
    page: str | None = None
    """The web origin of the page that asks, where a browser does."""
    viewer_by_cookie: Callable[[], Awaitable[Viewer | None]] = nobody
    """Who is signed in, where it is a page of ours that asks."""
    client: Client = Client.ANONYMOUS
    """What the viewer came with."""
    opted_out: bool = False
    """Whether the request has the opt-out signal (Global Privacy Control), or comes from a browser that refused
    analytics: nothing of it is counted.
    """
    connection_params: dict[str, object] | None = None
    denied: frozenset[Coordinate] = frozenset()
    _loaders: dict[object, DataLoader[Any, Any]] = field(default_factory=dict)

    def fresh(self) -> "Context":
        """Return a copy with loaders of its own: what they cache is as old as the operation."""
        return replace(self, _loaders={})

    def loader(self, make: Callable[[Viewer], L]) -> L:
        """Return this operation's loader of that kind. Raises RuntimeError without a viewer."""
        if make not in self._loaders:
            self._loaders[make] = make(self.required_viewer)
        return cast(L, self._loaders[make])

    def context_loader(self, make: "Callable[[Context], L]") -> L:
        """Return this operation's loader of that kind, which takes what it needs from the context."""
        if make not in self._loaders:
            self._loaders[make] = make(self)
        return cast(L, self._loaders[make])

    async def limit(self, doing: Doing, target: str = "") -> None:
        """Count a try of the viewer, of their network, and at an address or a link. Raises RateLimited."""
        viewer = str(self.viewer.user_id) if self.viewer else ""
        await self.ports.limits.check(doing, {Per.NETWORK: self.network or "", Per.VIEWER: viewer, Per.TARGET: target})

    def note(self, what: Event, person: Viewer | None = None, **details: Unpack[Details]) -> None:
        """Count what was done by the viewer, or by somebody who just became one."""
        viewer = person or self.viewer
        if not self.opted_out:
            self.ports.tally.note(Occurrence(what, self.client, **details), viewer.user_id if viewer else None)

    @contextmanager
    def refusal_noted(self, what: Event) -> Generator[None, None, None]:
        """Count what is refused in the block."""
        try:
            yield
        except AppError:
            self.note(what, outcome=Outcome.REFUSED)
            raise

    @property
    def origin(self) -> Origin:
        """Where the request comes from."""
        return Origin(self.network, device_family(self.user_agent))

    @property
    def payer(self) -> str:
        """Whose budget an operation is charged to: the viewer's, or for nobody that of the network they are in."""
        return f"user {self.viewer.user_id}" if self.viewer else f"network {self.network}"

    @property
    def required_viewer(self) -> Viewer:
        """The viewer, where `access.py` lets nobody else in."""
        if self.viewer is None:
            raise RuntimeError("a resolver for signed-in people ran for nobody")
        return self.viewer


Info = StrawberryInfo[Context, None]
ID = strawberry.ID
