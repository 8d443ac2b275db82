"""The manifest as a trainer is given it: where each picture is and its hash, of what may still be used; signed, so that
it verifies with the published keys alone.

A line of JSON for each picture, then one with a signature (JWS) of the SHA-256 of all lines before it.
"""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.core.db import Row, execute, transaction
from app.core.signing import Forged, Verifier
from app.training.manifest import BATCH, EXPORTED, Digest, key_of, seal
from app.training.marking import answers_about, page, standing
from app.training.office import TrainingOffice

MAX_LINE = 4096
"""Bytes of a line."""


async def export(office: TrainingOffice, data_set: Row, batch: int = BATCH) -> AsyncGenerator[bytes, None]:
    """Yield the lines of a sealed data set as it stands now: one snapshot, in bounded memory."""
    digest, after = Digest(), UUID(int=0)
    async with transaction():
        await execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        while items := await page(data_set["id"], after, batch):
            answers = await answers_about(items, office.limitation)
            for item in items:
                if standing(item, answers) is None:
                    text = _line(item)
                    digest.add(text)
                    yield text
            after = items[-1]["id"]
    now = office.limitation.clock.now()
    signature = seal(office.signer, data_set, digest, now, EXPORTED)
    yield orjson.dumps({"signature": signature}) + b"\n"


def _line(item: Row) -> bytes:
    said = {"byteSize": item["byte_size"], "key": key_of(item["picture_id"]), "sha256": item["sha256"]}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"\n"


@dataclass(frozen=True, slots=True)
class Exported:
    """What a manifest says of itself."""

    name: str
    items: int


def check(verifier: Verifier, lines: Iterable[bytes]) -> Exported:
    """Return what a manifest is of. Raises Forged where it is none, is not signed by these keys, or was changed."""
    digest, last = Digest(), b""
    for text in lines:
        if len(text) > MAX_LINE:
            raise Forged("This is no manifest: one of its lines is too long.")
        if last:
            digest.add(last)
        last = text
    kind, claims = verifier.read(_signature(last))
    if kind != EXPORTED:
        raise Forged("This is signed with these keys, but is no manifest.")
    if (claims.get("items"), claims.get("sha256")) != (digest.items, digest.sha256):
        raise Forged("The lines are not those that were signed.")
    return Exported(str(claims.get("name")), digest.items)


def _signature(text: bytes) -> str:
    try:
        return str(orjson.loads(text)["signature"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise Forged("This is no manifest: its last line has no signature.") from None
