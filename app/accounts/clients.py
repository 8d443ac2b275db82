"""Apps that may ask people to let them in: staff register them, with exact redirects and the scopes they may ask."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts.identity import display_name
from app.core.db import Row, execute, fetch_one
from app.core.errors import InvalidInput
from app.core.ids import uuid7
from app.core.viewer import Scope

COLUMNS = "id, name, redirects, scopes, created_at"
MAX_REDIRECTS = 10
_REDIRECT = re.compile(
    r"(https://[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?/"
    r"|http://(127\.0\.0\.1|\[::1\])(:[1-9][0-9]{0,4})?/"
    r"|[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:/)"
    r"[A-Za-z0-9._~/?&=%-]{0,1000}",
    re.ASCII,
)
"""A site's, this machine's, or an app's own scheme that is a domain name backwards (RFC 8252, section 7)."""
_LOOPBACK = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\]))(?::[1-9][0-9]{0,4})?(/.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewClient:
    """What is said about an app that is to be registered."""

    name: str
    redirects: Sequence[str]
    scopes: Collection[Scope]


@dataclass(frozen=True, slots=True)
class Client:
    """A registered app. It has no secret: PKCE binds what it gets to it (RFC 7636)."""

    id: UUID
    name: str
    redirects: tuple[str, ...]
    scopes: frozenset[Scope]
    created_at: datetime | None = None
    """None: it is not stored yet."""

    def returns_to(self, redirect: str) -> bool:
        """Whether people may come back to this address: letter by letter, but for the port on their own machine.

        An app listens there at whatever port is free (RFC 8252, section 7.3).
        """
        return any(_without_port(redirect) == _without_port(each) for each in self.redirects)


def _without_port(redirect: str) -> str:
    found = _LOOPBACK.fullmatch(redirect)
    return found[1] + found[2] if found else redirect


def checked(wanted: NewClient) -> Client:
    """Return a new app, which is not registered yet. Raises InvalidInput."""
    redirects = tuple(wanted.redirects)
    if not 0 < len(redirects) <= MAX_REDIRECTS or not all(_REDIRECT.fullmatch(each) for each in redirects):
        raise InvalidInput(
            f"Name 1 to {MAX_REDIRECTS} redirects: https://app.example/signed-in, http://127.0.0.1/signed-in or "
            "com.example.app:/signed-in, without a fragment.",
            path=("redirects",),
        )
    if not wanted.scopes:
        raise InvalidInput("Name the scopes that the app may ask for.", path=("scopes",))
    return Client(uuid7(), display_name(wanted.name, "name"), redirects, frozenset(wanted.scopes))


async def add(client: Client) -> None:
    """Store an app, in the caller's transaction if there is one."""
    await execute(
        "INSERT INTO app_clients (id, name, redirects, scopes, created_at) VALUES ($1, $2, $3, $4, now())",
        client.id,
        client.name,
        " ".join(client.redirects),
        " ".join(sorted(client.scopes)),
    )


async def register(name: str, redirects: Sequence[str], scopes: Collection[Scope]) -> Client:
    """Register an app, as the operator. Raises InvalidInput."""
    client = checked(NewClient(name, redirects, scopes))
    await add(client)
    return client


async def client_of(client_id: str) -> Client | None:
    """Return the app of that public id; None for one that is not registered."""
    try:
        key = UUID(client_id)
    except ValueError:
        return None
    row = await fetch_one(f"SELECT {COLUMNS} FROM app_clients WHERE id = $1", key)  # noqa: S608
    return record_of(row) if row else None


def record_of(row: Row) -> Client:
    """Build from a row of `COLUMNS`."""
    scopes = scopes_of(row["scopes"])
    return Client(row["id"], row["name"], tuple(row["redirects"].split()), scopes, row["created_at"])


def scopes_of(text: str) -> frozenset[Scope]:
    """Return the scopes that are named in a text with spaces between (RFC 6749, section 3.3); others are left out."""
    named = text.split()
    return frozenset(scope for scope in Scope if scope.value in named)
