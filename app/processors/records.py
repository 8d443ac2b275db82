"""Commands: write down what is about to leave, and what became of it.

One statement before and one after, each a transaction of its own: no network call ever waits inside of one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from app.audit.service import alias_of
from app.core.db import execute, fetch, in_transaction
from app.core.ids import uuid7
from app.core.personal_data import Activity
from app.processors.outcomes import Deletion, Outcome, Refusal
from app.processors.register import Disclosed

MAX_NAME = 64
"""Characters of a processor's name that are kept: that of one which is not registered is whatever was asked for."""


@dataclass(frozen=True, slots=True)
class About:
    """What a disclosure is about: an object of ours, by its type (as in global ids) and id."""

    type: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is about to leave, whose it is, for whom, and what for. Nothing of the data itself."""

    processor: str
    activity: Activity
    subject: UUID | None
    """The person's id; None where the data is nobody's that we know."""
    categories: frozenset[Disclosed]
    about: About | None = None


def outside_transactions() -> None:
    """Return. Raises RuntimeError in a transaction: the row would be committed after the bytes left, or never."""
    if in_transaction():
        raise RuntimeError("nothing leaves, and no refusal is recorded, inside of a transaction")


async def write(parcel: Parcel, refusal: Refusal | None = None) -> UUID:
    """Write the row, of what was refused with its outcome; it has committed when this returns."""
    outside_transactions()
    disclosure_id = uuid7()
    rows = await fetch(
        """INSERT INTO disclosures (id, subject_id, processor, activity, categories, object_type, object_id, created_at,
                                    outcome, outcome_at, refusal)
           VALUES ($1, (SELECT id FROM subject_aliases WHERE user_id = $2), $3, $4, $5, $6, $7, now(),
                   $8::varchar, CASE WHEN $8::varchar IS NULL THEN NULL ELSE now() END, $9) RETURNING subject_id""",
        disclosure_id,
        parcel.subject,
        parcel.processor[:MAX_NAME],
        parcel.activity.value,
        orjson.dumps(_sorted(parcel.categories)).decode(),
        parcel.about.type if parcel.about else None,
        parcel.about.id if parcel.about else None,
        Outcome.REFUSED.value if refusal else None,
        refusal.value if refusal else None,
    )
    if parcel.subject is not None and rows[0]["subject_id"] is None:
        await _name(disclosure_id, parcel.subject)
    return disclosure_id


async def _name(disclosure_id: UUID, subject: UUID) -> None:
    """Give the row an alias that the person had not had so far. Who is gone by now has none, nor what it is about."""
    try:
        alias = await alias_of(subject)
    except LookupError:
        await execute("UPDATE disclosures SET object_type = NULL, object_id = NULL WHERE id = $1", disclosure_id)
        return
    await execute("UPDATE disclosures SET subject_id = $2 WHERE id = $1", disclosure_id, alias)


async def end(disclosure_id: UUID, outcome: Outcome, refusal: Refusal | None, subject: UUID | None) -> None:
    """Write down how it ended, once, and whose it was where that became known on the way."""
    await execute(
        """UPDATE disclosures SET outcome = $2, outcome_at = now(), refusal = $3,
                  subject_id = coalesce(subject_id, (SELECT id FROM subject_aliases WHERE user_id = $4))
           WHERE id = $1 AND outcome IS NULL""",
        disclosure_id,
        outcome.value,
        refusal.value if refusal else None,
        subject,
    )


async def record_deletions(disclosure_ids: Sequence[UUID], answer: Deletion) -> None:
    """Write down what the recipient answered when it was told to delete what it got, in the caller's transaction; the
    last answer counts.
    """
    await execute(
        "UPDATE disclosures SET deletion = $2, deletion_at = now() WHERE id = ANY($1)",
        list(disclosure_ids),
        answer.value,
    )


async def forget_objects(people: Sequence[UUID]) -> None:
    """Forget what disclosures of these people were about, in the caller's transaction: it is gone with them."""
    await execute(
        """UPDATE disclosures SET object_id = NULL
           WHERE subject_id IN (SELECT id FROM subject_aliases WHERE user_id = ANY($1))""",
        list(people),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """How often something about somebody went to a recipient for an activity."""

    processor: str
    activity: Activity
    number: int


async def sent_to(person: UUID, category: Disclosed | None = None) -> list[Sent]:
    """Return what left about a person since there is an account, by recipient and activity; of one category, or all.

    Raises ValueError for an activity that the register does not know.
    """
    rows = await fetch(
        """SELECT processor, activity, count(*) AS number FROM disclosures
           WHERE subject_id = (SELECT id FROM subject_aliases WHERE user_id = $1)
             AND outcome IS DISTINCT FROM 'REFUSED' AND ($2::jsonb IS NULL OR categories @> $2)
           GROUP BY processor, activity ORDER BY processor, activity""",
        person,
        orjson.dumps([category.value]).decode() if category else None,
    )
    return [Sent(row["processor"], Activity(row["activity"]), row["number"]) for row in rows]


def _sorted(categories: Collection[Disclosed]) -> list[str]:
    return sorted(category.value for category in categories)
