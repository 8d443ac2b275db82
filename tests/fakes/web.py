"""A web process with the test engines: `python -m tests.fakes.web`."""

from app.core.config import Settings
from app.generation.engines.registry import Engines
from app.main import serve
from tests.fakes.engines import FaultyEngine, SlowEngine

serve(Settings.load(), Engines([SlowEngine(), FaultyEngine()]))
