"""`PUT /uploads/{upload_id}`: the bytes of an upload, by signed link, once."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.core.errors import AppError, Conflict, NotFound
from app.core.ports import ObjectStore
from app.media.errors import BodyTooLong, BodyTooShort, BodyTooSlow, LinkExpired, LinkInvalid, WrongContentType
from app.media.links import UploadLinks
from app.media.uploads import receive
from app.web.images import ERRORS, EXPIRES

log = structlog.get_logger(__name__)

LINGER_BYTES = 64 * 1024 * 1024
LINGER_SECONDS = 10.0
LENGTH = re.compile(r"[0-9]{1,10}")


class LengthRequired(AppError):
    """There is no usable `Content-Length` (RFC 9110, section 15.5.12)."""

    code = "LENGTH_REQUIRED"


class StoreAway(AppError):
    """The object store does not answer."""

    code = "STORE_AWAY"


STATUS: dict[type[AppError], int] = {
    BodyTooShort: 400,
    LinkInvalid: 403,
    LinkExpired: 403,
    NotFound: 404,
    BodyTooSlow: 408,
    Conflict: 409,
    LengthRequired: 411,
    BodyTooLong: 413,
    WrongContentType: 415,
    StoreAway: 503,
}


def upload_routes(store: ObjectStore, links: UploadLinks) -> list[Route]:
    """Return the route that takes uploads: 204, or `{"code", "message"}` with a status of its own for each mistake.

    Whoever mounts this must not log query strings: they hold signatures.
    """
    uploads = _Uploads(store, links)
    return [Route("/uploads/{upload_id:uuid}", uploads.take, methods=["PUT"], name="upload")]


class _Uploads:
    def __init__(self, store: ObjectStore, links: UploadLinks) -> None:
        self._store = store
        self._links = links

    async def take(self, request: Request) -> Response:
        body = _Body(request)
        try:
            await self._take(request, body)
        except AppError as error:
            await body.discard()
            headers = {**ERRORS, "connection": "close"}  # what is not read would be taken for the next request
            return JSONResponse({"code": error.code, "message": error.message}, STATUS[type(error)], headers)
        except ClientDisconnect:
            log.info("upload.broken_off")
            return Response(status_code=400)
        return Response(status_code=204, headers=ERRORS)

    async def _take(self, request: Request, body: "_Body") -> None:
        upload_id: UUID = request.path_params["upload_id"]
        # Before anything is looked up: whoever has no link learns nothing and costs nothing.
        self._verify(request, upload_id)
        length = request.headers.get("content-length", "")
        if not LENGTH.fullmatch(length):
            raise LengthRequired("Send `Content-Length`: the number of bytes that was announced.")
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            await receive(upload_id, content_type, int(length), body.chunks(), self._store)
        except OSError as error:
            log.warning("upload.store_failed", error=type(error).__name__)
            raise StoreAway("The bytes could not be stored: send them again in a moment.") from None

    def _verify(self, request: Request, upload_id: UUID) -> None:
        expires = request.query_params.get("expires", "")
        if not EXPIRES.fullmatch(expires):
            raise LinkInvalid("This upload link is not complete. Use the URL of `createUpload` as it is.")
        self._links.verify(upload_id, int(expires), request.query_params.get("signature", ""))


class _Body:
    """The body of a request: read once, in chunks, or thrown away."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._ended = False

    async def chunks(self) -> AsyncIterator[bytes]:
        async for chunk in self._request.stream():
            yield chunk
        self._ended = True

    async def discard(self) -> None:
        """Read what is still sent and throw it away: a connection that is closed under it loses the answer.

        Not where the client asks first (`Expect: 100-continue`, RFC 9110, section 10.1.1): it gets the answer and
        sends nothing. Bounded in bytes and seconds.
        """
        left = LINGER_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while left > 0 and not self._ended and "expect" not in self._request.headers:
                    message = await self._request.receive()
                    left -= len(message.get("body", b""))
                    self._ended = not message.get("more_body", False)
