"""Command: build a data set of exactly what may train models, in batches that are committed one by one.

A batch decides twice: once to know which bytes to read, and once more with the people and pictures held, in the
transaction that writes the items. Who says no meanwhile either waits for that transaction, and then finds the items and
marks them, or was first, and is left out. What is marked when the set is sealed is not in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.audit.service import aliases_of
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.generation.wishes import Visibility
from app.training.eligibility import ACTIVITIES, FACTS, Eligibility, ask, eligibility
from app.training.errors import NameTaken, OtherSetOpen
from app.training.manifest import BATCH, SEALED, Digest, line, mac, pages, seal
from app.training.marking import mark_lapsed
from app.training.office import TrainingOffice
from app.training.reading import Content, read_all


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    seen: int
    """Images that this run looked at."""
    taken: int
    """Items that this run wrote."""
    unreadable: int
    """Pictures that may be used, and whose bytes are gone or are not what was stored."""


Tell = Callable[[Progress], None]


async def build(office: TrainingOffice, name: str | None, tell: Tell, batch: int = BATCH) -> str:
    """Build a data set, or go on with the one that a crash left; return its name once it is sealed.

    Raises OtherSetOpen, NameTaken, and OSError where the object store does not answer: another run goes on from there.
    """
    data_set = await _open(name, office.limitation.clock.now())
    done = Progress(0, 0, 0)
    while (step := await _batch(office, data_set["id"], batch)) is not None:
        done = Progress(done.seen + step.seen, done.taken + step.taken, done.unreadable + step.unreadable)
        tell(done)
    await mark_lapsed(office.limitation, data_set["id"], batch)
    await _seal(office, data_set["id"], batch)
    return str(data_set["name"])


async def _open(name: str | None, now: datetime) -> Row:
    async with transaction():
        await execute("LOCK TABLE training_sets IN SHARE ROW EXCLUSIVE MODE")  # two that begin at once take turns
        found = await fetch_one("SELECT id, name FROM training_sets WHERE sealed_at IS NULL ORDER BY id LIMIT 1")
        if found is not None:
            if name not in (None, found["name"]):
                raise OtherSetOpen(f"The data set {found['name']} was begun and not finished: build it first.")
            return found
        set_id = uuid7()
        made = await fetch_one(
            """INSERT INTO training_sets (id, name, started_at) VALUES ($1, $2, $3)
               ON CONFLICT (name) DO NOTHING RETURNING id, name""",
            set_id,
            name or f"{now:%Y-%m-%d}-{set_id.hex[-6:]}",
            now,
        )
        if made is None:
            raise NameTaken("There is a data set of that name already: give it another one.")
        return made


async def _batch(office: TrainingOffice, set_id: UUID, batch: int) -> Progress | None:
    """Look at the next images, of before the set was begun; None where there is nothing more to do."""
    position = await _position(set_id)
    images = await fetch(
        """SELECT id, picture_id FROM generated_images
           WHERE id > $1 AND id < $2 AND picture_id IS NOT NULL ORDER BY id LIMIT $3""",
        position or UUID(int=0),
        set_id,
        batch,
    )
    if not images:
        return None
    pictures = [row["picture_id"] for row in images]
    wanted = [facts for facts, found in await _decided(office, pictures) if found.eligible]
    read = await read_all(office.store, wanted)
    async with transaction():
        row = await fetch_one("SELECT position, sealed_at FROM training_sets WHERE id = $1 FOR UPDATE", set_id)
        if row is None or row["sealed_at"] is not None:
            return None  # another run finished it, or it was dropped
        if row["position"] != position:
            return Progress(0, 0, 0)  # another run did this batch
        aliases = await _hold([facts["user_id"] for facts in wanted])
        allowed = [pair for pair in await _decided(office, list(read), held=True) if pair[1].eligible]
        await _insert(office, set_id, allowed, read, aliases)
        await execute("UPDATE training_sets SET position = $2 WHERE id = $1", set_id, images[-1]["id"])
    return Progress(len(images), len(allowed), len(wanted) - len(read))


async def _position(set_id: UUID) -> UUID | None:
    row = await fetch_one("SELECT position FROM training_sets WHERE id = $1", set_id)
    return row["position"] if row else None


async def _hold(people: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Have people's decisions wait until the caller's transaction ends (`consents.service.take_turn`); return their
    aliases.
    """
    aliases = await aliases_of(list(set(people)))
    await execute("SELECT id FROM subject_aliases WHERE id = ANY($1) ORDER BY id FOR SHARE", list(aliases.values()))
    return aliases


