"""Sends prepared requests over connections that stay open, one at a time on each. Its own process; measures itself too.

Specification on standard input, measurements on standard output, both JSON.
"""

import asyncio
import itertools
import sys
import time
from typing import Any, cast

import orjson
import psutil
import uvloop

KEY = b"{unique-key-of-this-request}"
"""In a body: replaced by a number of the same length, new for each request."""
STALL_SECONDS = 20.0


class Load:
    """What all connections share."""

    def __init__(self, requests: list[bytes], wanted: bytes, unwanted: bytes) -> None:
        self.requests = itertools.cycle(requests)
        self.numbers = itertools.count(time.time_ns())
        self.wanted, self.unwanted = wanted, unwanted
        self.answered = 0
        self.wrong: bytes | None = None
        self.ending = False

    def next_request(self) -> bytes:
        """Return the bytes of the next request."""
        request = next(self.requests)
        return request.replace(KEY, b"%0*d" % (len(KEY), next(self.numbers))) if KEY in request else request

    def check(self, head: bytes, body: bytes) -> None:
        """Count an answer; the first wrong one is kept."""
        self.answered += 1
        right = head.startswith(b"HTTP/1.1 200 ") and self.wanted in body and self.unwanted not in body
        if not right and self.wrong is None:
            self.wrong = head + b" " + body


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.received = bytearray()
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self.load.next_request())

    def data_received(self, data: bytes) -> None:
        """Read an answer that says its length."""
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.received[:end]).lower()
        start = head.index(b"content-length:") + 15
        length = int(head[start:].split(b"\r\n", 1)[0])
        if len(self.received) < end + 4 + length:
            return
        self.load.check(bytes(self.received[:end]), bytes(self.received[end + 4 :]))
        self.received.clear()
        if self.load.ending:
            self.transport.close()
        else:
            self.transport.write(self.load.next_request())

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the wait for this connection."""
        if not self.done.done():
            self.done.set_result(self.load.ending)


async def run(specification: dict[str, Any]) -> dict[str, Any]:
    """Send for `warmup` seconds uncounted, then for `seconds`."""
    load = Load(
        [request.encode() for request in specification["requests"]],
        specification["wanted"].encode(),
        specification["unwanted"].encode(),
    )
    loop = asyncio.get_running_loop()
    server, self_ = psutil.Process(specification["pid"]), psutil.Process()
    connections = [
        (await loop.create_connection(lambda: Connection(load), "127.0.0.1", specification["port"]))[1]
        for _ in range(specification["connections"])
    ]
    await asyncio.sleep(specification["warmup"])
    before, busy, own, answered = time.perf_counter(), cpu(server), cpu(self_), load.answered
    await asyncio.sleep(specification["seconds"])
    elapsed = time.perf_counter() - before
    measured = {
        "per_second": (load.answered - answered) / elapsed,
        "server_busy": (cpu(server) - busy) / elapsed,
        "load_busy": (cpu(self_) - own) / elapsed,
    }
    load.ending = True
    async with asyncio.timeout(STALL_SECONDS):
        whole = await asyncio.gather(*(connection.done for connection in connections))
    wrong = load.wrong if load.wrong is not None or all(whole) else b"a connection was closed in the middle"
    return {**measured, "wrong": wrong[:2000].decode(errors="replace") if wrong is not None else None}


def cpu(process: psutil.Process) -> float:
    """Return the seconds of CPU that a process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def request(body: bytes, token: str, path: str = "/graphql") -> str:
    """Return a POST of JSON, as it goes over the line."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head + body.decode()


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(run(orjson.loads(sys.stdin.buffer.read())))))
