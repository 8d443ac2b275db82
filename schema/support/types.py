"""What somebody wrote to support, and what was answered."""

from datetime import datetime

import strawberry

from app.core.privacy_rights import PrivacyRight
from app.mail.replies import Side
from app.support.queries import MessageRecord, ThreadRecord
from app.support.threads import MAX_MESSAGES
from app.support.topics import TOPICS, ThreadState, Topic
from schema.context import ID
from schema.directives import ListSize
from schema.relay import Connection, Node, connection, global_id

STATES = {
    ThreadState.OPEN: "It is our turn.",
    ThreadState.ANSWERED: "It is the person's turn; a further message opens it again.",
    ThreadState.CLOSED: "Staff are done with it; a further message opens it again.",
}
AUTHORS = {
    Side.PERSON: "Who wrote to support.",
    Side.STAFF: "A member of staff.",
}

strawberry.enum(Topic, name="SupportTopic", description="What a message to support is about.")
for _topic in Topic.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _topic.description = TOPICS[Topic(_topic.value)]
strawberry.enum(ThreadState, name="SupportThreadState", description="Whose turn it is.")
for _state in ThreadState.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _state.description = STATES[ThreadState(_state.value)]
strawberry.enum(Side, name="SupportAuthor", description="Who wrote a message.")
for _side in Side.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _side.description = AUTHORS[Side(_side.value)]


@strawberry.type(description="A message of a thread.")
class SupportMessage:
    """`app.support.queries.MessageRecord`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    author: Side = strawberry.field(description="Who wrote it.")
    text: str = strawberry.field(description="What was written: plain text.")
    created_at: datetime = strawberry.field(description="When it arrived.")

    @classmethod
    def from_record(cls, record: MessageRecord) -> "SupportMessage":
        """Build from a query's record."""
        return cls(
            id=global_id("SupportMessage", record.id),
            author=record.author,
            text=record.text,
            created_at=record.created_at,
        )


@strawberry.type(description="A conversation with support: its person sees it, and staff whose task it is.")
class SupportThread(Node):
    """`app.support.queries.ThreadRecord`."""

    topic: Topic = strawberry.field(description="What it is about.")
    right: PrivacyRight | None = strawberry.field(description="Of a privacy request: what is asked for, if they said.")
    state: ThreadState = strawberry.field(description="Whose turn it is.")
    subject: str = strawberry.field(description="Of a mail that began it; else empty.")
    address: str | None = strawberry.field(description="Where answers are mailed to; null: to no address.")
    from_account: bool = strawberry.field(
        description="Whether its person was signed in. Else nobody has shown that the address is theirs: ask for proof "
        "before an answer says anything of an account, or an appeal is granted."
    )
    received_at: datetime = strawberry.field(description="When the first message arrived.")
    messages: list[SupportMessage] = strawberry.field(
        description="The first one first.", directives=[ListSize(assumed_size=MAX_MESSAGES)]
    )

    @classmethod
    def from_record(cls, record: ThreadRecord) -> "SupportThread":
        """Build from a query's record."""
        thread = record.thread
        return cls(
            id=global_id("SupportThread", thread.id),
            topic=thread.topic,
            right=thread.right,
            state=thread.state,
            subject=thread.subject,
            address=thread.address,
            from_account=thread.person is not None,
            received_at=thread.created_at,
            messages=[SupportMessage.from_record(each) for each in record.messages],
        )


SupportThreadConnection = Connection[SupportThread]


def page(records: list[ThreadRecord], first: int, after: str | None) -> SupportThreadConnection:
    """Build a page from up to `first + 1` threads."""
    nodes = [SupportThread.from_record(each) for each in records]
    return connection(nodes, [each.thread.id for each in records], first, after)
