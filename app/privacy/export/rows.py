"""Rows of one table on their way into an export: read in batches by their key, written as an array, a row a line."""

import base64
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from typing import Any

import orjson

from app.core.db import Row, fetch
from app.privacy.export.selection import Selected, Subject, key_of

BATCH = 200
"""Rows that are in memory at once."""
MAX_LINE = 8 * 1024 * 1024
"""Bytes of a row: a letter to support has far fewer."""
_COLUMNS = """
    SELECT a.attname::text AS name, t.typname::text AS udt_name, NOT a.attnotnull AS nullable,
           i.indkey[0] IS NOT DISTINCT FROM a.attnum AS is_key
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_index i ON i.indrelid = a.attrelid
      AND i.indisprimary AND i.indnkeyatts = 1
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped"""

Shape = Mapping[str, Row]
"""Columns of a table by name: `udt_name` and `nullable`, and `is_key` of the primary key."""


async def shape_of(table: str) -> Shape:
    """Return what the database says of the columns of a table."""
    return {row["name"]: row for row in await fetch(_COLUMNS, table)}


async def batches(
    selected: Selected, shape: Shape, subject: Subject, size: int = BATCH
) -> AsyncGenerator[list[Row], None]:
    """Yield a subject's rows in the order of their key, at most `size` at once, with the columns that are exported."""
    [key] = [name for name, column in shape.items() if column["is_key"]]
    columns = ", ".join(f'"{name}"' for name in selected.columns)
    for condition, value in selected.conditions(subject):
        after: tuple[object, ...] = ()
        while True:
            rows = await fetch(
                f"""SELECT {columns}, "{key}" AS "key of the row" FROM {selected.table}
                    WHERE {condition} {f'AND "{key}" > $3' if after else ""}
                    ORDER BY "{key}" LIMIT $2""",  # noqa: S608 - the registry's and the database's names
                value,
                size,
                *after,
            )
            if rows:
                yield rows
            if len(rows) < size:
                break
            after = (rows[-1]["key of the row"],)


async def lines(
    selected: Selected, shape: Shape, subject: Subject, tell: Callable[[int], None], size: int = BATCH
) -> AsyncGenerator[bytes, None]:
    """Yield the rows as a JSON array, a row a line; `tell` is given how many rows each batch had."""
    between = b"[\n"
    async for rows in batches(selected, shape, subject, size):
        texts = [_line(selected, shape, row) for row in rows]
        yield between + b",\n".join(texts)
        between = b",\n"
        tell(len(rows))
    yield b"\n]\n" if between == b",\n" else b"[]\n"


def _line(selected: Selected, shape: Shape, row: Row) -> bytes:
    said = {key_of(name): _value(shape[name]["udt_name"], row[name]) for name in selected.columns}
    return orjson.dumps(said, default=_plain, option=orjson.OPT_UTC_Z)


def _value(kind: str, value: Any) -> Any:
    return orjson.loads(value) if kind == "jsonb" and isinstance(value, str) else value


def _plain(value: object) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


async def parsed(chunks: AsyncIterable[bytes]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the rows of an array that `lines` wrote, one at a time. Raises ValueError for a line that is too long."""
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if line.startswith(b"{"):
                yield orjson.loads(line.removesuffix(b","))
        if len(rest) > MAX_LINE:
            raise ValueError("a line of an export is too long")
