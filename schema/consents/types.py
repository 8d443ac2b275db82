"""Consents and objections, as the person sees them, and what verifying a receipt says."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from app.consents import queries
from app.consents.purposes import EXPLANATIONS
from schema.consents.enums import ConsentPurpose, ConsentState, Method, Objectionable
from schema.relay import Connection, Node, connection, global_id


@strawberry.type(description="Where one purpose stands.")
class Consent:
    """`app.consents.queries.Consent`."""

    purpose: ConsentPurpose = strawberry.field(description="What for.")
    meaning: str = strawberry.field(description="What a yes allows: show it where you ask.")
    state: ConsentState = strawberry.field(description="What the person last said.")
    must_be_asked_again: bool = strawberry.field(
        description="A later version of the privacy policy asks anew: until it is granted again, a yes permits nothing."
    )
    decided_at: datetime | None = strawberry.field(description="When they said it.")
    policy_version: str | None = strawberry.field(description="The privacy policy that was in force then.")
    receipt: str | None = strawberry.field(
        description="The whole record, signed (JWS): `verifyReceipt`, or offline `anypeople receipts verify`."
    )

    @classmethod
    def from_record(cls, record: queries.Consent) -> "Consent":
        """Build from a query's record."""
        return cls(
            purpose=record.purpose,
            meaning=EXPLANATIONS[record.purpose].meaning,
            state=record.state,
            must_be_asked_again=record.must_be_asked_again,
            decided_at=record.decided_at,
            policy_version=record.policy_version,
            receipt=record.receipt,
        )


def consents_of(standing: Mapping[ConsentPurpose, queries.Consent]) -> list[Consent]:
    """Return where every purpose stands, in their order."""
    return [Consent.from_record(record) for record in standing.values()]


@strawberry.type(description="A decision about a purpose. It is never changed.")
class ConsentRecord(Node):
    """`app.consents.queries.ConsentEntry`."""

    purpose: ConsentPurpose = strawberry.field(description="What for.")
    granted: bool = strawberry.field(description="Yes or no.")
    decided_at: datetime = strawberry.field(description="When.")
    policy_version: str = strawberry.field(description="The privacy policy that was in force.")
    method: Method = strawberry.field(description="How it reached us.")
    receipt: str = strawberry.field(description="The record as ISO/IEC TS 27560 has it, signed (JWS).")

    @classmethod
    def from_record(cls, record: queries.ConsentEntry) -> "ConsentRecord":
        """Build from a query's record."""
        return cls(
            id=global_id("ConsentRecord", record.id),
            purpose=record.purpose,
            granted=record.granted,
            decided_at=record.decided_at,
            policy_version=record.policy_version,
            method=record.method,
            receipt=record.receipt,
        )


ConsentRecordConnection = Connection[ConsentRecord]


def page(records: list[queries.ConsentEntry], first: int, after: str | None) -> ConsentRecordConnection:
    """Build a page from up to `first + 1` records."""
    nodes = [ConsentRecord.from_record(each) for each in records]
    return connection(nodes, [each.id for each in records], first, after)


@strawberry.type(description="Whether somebody objects to an activity that rests on a legitimate interest.")
class Objection:
    """`app.consents.queries.Objection`."""

    activity: Objectionable = strawberry.field(description="What they may object to.")
    objected: bool = strawberry.field(description="Whether they do: then it stops.")
    decided_at: datetime | None = strawberry.field(description="When they last said so; null: never.")

    @classmethod
    def from_record(cls, record: queries.Objection) -> "Objection":
        """Build from a query's record."""
        return cls(activity=record.activity, objected=record.objected, decided_at=record.decided_at)


@strawberry.type(description="Whether a receipt is ours and unchanged, and what it says.")
class ReceiptVerification:
    """`app.core.receipts.Receipt`."""

    valid: bool = strawberry.field(description="Whether we signed it and nothing of it was changed.")
    reason: str | None = strawberry.field(default=None, description="Why not.")
    kind: str | None = strawberry.field(default=None, description="What it is a receipt of.")
    issued_at: datetime | None = strawberry.field(default=None, description="When it was signed.")
    content: str | None = strawberry.field(default=None, description="What it says, as JSON.")
