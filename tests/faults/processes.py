"""Real processes, to be killed for real."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import httpx

from tests.fakes.people import POLICY_VERSION
from tests.fakes.ports import free_port as free_port
from tests.fakes.server import CREATE, SIGN_UP

ROOT = Path(__file__).parents[2]
Json = dict[str, Any]


class Processes:
    """Starts processes of ours and ends each of them at the end of the test."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self.environment = dict(environment)
        self.logs = logs
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, name: str, **environment: str) -> subprocess.Popen[bytes]:
        """Run `python -m module`; its output goes to a log of that name."""
        with (self.logs / f"{name}.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module],
                env={**self.environment, "PYTHONPATH": str(ROOT), **environment},
                cwd=self.logs,  # no .env of a developer there
                stdout=output,
                stderr=output,
            )
        self._started.append(process)
        return process

    def log(self, name: str) -> str:
        """Return what a process has written."""
        return (self.logs / f"{name}.log").read_text()

    async def until_logged(self, name: str, text: str, seconds: float = 60) -> None:
        """Wait for a line."""
        await until(lambda: text in self.log(name), seconds, f"{text!r} in {name}.log")

    def end(self) -> None:
        """Kill what is left."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float, what: str) -> float:
    """Wait until the condition holds and return the seconds that it took; AssertionError after `seconds`."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        holds = condition()
        if holds if isinstance(holds, bool) else await holds:
            return time.monotonic() - started
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


class Client:
    """One signed-in person at the web process."""

    def __init__(self, port: int) -> None:
        self.http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30, verify=False)
        self.token = ""

    async def ready(self) -> bool:
        """Whether the server is up."""
        with suppress(httpx.TransportError):
            return (await self.http.get("/readyz")).status_code == 200
        return False

    async def execute(self, query: str, variables: Json) -> Json:
        """Return an operation's data."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": query, "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        return cast(Json, answer["data"])

    async def sign_up(self) -> None:
        """Make an account."""
        account = {
            "email": "ada@example.com",
            "password": "correct horse battery",
            "displayName": "Ada",
            "adult": True,
            "policyVersion": POLICY_VERSION,
        }
        self.token = (await self.execute(SIGN_UP, {"input": account}))["signUp"]["token"]

    async def create(self, key: str, prompt: str = "a person", **wish: Any) -> str:
        """Queue a generation and return its id."""
        generation = {"prompt": prompt, "width": 64, "height": 64, **wish}
        data = await self.execute(CREATE, {"input": {"generation": generation, "idempotencyKey": key}})
        assert data["createGeneration"]["errors"] == []
        return str(data["createGeneration"]["generation"]["id"])

    async def status(self, id: str) -> str:
        """Return a generation's status."""
        node = await self.execute("query ($id: ID!) { node(id: $id) { ... on Generation { status } } }", {"id": id})
        return str(node["node"]["status"])
