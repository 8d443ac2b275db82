"""A worker that is killed, as by a crash, after $DIE_AT commits of privacy requests, once the file $DIE is there.

`python -m tests.fakes.dying_worker`; it has the test engines.
"""

import asyncio
import os
import signal
from pathlib import Path
from typing import Literal

from structlog.contextvars import get_contextvars

from app.core.config import Settings
from app.core.db import commit_probe
from app.generation.engines.registry import Engines
from app.privacy.requests import RUN_REQUEST
from tests.fakes.engines import FaultyEngine, SlowEngine
from workers.carriers import QUEUES
from workers.settings import work


class Death:
    """Counts, and kills this process when its time has come."""

    def __init__(self, at: int, order: Path) -> None:
        self.left = at
        self.order = order

    def __call__(self, moment: Literal["before", "after"]) -> None:
        """Be asked around each commit."""
        if moment == "after" and get_contextvars().get("kind") == RUN_REQUEST.name and self.order.exists():
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


commit_probe.set(Death(int(os.environ["DIE_AT"]), Path(os.environ["DIE"])))
asyncio.run(work(Settings.load(), QUEUES, Engines([SlowEngine(), FaultyEngine()])))
