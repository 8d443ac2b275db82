"""A worker process with the test engines: `python -m tests.fakes.worker`. SLOW_PAUSE is seconds a step."""

import asyncio
import os

from app.core.config import Settings
from app.generation.engines.registry import Engines
from tests.fakes.engines import FaultyEngine, SlowEngine
from workers.carriers import QUEUES
from workers.settings import work

slow = SlowEngine(pause=float(os.environ.get("SLOW_PAUSE", "0.05")))
asyncio.run(work(Settings.load(), QUEUES, Engines([slow, FaultyEngine()])))
