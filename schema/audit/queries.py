"""The audit log, for staff."""

import strawberry

from app.audit.queries import entries
from app.audit.service import Action
from app.core.personal_data import Activity
from schema.audit.types import AuditEntryConnection, page
from schema.context import ID, Info
from schema.directives import PAGE, SemanticNonNull
from schema.relay import check_first, decode_cursor, parse_global_id


@strawberry.type
class AuditQueries:
    """Part of Query."""

    @strawberry.field(
        description="What happened, newest first; about one person where `subject` names one. Staff only. "
        "A look at one person's entries is itself written into their log, with its purpose.",
        directives=[SemanticNonNull(), PAGE],
    )
    async def audit_log(
        self,
        info: Info,
        purpose: Activity,
        first: int = 20,
        after: str | None = None,
        subject: ID | None = None,
        action: Action | None = None,
    ) -> AuditEntryConnection | None:
        """One statement, and three more for a look at one person's."""
        viewer = info.context.required_viewer
        found = parse_global_id(subject) if subject is not None else None
        if subject is not None and (found is None or found[0] != "User"):
            return page([], first, after)
        records = await entries(
            viewer,
            purpose,
            info.context.ports.allows,
            first=check_first(first) + 1,
            before=decode_cursor(after),
            subject=found[1] if found else None,
            action=action,
        )
        return page(records, first, after)
