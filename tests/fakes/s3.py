"""An S3 server of others (moto), as a child process."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from uuid import uuid4

import httpx

from app.core.object_location import Bucket
from app.embedded import launch
from app.integrations.s3_store import S3Keys, S3ObjectStore

KEYS = S3Keys("AKIDTESTKEYID", "the secret of the tests")
START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class S3Server:
    """A server that runs."""

    endpoint: str

    def new_bucket(self, prefix: str = "") -> Bucket:
        """Make an empty bucket."""
        name = f"test-{uuid4().hex}"
        httpx.put(f"{self.endpoint}/{name}", trust_env=False).raise_for_status()
        return Bucket(name, prefix, "us-east-1", self.endpoint)

    def put(self, bucket: Bucket, key: str) -> None:
        """Put an object into a bucket behind the store's back."""
        httpx.put(f"{self.endpoint}/{bucket.name}/{key}", content=b"x", trust_env=False).raise_for_status()

    def keys(self, bucket: Bucket) -> list[str]:
        """Return the keys in a bucket as the server sees them."""
        listing = httpx.get(f"{self.endpoint}/{bucket.name}?list-type=2", trust_env=False).raise_for_status().text
        return [part.split("</Key>")[0] for part in listing.split("<Key>")[1:]]


def url_of(bucket: Bucket) -> str:
    """Return the setting that names a bucket."""
    return f"s3://{bucket.name}/{bucket.prefix}?endpoint={bucket.endpoint}&region={bucket.region}"


def store_in(bucket: Bucket) -> S3ObjectStore:
    """Return a store in a bucket."""
    return S3ObjectStore(bucket, KEYS)


@contextmanager
def running_s3(log: Path) -> Generator[S3Server, None, None]:
    """Run a server for as long as the block runs; on Linux it dies with this process, whatever kills it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    death = [sys.executable, "-I", "-S", launch.__file__, str(getpid()), str(int(signal.SIGKILL)), "-", "--"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*death, sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=output,
            stderr=output,
        )
    try:
        _await(server, f"http://127.0.0.1:{port}", log)
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        server.kill()
        server.wait()


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            httpx.get(f"{address}/moto-api/", trust_env=False, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"no S3 server after {START_SECONDS} s: {log.read_text()}")
