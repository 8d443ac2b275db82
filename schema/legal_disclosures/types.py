"""What the law made us hand over, as its person sees it."""

from datetime import date, datetime

import strawberry

from app.core.personal_data import Category
from app.legal_disclosures.grounds import IN_WORDS, DisclosureGround
from app.legal_disclosures.records import LONGEST, LegalDisclosureRecord
from schema.context import ID
from schema.errors import UserError
from schema.relay import Connection, connection, global_id

strawberry.enum(
    DisclosureGround, name="LegalDisclosureGround", description="What obliged the service to hand something over."
)
for _ground in DisclosureGround.__strawberry_definition__.values:  # type: ignore[attr-defined]
    _ground.description = IN_WORDS[DisclosureGround(_ground.value)]


@strawberry.type(description="Something of a person's that was handed over because the law wanted it.")
class LegalDisclosure:
    """`app.legal_disclosures.records.LegalDisclosureRecord`."""

    id: ID = strawberry.field(description="Globally unique and opaque.")
    recipient: str = strawberry.field(description="Who got it.")
    ground: DisclosureGround = strawberry.field(description="What obliged us.")
    basis: str = strawberry.field(description="The law or the order, in words.")
    scope: str = strawberry.field(description="What it was, in words.")
    categories: list[Category] = strawberry.field(description="Which kinds of data.")
    disclosed_on: date = strawberry.field(description="When it was handed over.")
    recorded_at: datetime = strawberry.field(description="When staff wrote it down.")
    barred_until: datetime | None = strawberry.field(
        description="Until when the law forbade to tell of it; null: it did not."
    )
    bar_reason: str | None = strawberry.field(description="Why it did.")

    @classmethod
    def from_record(cls, record: LegalDisclosureRecord) -> "LegalDisclosure":
        """Build from a query's record."""
        words = record.words
        return cls(
            id=global_id("LegalDisclosure", record.id),
            recipient=words.recipient if words else "",
            ground=record.ground,
            basis=words.basis if words else "",
            scope=words.scope if words else "",
            categories=list(record.categories),
            disclosed_on=record.disclosed_on,
            recorded_at=record.recorded_at,
            barred_until=record.barred_until,
            bar_reason=(words.reason if words else "") or None,
        )


LegalDisclosureConnection = Connection[LegalDisclosure]


def page(records: list[LegalDisclosureRecord], first: int, after: str | None) -> LegalDisclosureConnection:
    """Build a page from up to `first + 1` records."""
    nodes = [LegalDisclosure.from_record(each) for each in records]
    return connection(nodes, [each.id for each in records], first, after)


@strawberry.input(description="That the law forbids to tell the person for now.")
class LegalDisclosureBarInput:
    """Part of `RecordLegalDisclosureInput`."""

    until: datetime = strawberry.field(
        description="When that ends, within seven years: the person is told then. Of a bar without an end, the day on "
        "which it is to be looked at again."
    )
    reason: str = strawberry.field(description=f"Which law or order forbids it, 1 to {LONGEST['reason']} characters.")


@strawberry.input(description="What was handed over, of whom, and why.")
class RecordLegalDisclosureInput:
    """Arguments of `recordLegalDisclosure`."""

    subject: ID = strawberry.field(description="The account whose data it was.")
    recipient: str = strawberry.field(description=f"Who got it, 1 to {LONGEST['recipient']} characters.")
    ground: DisclosureGround = strawberry.field(description="What obliged us.")
    basis: str = strawberry.field(description=f"The law or the order, 1 to {LONGEST['basis']} characters.")
    scope: str = strawberry.field(description=f"What it was, 1 to {LONGEST['scope']} characters.")
    categories: list[Category] = strawberry.field(description="Which kinds of data.")
    disclosed_on: date = strawberry.field(description="When it was handed over.")
    bar: LegalDisclosureBarInput | None = strawberry.field(
        default=None, description="Left out: the person is told at once."
    )
    idempotency_key: str = strawberry.field(description="1 to 64 characters, new for each disclosure.")


@strawberry.type(description="What was recorded.")
class RecordLegalDisclosurePayload:
    """Outcome of `recordLegalDisclosure`."""

    disclosure: LegalDisclosure | None = strawberry.field(
        default=None, description="As it is kept, and as the person sees it now or once the bar ends."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was recorded.")
