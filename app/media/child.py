"""The child side of `app.media.pool`: how a worker process starts, and what it does when its parent dies."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Thread
from types import ModuleType

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends this process when its parent dies."""
OOM_SCORE = "500"
"""proc(5): when memory runs out, Linux shall rather take a worker, which is replaced, than the server."""


class Child(SpawnProcess):
    """A fresh interpreter that does not import the parent's main module.

    `spawn` runs the main module again in every child so that its functions can be unpickled. Ours is the command line
    or a server: the whole application, for which a child that only sees pixels has neither use nor 100 MB.
    """

    def start(self) -> None:
        """Start the process."""
        with _main_hidden():
            super().start()


class Context(SpawnContext):
    """A `spawn` context that remembers its processes, so that a stuck one can be killed."""

    def __init__(self) -> None:
        super().__init__()
        self.children: list[SpawnProcess] = []

    def Process(self, *args: object, **kwargs: object) -> SpawnProcess:  # type: ignore[override]
        """Make a process; `concurrent.futures` calls this with the arguments of `multiprocessing.Process`."""
        child = Child(*args, **kwargs)  # type: ignore[arg-type]
        self.children.append(child)
        return child


@contextmanager
def _main_hidden() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def start_child(parent_pid: int) -> None:
    """Prepare this worker process: it leaves Ctrl-C to its parent and never outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # On every system: the pipe to the parent closes when the parent is gone, however it went. A thread, because the
    # main thread may be busy or wait on a queue whose other end it holds itself.
    Thread(target=_exit_with_parent, name="exit-with-parent", daemon=True).start()
    if sys.platform == "linux":
        # At once, even if this interpreter hangs in foreign code that holds the GIL.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    if os.getppid() != parent_pid:  # It died before prctl was called.
        os._exit(1)


def _exit_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
