"""Who am I."""

import strawberry

from app.accounts.queries import person
from schema.accounts.types import User
from schema.context import Info


@strawberry.type
class AccountQueries:
    """Part of Query."""

    @strawberry.field(description="The signed-in person; null when nobody is.")
    async def viewer(self, info: Info) -> User | None:
        """One statement."""
        if info.context.viewer is None:
            return None
        record = await person(info.context.viewer)
        return User.from_record(record) if record else None
