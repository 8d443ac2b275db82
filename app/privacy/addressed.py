"""What requests hold that were made in the name of an address and are of no account: what was said, and copies.

It goes with whoever is erased and has that address. Of a stranger's that nobody proved it goes too: it names them.
"""

from uuid import UUID

from app.core.db import fetch, fetch_one, transaction
from app.core.jobs import Hold
from app.core.ports import ObjectStore
from app.privacy.archives import delete_bytes
from app.privacy.paths import OF_ADDRESS


async def erase_copies(address: str, store: ObjectStore, hold: Hold, but: UUID | None = None) -> None:
    """Erase the archives of an address, bytes before rows, but for one request's. Raises LeaseLost and OSError."""
    while rows := await fetch(
        f"""SELECT id FROM privacy_archives WHERE request_id IS DISTINCT FROM $2 AND request_id IN (
              SELECT request_id FROM privacy_request_details WHERE {OF_ADDRESS}) LIMIT 100""",  # noqa: S608
        address,
        but,
    ):
        await delete_bytes(store, rows)
        async with transaction():
            await hold()
            await fetch("DELETE FROM privacy_archives WHERE id = ANY($1) RETURNING id", [row["id"] for row in rows])


async def forget_said(address: str, but: UUID | None = None) -> int:
    """Delete what was said in requests of an address, in the caller's transaction; return in how many.

    What has an archive stays until that is erased: nothing else would lead to it.
    """
    rows = await fetch(
        f"""DELETE FROM privacy_request_details d WHERE {OF_ADDRESS} AND request_id IS DISTINCT FROM $2
              AND NOT EXISTS (SELECT FROM privacy_archives x WHERE x.request_id = d.request_id) RETURNING id""",  # noqa: S608
        address,
        but,
    )
    return len(rows)


async def said_of(address: str, but: UUID | None = None) -> int:
    """Return how many requests of an address are left that say something."""
    row = await fetch_one(
        f"""SELECT count(*) AS number FROM privacy_request_details
            WHERE {OF_ADDRESS} AND request_id IS DISTINCT FROM $2""",  # noqa: S608
        address,
        but,
    )
    return int(row["number"]) if row else 0
