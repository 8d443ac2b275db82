"""What analytics hold about a person: nothing, by design.

Of an occurrence an hour is kept, and names from lists of ours: no person, session, browser or network, no number that
two events share, and not which of two came first. Who did it is in the memory of the web process for a second, to ask
whether counting is allowed (`app.analytics.tally`), and is never written. After a day there are counts only.
"""

from app.core.personal_data import NOT_PERSONAL, Holder, Medium, Store

_WHAT = ("event", "client", "page", "engine", "style", "outcome")

HOLDERS = (
    Holder("usage_events", None, dict.fromkeys(("id", "hour", *_WHAT), NOT_PERSONAL)),
    Holder("usage_days", None, dict.fromkeys(("id", "day", *_WHAT, "count"), NOT_PERSONAL)),
    Holder("usage_reports", None, {"day": NOT_PERSONAL}),
    Holder("page_visits", None, dict.fromkeys(("id", "day", "page", "kind", "count"), NOT_PERSONAL)),
)

STORES = (
    Store(
        "provider of statistics",
        Medium.PROCESSOR,
        ("STATISTICS",),
        None,
        "How often what was done on a day, from five times on. Only where one is configured.",
        NOT_PERSONAL,
    ),
)
