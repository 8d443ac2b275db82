"""`make bench`, or `python -m tests.benchmarks --only gallery`: prints one table.

Exits 1 only where something is broken: a missed goal is a line of the table.
"""

import argparse
import asyncio
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence

from tests.benchmarks import accepted, account, cold_start, gallery, memory, picture, progress, start
from tests.benchmarks.population import Populace, populate
from tests.benchmarks.report import Row, table
from tests.benchmarks.rig import CORES, PINNED, Rig, rig
from tests.benchmarks.sizes import FULL, TINY, Size

Benchmark = Callable[[Rig, Populace, Size], Awaitable[list[Row]]]

BENCHMARKS: dict[str, Benchmark] = {
    "gallery": gallery.measure,
    "progress": progress.measure,
    "start": start.measure,
    "accepted": accepted.measure,
    "picture": picture.measure,
    "memory": memory.measure,
    "cold-start": cold_start.measure,
    "account": account.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], choices=BENCHMARKS, help="measure these rows only")
    parser.add_argument("--tiny", action="store_true", help="show that everything runs; the figures mean nothing")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    with rig() as machine:
        os.environ.update(machine.environment)
        broken = asyncio.run(_measure(machine, options.only or list(BENCHMARKS), TINY if options.tiny else FULL, rows))
    pinned = "the server alone on one" if PINNED else "NOT PINNED: servers and load share them"
    print(f"\nMedians (minimum - maximum). {len(CORES)} cores, {pinned}. Below a factor of 1.3 it is noise.\n")
    print(table(rows))
    for name in broken:
        print(f"\nBROKEN: {name}: see above")
    return 1 if broken else 0


async def _measure(machine: Rig, names: Sequence[str], size: Size, rows: list[Row]) -> list[str]:
    """Add the rows of each benchmark; return the names of those that broke."""
    connection = await machine.connect()
    try:
        populace = await populate(connection, size.subscribers)
    finally:
        await connection.close()
    broken = []
    for name in names:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        try:
            rows += await BENCHMARKS[name](machine, populace, size)
        except Exception:  # noqa: BLE001 - the other rows are printed all the same
            traceback.print_exc()
            broken.append(name)
    return broken


if __name__ == "__main__":
    sys.exit(main())
