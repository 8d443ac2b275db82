"""`anypeople users` and `anypeople clients`: what the operator does to accounts and apps."""

import asyncio
from datetime import datetime
from uuid import UUID

from app.accounts.client_registry import remove
from app.accounts.clients import Client, register
from app.accounts.queries import Person
from app.accounts.staff import promote, whose_address
from app.cli.supervisor import database
from app.consents.restrictions import restrict
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.db import connected
from app.core.viewer import Role, Scope
from app.minors import service as minors
from app.minors.service import Flagged, Report
from app.privacy.lifting import announce_lift
from app.training.marking import mark_restricted


def give_role(settings: Settings, email: str, role: Role) -> Person:
    """Give the person of that address a role. Raises AppError, EmbeddedError."""

    async def give(url: str) -> Person:
        async with connected(url, pool_size=1):
            return await promote(email, role)

    with database(settings) as url:
        return asyncio.run(give(url))


def set_restriction(settings: Settings, email: str, reason: str) -> Person:
    """Restrict processing of the data of the person of that address. Raises AppError, EmbeddedError."""

    async def decide(url: str) -> Person:
        async with connected(url, pool_size=1):
            user_id, clock = await whose_address(email), SystemClock()
            return await restrict(user_id, reason, actor=None, clock=clock, effect=mark_restricted)

    with database(settings) as url:
        return asyncio.run(decide(url))


def end_restriction(settings: Settings, email: str, reason: str) -> datetime:
    """Tell the person of that address that the restriction ends; return when. Raises AppError, EmbeddedError."""

    async def tell(url: str) -> datetime:
        async with connected(url, pool_size=1):
            ends: datetime = await announce_lift(await whose_address(email), reason, actor=None, clock=SystemClock())
            return ends

    with database(settings) as url:
        return asyncio.run(tell(url))


def register_client(settings: Settings, name: str, redirects: list[str], scopes: list[Scope]) -> Client:
    """Register an app that may ask people to let it in. Raises AppError, EmbeddedError."""

    async def add(url: str) -> Client:
        async with connected(url, pool_size=1):
            return await register(name, redirects, scopes)

    with database(settings) as url:
        return asyncio.run(add(url))


def remove_client(settings: Settings, client_id: UUID) -> str:
    """Remove an app and all that people let it do; return its name. Raises AppError, EmbeddedError."""

    async def drop(url: str) -> str:
        async with connected(url, pool_size=1):
            return await remove(client_id)

    with database(settings) as url:
        return asyncio.run(drop(url))


def flag_minor(settings: Settings, email: str, reason: str) -> Flagged:
    """Freeze the account of that address, and have it deleted. Raises AppError, EmbeddedError."""

    async def freeze(url: str) -> Flagged:
        async with connected(url, pool_size=1):
            return await minors.flag_by_email(email, Report(reason, settings.minors.purge_after))

    with database(settings) as url:
        return asyncio.run(freeze(url))


def lift_minor_flag(settings: Settings, email: str, reason: str) -> Person:
    """Give the account of that address back. Raises AppError, EmbeddedError."""

    async def thaw(url: str) -> Person:
        async with connected(url, pool_size=1):
            return await minors.lift_by_email(email, reason)

    with database(settings) as url:
        return asyncio.run(thaw(url))
