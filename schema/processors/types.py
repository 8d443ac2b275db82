"""Recipients of data, and what left for them."""

from datetime import datetime

import strawberry

from app.core.personal_data import Activity
from app.processors import register as declared
from app.processors.queries import DisclosureRecord
from schema.context import ID, Info
from schema.processors.enums import Deletion, Disclosed, Outcome, Proof, Refusal, Role, Transfer
from schema.relay import Connection, connection, global_id

OF_THE_API = frozenset({"Generation"})
"""Types of objects that `node` knows."""


@strawberry.type(description="What a recipient says about keeping what it gets.")
class RetentionPromise:
    """`app.processors.register.RetentionPromise`."""

    statement: str = strawberry.field(description="In a sentence.")
    proof: Proof = strawberry.field(description="What backs it.")
    source: str = strawberry.field(description="The header, the endpoint, or the agreement's reference.")
    keeps_days: int = strawberry.field(description="How long it keeps what it gets, in days at most; 0: not at all.")

    @classmethod
    def from_entry(cls, entry: declared.RetentionPromise) -> "RetentionPromise":
        """Build from the register's."""
        return cls(statement=entry.statement, proof=entry.proof, source=entry.source, keeps_days=entry.keeps.days)


@strawberry.type(description="Somebody who gets data of people here: one line of the public register.")
class Processor:
    """`app.processors.register.Processor`."""

    name: str = strawberry.field(description="Its name in this register.")
    operator: str = strawberry.field(description="The company behind it.")
    role: Role = strawberry.field(description="In whose name it handles data.")
    purpose: str = strawberry.field(description="What it does, in a sentence.")
    activities: list[Activity] = strawberry.field(description="What it gets data for, and for nothing else.")
    categories: list[Disclosed] = strawberry.field(description="What it gets, and nothing else.")
    country: str = strawberry.field(description="ISO 3166-1 alpha-2, or `local`: a machine of ours.")
    transfer: Transfer = strawberry.field(description="What allows data to go there.")
    dpa_reference: str | None = strawberry.field(description="The agreement that binds it (Art. 28 GDPR).")
    retention: RetentionPromise | None = strawberry.field(
        description="What it promises about keeping. Without a proof it gets no faces."
    )
    deletion: str | None = strawberry.field(description="How it is told to delete what it got; null: it cannot be.")
    standing: bool = strawberry.field(
        description="Whether it holds data all the time: then there is no `Disclosure` for each object."
    )

    @classmethod
    def from_entry(cls, entry: declared.Processor) -> "Processor":
        """Build from an entry of the register."""
        promise = entry.retention
        return cls(
            name=entry.name,
            operator=entry.operator,
            role=entry.role,
            purpose=entry.purpose,
            activities=sorted(entry.activities),
            categories=sorted(entry.categories),
            country=entry.country,
            transfer=entry.transfer,
            dpa_reference=entry.dpa,
            retention=RetentionPromise.from_entry(promise) if promise else None,
            deletion=entry.deletion,
            standing=entry.standing,
        )


@strawberry.type(description="Something of a person's that left, or was about to. Written down before it did.")
class Disclosure:
    """`app.processors.queries.DisclosureRecord`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    processor_name: str = strawberry.field(description="Who got it: a name in the register, as it was then.")
    activity: Activity = strawberry.field(description="What it left for.")
    categories: list[Disclosed] = strawberry.field(description="What left.")
    about_type: str | None = strawberry.field(description="What kind of object it was about.")
    about_id: ID | None = strawberry.field(
        description="That object, where it is one of this API; it may be deleted by now."
    )
    at: datetime = strawberry.field(description="When it was written down, just before it left.")
    outcome: Outcome = strawberry.field(description="How it ended.")
    outcome_at: datetime | None = strawberry.field(description="When it ended; null while that is unknown.")
    refusal: Refusal | None = strawberry.field(description="Why nothing left, or why it ended as it did.")
    deletion: Deletion | None = strawberry.field(
        description="What the recipient answered when it was told to delete it; null: it was not told."
    )
    deletion_at: datetime | None = strawberry.field(description="When it answered.")

    @strawberry.field(description="Who got it; null when they are no longer in the register.")
    def processor(self, info: Info) -> Processor | None:
        """No statement: the register is configuration."""
        entry = info.context.ports.processors.find(self.processor_name)
        return Processor.from_entry(entry) if entry else None

    @classmethod
    def from_record(cls, record: DisclosureRecord) -> "Disclosure":
        """Build from a query's record."""
        about = record.about
        return cls(
            id=global_id("Disclosure", record.id),
            processor_name=record.processor,
            activity=record.activity,
            categories=list(record.categories),
            about_type=about.type if about else None,
            about_id=global_id(about.type, about.id) if about and about.type in OF_THE_API else None,
            at=record.at,
            outcome=record.outcome,
            outcome_at=record.outcome_at,
            refusal=record.refusal,
            deletion=record.deletion,
            deletion_at=record.deletion_at,
        )


DisclosureConnection = Connection[Disclosure]


def page(records: list[DisclosureRecord], first: int, after: str | None) -> DisclosureConnection:
    """Build a page from up to `first + 1` disclosures."""
    return connection([Disclosure.from_record(each) for each in records], [each.id for each in records], first, after)
