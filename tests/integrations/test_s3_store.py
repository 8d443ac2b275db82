"""What only the object store in a bucket has: a server that fails, keys that nobody may see, a prefix to keep to."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.object_location import Bucket
from app.core.ports import ObjectStore
from app.integrations.s3_store import S3Keys, S3ObjectStore, StoreFailed
from tests.fakes.s3 import KEYS, S3Server, store_in

REFUSAL = f"""<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code>
<AWSAccessKeyId>{KEYS.access_key_id}</AWSAccessKeyId><StringToSign>AWS4-HMAC</StringToSign></Error>"""
Operation = Callable[[ObjectStore], Awaitable[object]]
OPERATIONS: dict[str, Operation] = {
    "put": lambda store: store.put("a/b", b"x"),
    "head": lambda store: store.head("a/b"),
    "read": lambda store: anext(store.read("a/b")),
    "delete": lambda store: store.delete("a/b"),
    "list": lambda store: anext(aiter(store.list(""))),
}


def answer(status: str, body: str = "", length: int | None = None) -> bytes:
    headers = f'content-length: {len(body) if length is None else length}\r\nconnection: close\r\netag: "1"'
    modified = "last-modified: Sun, 22 Nov 2026 20:00:00 GMT"
    return f"HTTP/1.1 {status}\r\n{headers}\r\n{modified}\r\n\r\n{body}".encode()


def page(key: str, *, more: bool) -> str:
    following = "<IsTruncated>true</IsTruncated><NextContinuationToken>next</NextContinuationToken>"
    modified = "<LastModified>2026-11-22T20:00:00.000Z</LastModified>"
    entry = f'<Contents><Key>{key}</Key>{modified}<ETag>"1"</ETag><Size>1</Size></Contents>'
    return f"<ListBucketResult>{following if more else ''}{entry}</ListBucketResult>"


class Scripted:
    """A server that gives each request the next answer, the last one again and again; None: it says nothing."""

    def __init__(self, *answers: bytes | None) -> None:
        self.requests: list[str] = []
        self._handlers: list[asyncio.Task[None] | None] = []
        self._answers = answers

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._handlers.append(asyncio.current_task())
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        content = self._answers[min(len(self.requests), len(self._answers)) - 1]
        try:
            if content is None:
                await reader.read()
            else:
                writer.write(content)
                await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()

    async def finish(self) -> None:
        """Wait until every connection is closed."""
        await asyncio.gather(*filter(None, self._handlers))


@asynccontextmanager
async def served(script: Scripted) -> AsyncGenerator[Bucket, None]:
    server = await asyncio.start_server(script.handle, "127.0.0.1", 0)
    async with server:
        yield Bucket("b-1", "", "us-east-1", "http://{}:{}".format(*server.sockets[0].getsockname()))
        await script.finish()


def impatient(bucket: Bucket, keys: S3Keys = KEYS, silence: float = 10) -> S3ObjectStore:
    return S3ObjectStore(bucket, keys, silence=timedelta(seconds=silence), retries=1)


async def test_objects_lie_below_the_prefix(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket("some/prefix")
    await store_in(bucket).put("a/b", b"x")
    await store_in(replace(bucket, prefix="")).put("outside", b"x")

    assert sorted(s3_server.keys(bucket)) == ["outside", "some/prefix/a/b"]
    assert [key async for key in store_in(bucket).list("")] == ["a/b"]
    assert await store_in(bucket).head("outside") is None


async def test_objects_of_others_are_not_listed(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket()
    s3_server.put(bucket, "Report.PDF")
    await store_in(bucket).put("a", b"x")

    assert len(s3_server.keys(bucket)) == 2
    assert [key async for key in store_in(bucket).list("")] == ["a"]


async def test_a_listing_of_several_pages_is_whole() -> None:
    script = Scripted(answer("200 OK", page("a/1", more=True)), answer("200 OK", page("a/2", more=False)))
    async with served(script) as bucket:
        assert [key async for key in impatient(bucket).list("a/")] == ["a/1", "a/2"]

    assert ["continuation-token=next" in request for request in script.requests] == [False, True]


@pytest.mark.parametrize("operation", ["put", "read", "delete", "list"])
async def test_a_bucket_that_is_not_there_is_no_missing_object(s3_server: S3Server, operation: str) -> None:
    missing = replace(s3_server.new_bucket(), name="nobody-made-this")

    with pytest.raises(StoreFailed, match=operation):
        await OPERATIONS[operation](store_in(missing))


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_refusal_tells_neither_keys_nor_signatures(operation: str) -> None:
    async with served(Scripted(answer("403 Forbidden", REFUSAL))) as bucket:
        with pytest.raises(StoreFailed, match=f"{operation} failed") as caught:
            await OPERATIONS[operation](impatient(bucket))

    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    kind = "GenericError" if operation == "list" else "PermissionDeniedError"
    assert str(caught.value) == f"object store: {operation} failed ({kind})"


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_silent_server_is_given_up_on(operation: str) -> None:
    script = Scripted(None)
    started = time.monotonic()
    async with served(script) as bucket:
        with pytest.raises(StoreFailed, match=operation):
            await OPERATIONS[operation](impatient(bucket, silence=0.5))

    assert time.monotonic() - started < 20
    # The library does not repeat a delete that may have been done.
    assert len(script.requests) == (1 if operation == "delete" else 2)


async def test_a_server_that_is_away_is_no_missing_object() -> None:
    nobody = Bucket("b-1", "", "us-east-1", "http://127.0.0.1:1")
    for name, operation in OPERATIONS.items():
        with pytest.raises(StoreFailed, match=name):
            await operation(impatient(nobody))


async def test_a_server_that_stumbles_is_asked_again() -> None:
    script = Scripted(answer("503 Service Unavailable"), answer("200 OK"))
    async with served(script) as bucket:
        await impatient(bucket).put("a/b", b"x")

    assert [request.split(" HTTP")[0] for request in script.requests] == ["PUT /b-1/a/b"] * 2


async def test_half_an_object_is_never_taken_for_the_whole() -> None:
    async with served(Scripted(answer("200 OK", "x" * 10, length=1000))) as bucket:
        with pytest.raises(StoreFailed, match="read"):
            assert not [chunk async for chunk in impatient(bucket).read("a/b")]


async def test_requests_are_signed_and_hold_no_secret() -> None:
    script = Scripted(answer("200 OK"))
    keys = S3Keys("AKID", "a-secret", "a-token")
    async with served(script) as bucket:
        await impatient(bucket, keys).put("a/b", b"x")

    (request,) = script.requests
    assert "Credential=AKID/" in request
    assert "x-amz-security-token: a-token" in request
    assert "a-secret" not in request
    assert "a-secret" not in repr(keys)
    assert "a-token" not in repr(keys)
