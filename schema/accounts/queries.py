"""Who am I; and for staff, who is who."""

import strawberry

from app.accounts.queries import person
from app.accounts.staff import find_people
from app.core.personal_data import Activity
from schema.accounts.types import User, UserConnection
from schema.context import Info
from schema.directives import PAGE, SemanticNonNull
from schema.relay import check_first, connection, decode_cursor


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

    @strawberry.field(
        description="People, newest first; `search` is a whole address or the beginning of a name. Staff only. Each "
        "person who is shown finds the look in their own log, with its purpose.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def users(
        self, info: Info, purpose: Activity, first: int = 20, after: str | None = None, search: str | None = None
    ) -> UserConnection | None:
        """Four statements, whatever the page."""
        people = await find_people(
            info.context.required_viewer,
            purpose,
            info.context.ports.allows,
            first=check_first(first),
            before=decode_cursor(after),
            search=search,
        )
        return connection([User.from_record(each) for each in people], [each.id for each in people], first, after)
