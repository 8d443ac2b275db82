"""Reads the journal, entry by entry: each is verified, and none may be missing."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from app.core.ports import ObjectStore
from app.journal.entries import FOLDER, Entry, Verify, key_of, sequence_of
from app.journal.errors import ACCEPT, EntriesMissing


@dataclass(frozen=True, slots=True)
class Extent:
    """Which entries there are after a number."""

    first: int
    last: int


async def extent(store: ObjectStore, after: int) -> Extent | None:
    """Return the first and the last number after `after`; None where there is none. One listing."""
    first = last = None
    async for key in store.list(FOLDER, key_of(after)):
        if (number := sequence_of(key)) is not None and number > after:
            first = number if first is None else min(first, number)
            last = number if last is None else max(last, number)
    return None if first is None or last is None else Extent(first, last)


async def content_of(store: ObjectStore, sequence: int) -> bytes | None:
    """Return an entry as it is stored; None where it is not there."""
    try:
        return b"".join([chunk async for chunk in store.read(key_of(sequence))])
    except KeyError:
        return None


async def read(store: ObjectStore, verify: Verify, sequence: int) -> Entry | None:
    """Return an entry; None where it is not there. Raises Forged."""
    token = await content_of(store, sequence)
    return None if token is None else Entry.signed(sequence, token, verify)


async def entries(
    store: ObjectStore, verify: Verify, after: int, *, accept_missing: bool = False
) -> AsyncGenerator[Entry, None]:
    """Yield the entries after a number in their order, one in memory at a time.

    Raises Forged, and EntriesMissing unless that is accepted.
    """
    found = await extent(store, after)
    for sequence in range(after + 1, found.last + 1) if found else ():
        entry = await read(store, verify, sequence)
        if entry is not None:
            yield entry
        elif not accept_missing:
            raise missing(sequence, found.first if found and found.first > sequence else None)


def missing(sequence: int, first: int | None) -> EntriesMissing:
    """Return the error for an entry that is not there; `first` is where the journal begins, if that is the reason."""
    if first is not None:
        return EntriesMissing(
            f"This backup is older than the decision journal: it ends at entry {sequence - 1}, and the journal begins "
            f"with {first}. Restore a younger backup; {ACCEPT}."
        )
    return EntriesMissing(
        f"Entry {sequence} of the decision journal is not in the object store. Does OBJECT_STORE_URL name the right "
        f"one? Restore the folder `journal` of it; {ACCEPT}."
    )
