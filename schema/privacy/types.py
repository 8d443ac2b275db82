"""Privacy requests."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.core.privacy_rights import PrivacyRight
from app.privacy.archives import Archive
from app.privacy.asked import Request, StepRecord
from app.privacy.status import Channel, Regime, RequestStatus, Residence, StepAction, StepStatus
from schema.context import ID, Info
from schema.directives import ListSize
from schema.privacy import enums as _enums  # noqa: F401 - gives the enumerations their names
from schema.privacy.loaders import archive_loader, steps_loader
from schema.relay import Connection, Node, connection, global_id

MOST_STEPS = 100


@strawberry.type(description="What is done with what one holder has.")
class PrivacyRequestStep:
    """`app.privacy.asked.StepRecord`."""

    holder: str = strawberry.field(description="Who has it, as `dataMap` calls it; of KNOW also a category of data.")
    action: StepAction = strawberry.field(description="What is done.")
    status: StepStatus = strawberry.field(description="Where it stands.")
    count: int | None = strawberry.field(description="How much it was; null before anything was done.")
    note: str | None = strawberry.field(description="How it ended, in words.")
    awaiting_until: datetime | None = strawberry.field(description="Of AWAITING: when it is looked at again.")
    started_at: datetime | None = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When it was done.")

    @classmethod
    def from_record(cls, record: StepRecord) -> "PrivacyRequestStep":
        """Build from a query's record."""
        return cls(
            holder=record.holder,
            action=record.action,
            status=record.status,
            count=record.count,
            note=record.note,
            awaiting_until=record.awaiting_until,
            started_at=record.started_at,
            finished_at=record.finished_at,
        )


@strawberry.type(description="That an answer takes longer than it should, which it may once.")
class PrivacyRequestExtension:
    """Part of a request."""

    until: datetime = strawberry.field(description="The new `dueAt`.")
    extended_at: datetime = strawberry.field(description="When the person was told.")
    reason: str | None = strawberry.field(description="Why; null once what was said in the request is deleted.")


@strawberry.type(description="Why a request was not granted.")
class PrivacyRequestDenial:
    """Part of a request."""

    code: str = strawberry.field(description="The reason in a word.")
    reason: str | None = strawberry.field(
        description="The reason, and what the person can do; null once what was said in the request is deleted."
    )


@strawberry.type(description="What a request for a copy came to.")
class PrivacyArchive:
    """`app.privacy.archives.Archive`."""

    url: str = strawberry.field(
        description="Where it is, for its owner alone, who is signed in and proved within ten minutes that it is them "
        "(`reauthenticate`)."
    )
    sha256: str = strawberry.field(description="Of the whole file, in hexadecimal.")
    byte_size: float = strawberry.field(
        description="Of the whole file; a whole number, which may be too large for an `Int`."
    )
    expires_at: datetime = strawberry.field(description="When it is deleted.")

    @classmethod
    def from_record(cls, record: Archive, base_url: str) -> "PrivacyArchive":
        """Build from a query's record."""
        return cls(
            url=f"{base_url}/privacy/archives/{record.id}",
            sha256=record.sha256,
            byte_size=float(record.byte_size),
            expires_at=record.expires_at,
        )


@strawberry.type(description="What a person asked of us about their data, and what became of it.")
class PrivacyRequest(Node):
    """`app.privacy.asked.Request`."""

    key: strawberry.Private[UUID]
    right: PrivacyRight = strawberry.field(description="What is asked for.")
    regime: Regime = strawberry.field(description="Whose law it is answered by.")
    channel: Channel = strawberry.field(description="How it came in.")
    status: RequestStatus = strawberry.field(description="Where it stands.")
    received_at: datetime = strawberry.field(description="When it came in: the law's clock runs from here.")
    verified_at: datetime | None = strawberry.field(
        description="When we knew that it is the person: our clock runs from here."
    )
    due_at: datetime | None = strawberry.field(
        description="When it is answered at the latest: the earlier of 15 days from `verifiedAt` and of the law's own "
        "time; null as long as nobody proved that they are the person."
    )
    starts_at: datetime | None = strawberry.field(
        description="When it begins: until then `cancelPrivacyRequest` takes it back."
    )
    finished_at: datetime | None = strawberry.field(description="When it ended.")
    extension: PrivacyRequestExtension | None = strawberry.field(description="Null: it takes no longer.")
    denial: PrivacyRequestDenial | None = strawberry.field(description="Of DENIED: why.")
    receipt: str | None = strawberry.field(
        description="Of COMPLETED: a JWS (RFC 7515) that `/.well-known/jwks.json` verifies, and `verifyReceipt`."
    )

    residence: Residence | None = strawberry.field(description="Where the person says that they live.")
    statement: str | None = strawberry.field(
        description="What they said about it; null once that is deleted, 30 days after the end at the latest."
    )
    address: str | None = strawberry.field(description="Where it is answered; null: nowhere (any more).")
    evidence: str | None = strawberry.field(
        description="Of STAFF: how the member of staff knew that it was the person, in their words."
    )

    account: ID | None = strawberry.field(
        description="The id of the `User` whose request it is; null: of no account (any more)."
    )

    @strawberry.field(
        description="What is done, a step for each holder, in order; none before it begins.",
        directives=[ListSize(assumed_size=MOST_STEPS)],
    )
    async def steps(self, info: Info) -> list[PrivacyRequestStep]:
        """One statement for all requests of an operation."""
        records = await info.context.loader(steps_loader).load(self.key)
        return [PrivacyRequestStep.from_record(each) for each in records]

    @strawberry.field(
        description="Of ACCESS and PORTABILITY, once COMPLETED: the file, for seven days; null before and after."
    )
    async def archive(self, info: Info) -> PrivacyArchive | None:
        """Two statements for all requests of an operation."""
        record = await info.context.loader(archive_loader).load(self.key)
        return PrivacyArchive.from_record(record, info.context.ports.consents.controller.url) if record else None

    @classmethod
    def from_record(cls, record: Request) -> "PrivacyRequest":
        """Build from a query's record."""
        return cls(
            id=global_id("PrivacyRequest", record.id),
            key=record.id,
            right=record.right,
            regime=record.regime,
            channel=record.channel,
            status=record.status,
            received_at=record.received_at,
            verified_at=record.verified_at,
            due_at=record.due_at,
            starts_at=record.starts_at,
            finished_at=record.finished_at,
            extension=_extension(record),
            denial=PrivacyRequestDenial(code=record.denial, reason=record.denial_text) if record.denial else None,
            receipt=record.receipt,
            residence=record.asked.residence if record.asked else None,
            statement=record.asked.statement if record.asked else None,
            address=record.address,
            account=global_id("User", record.person) if record.person else None,
            evidence=(record.asked.evidence if record.asked else None) or None,
        )


def _extension(record: Request) -> PrivacyRequestExtension | None:
    if record.extended_until is None or record.extended_at is None:
        return None
    return PrivacyRequestExtension(
        until=record.extended_until, extended_at=record.extended_at, reason=record.extension_text
    )


PrivacyRequestConnection = Connection[PrivacyRequest]


def page(records: list[Request], first: int, after: str | None) -> PrivacyRequestConnection:
    """Build a page from up to `first + 1` requests."""
    nodes = [PrivacyRequest.from_record(each) for each in records]
    return connection(nodes, [each.id for each in records], first, after)
