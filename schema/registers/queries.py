"""The registers, open to everybody. No statement: they are part of the program."""

import strawberry

from app.core.retention import RETENTION_RULES
from app.core.security_register import SECURITY_REGISTER
from app.policy.record import activity_records
from app.registries import HOLDERS
from schema.context import Info
from schema.directives import Cost, ListSize
from schema.registers.types import PersonalDataColumn, ProcessingActivity, RetentionRule, SecurityMeasure

MOST = 2000
"""Columns: a map of a thousand is a long page already."""


@strawberry.type
class RegisterQueries:
    """Part of Query."""

    @strawberry.field(
        description="Every column of every table, and every store that is no table: what of it is about people, what "
        "for, how long it is kept, and what an erasure does to it. At most 2,000.",
        directives=[ListSize(assumed_size=MOST), Cost(weight=20)],
    )
    def data_map(self) -> list[PersonalDataColumn]:
        """Return the personal data registry."""
        return [
            PersonalDataColumn.from_column(holder, name, column)
            for holder in HOLDERS
            for name, column in holder.columns.items()
        ]

    @strawberry.field(
        description="Why people's data is processed, whether or not it is yet. At most 50.",
        directives=[ListSize(assumed_size=50), Cost(weight=5)],
    )
    def processing_activities(self, info: Info) -> list[ProcessingActivity]:
        """Return the register of processing activities."""
        records = activity_records(HOLDERS, info.context.ports.processors)
        return [ProcessingActivity.from_record(each) for each in records]

    @strawberry.field(
        description="How long things are kept, and what sees to it. At most 50.",
        directives=[ListSize(assumed_size=50), Cost(weight=5)],
    )
    def retention_schedule(self) -> list[RetentionRule]:
        """Return the retention rules, with what is kept by each."""
        return [
            RetentionRule.from_rule(
                rule,
                [
                    holder.name
                    for holder in HOLDERS
                    if any(column.retention is rule.retention for column in holder.columns.values())
                ],
            )
            for rule in RETENTION_RULES.values()
        ]

    @strawberry.field(
        description="What protects people's data, and the tests that show it. At most 100.",
        directives=[ListSize(assumed_size=100), Cost(weight=5)],
    )
    def security_measures(self) -> list[SecurityMeasure]:
        """Return the security register."""
        return [SecurityMeasure.from_measure(each) for each in SECURITY_REGISTER]
