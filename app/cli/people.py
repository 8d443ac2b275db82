"""`anypeople users`: what only the operator does to accounts."""

import asyncio

from app.accounts.queries import Person
from app.accounts.staff import promote
from app.cli.supervisor import database
from app.core.config import Settings
from app.core.db import connected
from app.core.viewer import Role


def give_role(settings: Settings, email: str, role: Role) -> Person:
    """Give the person of that address a role. Raises AppError, EmbeddedError."""

    async def give(url: str) -> Person:
        async with connected(url, pool_size=1):
            return await promote(email, role)

    with database(settings) as url:
        return asyncio.run(give(url))
