"""Mail about what happened to an account, to the address that the person confirmed."""

from collections.abc import Mapping
from uuid import UUID

from app.core.db import fetch_one
from app.mail.kinds import MailKind
from app.mail.service import record_mail


async def tell(
    user_id: UUID, kind: MailKind, values: Mapping[str, str] | None = None, *, ticket: UUID | None = None
) -> None:
    """Record a mail to the person in the caller's transaction; nothing where they confirmed no address."""
    row = await fetch_one("SELECT display_name, confirmed_email FROM users WHERE id = $1", user_id)
    if row and row["confirmed_email"]:
        shown = {"name": row["display_name"], **(values or {})}
        await record_mail(kind, row["confirmed_email"], person=user_id, values=shown, ticket=ticket)
