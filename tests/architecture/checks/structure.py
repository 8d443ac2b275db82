"""A database's structure as PostgreSQL describes it."""

import re
from dataclasses import dataclass, fields

from app.core.db import connected, fetch

_NOT_OURS = "tortoise_migrations"
_COLUMNS = """
    SELECT table_name || '.' || column_name AS name,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), 'null:', is_nullable, 'default:', column_default,
                     'identity:', is_identity, 'generated:', is_generated) AS definition
    FROM information_schema.columns
    JOIN pg_attribute a ON a.attrelid = format('%I.%I', table_schema, table_name)::regclass AND a.attname = column_name
    WHERE table_schema = 'public' AND table_name <> $1"""
_INDEXES = """
    SELECT tablename || ': ' || indexdef AS definition, indexname AS name
    FROM pg_indexes WHERE schemaname = 'public' AND tablename <> $1"""
_CONSTRAINTS = """
    SELECT conrelid::regclass || ': ' || pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> $1"""
_FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text AS table, a.attname AS column,
           c.confrelid::regclass::text AS other_table, b.attname AS other_column
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1"""


@dataclass(frozen=True, slots=True)
class Structure:
    """Columns, indexes and constraints, described without the names that were made up for them."""

    columns: frozenset[str]
    indexes: frozenset[str]
    constraints: frozenset[str]


async def structure(url: str) -> Structure:
    """Read a database's structure."""
    async with connected(url, pool_size=1):
        columns = await fetch(_COLUMNS, _NOT_OURS)
        indexes = await fetch(_INDEXES, _NOT_OURS)
        constraints = await fetch(_CONSTRAINTS, _NOT_OURS)
    return Structure(
        frozenset(f"{row['name']} {row['definition']}" for row in columns),
        frozenset(re.sub(rf'"?{re.escape(row["name"])}"? ON', "ON", row["definition"]) for row in indexes),
        frozenset(row["definition"] for row in constraints),
    )


def differences(one: Structure, other: Structure) -> list[str]:
    """Name what only one of two databases has."""
    return [
        f"{part.name}: {definition}"
        for part in fields(Structure)
        for definition in sorted(getattr(one, part.name) ^ getattr(other, part.name))
    ]


async def foreign_keys(url: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what each column that is a foreign key refers to."""
    async with connected(url, pool_size=1):
        rows = await fetch(_FOREIGN_KEYS)
    return {(row["table"], row["column"]): (row["other_table"], row["other_column"]) for row in rows}
