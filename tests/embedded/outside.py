"""Looking at the servers from outside: through the clients that the product uses, and from processes of their own."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

# asyncpg carries no types, so it is imported as the untyped thing it is.
_asyncpg = import_module("asyncpg")

_CHECKOUT = Path(__file__).parents[2]


def query(url: str, *statements: str) -> Any:
    """Run the statements on one connection; return the first value of the last."""

    async def run() -> Any:
        connection = await _asyncpg.connect(url)
        try:
            values = [await connection.fetchval(statement) for statement in statements]
        finally:
            await connection.close()
        return values[-1]

    return asyncio.run(run())


def start_python(
    code: str, *arguments: str | Path, packages: Sequence[Path] = (), cwd: Path | None = None
) -> subprocess.Popen[str]:
    """Start a Python process that imports from `packages` before all others."""
    path = os.pathsep.join(str(folder) for folder in (*packages, _CHECKOUT, *sys.path) if str(folder))
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
    )


def eventually(happened: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait for something to be so, for `seconds` at most."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def runs(pid: int) -> bool:
    """Say whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
