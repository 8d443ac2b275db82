"""The schema of the JSON in an export (JSON Schema 2020-12), made from the registry and from the database's types.

What was published is `schema.json` beside this module; a test fails where it says something else than this.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from app.privacy.export.rows import Shape
from app.privacy.export.selection import Selected, key_of

FILE = Path(__file__).with_name("schema.json")
VERSION = 1
"""Raised where something is called or written differently than before; what is merely new does not raise it."""
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "timestamptz": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "varchar": {"type": "string"},
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "int2": {"type": "integer"},
    "int4": {"type": "integer"},
    "int8": {"type": "integer"},
    "float8": {"type": "number"},
    "bytea": {"type": "string", "contentEncoding": "base64"},
    "jsonb": {},
}


def schema(selected: Mapping[str, Selected], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Return the schema of all files: `data/NAME.json` is valid against `#/$defs/NAME`. Raises KeyError for a type that
    nobody said how to write.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Data of a person in AnyPeople",
        "description": "The file data/NAME.json of an export is valid against #/$defs/NAME. An export may have fewer "
        "columns than are named here: the one of what a person provided has (Art. 20 GDPR).",
        "version": VERSION,
        "$defs": {table: _table(each, shapes[table]) for table, each in sorted(selected.items())},
    }


def written(document: Mapping[str, Any]) -> bytes:
    """Return the schema as it is committed and shipped."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n"


def _table(selected: Selected, shape: Shape) -> dict[str, Any]:
    columns = {key_of(name): _column(shape[name]) for name in selected.columns}
    return {
        "type": "array",
        "items": {"type": "object", "properties": columns, "additionalProperties": False},
    }


def _column(column: Mapping[str, Any]) -> Mapping[str, Any]:
    said = _TYPES[column["udt_name"]]
    return {**said, "type": [said["type"], "null"]} if column["nullable"] and said else said
