"""The chain over the audit log: each link is a hash of the link before it and of one entry, and the last is signed.

A job seals what is committed and not sealed yet. A tip that writers extended would have all of them wait for each
other; and the ids of entries are made before their commit, so that an older one may appear after a younger one was
sealed: the chain's order is that of sealing. A link covers what stays of an entry after erasure, so that erasure breaks
none: the names of people in it are aliases, and what was said of them is a salted commitment.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import earliest
from app.core.jobs import JobKind
from app.core.signing import Forged, Signer

SEAL = JobKind("audit.seal", queue="bulk")
TIP_TYPE = "audit-tip+jwt"
TIP_ID = 1
BASE_TYPE = "audit-base+jwt"
"""Of what is left where the oldest have ended: `app/audit/truncation.py`."""
BASE_ID = 0
GENESIS = "0" * 64
BATCH = 1000
"""Entries that are sealed in one transaction."""
LATE = timedelta(hours=1)
"""No transaction of ours lasts so long: an entry that is older than one sealed before it by more was slipped in."""
LOOK_BACK = timedelta(days=1)
"""How far behind the latest sealed entry late ones are looked for: `LATE`, and clocks that differ."""

ENTRY = "e.id, e.at, e.action, e.subject_id, e.actor_id, e.purpose, e.commitment"
EPOCH = datetime.fromtimestamp(0, UTC)


class ChainBroken(Exception):
    """The end of the chain is not the one that was signed: nothing is sealed onto it."""


@dataclass(frozen=True, slots=True)
class Tip:
    """An end of the chain, as it was signed."""

    position: int
    hash: str
    latest_at: datetime
    """The latest time of the sealed entries. It is signed too: it says from where on entries are looked for, so whoever
    could move it would have nothing sealed any more."""

    @classmethod
    def signed(cls, signature: str, signer: Signer, kind: str = TIP_TYPE) -> "Tip":
        """Read a signature. Raises Forged."""
        claims = signer.verify(signature, kind)
        return cls(int(claims["position"]), str(claims["hash"]), datetime.fromisoformat(str(claims["latestAt"])))

    @classmethod
    def of(cls, row: Row) -> "Tip":
        """Read a row of `audit_tips`."""
        return cls(row["position"], row["hash"], row["latest_at"].astimezone(UTC))

    def followed_by(self, row: Row) -> "Tip":
        """Return the end after one more link."""
        return Tip(self.position + 1, row["hash"], max(self.latest_at, row["at"].astimezone(UTC)))

    def signature(self, signer: Signer, kind: str = TIP_TYPE) -> str:
        """Sign it."""
        claims = {"position": self.position, "hash": self.hash, "latestAt": self.latest_at.astimezone(UTC).isoformat()}
        return signer.sign(claims, kind)


FIRST_TIP = Tip(0, GENESIS, EPOCH)
"""Before anything was sealed."""


def link(previous: str, position: int, entry: Row) -> str:
    """Return the hash of a link: SHA-256 of the one before it and of the entry's canonical JSON (RFC 8785)."""
    return hashlib.sha256(bytes.fromhex(previous) + _canonical(position, entry)).hexdigest()


def _canonical(position: int, entry: Row) -> bytes:
    content: Mapping[str, str | int | None] = {
        "action": entry["action"],
        "actor": str(entry["actor_id"]) if entry["actor_id"] else None,
        "at": entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "commitment": entry["commitment"],
        "id": str(entry["id"]),
        "position": position,
        "purpose": entry["purpose"],
        "subject": str(entry["subject_id"]),
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


async def seal(signer: Signer, batch: int = BATCH) -> int:
    """Seal committed entries, at most `batch`, in one transaction; return how many.

    Sealers take turns. Raises ChainBroken where the end of the chain is not the one that was signed.
    """
    async with transaction():
        tip = await locked_tip(signer)
        entries = await fetch(
            f"""SELECT {ENTRY} FROM audit_entries e
                WHERE e.id > $1 AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.entry_id = e.id)
                ORDER BY e.id LIMIT $2""",  # noqa: S608
            earliest(tip.latest_at - LOOK_BACK) if tip.position else UUID(int=0),
            batch,
        )
        if entries:
            await _append(tip, entries, signer)
    return len(entries)


async def resign(old: Signer, new: Signer) -> None:
    """Sign both ends of the chain with a new key. Raises ChainBroken where the old one did not sign them."""
    async with transaction():
        tip, base = await locked_tip(old), await read_base(old)
        await execute("UPDATE audit_tips SET signature = $2 WHERE id = $1", TIP_ID, tip.signature(new))
        await execute("UPDATE audit_tips SET signature = $2 WHERE id = $1", BASE_ID, base.signature(new, BASE_TYPE))


async def read_base(signer: Signer) -> Tip:
    """Return what the first link that is left follows on. Raises ChainBroken where it is not what was signed."""
    row = await fetch_one("SELECT position, hash, latest_at, signature FROM audit_tips WHERE id = $1", BASE_ID)
    if row is None:
        return FIRST_TIP
    try:
        signed = Tip.signed(row["signature"], signer, BASE_TYPE)
    except Forged:
        raise ChainBroken("the start of the audit chain is not signed by us: run `anypeople audit verify`") from None
    if signed != Tip.of(row):
        raise ChainBroken("the audit chain does not begin where it was signed: run `anypeople audit verify`")
    return signed


async def locked_tip(signer: Signer) -> Tip:
    """Return the tip, locked for this transaction, after a look whether the chain ends there."""
    await execute(
        """INSERT INTO audit_tips (id, position, hash, latest_at, signature) VALUES (1, $1, $2, $3, $4)
           ON CONFLICT (id) DO NOTHING""",
        FIRST_TIP.position,
        FIRST_TIP.hash,
        FIRST_TIP.latest_at,
        FIRST_TIP.signature(signer),
    )
    row = await fetch_one("SELECT position, hash, latest_at, signature FROM audit_tips WHERE id = 1 FOR UPDATE")
    last = await fetch_one("SELECT position, hash FROM audit_seals ORDER BY position DESC LIMIT 1")
    assert row is not None
    tip = Tip.of(row)
    try:
        signed = Tip.signed(row["signature"], signer)
    except Forged:
        raise ChainBroken("the end of the audit chain is not signed by us: run `anypeople audit verify`") from None
    base = await read_base(signer)
    end = (last["position"], last["hash"]) if last else (base.position, base.hash)
    if signed != tip or end != (tip.position, tip.hash):
        raise ChainBroken("the audit chain does not end where it was signed: run `anypeople audit verify`")
    return tip


async def _append(tip: Tip, entries: Sequence[Row], signer: Signer) -> None:
    end, hashes = tip.hash, list[str]()
    for position, entry in enumerate(entries, tip.position + 1):
        end = link(end, position, entry)
        hashes.append(end)
    await execute(
        """INSERT INTO audit_seals (position, entry_id, hash)
           SELECT $1 + number, entry, hash
           FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS links (entry, hash, number)""",
        tip.position,
        [entry["id"] for entry in entries],
        hashes,
    )
    latest_at = max(tip.latest_at, *(entry["at"] for entry in entries))
    new = Tip(tip.position + len(entries), end, latest_at)
    await execute(
        "UPDATE audit_tips SET position = $1, hash = $2, latest_at = $3, signature = $4 WHERE id = 1",
        new.position,
        new.hash,
        new.latest_at,
        new.signature(signer),
    )
