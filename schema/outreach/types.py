"""What a person was told."""

from datetime import datetime

import strawberry

from app.outreach.queries import NoticeRecord
from schema.policy.types import Policy
from schema.relay import Connection, Node, connection, global_id


@strawberry.type(description="That a new version takes effect which changes what people may expect.")
class Notice(Node):
    """`app.outreach.queries.NoticeRecord`."""

    policy: Policy = strawberry.field(description="The version: what it changes, and when.")
    created_at: datetime = strawberry.field(description="When it was posted.")
    dismissed_at: datetime | None = strawberry.field(description="When the person took it as seen; null: it is open.")
    cursor: str = strawberry.field(description="Send the last one as `noticePosted(after:)` to go on where you were.")

    @classmethod
    def from_record(cls, record: NoticeRecord) -> "Notice":
        """Build from a query's record."""
        return cls(
            id=global_id("Notice", record.id),
            policy=Policy.from_record(record.listed),
            created_at=record.created_at,
            dismissed_at=record.dismissed_at,
            cursor=record.cursor,
        )


NoticeConnection = Connection[Notice]


def page(records: list[NoticeRecord], first: int, after: str | None) -> NoticeConnection:
    """Build a page from up to `first + 1` notices."""
    return connection([Notice.from_record(each) for each in records], [each.id for each in records], first, after)
