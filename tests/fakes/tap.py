"""A tap on the wire: counts what comes in at a port, and passes it on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 64 * 1024


@dataclass
class Tap:
    """What was seen. `address` is what clients are given."""

    address: str = ""
    connections: int = 0
    bytes: int = 0

    @property
    def seen(self) -> tuple[int, int]:
        """Connections, and bytes that clients sent."""
        return self.connections, self.bytes


@asynccontextmanager
async def tapped(target: str) -> AsyncGenerator[Tap, None]:
    """Stand in front of a server, on a port of this machine's, until the block ends."""
    tap, (host, port) = Tap(), (urlsplit(target).hostname, urlsplit(target).port)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(CHUNK):
                tap.bytes += len(chunk) if counted else 0
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tap.connections += 1
        inner_reader, inner_writer = await asyncio.open_connection(host, port)
        await asyncio.gather(carry(reader, inner_writer, counted=True), carry(inner_reader, writer, counted=False))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    tap.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield tap
    finally:
        server.close()
