"""The beginning of the chain: the oldest links end with their entries, and a signed base says where the rest begins.

The base is signed as something of its own, so that no tip of earlier can be passed off as one: whoever has only the
database cannot have a beginning that was cut off look like one that ended. And it names the latest of the entries that
ended: where that was not old enough, verification says so, whoever signed it.
"""

from datetime import datetime
from uuid import UUID

from app.audit.chain import BASE_ID, BASE_TYPE, ENTRY, ChainBroken, Tip, link, locked_tip, read_base
from app.core.db import Row, execute, fetch
from app.core.signing import Signer


async def truncate(signer: Signer, bound: datetime, limit: int) -> int:
    """End the oldest links with their entries, at most `limit`, up to the first entry after `bound`; return how many.

    In the caller's transaction. Every one is verified before it goes: what somebody tampered with stays, and is found.
    Raises ChainBroken.
    """
    await locked_tip(signer)
    base = await read_base(signer)
    new, ended = base, list[UUID]()
    for row in await _oldest(base.position, limit):
        if row["id"] is not None and row["at"] > bound:
            break
        new = _followed(new, row)
        ended.append(row["id"])
    if ended:
        await execute("DELETE FROM audit_seals WHERE position <= $1", new.position)
        await execute("DELETE FROM audit_entries WHERE id = ANY($1)", ended)
        await _write(new, signer)
    return len(ended)


def _followed(base: Tip, row: Row) -> Tip:
    position = base.position + 1
    if row["position"] != position or row["id"] is None or link(base.hash, position, row) != row["hash"]:
        raise ChainBroken("the oldest of the audit chain is not what was sealed: run `anypeople audit verify`")
    return base.followed_by(row)


async def _oldest(after: int, limit: int) -> list[Row]:
    return await fetch(
        f"""SELECT s.position, s.hash, {ENTRY} FROM audit_seals s LEFT JOIN audit_entries e ON e.id = s.entry_id
            WHERE s.position > $1 ORDER BY s.position LIMIT $2""",  # noqa: S608
        after,
        limit,
    )


async def _write(base: Tip, signer: Signer) -> None:
    await execute(
        """INSERT INTO audit_tips (id, position, hash, latest_at, signature) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET position = excluded.position, hash = excluded.hash,
             latest_at = excluded.latest_at, signature = excluded.signature""",
        BASE_ID,
        base.position,
        base.hash,
        base.latest_at,
        base.signature(signer, BASE_TYPE),
    )
