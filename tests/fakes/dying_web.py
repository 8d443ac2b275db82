"""A web process that is killed right after a commit, before its answer, once the file $DIE_AFTER_COMMIT exists.

`python -m tests.fakes.dying_web`
"""

import os
import signal
from pathlib import Path
from typing import Literal

from app.core.config import Settings
from app.core.db import commit_probe
from app.generation.engines.registry import Engines
from app.main import serve
from tests.fakes.engines import SlowEngine

ORDER = Path(os.environ["DIE_AFTER_COMMIT"])


def probe(moment: Literal["before", "after"]) -> None:
    """Die as ordered."""
    if moment == "after" and ORDER.exists():
        os.kill(os.getpid(), signal.SIGKILL)


commit_probe.set(probe)
serve(Settings.load(), Engines([SlowEngine()]))
