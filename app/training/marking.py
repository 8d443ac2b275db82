"""Commands: mark what is in data sets and may not be used any more, in the transaction in which that comes about.

A mark stays: whoever takes an objection back, or agrees anew, is in data sets that are built from then on. What no
command tells of (a policy that asks anew, an account that was frozen) a job finds every hour.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from app.consents.enforcement import PurposeLimitation
from app.core import jobs
from app.core.db import Row, execute, fetch, transaction
from app.core.jobs import JobKind, Lease
from app.generation.wishes import Visibility
from app.training.eligibility import USED, Answers, TrainingRefusal, ask

MARK_LAPSED = JobKind("training.mark_lapsed", queue="default")
BATCH = 500


class Exclusion(StrEnum):
    """Why an item may not be used any more. The values are stored; never rename one."""

    OBJECTED = "OBJECTED"
    NO_CONSENT = "NO_CONSENT"
    RESTRICTED = "RESTRICTED"
    ACCOUNT_NOT_ACTIVE = "ACCOUNT_NOT_ACTIVE"
    MADE_PRIVATE = "MADE_PRIVATE"
    PICTURE_DELETED = "PICTURE_DELETED"
    PERSON_ERASED = "PERSON_ERASED"


IN_WORDS: Mapping[Exclusion, str] = {
    Exclusion.OBJECTED: "The person objected to training on public pictures.",
    Exclusion.NO_CONSENT: "The consent to training on private pictures was withdrawn, or has to be asked for again.",
    Exclusion.RESTRICTED: "The person's data may only be stored.",
    Exclusion.ACCOUNT_NOT_ACTIVE: "The account is suspended, or not in use for another reason.",
    Exclusion.MADE_PRIVATE: "The picture was public and was made private.",
    Exclusion.PICTURE_DELETED: "The picture was deleted.",
    Exclusion.PERSON_ERASED: "The account was erased: the alias leads to nobody.",
}
GONE = frozenset({Exclusion.PICTURE_DELETED, Exclusion.PERSON_ERASED})
"""There is nothing left to use."""
_REFUSED = {
    TrainingRefusal.OBJECTED: Exclusion.OBJECTED,
    TrainingRefusal.NO_CONSENT: Exclusion.NO_CONSENT,
    TrainingRefusal.RESTRICTED: Exclusion.RESTRICTED,
}


async def mark_objected(person_id: UUID) -> None:
    """Mark what rests on a legitimate interest of ours in somebody's public pictures."""
    await _mark(_OF_PERSON + " AND visibility = 'PUBLIC'", Exclusion.OBJECTED, [person_id])


async def mark_withdrawn(person_id: UUID) -> None:
    """Mark what rests on somebody's consent."""
    await _mark(_OF_PERSON + " AND visibility = 'PRIVATE'", Exclusion.NO_CONSENT, [person_id])


async def mark_inactive(person_id: UUID) -> None:
    """Mark everything of somebody whose account was suspended or frozen."""
    await _mark(_OF_PERSON, Exclusion.ACCOUNT_NOT_ACTIVE, [person_id])


async def mark_restricted(person_id: UUID) -> None:
    """Mark everything of somebody whose data may only be stored from now on."""
    await _mark(_OF_PERSON, Exclusion.RESTRICTED, [person_id])


async def mark_private(generation_id: UUID) -> None:
    """Mark the pictures of a generation that was public."""
    await _mark(_OF_GENERATIONS + " AND visibility = 'PUBLIC'", Exclusion.MADE_PRIVATE, [generation_id])


async def mark_deleted(generation_ids: Sequence[UUID]) -> None:
    """Mark the pictures of generations, before these are deleted."""
    await _mark(_OF_GENERATIONS, Exclusion.PICTURE_DELETED, generation_ids)


_OF_PERSON = "subject_id IN (SELECT id FROM subject_aliases WHERE user_id = ANY($1))"
_OF_GENERATIONS = "picture_id IN (SELECT picture_id FROM generated_images WHERE generation_id = ANY($1))"


