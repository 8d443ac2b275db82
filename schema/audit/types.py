"""An entry of the audit log, as the person whom it is about sees it, and as staff do."""

from datetime import datetime

import strawberry

from app.audit.queries import Actor, AuditRecord
from app.audit.service import IN_WORDS, Action
from app.core.personal_data import Activity
from schema.context import ID
from schema.relay import Connection, Node, connection, global_id

strawberry.enum(Actor, name="AuditActor", description="The person, a member of staff, or whoever runs the service.")
strawberry.enum(Action, name="AuditAction", description="What happened.")
for _value in Action.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _value.description = IN_WORDS[Action(_value.value)]
strawberry.enum(Activity, description="What data is processed for: the legal basis table of the privacy policy.")


@strawberry.type(description="Something that happened to an account. It is never changed.")
class AuditEntry(Node):
    """`app.audit.queries.AuditRecord`."""

    at: datetime = strawberry.field(description="When it happened.")
    action: Action = strawberry.field(description="What happened.")
    actor: Actor = strawberry.field(description="Who did it.")
    purpose: Activity | None = strawberry.field(description="What a member of staff did it for.")
    network: str | None = strawberry.field(description="The truncated network that it came from.")
    device: str | None = strawberry.field(description="The family of devices that it came from.")
    note: str | None = strawberry.field(description="The reason that was given, or what changed.")
    subject_alias: ID = strawberry.field(
        description="The random name of whom it is about; after erasure it leads to nobody."
    )

    @classmethod
    def from_record(cls, record: AuditRecord) -> "AuditEntry":
        """Build from a query's record."""
        return cls(
            id=global_id("AuditEntry", record.id),
            at=record.at,
            action=record.action,
            actor=record.actor,
            purpose=record.purpose,
            network=record.network,
            device=record.device,
            note=record.note,
            subject_alias=ID(str(record.subject_alias)),
        )


AuditEntryConnection = Connection[AuditEntry]


def page(records: list[AuditRecord], first: int, after: str | None) -> AuditEntryConnection:
    """Build a page from up to `first + 1` entries."""
    return connection([AuditEntry.from_record(each) for each in records], [each.id for each in records], first, after)
