"""Whether the audit log is what was sealed: every link is computed again, in bounded memory."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.audit.chain import BASE_ID, ENTRY, EPOCH, LATE, LOOK_BACK, TIP_ID, ChainBroken, Tip, link, read_base
from app.audit.service import commitment_to
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import earliest
from app.core.signing import Forged, Signer
from app.core.sweeps import RECORDS_LAST

BATCH = 2000
"""Links, and then entries, that are read at a time."""


class NoTip(Exception):
    """What was given as a kept tip is none: nothing was looked at, and nothing is said about the log."""


class Broken(Exception):
    """The log is not what was sealed. The message says where that is first seen, and how."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain that holds."""

    sealed: int
    """Entries with a link; those that ended are not among them."""
    ended: int
    """The oldest, whose time was over."""
    unsealed: int
    """Entries that no link covers yet."""
    tip: str
    """The signed end; empty where nothing was sealed yet. Whoever keeps it can tell a chain that was cut later."""


async def verify(signer: Signer, kept: str | None = None, batch: int = BATCH) -> Verified:
    """Compare every entry with its link, the end with its signature, and the chain with a tip that was kept.

    One snapshot is read, whatever is written meanwhile. Raises Broken for the first fault; NoTip.
    """
    earlier = _kept(kept, signer) if kept else None
    async with transaction():
        await execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        base = await _base(signer)
        if earlier is not None and earlier.position < base.position:
            raise NoTip("What the tip that was given ends with has ended since: keep one of a later run.")
        walk = _Walk(base, earlier)
        while links := await _links(walk.end.position, batch):
            for each in links:
                walk.step(each)
        tip = await fetch_one("SELECT position, hash, latest_at, signature FROM audit_tips WHERE id = $1", TIP_ID)
        walk.finish(tip, signer)
        unsealed = await _unsealed(walk.end.latest_at, batch)
    return Verified(walk.end.position - base.position, base.position, unsealed, tip["signature"] if tip else "")


class _Walk:
    """Goes along the chain, link by link."""

    def __init__(self, base: Tip, kept: Tip | None) -> None:
        self.end = base
        self._kept = kept
        self._compare()

    def step(self, row: Row) -> None:
        """Look at the next link and its entry."""
        position = self.end.position + 1
        if row["position"] != position:
            raise Broken(f"Link {position} was removed: the next one is {row['position']}.")
        if row["id"] is None:
            raise Broken(f"Entry {row['entry_id']} was removed: link {position} is all that is left of it.")
        if link(self.end.hash, position, row) != row["hash"]:
            raise Broken(f"Entry {row['id']} was changed, or its link {position} was.")
        _check_details(row)
        if row["at"] < self.end.latest_at - LATE:
            raise Broken(f"Entry {row['id']} was slipped in: link {position} follows on links of later entries.")
        self.end = self.end.followed_by(row)
        self._compare()

    def _compare(self) -> None:
        if self._kept is not None and self._kept.position == self.end.position and self._kept != self.end:
            raise Broken(
                f"Link {self.end.position} is another one than when the tip was kept: the chain was written anew."
            )

    def finish(self, row: Row | None, signer: Signer) -> None:
        """Look whether this is the end that was signed, and no earlier than the one that was kept."""
        if self._kept is not None and self._kept.position > self.end.position:
            raise Broken(f"The links from {self.end.position + 1} on were removed: the kept tip has more.")
        if row is None:
            if self.end.position:
                raise Broken("The signed end of the chain was removed.")
            return
        signed = _read(row["signature"], signer)
        if signed != Tip.of(row):
            raise Broken("The end of the chain was changed: it is not the one that was signed.")
        if signed.position > self.end.position:
            raise Broken(f"The links from {self.end.position + 1} on were removed: {signed.position} were signed.")
        if signed != self.end:
            raise Broken(f"The links from {signed.position + 1} on were slipped in: {signed.position} were signed.")


async def _base(signer: Signer) -> Tip:
    """Return what the first link follows on. Raises Broken where it is not what was signed, or came before its time."""
    row = await fetch_one("SELECT position, now() AS now FROM audit_tips WHERE id = $1", BASE_ID)
    try:
        base = await read_base(signer)
    except ChainBroken as fault:
        raise Broken(f"The beginning of the chain does not count: {fault}.") from None
    if row is not None and base.latest_at > row["now"] - RECORDS_LAST:
        raise Broken(f"The links up to {base.position} were ended before their time.")
    return base


def _kept(tip: str, signer: Signer) -> Tip:
    try:
        return Tip.signed(tip, signer)
    except Forged:
        raise NoTip(
            "The tip that was given is not signed by this service, so nothing was checked: copy the whole line that an "
            "earlier run printed, one since ANYPEOPLE_SECRET_KEY was last replaced."
        ) from None


def _read(signature: str, signer: Signer) -> Tip:
    try:
        return Tip.signed(signature, signer)
    except Forged as error:
        raise Broken(f"The end of the chain does not count: {error}") from None


async def _links(after: int, limit: int) -> list[Row]:
    return await fetch(
        f"""SELECT s.position, s.entry_id, s.hash, {ENTRY}, d.salt, d.content, a.user_id IS NOT NULL AS is_known
            FROM (SELECT position, entry_id, hash FROM audit_seals
                  WHERE position > $1 ORDER BY position LIMIT $2) s
            LEFT JOIN audit_entries e ON e.id = s.entry_id
            LEFT JOIN audit_details d ON d.entry_id = s.entry_id
            LEFT JOIN subject_aliases a ON a.id = e.subject_id ORDER BY s.position""",  # noqa: S608
        after,
        limit,
    )


def _check_details(row: Row) -> None:
    """Compare what is said beside an entry with what the entry commits to. Erasure takes it together with the alias:
    where that still leads to somebody, it has to be there. Raises Broken.
    """
    if row["content"] is None:
        if row["commitment"] is not None and row["is_known"]:
            raise Broken(f"What was said beside entry {row['id']} was removed, and its person is still here.")
    elif commitment_to(bytes(row["salt"]), row["content"].encode()) != row["commitment"]:
        raise Broken(f"What is said beside entry {row['id']} is not what was said when it was written.")


async def _unsealed(latest: datetime, batch: int) -> int:
    """Return how many entries no link covers. Raises Broken for the first that is too old to be merely late."""
    oldest = earliest(latest - LOOK_BACK) if latest > EPOCH else UUID(int=0)
    start, number = 0, 0
    while start < _BEYOND:
        row = await fetch_one(_UNSEALED, UUID(int=start), batch, latest - LATE, oldest)
        assert row is not None
        if row["old"] is not None:
            raise Broken(f"Entry {UUID(row['old'])} was slipped in: later entries were sealed without it.")
        number += row["number"]
        start = UUID(row["last"]).int + 1 if row["looked_at"] == batch else _BEYOND
    return number


_BEYOND = 1 << 128
"""More than any id."""
_UNSEALED = """
SELECT count(*) AS looked_at, max(e.id::text) AS last, count(*) FILTER (WHERE s.entry_id IS NULL) AS number,
       min(e.id::text) FILTER (WHERE s.entry_id IS NULL AND (e.at < $3 OR e.id < $4)) AS old
FROM (SELECT id, at FROM audit_entries WHERE id >= $1 ORDER BY id LIMIT $2) e
LEFT JOIN audit_seals s ON s.entry_id = e.id"""
