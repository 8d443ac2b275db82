"""`anypeople users` and `anypeople clients`: what the operator does to accounts and apps."""

import asyncio
from uuid import UUID

from app.accounts.client_registry import remove
from app.accounts.clients import Client, register
from app.accounts.queries import Person
from app.accounts.staff import promote
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.viewer import Role, Scope


def give_role(settings: Settings, email: str, role: Role) -> Person:
    """Give the person of that address a role. Raises AppError, EmbeddedError."""

    async def give(url: str) -> Person:
        async with connected(url, pool_size=1):
            return await promote(email, role)

    with database(settings) as url:
        return asyncio.run(give(url))


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
