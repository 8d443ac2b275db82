"""A row in every table of the registry that can lead to a person, made up from what the database says of the table.

So a table that is new is planted, and has to be erased, without a line here.
"""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from uuid import UUID

from app.core.db import Row, execute, fetch
from app.core.personal_data import Holder
from app.privacy.paths import belongs

_COLUMNS = """
    SELECT c.table_name, c.column_name, c.udt_name, c.character_maximum_length AS length,
           (SELECT k.confrelid::regclass::text FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
            WHERE k.contype = 'f' AND k.conrelid = c.table_name::regclass AND a.attname = c.column_name) AS refers_to
    FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.table_name <> 'tortoise_migrations' ORDER BY 1, 2"""
_VALUES = {
    "uuid": "gen_random_uuid()",
    "timestamptz": "now() + interval '1 hour'",
    "date": "current_date",
    "int2": "1",
    "int4": "1",
    "int8": "(random() * 1e15)::bigint",
    "float8": "1",
    "bool": "true",
    "bytea": "decode(md5(gen_random_uuid()::text), 'hex')",
    "jsonb": "'{}'",
}

_LEFT_OUT = {("support_threads", "address")}
"""What has no value beside the person: a constraint says so."""

_MEANT = {
    ("disclosures", "activity"): "'IMAGE_GENERATION'",
    ("disclosures", "categories"): "'[\"PROMPT\"]'",
}
"""What has to be a value that somebody reads."""


class Planter:
    """Plants rows of people."""

    def __init__(self, holders: Mapping[str, Holder], columns: Mapping[str, Sequence[Row]]) -> None:
        self._holders = holders
        self._columns = columns

    @classmethod
    async def of(cls, holders: Mapping[str, Holder]) -> "Planter":
        """Read the database's structure."""
        columns: dict[str, list[Row]] = {}
        for row in await fetch(_COLUMNS):
            columns.setdefault(row["table_name"], []).append(row)
        return cls(holders, columns)

    async def plant(self, person: UUID) -> None:
        """Give a person, who is there already, a row in every table that leads to people."""
        order = TopologicalSorter[str]()
        for table, columns in self._columns.items():
            order.add(table, *(row["refers_to"] for row in columns if row["refers_to"] not in (None, table)))
        for table in order.static_order():
            holder = self._holders.get(table)
            if holder is None or holder.subject is None:
                await self._any(table)
            elif not await self.owned(holder, person):
                await self._insert(table, person, holder.subject.partition(" -> ")[0])
                assert await self.owned(holder, person), table

    async def owned(self, holder: Holder, person: UUID) -> Sequence[str]:
        """Return the rows that lead to a person, as text."""
        found = await fetch(f"SELECT t::text AS row FROM {holder.table} t WHERE {belongs(holder)} ORDER BY 1", person)
        return [row["row"] for row in found]

    async def _any(self, table: str) -> None:
        if not await fetch(f"SELECT 1 FROM {table} LIMIT 1"):
            await self._insert(table, None, "")

    async def _insert(self, table: str, person: UUID | None, subject: str) -> None:
        columns = [row for row in self._columns[table] if (table, row["column_name"]) not in _LEFT_OUT]
        values = [await self._value(row, person, row["column_name"] == subject) for row in columns]
        names = ", ".join(f'"{row["column_name"]}"' for row in columns)
        await execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(values)})")

    async def _value(self, column: Row, person: UUID | None, is_subject: bool) -> str:
        """Return SQL for a value: the person, a row that theirs is to refer to, or something of the type."""
        if meant := _MEANT.get((column["table_name"], column["column_name"])):
            return meant
        if column["column_name"] in ("person_id", "user_id") or (is_subject and column["refers_to"] in (None, "users")):
            return f"'{person}'" if person else "NULL"
        if column["refers_to"]:
            return await self._reference(column["refers_to"], person)
        if column["udt_name"] in ("varchar", "text"):
            return f"left(gen_random_uuid()::text, {column['length'] or 36})"
        return _VALUES[column["udt_name"]]

    async def _reference(self, table: str, person: UUID | None) -> str:
        holder = self._holders.get(table)
        if person and holder and holder.subject:
            [row, *_] = await fetch(f"SELECT id FROM {table} WHERE {belongs(holder)} ORDER BY id DESC LIMIT 1", person)
        else:
            rows = await fetch(f"SELECT id FROM {table} LIMIT 1")
            if not rows:
                return "NULL"
            row = rows[0]
        return f"'{row['id']}'"
