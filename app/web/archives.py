"""`GET /privacy/archives/{id}`: an export, for its owner, who proved within ten minutes that it is them.

There is no link that anybody could use: whoever asks is signed in, by our cookie or with a session's token. A browser
is led to where it signs in, and to where it proves itself, and comes back.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.accounts.authentication import viewer_of
from app.accounts.errors import OtherPage, StepUpRequired
from app.accounts.step_up import require_fresh
from app.core.errors import AppError, NotFound
from app.core.ports import Clock, ObjectStore
from app.core.viewer import Viewer
from app.privacy.archives import Archive, bytes_of
from app.privacy.queries import own_archive
from app.web.browser import Browser
from app.web.conditions import Slice, Unsatisfiable, allows_range, is_listed, parse_range

PATH = "/privacy/archives"
GUARDS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; sandbox",
}

log = structlog.get_logger(__name__)


class _Nobody(AppError):
    code = "UNAUTHENTICATED"


class _Unavailable(AppError):
    code = "STORE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class ArchiveDownloads:
    """The downloads of one server. Errors are `{"code", "message"}`, but for browsers, which are led on."""

    browser: Browser
    store: ObjectStore
    clock: Clock
    session_lifetime: timedelta
    session_limit: timedelta

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route(f"{PATH}/{{archive:uuid}}", self.serve, methods=["GET", "HEAD"])]

    async def serve(self, request: Request) -> Response:
        """Send the archive, or a part of it."""
        by_token = "authorization" in request.headers
        try:
            viewer = await (self._by_token(request) if by_token else self.browser.viewer(request))
            if viewer is None:
                return _refusal(401, _Nobody("Sign in first.")) if by_token else self.browser.to_sign_in(request)
            archive = await own_archive(viewer, UUID(str(request.path_params["archive"])), self.clock.now())
            if archive is None:
                raise NotFound("There is no such archive, or it was there for seven days and is gone: ask anew.")
            await require_fresh(viewer)
            return await archive_response(request, archive, self.store)
        except StepUpRequired as error:
            return _refusal(403, error) if by_token else self.browser.to_proof(request)
        except OtherPage as error:
            return _refusal(403, error)
        except NotFound as error:
            return _refusal(404, error)

    async def _by_token(self, request: Request) -> Viewer | None:
        scheme, _, token = request.headers["authorization"].strip().partition(" ")
        page = request.headers.get("origin")
        if scheme.lower() != "bearer":
            return None
        return await viewer_of(token.strip(), self.clock, page, self.session_lifetime, self.session_limit)


async def archive_response(request: Request, archive: Archive, store: ObjectStore) -> Response:
    """Answer with an archive that was shown to be the asker's.

    Preconditions come first, then the range: the order of RFC 9110, section 13.2.2. Raises NotFound for lost bytes.
    """
    tag = f'"{archive.sha256}"'
    headers = {**GUARDS, "accept-ranges": "bytes", "etag": tag}
    if is_listed(", ".join(request.headers.getlist("if-none-match")), tag):
        return Response(status_code=304, headers=headers)
    field, whole = request.headers.get("range"), Slice(0, archive.byte_size)
    asked = field is not None and request.method == "GET" and allows_range(request.headers.get("if-range"), tag)
    try:
        part = parse_range(field, archive.byte_size) if asked and field else None
    except Unsatisfiable:
        return Response(status_code=416, headers={**GUARDS, "content-range": f"bytes */{archive.byte_size}"})
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.end - 1}/{archive.byte_size}"
    wanted = part or whole
    headers |= {
        "content-type": "application/zip",
        "content-disposition": f'attachment; filename="your-data-{archive.created_at:%Y-%m-%d}.zip"',
        "content-length": str(wanted.end - wanted.start),
    }
    if request.method == "HEAD":
        return Response(headers=headers)
    return await _stream(archive, wanted, 200 if part is None else 206, headers, store)


async def _stream(archive: Archive, part: Slice, status: int, headers: dict[str, str], store: ObjectStore) -> Response:
    """Read the first chunk before anything is sent: only then is it known that the bytes are there."""
    chunks = bytes_of(archive, store, part.start, part.end)
    try:
        first = await anext(chunks)
    except (KeyError, StopAsyncIteration):
        log.warning("archive.missing_in_store", archive=str(archive.id))
        raise NotFound("The archive is gone: ask anew.") from None
    except OSError as error:  # whatever the store is, this is how it says that it cannot be asked
        log.warning("archive.store_failed", error=type(error).__name__)
        return _refusal(503, _Unavailable("The archive cannot be read at present: try again later."))
    return StreamingResponse(_rejoined(first, chunks), status, headers)


async def _rejoined(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        async for chunk in rest:
            yield chunk
    finally:
        await rest.aclose()


def _refusal(status: int, error: AppError) -> Response:
    return JSONResponse({"code": error.code, "message": error.message}, status, GUARDS)
