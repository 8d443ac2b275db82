"""Starting, awaiting and ending a server that dies with us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from app.embedded import launch as launcher
from app.embedded.account import Account
from app.embedded.errors import EmbeddedError
from app.embedded.locks import record_server

STOP_SECONDS = 10.0
"""How long a server may take to shut down before it is killed."""

_POLL_SECONDS = 0.005
_LOG_KEPT_BYTES = 4 * 1024 * 1024
_LOG_LINES_SHOWN = 4

Process = subprocess.Popen[bytes]


def environment() -> dict[str, str]:
    """Return what the servers and their clients see of our environment: nothing that would configure them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def launch(
    command: Sequence[str | Path],
    *,
    log: Path,
    lock: int,
    death_signal: signal.Signals,
    account: Account | None = None,
    needed: Sequence[Path] = (),
) -> Process:
    """Start `command` as `account`, writing to `log`, holding `lock`, and told `death_signal` when we die.

    `needed` are the paths that the account must be able to read. The returned process has the server's own pid.
    """
    if threading.current_thread() is not threading.main_thread():
        # Linux sends the death signal when the *thread* that started the child ends.
        raise EmbeddedError("Embedded servers live as long as the thread that starts them: start them in the main one.")
    as_account = "-" if account is None else f"{account.uid}:{account.gid}"
    prefix = [sys.executable, "-I", "-S", launcher.__file__, os.getpid(), int(death_signal), as_account, *needed, "--"]
    with _open_log(log) as output:
        process = subprocess.Popen(  # noqa: S603 - every argument is ours
            [str(part) for part in (*prefix, *command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=environment(),
            pass_fds=[lock],
            # Ctrl-C in the terminal must reach us only: we stop the servers after those who use them.
            start_new_session=True,
        )
    record_server(lock, process.pid)
    return process


def await_ready(process: Process, ready: Callable[[], bool], *, name: str, log: Path, seconds: float) -> None:
    """Wait until `ready()`; raise EmbeddedError when the process ends first or `seconds` pass."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise failure(f"{name} did not start", log)
        if time.monotonic() > deadline:
            raise failure(f"{name} was not ready after {seconds:.0f} s", log)
        time.sleep(_POLL_SECONDS)


def stop(process: Process, stop_signal: signal.Signals) -> None:
    """End the process: ask with `stop_signal`, and kill it after `STOP_SECONDS`. One that has ended is left alone."""
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def failure(what: str, log: Path) -> EmbeddedError:
    """Return the error that says what happened and quotes the end of the log."""
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES_SHOWN:] if log.exists() else []
    return EmbeddedError("\n  ".join([f"{what}; the log is {log} and ends:", *lines]))


def _open_log(log: Path) -> BinaryIO:
    """Open the log for the server, private to us, and begin it anew when it has grown too long."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if os.fstat(descriptor).st_size > _LOG_KEPT_BYTES:
        os.ftruncate(descriptor, 0)
    return os.fdopen(descriptor, "ab")
