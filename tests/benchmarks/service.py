"""`anypeople up`, as a person runs it: on all cores, with servers of its own on a durable disk."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.report import WrongAnswer
from tests.benchmarks.rig import CORES, NotStarted, Rig, execute
from tests.fakes.people import POLICY_VERSION
from tests.fakes.ports import free_port
from tests.fakes.server import SIGN_UP

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """A service that has answered its first request."""

    port: int
    process: psutil.Process
    seconds: float
    """From its start to the answer."""

    def child(self, command: str) -> psutil.Process:
        """Return the process that runs `anypeople <command>`."""
        for process in self.process.children():
            if process.cmdline()[-1:] == [command]:
                return process
        raise NotStarted(f"`anypeople up` runs no {command}")

    def sign_up(self) -> str:
        """Make an account and return its token."""
        account = {
            "email": "ada@example.com",
            "password": "four words make sense",
            "displayName": "Ada",
            "adult": True,
            "policyVersion": POLICY_VERSION,
        }
        token = execute(self.port, SIGN_UP, {"input": account})["signUp"]["token"]
        if not token:
            raise WrongAnswer("signing up gave no token")
        return str(token)


@contextmanager
def up(machine: Rig, var: Path) -> Generator[Service, None, None]:
    """Run `anypeople up` on a folder for as long as the block. Raises NotStarted."""
    port = free_port()
    own = {"ANYPEOPLE_VAR": str(var), "ANYPEOPLE_PORT": str(port), "ANYPEOPLE_PUBLIC_URL": ""}
    without = {name: value for name, value in machine.environment.items() if name not in {"DATABASE_URL", "VALKEY_URL"}}
    embedded = Rig(machine.folder, without, "", "")
    begun = time.perf_counter()
    with embedded.process("app.cli", "up", cores=set(CORES), environment=own) as process:
        while not _asked(port):
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                raise NotStarted("`anypeople up` did not come up")
            time.sleep(0.005)
        yield Service(port, psutil.Process(process.pid), time.perf_counter() - begun)


def _asked(port: int) -> bool:
    try:
        return bool(execute(port, "{ engines { name } }")["engines"])
    except OSError:
        return False
