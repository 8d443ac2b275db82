"""Whether pictures may train models, and which data sets hold them."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.training.eligibility import Eligibility
from app.training.queries import MAX_OF_ONE, Membership
from app.training.sets import TrainingSetRecord
from schema.consents.enums import Basis
from schema.context import ID, Info
from schema.directives import ListSize
from schema.relay import Connection, connection, global_id
from schema.training.enums import Exclusion, TrainingRefusal
from schema.training.loaders import data_sets_loader


@strawberry.type(description="A data set that holds pictures of the viewer's.")
class DataSetMembership:
    """`app.training.queries.Membership`."""

    name: str = strawberry.field(description="The data set's.")
    sealed_at: datetime = strawberry.field(description="Since when nothing is added to it.")
    pictures: int = strawberry.field(description="How many of them it holds.")
    excluded_at: datetime | None = strawberry.field(
        description="Since when none of them is given to a trainer any more; null: one of them may be."
    )
    excluded_because: Exclusion | None = strawberry.field(description="Why not.")

    @classmethod
    def from_record(cls, record: Membership) -> "DataSetMembership":
        """Build from a query's record."""
        return cls(
            name=record.name,
            sealed_at=record.sealed_at,
            pictures=record.pictures,
            excluded_at=record.excluded_at,
            excluded_because=record.excluded_because,
        )


DataSetMembershipConnection = Connection[DataSetMembership]


def membership_page(records: list[Membership], first: int, after: str | None) -> DataSetMembershipConnection:
    """Build a page from up to `first + 1` records."""
    nodes = [DataSetMembership.from_record(each) for each in records]
    return connection(nodes, [each.set_id for each in records], first, after)


@strawberry.type(
    description="Whether pictures may be used to train models. Reference pictures, and pictures that were made by one, "
    "never are."
)
class TrainingEligibility:
    """`app.training.eligibility.Eligibility`."""

    key: strawberry.Private[UUID]
    eligible: bool = strawberry.field(description="As things stand now.")
    basis: Basis | None = strawberry.field(description="What it would rest on; null: it may not be.")
    reasons: list[TrainingRefusal] = strawberry.field(
        description="Why not.", directives=[ListSize(assumed_size=len(TrainingRefusal))]
    )
    explanation: str = strawberry.field(description="The same in words for the person, with what they can do.")

    @strawberry.field(
        description="The data sets that hold pictures of this generation already, newest first, at most 20.",
        directives=[ListSize(assumed_size=MAX_OF_ONE)],
    )
    async def data_sets(self, info: Info) -> list[DataSetMembership]:
        """One statement for all generations of the operation."""
        records = await info.context.loader(data_sets_loader).load(self.key)
        return [DataSetMembership.from_record(record) for record in records]

    @classmethod
    def from_record(cls, key: UUID, record: Eligibility) -> "TrainingEligibility":
        """Build from a query's record about the generation with that key."""
        return cls(
            key=key,
            eligible=record.eligible,
            basis=record.basis,
            reasons=list(record.refusals),
            explanation=record.explanation,
        )


@strawberry.type(description="What models may be trained on, by its numbers.")
class TrainingSet:
    """`app.training.sets.TrainingSetRecord`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    name: str = strawberry.field(description="For `anypeople training show`.")
    started_at: datetime = strawberry.field(description="Pictures of before are in it.")
    sealed_at: datetime | None = strawberry.field(description="Null: it is still being built.")
    items: int = strawberry.field(description="How many pictures it was sealed with.")
    excluded: int = strawberry.field(description="How many of them may not be used any more.")
    sha256: str | None = strawberry.field(description="Of its manifest.")
    signature: str | None = strawberry.field(description="A JWS of that hash, with our published key.")

    @classmethod
    def from_record(cls, record: TrainingSetRecord) -> "TrainingSet":
        """Build from a query's record."""
        return cls(
            id=global_id("TrainingSet", record.id),
            name=record.name,
            started_at=record.started_at,
            sealed_at=record.sealed_at,
            items=record.items,
            excluded=record.excluded,
            sha256=record.sha256,
            signature=record.signature,
        )


TrainingSetConnection = Connection[TrainingSet]


def page(records: list[TrainingSetRecord], first: int, after: str | None) -> TrainingSetConnection:
    """Build a page from up to `first + 1` records."""
    nodes = [TrainingSet.from_record(each) for each in records]
    return connection(nodes, [each.id for each in records], first, after)
