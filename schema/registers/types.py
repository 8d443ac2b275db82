"""The registers: what is held about people, why, for how long, and what protects it."""

import strawberry

from app.core.personal_data import Activity, Basis, Category, Column, Medium, OnErasure, PersonalDataHolder
from app.core.retention import RetentionRule as Rule
from app.core.security_register import Measure
from app.policy.activities import Source
from app.policy.record import ActivityRecord
from schema.directives import Cost, ListSize

strawberry.enum(Basis, name="LegalBasis", description="Legal bases of Art. 6(1) GDPR.")
strawberry.enum(Medium, name="StorageMedium", description="Where data is.")
strawberry.enum(OnErasure, name="ErasureRule", description="What the erasure of a person does to data about them.")
strawberry.enum(Source, name="RegisterSource", description="A row of the policy's table, or a decision of ours.")


@strawberry.type(description="What data is processed for, and on which basis.", directives=[Cost(weight=0)])
class LegalGround:
    """An activity of a column."""

    activity: Activity = strawberry.field(description="What for.")
    basis: Basis = strawberry.field(description="On which basis.")


@strawberry.type(
    description="A column of a table, or the content of a store that is no table, as the personal data registry "
    "classifies it.",
    directives=[Cost(weight=0)],
)
class PersonalDataColumn:
    """`app.core.personal_data.Column`."""

    holder: str = strawberry.field(description="The table or the store.")
    medium: Medium = strawberry.field(description="Where that is.")
    column: str = strawberry.field(description="Which part of it; a store has one, `content`.")
    holds: str | None = strawberry.field(description="What a store holds, in words; null for a column.")
    category: Category = strawberry.field(description="Which kind of data it is.")
    activities: list[LegalGround] = strawberry.field(
        description="What it is processed for; nothing where it is not personal.",
        directives=[ListSize(assumed_size=len(Activity))],
    )
    retention: str = strawberry.field(description="How long it is kept: one of `retentionSchedule`, or not personal.")
    exported: bool = strawberry.field(description="Whether a person's export of their data has it.")
    withheld: str | None = strawberry.field(description="Why no export has it.")
    on_erasure: OnErasure = strawberry.field(description="What erasing the person does to it.")
    kept_because: str | None = strawberry.field(description="Why an erasure leaves it; null where none does.")
    kept_until: str | None = strawberry.field(description="Until when an erasure leaves it.")

    @classmethod
    def from_column(cls, holder: PersonalDataHolder, name: str, column: Column) -> "PersonalDataColumn":
        """Build from the registry."""
        return cls(
            holder=holder.name,
            medium=holder.medium,
            column=name,
            holds=holder.holds,
            category=column.category,
            activities=[LegalGround(activity=each, basis=each.basis) for each in column.activities],
            retention=column.retention.value,
            exported=column.exported,
            withheld=column.withheld.value if column.withheld else None,
            on_erasure=column.on_erasure,
            kept_because=column.keep.reason if column.keep else None,
            kept_until=column.keep.until if column.keep else None,
        )


@strawberry.type(description="Why people's data is processed.", directives=[Cost(weight=0)])
class ProcessingActivity:
    """`app.policy.record.ActivityRecord`."""

    activity: Activity = strawberry.field(description="For programs.")
    name: str = strawberry.field(description="For people.")
    purpose: str = strawberry.field(description="What is done, and what for.")
    basis: Basis = strawberry.field(description="On which legal basis.")
    interest: str | None = strawberry.field(description="The legitimate interest, where that is the basis.")
    source: Source = strawberry.field(description="Where it comes from.")
    people: list[str] = strawberry.field(description="Whom it is about.")
    categories: list[Category] = strawberry.field(description="Which kinds of data serve it.")
    recipients: list[str] = strawberry.field(
        description="Who else gets some of it: names in the register of processors."
    )
    retention: list[str] = strawberry.field(description="How long that data is kept: entries of `retentionSchedule`.")
    planned: bool = strawberry.field(description="Whether nothing is processed for it yet.")

    @classmethod
    def from_record(cls, record: ActivityRecord) -> "ProcessingActivity":
        """Build from the register."""
        entry = record.entry
        return cls(
            activity=entry.activity,
            name=entry.name,
            purpose=entry.purpose,
            basis=entry.basis,
            interest=entry.interest,
            source=entry.source,
            people=[each.value for each in entry.people],
            categories=list(record.categories),
            recipients=[each.name for each in record.recipients],
            retention=[each.value for each in record.retention],
            planned=record.entry.planned,
        )


@strawberry.type(description="How long something is kept.", directives=[Cost(weight=0)])
class RetentionRule:
    """`app.core.retention.RetentionRule`."""

    retention: str = strawberry.field(description="In words.")
    seconds: int | None = strawberry.field(description="The most that it can be; null where an event ends it.")
    begins: str = strawberry.field(description="What the time is counted from, or which event ends it.")
    setting: str | None = strawberry.field(description="The operator's setting that changes it from this default.")
    enforced_by: list[str] = strawberry.field(description="The code that ends it; none: nothing does yet.")
    holders: list[str] = strawberry.field(description="The tables and stores that have something under this rule.")

    @classmethod
    def from_rule(cls, rule: Rule, holders: list[str]) -> "RetentionRule":
        """Build from the register."""
        return cls(
            retention=rule.retention.value,
            seconds=int(rule.period.total_seconds()) if rule.period is not None else None,
            begins=rule.begins,
            setting=rule.setting,
            enforced_by=list(rule.enforced_by),
            holders=holders,
        )


@strawberry.type(description="Something that protects people's data.", directives=[Cost(weight=0)])
class SecurityMeasure:
    """`app.core.security_register.Measure`."""

    name: str = strawberry.field(description="What it is called.")
    statement: str = strawberry.field(description="What we do.")
    checks: list[str] = strawberry.field(description="The tests that would fail if we did not.")

    @classmethod
    def from_measure(cls, measure: Measure) -> "SecurityMeasure":
        """Build from the register."""
        return cls(name=measure.name, statement=measure.statement, checks=list(measure.checks))
