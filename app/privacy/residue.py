"""The look after an erasure: what still leads to the person, holder by holder.

It asks by the registry's paths, and besides by what the database itself says names a person: a table that left the
registry would else be neither erased nor missed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from app.core.db import fetch
from app.core.personal_data import Holder
from app.privacy.paths import OF_ADDRESS, belonged, belongs, emptied, stays

_NAMES = """
    SELECT c.conrelid::regclass::text AS table, a.attname AS column FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass
    UNION
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name IN ('person_id', 'user_id') AND udt_name = 'uuid'
    UNION SELECT 'users', 'id'"""
"""Columns that name a person: by a foreign key, or by their name in tables that know of no domain's."""

_ADDRESSED = {
    **dict.fromkeys(("mails", "support_threads"), "person_id IS NULL AND address = $1"),
    "privacy_request_details": OF_ADDRESS,
}
"""Rows that know addresses of whoever has no account. What others say of an address goes with their accounts."""


async def residue(
    holders: Iterable[Holder], person: UUID | None, alias: UUID | None, address: str | None
) -> Mapping[str, int]:
    """Return how many rows of each holder still lead to somebody; only of those that have any.

    `address` is the one that they confirmed: what was only said to be theirs may be somebody else's.
    """
    known = list(holders)
    kept = {(holder.table, name) for holder in known for name, column in holder.columns.items() if column.keep}
    names = [] if person is None else await fetch(_NAMES)
    by_person = [
        _count(row["table"], f"{row['column']} = $1") for row in names if (row["table"], row["column"]) not in kept
    ]
    by_alias = []
    for holder in known:
        if not stays(holder):
            by_person.append(_count(holder.table, belongs(holder)))
        if (condition := belonged(holder)) and (not stays(holder) or emptied(holder)):
            left = " OR ".join(f"{column} IS NOT NULL" for column in emptied(holder)) or "TRUE"
            by_alias.append(_count(holder.table, f"{condition} AND ({left})"))
    found: Counter[str] = Counter()
    by_address = [_count(table, condition) for table, condition in _ADDRESSED.items()]
    for counts, key in ((by_person, person), (by_alias, alias), (by_address, address)):
        if counts and key is not None:
            for row in await fetch(" UNION ALL ".join(counts), key):
                found[row["name"]] = max(found[row["name"]], row["number"])
    return {name: number for name, number in found.items() if number}


def _count(table: str, condition: str) -> str:
    return f"SELECT '{table}' AS name, count(*) AS number FROM {table} WHERE {condition}"  # noqa: S608
