"""The privacy policy and the terms."""

import strawberry
from graphql import GraphQLError

from app.policy.errors import UnknownVersion
from app.policy.queries import listed, listed_in_force
from app.policy.texts import DocumentKind
from schema.context import Info
from schema.directives import PAGE, Cost
from schema.policy.types import Policy, PolicyConnection, page
from schema.relay import check_first, decode_cursor


@strawberry.type
class PolicyQueries:
    """Part of Query."""

    @strawberry.field(
        description="The privacy policy, or the terms: that version, or the one in force.", directives=[Cost(weight=10)]
    )
    async def policy(self, info: Info, version: str | None = None, kind: DocumentKind = DocumentKind.PRIVACY) -> Policy:
        """One statement."""
        if version is None:
            return Policy.from_record(await listed_in_force(kind, info.context.ports.clock.now()))
        for record in await listed(kind):
            if record.edition.document.version == version:
                return Policy.from_record(record)
        raise UnknownVersion("There is no such version: `policies` lists them all.", path=("version",))

    @strawberry.field(
        description="All versions that are published, the latest to take effect first; also those to come.",
        directives=[PAGE],
    )
    async def policies(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        kind: DocumentKind = DocumentKind.PRIVACY,
    ) -> PolicyConnection:
        """One statement: there are never more than are shipped."""
        records, start, behind = list(await listed(kind)), 0, decode_cursor(after)
        if behind is not None:
            places = [place for place, record in enumerate(records) if record.edition.id == behind]
            if not places:
                raise GraphQLError("`after` is no cursor of this list.", extensions={"code": "BAD_USER_INPUT"})
            start = places[0] + 1
        return page(records[start : start + check_first(first) + 1], first, after)
