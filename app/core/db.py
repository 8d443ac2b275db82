"""PostgreSQL: connection set-up, the outermost command's transaction, and its after-commit hook."""

import contextvars
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction as begin

from app.core.concerns import ConfigurationError

MODEL_MODULES = (
    "app.core.models",
    "app.retention.models",
    "app.journal.models",
    "app.audit.models",
    "app.policy.models",
    "app.processors.models",
    "app.mail.models",
    "app.accounts.models",
    "app.consents.models",
    "app.media.models",
    "app.generation.models",
    "app.gallery.models",
    "app.training.models",
    "app.analytics.models",
    "app.outreach.models",
    "app.marketing.models",
    "app.support.models",
    "app.minors.models",
    "app.legal_disclosures.models",
    "app.privacy.models",
)

IDLE_TIMEOUT = "10s"
"""How long PostgreSQL waits for the next statement of a transaction. A process that froze, or whose machine is gone,
would otherwise hold its rows' locks, and what waits for them, until TCP gives up after two hours."""

Row = dict[str, Any]
Hook = Callable[[], Awaitable[None]]
CommitProbe = Callable[[Literal["before", "after"]], None]

log = structlog.get_logger(__name__)

_hooks: contextvars.ContextVar[list[Hook] | None] = contextvars.ContextVar("after_commit_hooks", default=None)
commit_probe: contextvars.ContextVar[CommitProbe | None] = contextvars.ContextVar("commit_probe", default=None)
"""Called around each commit; tests raise in it to play a process that dies there."""


def orm_config(url: str, *, pool_size: int = 10) -> dict[str, Any]:
    """Return Tortoise's configuration for `postgresql://…`.

    The URL is taken apart here because Tortoise neither decodes %-escapes nor understands a socket folder as host.
    Raises ConfigurationError for another scheme and for a port that is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigurationError("DATABASE_URL: it must begin with postgresql:// (PostgreSQL is the only database).")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = int(query.get("port") or parts.port or 5432)
    except ValueError:  # its text quotes a part of the URL, most likely of the password
        raise ConfigurationError(
            "DATABASE_URL: its port is no number. Write special characters of a password as %-escapes, `/` as %2F."
        ) from None
    credentials: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "localhost",
        "port": port,
        "user": unquote(parts.username or "") or "postgres",
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")),
        "minsize": 1,
        "maxsize": pool_size,
        "timeout": 10,
        "command_timeout": 30,
        "server_settings": {"idle_in_transaction_session_timeout": IDLE_TIMEOUT},
    }
    if "sslmode" in query:
        credentials["ssl"] = query["sslmode"]
    return {
        "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
        "apps": {"models": {"models": list(MODEL_MODULES), "migrations": "migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def connected(url: str, *, pool_size: int = 10) -> AsyncGenerator[TortoiseContext, None]:
    """Open the pool for as long as the block runs. Raises ConfigurationError for a bad URL."""
    context = await Tortoise.init(config=orm_config(url, pool_size=pool_size), _enable_global_fallback=True)
    try:
        yield context
    finally:
        await context.close_connections()


def connection() -> BaseDBAsyncClient:
    """Return the present transaction's connection, else the pool."""
    return get_connection("default")


async def fetch(sql: str, *values: Any) -> list[Row]:
    """Return the rows of a statement (also of INSERT, UPDATE and DELETE … RETURNING)."""
    return await connection().execute_query_dict(sql, list(values))


async def fetch_one(sql: str, *values: Any) -> Row | None:
    """Return the first row, or None."""
    rows = await fetch(sql, *values)
    return rows[0] if rows else None


async def execute(sql: str, *values: Any) -> None:
    """Run a statement for its effect."""
    await connection().execute_query(sql, list(values))


@asynccontextmanager
async def transaction() -> AsyncGenerator[None, None]:
    """Run the block in one transaction. The outermost block owns it: an inner one joins.

    After a commit the hooks given to `after_commit` run in order. A hook that fails is logged and never undoes
    anything: what must not be lost is a row, and hooks only make it known sooner.
    """
    if _hooks.get() is not None:
        yield
        return
    hooks: list[Hook] = []
    token = _hooks.set(hooks)
    probe = commit_probe.get()
    try:
        async with _begun():
            yield
            if probe:
                probe("before")
    finally:
        _hooks.reset(token)
    if probe:
        probe("after")
    for hook in hooks:
        try:
            await hook()
        except Exception as error:  # noqa: BLE001 - see above: the row is the truth
            log.warning("after_commit.failed", error=type(error).__name__)


@asynccontextmanager
async def _begun() -> AsyncGenerator[None, None]:
    """Run the block in Tortoise's transaction, and give the connection back also where BEGIN fails or is cancelled."""
    begun = begin()
    try:
        await begun.__aenter__()
    except BaseException:
        if hasattr(begun, "token"):  # it has the connection; this exception lets it give that back, and no more
            await begun.__aexit__(TransactionManagementError, None, None)
        raise
    try:
        yield
    except BaseException as error:
        await begun.__aexit__(type(error), error, error.__traceback__)
        raise
    await begun.__aexit__(None, None, None)


def in_transaction() -> bool:
    """Return whether a transaction() is open here."""
    return _hooks.get() is not None


def after_commit(hook: Hook) -> None:
    """Run `hook` once the present transaction has committed. Raises RuntimeError outside of one."""
    hooks = _hooks.get()
    if hooks is None:
        raise RuntimeError("after_commit() needs an open transaction()")
    hooks.append(hook)
