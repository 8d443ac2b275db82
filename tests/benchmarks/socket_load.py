"""Many subscribers and the publisher of what they wait for, in one process: so it knows when each event was sent.

Specification on standard input, measurements on standard output, both JSON. Sockets are spoken here by hand (RFC 6455):
a library would take longer over an event than the server that is measured.
"""

import asyncio
import base64
import secrets
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, cast

import orjson
import psutil
import uvloop

from tests.benchmarks.http_load import cpu

QUERY = """subscription Follow($id: ID!) { generationProgress(id: $id) {
  cursor sequence at type progress preview generation { id status images { id url } } } }"""
PROGRESS = b'"progress":'
STEP = 1e-7
"""What progress grows by with each event: it never falls, and says which event it was."""
CHECKED = 97
"""One event of so many is looked at closely."""
AT_ONCE = 50
"""Connections that are being made at a time."""
STALL_SECONDS = 30.0
TICK = 0.005


class Wrong(Exception):
    """The server sent something else than it should."""


class Subscriber(asyncio.Protocol):
    """One socket with one subscription."""

    def __init__(self, number: int, id: str, token: str, port: int, got: Callable[[int, int], None]) -> None:
        self.number, self.id, self.token, self.port, self.got = number, id, token, port, got
        self.received = bytearray()
        self.upgraded = False
        self.following = asyncio.get_running_loop().create_future()
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self.transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self.transport.write(
            (
                f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
            ).encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody should hang up on us."""
        self.lost = True
        if not self.following.done():
            self.following.set_exception(Wrong(f"the server closed socket {self.number}: {bytes(self.received)!r}"))

    def data_received(self, data: bytes) -> None:
        """Take whole frames off what came."""
        self.received += data
        if not self.upgraded:
            end = self.received.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.received.startswith(b"HTTP/1.1 101 "):
                self.following.set_exception(Wrong(bytes(self.received).decode(errors="replace")))
                return
            del self.received[: end + 4]
            self.upgraded = True
            self.send({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}})
        while (frame := take_frame(self.received)) is not None:
            self._take(*frame)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            self.transport.write(frame(payload, opcode=10))
        elif opcode == 1 and self.following.done():
            start = payload.find(PROGRESS) + len(PROGRESS)
            event = round(float(payload[start : payload.index(b",", start)]) / STEP)
            if event % CHECKED == 0:
                check(payload, event)
            self.got(self.number, event)
        elif opcode == 1:
            self._begin(orjson.loads(payload))
        else:
            self.following.set_exception(Wrong(f"opcode {opcode}: {payload!r}"))

    def _begin(self, message: dict[str, Any]) -> None:
        if message["type"] == "connection_ack":
            payload = {"query": QUERY, "variables": {"id": self.id}}
            self.send({"id": "1", "type": "subscribe", "payload": payload})
        elif message["type"] == "next" and message["payload"]["data"]["generationProgress"]["type"] == "SNAPSHOT":
            self.following.set_result(None)
        else:
            self.following.set_exception(Wrong(str(message)))

    def send(self, message: dict[str, Any]) -> None:
        """Send a message of graphql-transport-ws."""
        self.transport.write(frame(orjson.dumps(message)))


def check(payload: bytes, number: int) -> None:
    """Raises Wrong where this is not the event with that number."""
    event = orjson.loads(payload)["payload"]["data"]["generationProgress"]
    right = {"type": "PROGRESS", "sequence": 2, "preview": None, "generation": None, "progress": number * STEP}
    if {name: event[name] for name in right} != right:
        raise Wrong(payload.decode())


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """Return a client's frame; its mask is zero, which leaves the payload as it is."""
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack(">H", len(payload))
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload


def take_frame(buffer: bytearray) -> tuple[int, bytes] | None:
    """Take a server's frame off the buffer; None where it is not whole yet. Raises Wrong for what we never expect."""
    if len(buffer) < 2:
        return None
    length, start = buffer[1], 2
    if length == 126:
        if len(buffer) < 4:
            return None
        length, start = (buffer[2] << 8) + buffer[3], 4
    elif length > 126:
        raise Wrong("a frame of more than 64 KiB, or a masked one")
    if len(buffer) < start + length:
        return None
    opcode, payload = buffer[0] & 0x0F, bytes(buffer[start : start + length])
    del buffer[: start + length]
    return opcode, payload


class Publisher:
    """Publishes progress on Valkey, as a worker does; what is asked for in one turn of the loop goes out together."""

    def __init__(self, writer: asyncio.StreamWriter, channel: str, people: list[str], keys: list[str]) -> None:
        self.writer, self.channel = writer, channel.encode()
        self.people, self.keys = people, keys
        self.number = 0
        self.waiting: list[bytes] = []
        self.sent: dict[int, float] = {}

    def publish(self, follower: int) -> None:
        """Send the next event to one subscriber."""
        self.number += 1
        signal = [self.people[follower], self.keys[follower], None, self.number * STEP, None, False]
        body = orjson.dumps(signal)
        if not self.waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self.sent[self.number] = time.perf_counter()
        self.waiting.append(
            b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(self.channel), self.channel, len(body), body)
        )

    def _flush(self) -> None:
        self.writer.write(b"".join(self.waiting))
        self.waiting.clear()


