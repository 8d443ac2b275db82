"""How far a database knows its journal."""

from app.core.db import execute, fetch_one

ID = 1


async def tip() -> int:
    """Return the last number that was given out or applied; 0 before the first."""
    row = await fetch_one("SELECT sequence FROM journal_tip WHERE id = $1", ID)
    return int(row["sequence"]) if row else 0


async def locked_tip() -> int:
    """Return it, locked for the caller's transaction."""
    await execute("INSERT INTO journal_tip (id, sequence) VALUES ($1, 0) ON CONFLICT (id) DO NOTHING", ID)
    row = await fetch_one("SELECT sequence FROM journal_tip WHERE id = $1 FOR UPDATE", ID)
    assert row is not None
    return int(row["sequence"])


async def move_tip(sequence: int) -> None:
    """Say in the caller's transaction, which holds its lock, how far the database knows the journal now."""
    await execute("UPDATE journal_tip SET sequence = $2 WHERE id = $1", ID, sequence)


async def unwritten() -> int:
    """Return how many decisions wait to be written to the journal."""
    row = await fetch_one("SELECT count(*) AS number FROM journal_entries WHERE written_at IS NULL")
    return int(row["number"]) if row else 0
