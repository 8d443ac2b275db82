"""Data sets."""

from tests.schema.access.case import Case

CASES = (
    Case(
        "Query",
        "trainingSets",
        lambda *_: {"nodes": [{"name": "a set", "items": 0}]},
        lambda *_: {"first": 20},
    ),
)
