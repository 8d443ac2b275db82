"""One supervisor and one server per data folder, decided by the kernel rather than by pid files.

Two locks lie beside the folder. `<name>.lock` is the supervisor's alone: while it is held, somebody runs here. The
descriptor of `<name>.server.lock` is inherited by the server and all its children, so that the lock outlives a killed
supervisor until the last of them is gone: whoever holds both locks knows that every pid file and socket is stale.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.errors import EmbeddedError

DYING_SECONDS = 10.0
"""How long a server whose supervisor was killed may take to shut down."""

_EXIT_SECONDS = 0.5
"""How long the kernel may take to close the files of a killed supervisor."""


@contextmanager
def hold_folder(folder: Path, *, setting: str) -> Iterator[int]:
    """Hold `folder`, and yield the descriptor that its server must inherit.

    Raises EmbeddedError when another supervisor runs in the folder (within 0.5 s), or when the server of a killed one
    does not end (after `DYING_SECONDS`). `setting` is the variable with which a person can name another server.
    """
    advice = f"stop it, or set {setting} to use another server"
    with _opened(folder.with_name(f"{folder.name}.lock")) as supervisor:
        if not _await_lock(supervisor, _EXIT_SECONDS):
            raise EmbeddedError(f"Another AnyPeople is running in {folder.parent}: {advice}.")
        with _opened(folder.with_name(f"{folder.name}.server.lock")) as server:
            if sys.platform != "linux" and not _try_lock(server):
                _end_orphan(server)
            if not _await_lock(server, DYING_SECONDS):
                raise EmbeddedError(f"A server left over from an earlier run still uses {folder}: {advice}.")
            yield server


def record_server(lock: int, pid: int) -> None:
    """Note which process inherited `lock`."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(pid).encode(), 0)


def _end_orphan(lock: int) -> None:
    """Do what only Linux does by itself: tell the server that its supervisor died.

    The lock is held, so the recorded process is still the one that we started.
    """
    if pid := os.pread(lock, 32, 0):
        os.kill(int(pid), signal.SIGINT)


def _await_lock(lock: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _try_lock(lock):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        # Closed, never unlocked: an unlock would also take the lock from a server that inherited it.
        os.close(descriptor)
