"""What was counted, for those who run the service."""

from tests.schema.access.case import Case

CASES = (
    Case(
        "Query",
        "usage",
        lambda *_: [{"event": "GALLERY_VIEWED", "client": "ANONYMOUS", "engine": None, "count": 5, "final": False}],
        lambda *_: {"days": 1},
    ),
    Case("Query", "pageVisits", lambda *_: [{"page": "forgot", "new": 1, "returning": 0}], lambda *_: {"days": 1}),
)