class Load:
    """The subscribers, and what is measured with them."""

    def __init__(self, given: dict[str, Any], publisher: Publisher) -> None:
        self.given, self.publisher = given, publisher
        self.server, self.own = psutil.Process(given["pid"]), psutil.Process()
        self.subscribers: list[Subscriber] = []
        self.received = 0
        self.latencies: list[float] = []
        self.answering = False
        self.settle: float = min(0.5, given["seconds"])

    async def connect(self, numbers: range) -> None:
        """Open sockets and wait until all of them follow. Raises Wrong."""
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            made = await asyncio.gather(
                *(self._open(number) for number in range(start, min(start + AT_ONCE, numbers.stop)))
            )
            async with asyncio.timeout(STALL_SECONDS):
                await asyncio.gather(*(each.following for each in made))
            self.subscribers += made

    async def _open(self, number: int) -> Subscriber:
        given = self.given
        _, made = await asyncio.get_running_loop().create_connection(
            lambda: Subscriber(number, given["ids"][number], given["tokens"][number], given["port"], self._got),
            "127.0.0.1",
            given["port"],
        )
        return made

    async def hang_up(self) -> None:
        """Close all sockets."""
        for subscriber in self.subscribers:
            subscriber.transport.close()
        self.subscribers.clear()
        await asyncio.sleep(self.settle)

    def _got(self, number: int, event: int) -> None:
        self.received += 1
        self.latencies.append(time.perf_counter() - self.publisher.sent.pop(event))
        if self.answering:
            self.publisher.publish(number)

    async def memory(self) -> float:
        """Return how many KB each subscriber costs the server; a few come and go before, to warm it up."""
        self.subscribers, count = [], len(self.given["ids"])
        await self.connect(range(min(count, AT_ONCE)))
        await self.hang_up()
        before = self.server.memory_info().rss
        await self.connect(range(count))
        await asyncio.sleep(self.settle)
        return float(self.server.memory_info().rss - before) / count / 1000

    async def saturate(self) -> dict[str, float]:
        """Give each subscriber its next event as soon as it has the last one: nothing waits, nothing is merged."""
        self.answering = True
        for number in range(len(self.subscribers)):
            self.publisher.publish(number)
        await asyncio.sleep(self.given["seconds"] / 4)
        before, received, busy, own = time.perf_counter(), self.received, cpu(self.server), cpu(self.own)
        await asyncio.sleep(self.given["seconds"])
        elapsed = time.perf_counter() - before
        measured = {
            "per_second": (self.received - received) / elapsed,
            "server_busy": (cpu(self.server) - busy) / elapsed,
            "load_busy": (cpu(self.own) - own) / elapsed,
        }
        self.answering = False
        await self._drain()
        return measured

    async def pace(self) -> dict[str, float]:
        """Send at an even pace, whatever the server does; return latencies in milliseconds."""
        loop, pace, count = asyncio.get_running_loop(), self.given["pace"], len(self.subscribers)
        self.latencies, published, begun = [], 0, loop.time()
        while (elapsed := loop.time() - begun) < self.given["seconds"]:
            while published < elapsed * pace:
                self.publisher.publish(published % count)
                published += 1
            await asyncio.sleep(TICK)
        await self._drain()
        ordered = sorted(self.latencies)
        return {
            "p50": ordered[len(ordered) // 2] * 1000,
            "p99": ordered[int(len(ordered) * 0.99)] * 1000,
            "missing": 1 - len(ordered) / published,
        }

    async def _drain(self) -> None:
        """Wait until nothing comes any more. What was merged into a later event is forgotten."""
        received = -1
        while received != self.received:
            received = self.received
            await asyncio.sleep(self.settle)
        self.publisher.sent.clear()
        if any(subscriber.lost for subscriber in self.subscribers):
            raise Wrong("the server closed sockets")


async def run(given: dict[str, Any]) -> dict[str, Any]:
    """Measure memory, saturation and latency, in this order."""
    asyncio.get_running_loop().set_exception_handler(_fail)
    reader, writer = await asyncio.open_unix_connection(given["valkey"])
    counting = asyncio.create_task(_discard(reader))
    load = Load(given, Publisher(writer, given["channel"], given["people"], given["keys"]))
    try:
        kilobytes = await load.memory()
        measured = {"kilobytes": kilobytes, **await load.saturate(), **await load.pace()}
        await load.hang_up()
        return measured
    finally:
        counting.cancel()
        writer.close()


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


def _fail(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """End at the first thing that goes wrong in a callback: a wrong event, above all."""
    loop.default_exception_handler(context)
    sys.exit(1)


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(run(orjson.loads(sys.stdin.buffer.read())))))
