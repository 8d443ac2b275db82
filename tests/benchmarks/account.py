"""Export and erasure of accounts with more and more generations: near linear, and in bounded memory."""

import asyncio

from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, spread
from tests.benchmarks.rig import Rig
from tests.benchmarks.sizes import Size

MOST_GROWTH = 100
"""MB that the process may grow by."""
MOST_RATIO = 1.5
"""How much slower a generation may become when there are ten times as many."""
MOST_SECONDS = 1800.0
MB = 1e6


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return seconds and growth of each size, and how the time for one generation compares with the size before."""
    rows: list[Row] = []
    before: dict[str, float] = {}
    for number in size.accounts:
        found = await asyncio.to_thread(machine.load, "tests.benchmarks.heavy", within=MOST_SECONDS, generations=number)
        for what in ("export", "erase"):
            each = found[f"{what}_seconds"] / number
            ratio = spread([each / before[what]]) if what in before else None
            rows.append(Row(f"{what} of {number:,} generations, s", spread([found[f"{what}_seconds"]])))
            if ratio:
                rows.append(Row("… time for each, ÷ the size before", ratio, at_most=MOST_RATIO))
            rows.append(Row("… memory grew by, MB", spread([found[f"{what}_growth"] / MB]), at_most=MOST_GROWTH))
            before[what] = each
    return rows
