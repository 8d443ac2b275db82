"""PostgreSQL on a data folder, reached through a Unix socket only."""

import os
import re
import shutil
import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from app.embedded.account import Account, hand_over, server_account
from app.embedded.binaries import postgres_binaries
from app.embedded.errors import EmbeddedError
from app.embedded.locks import hold_folder
from app.embedded.process import Process, await_ready, environment, failure, launch, stop
from app.embedded.sockets import socket_folder

INITDB_SECONDS = 60.0
"""How long making a data folder may take; it takes 0.5 s on an ordinary disk."""

START_SECONDS = 60.0
"""How long the server may take to be ready: 0.05 s, or longer when it has to recover from a crash."""

_NAME = "anypeople"
_VALID_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and values are personal data, and errors quote both: the log tells of the server, not of its clients.
    "log_min_messages": "log",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # A vacuum worker in a template database delays those who clone it.
    "autovacuum": "off",
}


class EmbeddedPostgres:
    """PostgreSQL as our child: `with EmbeddedPostgres(folder) as server:` starts it and stops it.

    The data lies in `folder`, made when it is missing; locks and the log lie beside it. The server dies with this
    process, on Linux also when that is killed. Enter in the main thread. `durable=False` trades the safety of the
    data against a crash of the machine for speed, for tests. Entering raises EmbeddedError.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._durable = durable
        self._log = self._folder.with_name(f"{self._folder.name}.log")
        self._binaries = postgres_binaries()
        self._stack = ExitStack()
        self._sockets: Path | None = None
        self._process: Process | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            try:
                self._start(stack)
            except PermissionError as error:
                raise EmbeddedError(
                    f"{error.filename} belongs to another user: run AnyPeople as that user, remove {self._folder}, "
                    "or set DATABASE_URL."
                ) from error
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._process = self._sockets = None

    @property
    def url(self) -> str:
        """The address of the database `anypeople`."""
        return self.database_url(_NAME)

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._process is None:
            raise EmbeddedError("PostgreSQL is not running: use `with EmbeddedPostgres(folder) as server:`.")
        return self._process.pid

    def database_url(self, name: str) -> str:
        """Return the address of the database `name`."""
        if self._sockets is None:
            raise EmbeddedError("PostgreSQL is not running: use `with EmbeddedPostgres(folder) as server:`.")
        return f"postgresql://{_NAME}@/{name}?host={self._sockets}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create the database `name`, a copy of `template` if given, to which nobody may then be connected.

        Raises EmbeddedError when the name is taken or is not a plain lower-case one.
        """
        copied = "" if template is None else f" TEMPLATE {_checked(template)}"
        # Copying files takes two checkpoints: cheap without fsync (25 against 50 ms), dear with it (90 against 65).
        strategy = "WAL_LOG" if self._durable else "FILE_COPY"
        self._run_sql(f"CREATE DATABASE {_checked(name)}{copied} STRATEGY {strategy}")

    def drop_database(self, name: str) -> None:
        """Drop the database `name`, also when somebody is connected to it; one that does not exist is no error."""
        self._run_sql(f"DROP DATABASE IF EXISTS {_checked(name)} WITH (FORCE)")

    def _start(self, stack: ExitStack) -> None:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        lock = stack.enter_context(hold_folder(self._folder, setting="DATABASE_URL"))
        account = server_account(self._folder)
        if not (self._folder / "PG_VERSION").exists():
            self._initialise(lock, account)
        elif account is not None and self._folder.stat().st_uid != account.uid:
            hand_over(self._folder, account)
        _discard_stale_pid(self._folder)
        self._sockets = stack.enter_context(socket_folder(self._folder, account))
        self._process = self._launch(lock, account)
        stack.callback(stop, self._process, signal.SIGINT)
        await_ready(self._process, self._ready, name="PostgreSQL", log=self._log, seconds=START_SECONDS)
        if not self._run_sql(f"SELECT 1 FROM pg_database WHERE datname = '{_NAME}'"):  # noqa: S608 - a constant
            self.create_database(_NAME)

    def _initialise(self, lock: int, account: Account | None) -> None:
        """Make the data folder beside its place and move it there whole, so that it is never half made."""
        if self._folder.exists() and any(self._folder.iterdir()):
            raise EmbeddedError(f"{self._folder} holds something else than a database: move it away.")
        fresh = self._folder.with_name(f"{self._folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if account is not None:
            hand_over(fresh, account)
        options = ["--username", _NAME, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-instructions"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        options += [] if self._durable else ["--no-sync"]
        process = launch(
            [self._binaries.initdb, "--pgdata", fresh, *options],
            log=self._log,
            lock=lock,
            death_signal=signal.SIGKILL,
            account=account,
            needed=[fresh, *self._binaries.needed],
        )
        try:
            if process.wait(INITDB_SECONDS) != 0:
                raise failure("PostgreSQL could not make its data folder", self._log)
        except subprocess.TimeoutExpired:
            raise failure(f"Making PostgreSQL's data folder took over {INITDB_SECONDS:.0f} s", self._log) from None
        finally:
            stop(process, signal.SIGKILL)
        fresh.rename(self._folder)
        if self._durable:
            _sync(self._folder.parent)

    def _launch(self, lock: int, account: Account | None) -> Process:
        settings = {**_SETTINGS, **({} if self._durable else _NOT_DURABLE)}
        settings["unix_socket_directories"] = str(self._sockets)
        return launch(
            [
                self._binaries.postgres,
                *("-D", self._folder),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self._log,
            lock=lock,
            death_signal=signal.SIGINT,  # a fast shutdown
            account=account,
            needed=[self._folder, *self._binaries.needed],
        )

    def _ready(self) -> bool:
        """Read the server's own word, as pg_ctl does: the last line of its pid file."""
        lines = _pid_file(self._folder)
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _run_sql(self, sql: str) -> str:
        """Run one statement through psql: 5 ms, and no event loop is needed, or disturbed when one runs."""
        command = [self._binaries.psql, "-XqAtw", "-h", self._sockets, "-U", _NAME, "-d", "postgres", "-c", sql]
        done = subprocess.run(  # noqa: S603 - every argument is ours
            [str(part) for part in command], env=environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EmbeddedError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout


def _checked(name: str) -> str:
    if not _VALID_NAME.fullmatch(name):
        raise EmbeddedError(f"{name!r} is no plain database name: use lower-case letters, digits and underscores.")
    return f'"{name}"'


def _sync(folder: Path) -> None:
    """Make the names in `folder` safe against a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pid_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _discard_stale_pid(folder: Path) -> None:
    """Remove the pid file of a killed server whose number some other process has by now, which blocks the start.

    The lock says that no server of ours is left; one that a person started by hand in this folder is respected. A
    number that nobody has is left to PostgreSQL, and so is everything on a system without /proc.
    """
    lines = _pid_file(folder)
    if not lines:
        return
    process = Path("/proc", lines[0].strip())
    try:
        in_use = os.path.samefile(process / "cwd", folder)
    except FileNotFoundError:
        return
    except PermissionError:
        in_use = False
    if in_use:
        raise EmbeddedError(f"Process {process.name} is a PostgreSQL in {folder}: stop it, or set DATABASE_URL.")
    (folder / "postmaster.pid").unlink()
