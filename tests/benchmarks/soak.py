"""`make soak`: sockets that come, subscribe and vanish, for ten minutes; nothing may be left of them.

Real web and worker processes. Some clients say good-bye, some close, some drop the line, some processes of clients are
killed, and some are stopped, so that only the server's pings find out. Exits 1 where something does not return to
where it began: after a first wave of the same crowd, when pools and caches are as full as they get.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import orjson
import psutil
import redis.asyncio as redis

from app.core import feed
from app.integrations.valkey import CHANNEL
from tests.benchmarks.accepted import CREATE
from tests.benchmarks.population import Populace, populate
from tests.benchmarks.rig import DIRECT, OTHER_CORES, Rig, Web, execute, rig
from tests.benchmarks.start import worker_ready

CROWDS = 4
"""Processes that the clients are spread over."""
PROGRESS_A_SECOND = 300
SAMPLE_SECONDS = 5.0
KILL_SECONDS = 45.0
"""Between two mishaps of a crowd: it is killed, or stopped, in turn."""
STOPPED_SECONDS = 50.0
"""Longer than the server waits for a pong: 20 seconds to the ping and 20 to the pong."""
ORDER_SECONDS = 4.0
SETTLE_SECONDS = 60.0
"""How long after the last client things may take to be gone: the pings' 40 seconds, and some."""
MEMORY_TOLERANCE = 1.1
POOLED = frozenset({"Valkey connections", "PostgreSQL connections", "open files", "worker open files"})
POOL_TOLERANCE = 16
"""Connections that a pool may open late, when more requests than ever before are under way: what asks Valkey for
budgets has 16 places. What leaked with each of some ten thousand clients would be far above it."""
OBJECTS_TOLERANCE = 5
"""Python objects for each socket of the crowd: far below one for each connection that was made."""
POOL_SIZE = 4
"""Of PostgreSQL's connections: so few that the first wave opens all of them."""
SIMPLE_WISH = {"prompt": "a smiling woman", "width": 256, "height": 256, "count": 1}

Sample = dict[str, float]
EXACT = (
    "asyncio tasks",
    "hub subscriptions",
    "sockets served",
    "loads shared",
    "open files",
    "Valkey connections",
    "PostgreSQL connections",
    "worker open files",
)