async def _mark(condition: str, because: Exclusion, ids: Sequence[UUID]) -> None:
    await execute(
        f"""UPDATE training_items SET excluded_at = now(), excluded_because = $2
            WHERE id IN (SELECT id FROM training_items WHERE excluded_at IS NULL AND {condition}
                         ORDER BY id FOR UPDATE)""",  # noqa: S608
        list(ids),
        because.value,
    )


STANDING = """t.visibility AS recorded, t.excluded_because, a.user_id, u.status AS account, g.visibility AS shown,
              COALESCE(p.state = 'STORED' AND g.id IS NOT NULL, FALSE) AS stored"""
"""Columns that `standing` goes by."""
JOINS = """JOIN subject_aliases a ON a.id = t.subject_id LEFT JOIN users u ON u.id = a.user_id
           LEFT JOIN pictures p ON p.id = t.picture_id LEFT JOIN generated_images i ON i.picture_id = t.picture_id
           LEFT JOIN generations g ON g.id = i.generation_id"""


def standing(item: Row, answers: Answers) -> Exclusion | None:
    """Return why an item may not be used any more; None where it may. A mark counts, also where its cause is over."""
    if item["user_id"] is None:
        return Exclusion.PERSON_ERASED
    if not item["stored"]:
        return Exclusion.PICTURE_DELETED
    if item["excluded_because"]:
        return Exclusion(item["excluded_because"])
    if item["account"] not in USED:
        return Exclusion.ACCOUNT_NOT_ACTIVE
    recorded = Visibility.PUBLIC if item["recorded"] == Visibility.PUBLIC else Visibility.PRIVATE
    if refusal := answers.refusal(item["user_id"], recorded):
        return _REFUSED.get(refusal, Exclusion.ACCOUNT_NOT_ACTIVE)
    if recorded is Visibility.PUBLIC and item["shown"] == Visibility.PRIVATE:
        return Exclusion.MADE_PRIVATE
    return None


async def mark_lapsed(
    limitation: PurposeLimitation, set_id: UUID | None = None, batch: int = BATCH, lease: Lease | None = None
) -> int:
    """Mark what may not be used any more and no command told of; of all sets, or of one. Return how much that was.

    Each batch is a transaction. Raises LeaseLost.
    """
    after, marked = UUID(int=0), 0
    while True:
        async with transaction():
            if lease is not None:
                await jobs.hold(lease)
            items = await page(set_id, after, batch)
            lapsed = await _lapsed(items, limitation)
            await _mark_each(lapsed)
        marked += len(lapsed)
        if len(items) < batch:
            return marked
        after = items[-1]["id"]


async def _mark_each(lapsed: Mapping[UUID, Exclusion]) -> None:
    await execute(
        """UPDATE training_items SET excluded_at = now(), excluded_because = lapsed.because
           FROM unnest($1::uuid[], $2::text[]) AS lapsed (id, because)
           WHERE training_items.id = lapsed.id AND training_items.id IN (
             SELECT id FROM training_items WHERE id = ANY($1) AND excluded_at IS NULL ORDER BY id FOR UPDATE)""",
        list(lapsed),
        [because.value for because in lapsed.values()],
    )


async def page(set_id: UUID | None, after: UUID, batch: int) -> list[Row]:
    """Return the next unmarked items of a set, or of all of them, with what `standing` goes by."""
    condition, values = ("AND t.set_id = $3", [set_id]) if set_id else ("", [])
    return await fetch(
        f"""SELECT t.id, t.picture_id, t.sha256, t.byte_size, {STANDING} FROM training_items t {JOINS}
            WHERE t.excluded_at IS NULL AND t.id > $1 {condition} ORDER BY t.id LIMIT $2""",  # noqa: S608
        after,
        batch,
        *values,
    )


async def _lapsed(items: Sequence[Row], limitation: PurposeLimitation) -> Mapping[UUID, Exclusion]:
    answers = await answers_about(items, limitation)
    found = {item["id"]: standing(item, answers) for item in items}
    return {id: because for id, because in found.items() if because is not None}


async def answers_about(items: Sequence[Row], limitation: PurposeLimitation) -> Answers:
    """Ask of everybody whom these items are of, once."""
    return await ask(list({item["user_id"] for item in items if item["user_id"]}), limitation)
