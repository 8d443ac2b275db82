"""What web and worker hold when they have worked and have nothing to do."""

import asyncio
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from tests.benchmarks import start
from tests.benchmarks.accepted import CREATE
from tests.benchmarks.gallery import QUERY
from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, WrongAnswer, spread
from tests.benchmarks.rig import Rig, execute
from tests.benchmarks.service import Service, up
from tests.benchmarks.sizes import Size

STATUS = "query ($id: ID!) { node(id: $id) { ... on Generation { status } } }"
WARM_UP_PAGES = 20
IDLE_SECONDS = 2.0


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return the memory of both processes in MB, their children apart."""
    return await asyncio.to_thread(_measure, machine)


def _measure(machine: Rig) -> list[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=machine.folder)))
        folder.chmod(0o711)
        service = stack.enter_context(up(machine, folder / "var"))
        _warm(service)
        time.sleep(IDLE_SECONDS)
        return [_row("web", service.child("serve")), _row("worker", service.child("worker"))]


def _row(name: str, process: psutil.Process) -> Row:
    children = [f"{_pss(child):.0f}" for child in process.children(recursive=True)]
    remarks = [f"RSS {process.memory_info().rss / 1e6:.0f}"]
    remarks += [f"its {len(children)} children apart: {' + '.join(children)}"] if children else []
    return Row(f"idle memory of the {name} process, PSS in MB", spread([_pss(process)]), at_most=120, remarks=remarks)


def _warm(service: Service) -> None:
    """Make a picture and read pages, so that everything is loaded that is loaded when it is needed."""
    token = service.sign_up()
    wish = {"generation": {**start.WISH, "width": 1024, "height": 1024}, "idempotencyKey": "memory"}
    id = execute(service.port, CREATE, {"input": wish}, token)["createGeneration"]["generation"]["id"]
    deadline = time.monotonic() + start.END_SECONDS
    while execute(service.port, STATUS, {"id": id}, token)["node"]["status"] != "SUCCEEDED":
        if time.monotonic() > deadline:
            raise WrongAnswer("a picture was not made")
        time.sleep(0.1)
    for _ in range(WARM_UP_PAGES):
        execute(service.port, QUERY, {"first": 20}, token)


def _pss(process: psutil.Process) -> float:
    """Return what a process has alone, and its part of what it shares, in MB (Linux; elsewhere its RSS)."""
    full = process.memory_full_info()
    return float(getattr(full, "pss", full.rss)) / 1e6
