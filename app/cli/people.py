"""`anypeople users`: what only the operator does to accounts."""

import asyncio

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