@dataclass(slots=True)
class Soak:
    """One run."""

    machine: Rig
    populace: Populace
    sockets: int
    web: Web
    worker: psutil.Process
    valkey: Any
    connection: Any
    crowds: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    mishaps: dict[str, int] = field(default_factory=lambda: {"killed": 0, "stopped": 0})
    ordered: int = 0
    late: set[str] = field(default_factory=set)

    async def sample(self, *, collect: bool = False) -> Sample:
        """Look at the processes from inside and outside."""
        inside = await asyncio.to_thread(self._diagnostics, collect)
        count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        web = psutil.Process(self.web.process.pid)
        return {
            **inside,
            "Valkey connections": (await self.valkey.info("clients"))["connected_clients"],
            "PostgreSQL connections": await self.connection.fetchval(count),
            "web RSS, MB": web.memory_info().rss / 1e6,
            "worker RSS, MB": self.worker.memory_info().rss / 1e6,
            "worker open files": self.worker.num_fds(),
        }

    def _diagnostics(self, collect: bool) -> Sample:
        address = f"http://127.0.0.1:{self.web.port}/diagnostics{'?collect' if collect else ''}"
        with DIRECT.open(address, timeout=120) as answer:
            sample: Sample = orjson.loads(answer.read())
            return sample

    def start_crowd(self) -> "subprocess.Popen[bytes]":
        """Let a share of the clients come."""
        given = self.machine.folder / f"crowd.{time.monotonic_ns()}.json"
        people = random.sample(range(len(self.populace.tokens)), max(1, len(self.populace.tokens) // CROWDS))
        given.write_bytes(
            orjson.dumps(
                {
                    "port": self.web.port,
                    "sockets": self.sockets // CROWDS,
                    "ids": [self.populace.running[number] for number in people],
                    "tokens": [self.populace.tokens[number] for number in people],
                }
            )
        )
        command = [sys.executable, "-m", "tests.benchmarks.crowd", str(given)]
        return subprocess.Popen(command, env=self.machine.environment, stdout=subprocess.PIPE)

    def leave(self) -> list[str]:
        """Send all crowds home; return what went wrong with them."""
        reports = []
        for crowd in self.crowds:
            crowd.send_signal(signal.SIGCONT)
            crowd.terminate()
        for crowd in self.crowds:
            said, _ = crowd.communicate(timeout=60)
            reports += [line for line in said.decode().splitlines() if line]
        self.crowds.clear()
        return reports

    async def publish(self) -> None:
        """Have progress flow, to one generation after the other."""
        number = 0
        while True:
            signals = []
            for _ in range(PROGRESS_A_SECOND // 10):
                which = number % len(self.populace.people)
                person, key = self.populace.people[which], self.populace.running_keys[which]
                preview = "data:image/webp;base64," + "A" * 4000 if number % 50 == 0 else None
                signals.append(feed.Signal(person, key, None, min(1.0, number * 1e-7), preview).encode())
                number += 1
            async with self.valkey.pipeline(transaction=False) as line:
                for each in signals:
                    line.publish(CHANNEL, each)
                await line.execute()
            await asyncio.sleep(0.1)

    async def order(self) -> None:
        """Have the worker make pictures, too."""
        while True:
            wish = {"generation": SIMPLE_WISH, "idempotencyKey": f"soak {time.monotonic_ns()}"}
            token = self.populace.tokens[self.ordered % len(self.populace.tokens)]
            try:
                await asyncio.to_thread(execute, self.web.port, CREATE, {"input": wish}, token)
                self.ordered += 1
            except OSError as error:  # a busy machine takes its time
                self.late.add(f"{type(error).__name__}: {error}")
            await asyncio.sleep(ORDER_SECONDS)

    async def trouble(self) -> None:
        """Kill a crowd, or stop one until the server has given it up and kill it then; another one takes its place."""
        while True:
            await asyncio.sleep(KILL_SECONDS)
            crowd = self.crowds.pop(0)
            mishap = "stopped" if sum(self.mishaps.values()) % 2 else "killed"
            self.mishaps[mishap] += 1
            try:
                if mishap == "stopped":
                    crowd.send_signal(signal.SIGSTOP)
                    await asyncio.sleep(STOPPED_SECONDS)
            finally:
                crowd.kill()
                crowd.communicate()
            self.crowds.append(self.start_crowd())

    async def churn(self, seconds: float, *, mishaps: bool) -> tuple[list[Sample], list[str]]:
        """Let the crowds come, watch, and send them home; return the samples and what went wrong."""
        self.crowds = [self.start_crowd() for _ in range(CROWDS)]
        tasks = [asyncio.create_task(self.publish()), asyncio.create_task(self.order())]
        tasks += [asyncio.create_task(self.trouble())] if mishaps else []
        samples = []
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                await asyncio.sleep(min(SAMPLE_SECONDS, seconds))
                samples.append(await self.sample())
                for task in tasks:
                    if task.done():
                        task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            reports = await asyncio.to_thread(self.leave)
        return samples, reports

    async def settled(self, begin: Sample | None, seconds: float) -> Sample:
        """Wait until everything is as it was, or for so long, and return what is."""
        deadline = time.monotonic() + seconds
        while True:
            sample = await self.sample(collect=True)
            if time.monotonic() > deadline or (begin is None and sample["sockets served"] == 0):
                return sample
            if begin is not None and not grown(begin, sample, self.sockets):
                return sample
            await asyncio.sleep(1)


def grown(begin: Sample, end: Sample, sockets: int) -> list[str]:
    """Name what has not returned to where it began."""
    allowed = {name: begin[name] + (POOL_TOLERANCE if name in POOLED else 0) for name in EXACT}
    allowed["Python objects"] = begin["Python objects"] + OBJECTS_TOLERANCE * sockets
    for name in ("web RSS, MB", "worker RSS, MB"):
        allowed[name] = begin[name] * MEMORY_TOLERANCE
    return [name for name, most in allowed.items() if end[name] > most]


def printed(first: Sample, begin: Sample, samples: Sequence[Sample], end: Sample, sockets: int) -> str:
    """Return a table."""
    quarter = samples[len(samples) // 4]
    lines: list[tuple[str, ...]] = [("", "idle", "begin", "at a quarter", "peak", "last", "end", "")]
    left = grown(begin, end, sockets)
    for name in begin:
        columns = (first, begin, quarter, {name: max(each[name] for each in samples)}, samples[-1], end)
        verdict = "HAS GROWN" if name in left else "returned"
        lines.append((name, *(f"{column[name]:,.0f}" for column in columns), verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rendered = []
    for line in lines:
        cells = [cell.rjust(width) for cell, width in zip(line, widths, strict=True)]
        rendered.append("  ".join([line[0].ljust(widths[0]), *cells[1:]]))
    return "\n".join(rendered)


async def run(machine: Rig, options: argparse.Namespace) -> int:
    """Soak and print; return the exit status."""
    sockets, seconds = options.sockets, options.seconds
    async with AsyncExitStack() as stack:
        connection = await machine.connect()
        stack.push_async_callback(connection.close)
        populace = await populate(connection, sockets)
        web = stack.enter_context(machine.web("tests.benchmarks.diagnosed"))
        worker = stack.enter_context(machine.process("app.cli", "worker", cores=OTHER_CORES))
        valkey = redis.Redis(unix_socket_path=machine.valkey_socket)
        stack.push_async_callback(valkey.aclose)
        soak = Soak(machine, populace, sockets, web, psutil.Process(worker.pid), valkey, connection)
        await worker_ready(machine)
        first = await soak.sample()
        await soak.churn(options.wave, mishaps=False)
        begin = await soak.settled(None, options.settle)
        print(f"{sockets:,} sockets, {seconds:.0f} s of churn, progress flowing …", flush=True)
        samples, reports = await soak.churn(seconds, mishaps=True)
        end = await soak.settled(begin, options.settle)
        print(printed(first, begin, samples, end, sockets))
        print(f"{soak.mishaps['killed']} crowds killed, {soak.mishaps['stopped']} stopped; {soak.ordered} generations")
        for report in [*reports, *soak.late]:
            print(f"a client's trouble: {report}")
        return 1 if grown(begin, end, sockets) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--wave", type=float, default=120, help="seconds of the first wave")
    parser.add_argument("--settle", type=float, default=SETTLE_SECONDS, help="seconds until nothing may be left")
    options = parser.parse_args(arguments)
    with rig() as machine:
        machine.environment["ANYPEOPLE_DATABASE_POOL_SIZE"] = str(POOL_SIZE)
        os.environ.update(machine.environment)
        return asyncio.run(run(machine, options))


if __name__ == "__main__":
    sys.exit(main())