async def _decided(
    office: TrainingOffice, pictures: Sequence[UUID], *, held: bool = False
) -> list[tuple[Row, Eligibility]]:
    """Return facts of pictures and what follows from them; `held`: they stay as they are until the transaction ends.

    What is allowed is read last, when all that it is about is held.
    """
    rows = await fetch(
        f"""SELECT {FACTS}, p.id AS picture_id, p.state = 'STORED' AS stored,
              p.variants -> 'ORIGINAL' ->> 'etag' AS etag
            FROM pictures p JOIN generated_images i ON i.picture_id = p.id JOIN generations g ON g.id = i.generation_id
            JOIN users u ON u.id = g.user_id AND u.id = p.person_id
            WHERE p.id = ANY($1) ORDER BY i.id {"FOR SHARE OF u, g, p" if held else ""}""",  # noqa: S608
        list(pictures),
    )
    answers = await ask(list({row["user_id"] for row in rows}), office.limitation)
    return [(row, eligibility(row, answers)) for row in rows]


async def _insert(
    office: TrainingOffice,
    set_id: UUID,
    allowed: Sequence[tuple[Row, Eligibility]],
    read: Mapping[UUID, Content],
    aliases: Mapping[UUID, UUID],
) -> None:
    """Write the items of a batch, in the caller's transaction: three statements, however many there are."""
    if not allowed:
        return
    now = office.limitation.clock.now()
    notice = await office.limitation.notices.in_force(now)
    consents = await _consents(list(aliases.values()))
    items = [
        {
            "id": uuid7(),
            "subject_id": aliases[facts["user_id"]],
            "picture_id": facts["picture_id"],
            "sha256": read[facts["picture_id"]].sha256,
            "byte_size": read[facts["picture_id"]].size,
            "visibility": found.visibility.value,
            "basis": ACTIVITIES[found.visibility].basis.value,
            "policy_version": notice.version,
            "consent_id": consents[aliases[facts["user_id"]]] if found.visibility is Visibility.PRIVATE else None,
            "decided_at": now,
        }
        for facts, found in allowed
    ]
    names = tuple(items[0])
    await execute(
        f"""INSERT INTO training_items (set_id, mac, {", ".join(names)})
            SELECT $1, * FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::text[],
              $9::text[], $10::text[], $11::uuid[], $12::timestamptz[])""",  # noqa: S608
        set_id,
        [mac(office.key, set_id, item) for item in items],
        *([item[name] for item in items] for name in names),
    )


async def _consents(aliases: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return the last decision about private training of each person who made one, by alias."""
    rows = await fetch(
        """SELECT DISTINCT ON (principal_id) principal_id, id FROM consent_records
           WHERE principal_id = ANY($1) AND purpose = $2 ORDER BY principal_id, sequence DESC""",
        list(aliases),
        ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT.value,
    )
    return {row["principal_id"]: row["id"] for row in rows}


async def _seal(office: TrainingOffice, set_id: UUID, batch: int) -> None:
    """Drop what was marked while it was built, and sign the rest."""
    async with transaction():
        row = await fetch_one("SELECT id, name, sealed_at FROM training_sets WHERE id = $1 FOR UPDATE", set_id)
        if row is None or row["sealed_at"] is not None:
            return
        await execute("DELETE FROM training_items WHERE set_id = $1 AND excluded_at IS NOT NULL", set_id)
        digest, now = Digest(), office.limitation.clock.now()
        async for items in pages(set_id, batch):
            for item in items:
                digest.add(line(item))
        await execute(
            "UPDATE training_sets SET sealed_at = $2, items = $3, sha256 = $4, signature = $5 WHERE id = $1",
            set_id,
            now,
            digest.items,
            digest.sha256,
            seal(office.signer, row, digest, now, SEALED),
        )
