"""Command: seal data sets anew after the secret key was replaced. What held by the old key holds by the new one, and
nothing else does.
"""

from uuid import UUID

from app.core.db import Row, execute, fetch, transaction
from app.core.signing import Forged
from app.training.errors import DoesNotHold
from app.training.manifest import BATCH, SEALED, Digest, line, mac, pages, seal
from app.training.office import TrainingOffice
from app.training.verification import Tell, verify


async def reseal(old: TrainingOffice, new: TrainingOffice, tell: Tell, batch: int = BATCH) -> int:
    """Replay each data set by the old key and seal it with the new one; return how many that were.

    Each is a transaction, so that a crash continues. One that is not finished is dropped: it is built anew. Raises
    DoesNotHold.
    """
    await execute("DELETE FROM training_sets WHERE sealed_at IS NULL")
    done = 0
    for data_set in await fetch("SELECT * FROM training_sets WHERE sealed_at IS NOT NULL ORDER BY id"):
        if _is_sealed_by(new, data_set):
            continue
        if not (await verify(old, data_set, tell, batch)).holds:
            raise DoesNotHold(f"The data set {data_set['name']} does not hold by that key. It stays as it is.")
        await _seal_anew(old, new, data_set, batch)
        done += 1
    return done


def _is_sealed_by(office: TrainingOffice, data_set: Row) -> bool:
    try:
        office.signer.verify(data_set["signature"], SEALED)
    except Forged:
        return False
    return True


async def _seal_anew(old: TrainingOffice, new: TrainingOffice, data_set: Row, batch: int) -> None:
    digest, set_id = Digest(), UUID(str(data_set["id"]))
    async with transaction():
        async for items in pages(set_id, batch):
            held = [item for item in items if item["mac"] == mac(old.key, set_id, item)]
            await execute(
                """UPDATE training_items SET mac = anew.mac FROM unnest($1::uuid[], $2::text[]) AS anew (id, mac)
                   WHERE training_items.id = anew.id""",
                [item["id"] for item in held],
                [mac(new.key, set_id, item) for item in held],
            )
            for item in items:
                digest.add(line(item))
        if (digest.items, digest.sha256) != (data_set["items"], data_set["sha256"]):
            raise DoesNotHold(f"The data set {data_set['name']} was changed at this moment. It stays as it is.")
        signature = seal(new.signer, data_set, digest, data_set["sealed_at"], SEALED)
        await execute("UPDATE training_sets SET signature = $2 WHERE id = $1", set_id, signature)
