"""Objects in a bucket: the object store (`app.core.ports.ObjectStore`) of a service on several machines."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from app.core.object_location import Bucket
from app.core.ports import StoredObject
from app.integrations.object_keys import CHUNK, check_range, checked_key, checked_prefix, is_key

if TYPE_CHECKING:  # the library has these names for type checkers only
    from obstore import GetOptions
    from obstore.store import S3Config

CONNECT_TIMEOUT = timedelta(seconds=3)
SILENCE_TIMEOUT = timedelta(seconds=5)
"""How long the server may send nothing at all."""
REQUEST_TIMEOUT = timedelta(seconds=60)
"""How long one request may take, its body with it: a picture over a slow line."""
RETRIES = 2
"""Further tries, 0.1 s and more apart, after a server's error or a lost connection (but of a delete that timed out)."""
RETRY_TIMEOUT = timedelta(seconds=15)
ERRORS = (BaseError, OSError)
"""What the library raises; FileNotFoundError is an OSError."""
UNSATISFIABLE = "416 Range Not Satisfiable"


class StoreFailed(OSError):
    """The server refused, or did not answer in time. The message names the operation and the kind of error only.

    What the library says would quote the server, and an S3 server's refusal quotes key ids and signatures.
    """

    def __init__(self, operation: str, error: Exception) -> None:
        super().__init__(f"object store: {operation} failed ({type(error).__name__})")


@dataclass(frozen=True, slots=True)
class S3Keys:
    """What requests are signed with."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


class S3ObjectStore:
    """Objects in a bucket of any server that speaks S3. The bucket has to exist.

    Unlike a folder, a bucket takes an object `a` beside an object `a/b`; the port rules that out all the same.
    """

    def __init__(
        self, bucket: Bucket, keys: S3Keys, *, silence: timedelta = SILENCE_TIMEOUT, retries: int = RETRIES
    ) -> None:
        """Use `bucket`. Nothing is sent before the first operation."""
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=_config(bucket, keys),
            client_options={
                "allow_http": (bucket.endpoint or "").startswith("http://"),
                "connect_timeout": CONNECT_TIMEOUT,
                "read_timeout": silence,
                "timeout": REQUEST_TIMEOUT,
            },
            retry_config={"max_retries": retries, "retry_timeout": RETRY_TIMEOUT},
        )

    async def put(self, key: str, content: bytes) -> None:
        """Write an object whole, or replace it. Raises ValueError for a key that is not allowed, and StoreFailed."""
        path = checked_key(key)
        try:
            # In one request: the parts of an upload that a crash cut short would stay, and no listing shows them.
            await obstore.put_async(self._store, path, content, use_multipart=False)
        except ERRORS as error:
            raise StoreFailed("put", error) from None

    async def put_new(self, key: str, content: bytes) -> bool:
        """Write an object unless it is there; return whether it was written. Raises ValueError as `put`, StoreFailed.

        The server has to know `If-None-Match: *`. A write that arrived though its answer was lost is tried again, and
        then found to be there: the caller looks at what it is.
        """
        path = checked_key(key)
        try:
            await obstore.put_async(self._store, path, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        except ERRORS as error:
            raise StoreFailed("put", error) from None
        return True

    async def head(self, key: str) -> StoredObject | None:
        """Return the size of an object, or None. Raises ValueError for a key that is not allowed, and StoreFailed."""
        path = checked_key(key)
        try:
            return StoredObject(key, (await obstore.head_async(self._store, path))["size"])
        except ERRORS as error:
            if _is_absence(error):
                return None
            raise StoreFailed("head", error) from None

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield bytes `start` to `end` (exclusive) in chunks of at most 64 KiB.

        It is one request, so all of it is one version of the object. Raises KeyError where there is no such object and
        ValueError for a key or range that is not allowed, both before the first chunk; StoreFailed at any time.
        """
        check_range(start, end)
        path = checked_key(key)
        if start == end:
            await self._size(key)
            return
        try:
            answer = await obstore.get_async(self._store, path, options=_options(start, end))
        except ERRORS as error:
            if _is_absence(error):
                raise KeyError(key) from None
            # A server has no empty part to give: it refuses what begins at the end of the object, or after it.
            if UNSATISFIABLE in str(error) and start >= await self._size(key):
                return
            raise StoreFailed("read", error) from None
        try:
            async for piece in answer.stream(min_chunk_size=CHUNK):
                content = memoryview(piece)
                for offset in range(0, len(content), CHUNK):
                    yield bytes(content[offset : offset + CHUNK])
        except ERRORS as error:
            raise StoreFailed("read", error) from None

    async def delete(self, key: str) -> None:
        """Remove an object if it is there. Raises ValueError for a key that is not allowed, and StoreFailed."""
        path = checked_key(key)
        try:
            await obstore.delete_async(self._store, path)
        except ERRORS as error:
            if not _is_absence(error):
                raise StoreFailed("delete", error) from None

    async def list(self, prefix: str, after: str = "") -> AsyncIterator[str]:
        """Yield the keys that begin with `prefix` and come after `after`, in no order to rely on.

        An object that comes or goes meanwhile may be in it or not. Raises ValueError for a prefix no key can have, and
        StoreFailed.
        """
        # The library's prefixes are whole folders.
        folder = checked_prefix(prefix).rpartition("/")[0]
        try:
            async for batch in obstore.list(self._store, folder or None, offset=after or None):
                for entry in batch:
                    if entry["path"].startswith(prefix) and entry["path"] > after and is_key(entry["path"]):
                        yield entry["path"]
        except ERRORS as error:
            raise StoreFailed("list", error) from None

    async def _size(self, key: str) -> int:
        found = await self.head(key)
        if found is None:
            raise KeyError(key)
        return found.byte_size


def _config(bucket: Bucket, keys: S3Keys) -> "S3Config":
    """Return everything that matters: what is not given is read from the environment by the library."""
    config: S3Config = {
        "region": bucket.region,
        "access_key_id": keys.access_key_id,
        "secret_access_key": keys.secret_access_key,
        "skip_signature": False,
        # One key at a time: the batch request wants checksums that not every server knows.
        "disable_bulk_delete": True,
    }
    if bucket.endpoint is not None:
        config["endpoint"] = bucket.endpoint
    if keys.session_token is not None:
        config["session_token"] = keys.session_token
    return config


def _options(start: int, end: int | None) -> "GetOptions":
    if end is not None:
        return {"range": (start, end)}
    return {"range": {"offset": start}} if start else {}


def _is_absence(error: Exception) -> bool:
    """Tell an object that is not there from a bucket that is not there: the latter is a mistake in the settings."""
    return isinstance(error, FileNotFoundError) and "<Code>NoSuchBucket</Code>" not in str(error)
