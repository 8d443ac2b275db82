"""What tests of analytics see of the database."""

from collections import Counter

from app.core.db import fetch
from tests.fakes.server import RunningServer, endpoint_of

Counted = Counter[tuple[str, str, str]]


async def written(server: RunningServer) -> Counted:
    """Have the process write what it counted, and return all raw rows: what, by which client, and about what."""
    await endpoint_of(server).ports.tally.write()
    rows = await fetch("SELECT event, client, page || engine || style || outcome AS about FROM usage_events")
    return Counter((row["event"], row["client"], row["about"]) for row in rows)
