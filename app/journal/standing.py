"""Whether a database knows its journal to the end: asked before anything is served, sent or trained on."""

from app.core.db import fetch_one
from app.core.ports import ObjectStore
from app.journal.entries import key_of
from app.journal.errors import REPLAY, JournalAway, Restored
from app.journal.reading import extent, missing
from app.journal.tip import tip


async def check_standing(store: ObjectStore) -> None:
    """Return if the database knows the journal to its end; a few statements, one listing from its tip on.

    Raises Restored, EntriesMissing, JournalAway. The tip is read again after the listing: whoever writes meanwhile has
    committed a number before its object is there.
    """
    try:
        known = await tip()
        found = await extent(store, known)
        last_known = await tip()
        if found is not None and found.last > last_known:
            if found.first > last_known + 1:
                raise missing(last_known + 1, found.first)
            raise Restored(
                "This database is a backup that was restored: people decided more since, and the decision journal has "
                f"it ({found.last - last_known} entries). Nothing is served before it is applied: run {REPLAY}, then "
                "start again."
            )
        if not await is_known_to_end(store):
            raise missing(last_known, None)
    except OSError as error:
        raise JournalAway(
            "The object store does not answer, and without the decision journal in it nobody can tell whether this "
            "database is a restored backup. `anypeople doctor` says more about the store."
        ) from error


async def is_known_to_end(store: ObjectStore) -> bool:
    """Return whether the last entry that the database knows is there, or is still to be written by it."""
    last = await tip()
    row = await fetch_one("SELECT written_at FROM journal_entries WHERE sequence = $1", last)
    if last == 0 or (row is not None and row["written_at"] is None):
        return True
    return await store.head(key_of(last)) is not None
