"""`GET /images/{picture_id}/{variant}.webp`: pictures by signed link.

Starlette's FileResponse knows ranges for local files only; the object store may be anywhere, so they are handled here.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.core.errors import AppError, NotFound
from app.core.ports import ObjectStore
from app.media.errors import LinkExpired, LinkInvalid
from app.media.links import ImageLinks
from app.media.queries import StoredImage
from app.media.variants import FILE_SUFFIX, VARIANT_OF_FILE_NAME, Variant
from app.web.conditions import Slice, Unsatisfiable, allows_range, is_listed, parse_range

log = structlog.get_logger()

MAX_AGE = 3600
"""Most seconds that a browser keeps a picture without asking: as long as a deleted one may still be seen there."""
EXPIRES = re.compile(r"[1-9][0-9]{0,11}")
"""Unix seconds as `ImageLinks.url` writes them: one link has one spelling."""
GUARDS = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    # Opened by itself, a picture runs nothing and loads nothing, whatever its bytes are.
    "content-security-policy": "default-src 'none'; sandbox",
}
ERRORS = {**GUARDS, "cache-control": "no-store"}


Find = Callable[[UUID, Variant], Awaitable[StoredImage | None]]


def image_routes(find: Find, store: ObjectStore, links: ImageLinks) -> list[Route]:
    """Return the routes that serve pictures; `find` returns None for what does not exist (any more).

    Errors are `{"code", "message"}`: 403 for a link that is not ours or has expired, 404 for what is not there, 503 for
    a store that does not answer. Whoever mounts this must not log query strings: they hold signatures.
    """
    images = _Images(find, store, links)
    return [Route("/images/{picture_id:uuid}/{name}", images.serve, methods=["GET", "HEAD"], name="image")]


class _Unavailable(AppError):
    code = "STORE_UNAVAILABLE"


class _Images:
    def __init__(self, find: Find, store: ObjectStore, links: ImageLinks) -> None:
        self._find = find
        self._store = store
        self._links = links

    async def serve(self, request: Request) -> Response:
        try:
            return await self._serve(request)
        except NotFound as error:
            return _refusal(404, error)
        except (LinkInvalid, LinkExpired) as error:
            return _refusal(403, error)
        except OSError as error:  # whatever the store is, this is how it says that it cannot be asked
            log.warning("image.store_failed", error=type(error).__name__)
            return _refusal(503, _Unavailable("The picture cannot be read at present: try again later."))

    async def _serve(self, request: Request) -> Response:
        picture_id: UUID = request.path_params["picture_id"]
        variant = VARIANT_OF_FILE_NAME.get(request.path_params["name"])
        if variant is None:
            raise _not_found()
        # Before anything is looked up: whoever has no link learns nothing and costs nothing.
        max_age = self._verified(request, picture_id, variant)
        image = await self._find(picture_id, variant)
        if image is None:
            raise _not_found()
        headers = {
            **GUARDS,
            "accept-ranges": "bytes",
            "cache-control": f"private, max-age={max_age}, immutable",
            "etag": f'"{image.etag}"',
        }
        return await self._answer(request, image, headers, _file_name(picture_id))

    def _verified(self, request: Request, picture_id: UUID, variant: Variant) -> int:
        """Return for how many seconds the answer may be kept. Raises LinkInvalid and LinkExpired."""
        text = request.query_params.get("expires", "")
        if not EXPIRES.fullmatch(text):
            raise LinkInvalid("This image link is not complete. Ask the API for a new URL.")
        expires = int(text)
        self._links.verify(picture_id, variant, expires, request.query_params.get("signature", ""))
        return max(0, min(MAX_AGE, self._links.seconds_left(expires)))

    async def _answer(self, request: Request, image: StoredImage, headers: dict[str, str], file_name: str) -> Response:
        """Preconditions first, then the range: the order of RFC 9110, section 13.2.2."""
        if is_listed(", ".join(request.headers.getlist("if-none-match")), headers["etag"]):
            return Response(status_code=304, headers=headers)
        try:
            part = _wanted(request, image, headers["etag"])
        except Unsatisfiable:
            return Response(status_code=416, headers={**ERRORS, "content-range": f"bytes */{image.byte_size}"})
        whole = Slice(0, image.byte_size)
        if part is not None:
            headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{image.byte_size}"
        headers["content-type"] = image.content_type
        headers["content-disposition"] = f'inline; filename="{file_name}"'
        headers["content-length"] = str((part or whole).end - (part or whole).start)
        if request.method == "HEAD":
            return await self._head(image, headers)
        return await self._stream(image, part or whole, 200 if part is None else 206, headers)

    async def _head(self, image: StoredImage, headers: dict[str, str]) -> Response:
        if await self._store.head(image.key) is None:
            raise _lost(image)
        return Response(headers=headers)

    async def _stream(self, image: StoredImage, part: Slice, status: int, headers: dict[str, str]) -> Response:
        """Read the first chunk before anything is sent: only then is it known that the object is there."""
        chunks = self._store.read(image.key, part.start, part.end)
        try:
            first = await anext(chunks, b"")
        except KeyError:
            raise _lost(image) from None
        if len(first) == part.end - part.start:
            await _close(chunks)
            return Response(first, status, headers)
        return StreamingResponse(_rejoined(first, chunks), status, headers)


def _wanted(request: Request, image: StoredImage, tag: str) -> Slice | None:
    """Return what part of the image is asked for; None: all of it. Ranges are for GET only (section 14.2)."""
    field = request.headers.get("range")
    if field is None or request.method != "GET" or not allows_range(request.headers.get("if-range"), tag):
        return None
    return parse_range(field, image.byte_size)


async def _rejoined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for chunk in rest:
            yield chunk
    finally:
        await _close(rest)


async def _close(chunks: AsyncIterator[bytes]) -> None:
    """Give back what a store's generator holds (an open file, a connection) now and not at some garbage collection."""
    if hasattr(chunks, "aclose"):
        await chunks.aclose()


def _file_name(picture_id: UUID) -> str:
    """Name a download by the last digits of the id: the first ones of a UUIDv7 are the time."""
    return f"anypeople-{picture_id.hex[-8:]}{FILE_SUFFIX}"


def _not_found() -> NotFound:
    return NotFound("There is no such image.")


def _lost(image: StoredImage) -> NotFound:
    log.warning("image.missing_in_store", key=image.key)
    return _not_found()


def _refusal(status: int, error: AppError) -> Response:
    return JSONResponse({"code": error.code, "message": error.message}, status, ERRORS)
