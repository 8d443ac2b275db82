"""What operators have in front: something that ends TLS, with a certificate that nobody vouches for."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class TlsFront:
    """Passes what comes in at `address` on to `port` of this machine."""

    def __init__(self) -> None:
        self.address = ""
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection both ways, to its end."""
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
            await asyncio.gather(_carry(reader, back), _carry(there, writer))
        finally:
            writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while content := await reader.read(65_536):
            writer.write(content)
            await writer.drain()
    with suppress(OSError, ssl.SSLError, RuntimeError):
        writer.close()


@asynccontextmanager
async def tls_front(folder: Path) -> AsyncGenerator[TlsFront, None]:
    """Listen at `https://localhost` on a port of its own; say where it leads before the first connection."""
    front = TlsFront()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server = await asyncio.start_server(front.serve, "127.0.0.1", 0, ssl=context)
    front.address = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    try:
        yield front
    finally:
        server.close()


def _certificate(folder: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "localhost.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path
