"""From `anypeople up` to its first answer."""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, spread
from tests.benchmarks.rig import Rig
from tests.benchmarks.service import up
from tests.benchmarks.sizes import Size


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return the seconds for a folder that has nothing in it, not even a database, and for one that was used before."""
    return await asyncio.to_thread(_measure, machine, size)


def _measure(machine: Rig, size: Size) -> list[Row]:
    first, again = [], []
    for _ in range(size.cold_starts):
        with tempfile.TemporaryDirectory(dir=machine.folder) as folder:
            Path(folder).chmod(0o711)
            first.append(_seconds(machine, Path(folder) / "var"))
            again.append(_seconds(machine, Path(folder) / "var"))
    return [
        Row("anypeople up → first answer, empty folder, s", spread(first), at_most=4),
        Row("… folder used before, s", spread(again), at_most=4),
    ]


def _seconds(machine: Rig, var: Path) -> float:
    with up(machine, var) as service:
        return service.seconds
