"""Valkey without persistence, reached through a Unix socket only."""

import signal
import socket
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from app.embedded.binaries import valkey_server
from app.embedded.errors import EmbeddedError
from app.embedded.locks import hold_folder
from app.embedded.process import Process, await_ready, launch, stop
from app.embedded.sockets import socket_folder

START_SECONDS = 10.0
"""How long the server may take to answer; it takes 0.05 s."""

_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
    # Commands carry personal data: none are kept to be read later.
    "slowlog-log-slower-than": "-1",
    "hide-user-data-from-log": "yes",
}


class EmbeddedValkey:
    """Valkey as our child: `with EmbeddedValkey(folder) as server:` starts it and stops it.

    It keeps nothing on disk; `folder` is its working folder, made when it is missing, with locks and the log beside
    it. The server dies with this process, on Linux also when that is killed. Enter in the main thread. Entering
    raises EmbeddedError.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._log = self._folder.with_name(f"{self._folder.name}.log")
        self._binary = valkey_server()
        self._stack = ExitStack()
        self._lock = -1
        self._sockets: Path | None = None
        self._process: Process | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._lock = stack.enter_context(hold_folder(self._folder, setting="VALKEY_URL"))
                self._sockets = stack.enter_context(socket_folder(self._folder, None))
            except PermissionError as error:
                raise EmbeddedError(
                    f"{error.filename} belongs to another user: run AnyPeople as that user, remove {self._folder}, "
                    "or set VALKEY_URL."
                ) from error
            stack.callback(self.kill)
            self._start()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._process = self._sockets = None

    @property
    def url(self) -> str:
        """The address, in the form that redis-py and ARQ take: `unix:///….sock`. A restart keeps it."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._process is None:
            raise EmbeddedError("Valkey is not running: use `with EmbeddedValkey(folder) as server:`.")
        return self._process.pid

    def kill(self) -> None:
        """Kill the server at once, as a crash would; nothing that it held is left."""
        if self._process is not None:
            # Also how it is stopped: it has nothing to save, and would take 0.1 s to say good-bye.
            stop(self._process, signal.SIGKILL)

    def restart(self) -> None:
        """Kill the server if it runs, and start it again, empty, on the same address."""
        self.kill()
        self._start()

    @property
    def _socket(self) -> Path:
        if self._sockets is None:
            raise EmbeddedError("Valkey is not running: use `with EmbeddedValkey(folder) as server:`.")
        return self._sockets / "valkey.sock"

    def _start(self) -> None:
        settings = {**_SETTINGS, "unixsocket": str(self._socket), "dir": str(self._folder)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = launch([self._binary, *options], log=self._log, lock=self._lock, death_signal=signal.SIGKILL)
        await_ready(self._process, self._answers, name="Valkey", log=self._log, seconds=START_SECONDS)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
