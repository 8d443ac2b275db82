"""Pictures over HTTP: who may see them, ranges, caching, and what never happens."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette

from app.core.ids import uuid7
from app.core.object_location import Bucket
from app.integrations.local_store import LocalObjectStore
from app.integrations.object_keys import CHUNK
from app.integrations.s3_store import S3Keys, S3ObjectStore
from app.media.links import ImageLinks
from app.media.queries import StoredImage
from app.media.variants import Variant
from app.web.conditions import Slice, Unsatisfiable, is_listed, parse_range
from app.web.images import image_routes
from app.web.requests import RequestIds

CONTENT = bytes(range(256)) * 1000
SIZE = len(CONTENT)
PICTURE = uuid7()
LOST = uuid7()
ETAG = '"5d41402abc4b2a76"'


class HandClock:
    seconds = 1_800_000_000.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def links(clock: HandClock) -> ImageLinks:
    return ImageLinks(bytes(32), "http://test", timedelta(hours=4), clock)


async def find(picture_id: UUID, variant: Variant) -> StoredImage | None:
    if picture_id not in (PICTURE, LOST):
        return None
    key = "lost" if picture_id == LOST else "small" if variant is Variant.SMALL else "large"
    size = 100 if key == "small" else SIZE
    return StoredImage(key, size, "image/webp", ETAG.strip('"'))


@pytest.fixture
async def client(tmp_path: Path, links: ImageLinks) -> AsyncIterator[httpx.AsyncClient]:
    store = LocalObjectStore(tmp_path, durable=False)
    await store.put("large", CONTENT)
    await store.put("small", CONTENT[:100])
    app = Starlette(routes=list(image_routes(find, store, links)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.fixture
def url(links: ImageLinks) -> str:
    return links.url(PICTURE, Variant.LARGE)


async def test_whole_picture(client: httpx.AsyncClient, url: str) -> None:
    response = await client.get(url)
    assert response.status_code == 200
    assert response.content == CONTENT
    assert dict(response.headers) == {
        "content-type": "image/webp",
        "content-length": str(SIZE),
        "content-disposition": f'inline; filename="anypeople-{PICTURE.hex[-8:]}.webp"',
        "etag": ETAG,
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600, immutable",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": "default-src 'none'; sandbox",
    }


async def test_small_picture_in_one_piece(client: httpx.AsyncClient, links: ImageLinks) -> None:
    response = await client.get(links.url(PICTURE, Variant.SMALL))
    assert response.content == CONTENT[:100]
    assert response.headers["content-length"] == "100"


async def test_head_is_get_without_a_body(client: httpx.AsyncClient, url: str) -> None:
    get, head = await client.get(url), await client.head(url, headers={"range": "bytes=0-1"})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods(client: httpx.AsyncClient, url: str, method: str) -> None:
    response = await client.request(method, url)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


def refused(response: httpx.Response, status: int, code: str) -> bool:
    return (
        response.status_code == status
        and set(response.json()) == {"code", "message"}
        and response.json()["code"] == code
        and response.headers["cache-control"] == "no-store"
        and response.headers["x-content-type-options"] == "nosniff"
    )


async def test_expired(client: httpx.AsyncClient, url: str, clock: HandClock) -> None:
    clock.seconds += 4 * 3600
    response = await client.get(url)
    assert refused(response, 403, "LINK_EXPIRED")
    assert "Ask the API for a new URL" in response.json()["message"]


async def test_not_ours(client: httpx.AsyncClient, url: str) -> None:
    for changed in (
        url.replace("large", "small"),
        url.replace("large", "original"),
        url.replace(str(PICTURE), str(LOST)),
        url[:-1],
        url + "A",
        url + "%F0%9F%98%80",
        url.replace("expires=", "expires=0"),
        url.replace("expires=", "expires=%20"),
        url.replace("expires=", "expires=-"),
        url.replace("expires=", "expires=%D9%A1"),
        url.replace("expires=", "expires=" + "9" * 5000),
        url.replace("expires", "expired"),
        url.replace("signature", "signed"),
        url.partition("?")[0],
    ):
        assert refused(await client.get(changed), 403, "LINK_INVALID"), changed


async def test_link_is_checked_before_anything_is_looked_up(client: httpx.AsyncClient) -> None:
    for picture in (PICTURE, uuid7()):
        assert refused(await client.get(f"/images/{picture}/small.webp"), 403, "LINK_INVALID")


async def test_unknown(client: httpx.AsyncClient, links: ImageLinks, url: str) -> None:
    assert refused(await client.get(links.url(uuid7(), Variant.SMALL)), 404, "NOT_FOUND")
    assert refused(await client.get(url.replace("large.webp", "large.png")), 404, "NOT_FOUND")
    assert refused(await client.get(url.replace("large.webp", "LARGE.webp")), 404, "NOT_FOUND")
    assert (await client.get("/images/not-an-id/large.webp")).status_code == 404
    assert (await client.get("/images/..%2f..%2fetc/passwd")).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_lost_object_is_logged_without_the_link(
    client: httpx.AsyncClient, links: ImageLinks, method: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        response = await client.request(method, links.url(LOST, Variant.LARGE))
    assert response.status_code == 404
    assert logs == [{"event": "image.missing_in_store", "key": "lost", "log_level": "warning"}]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_store_that_does_not_answer_is_no_fault_of_ours(method: str, links: ImageLinks, url: str) -> None:
    nobody = Bucket("pictures", "", "us-east-1", "http://127.0.0.1:1")
    app = RequestIds(Starlette(routes=image_routes(find, S3ObjectStore(nobody, S3Keys("id", "key"), retries=0), links)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        with structlog.testing.capture_logs() as logs:
            response = await client.request(method, url)

    assert (response.status_code, response.headers["cache-control"]) == (503, "no-store")
    assert method == "HEAD" or response.json()["code"] == "STORE_UNAVAILABLE"
    [failed, request] = logs
    assert failed == {"event": "image.store_failed", "error": "StoreFailed", "log_level": "warning"}
    assert (request["event"], request["status"]) == ("request", 503)


async def test_a_request_that_a_bug_ends_is_logged_too(links: ImageLinks, url: str, tmp_path: Path) -> None:
    async def broken(_picture_id: UUID, _variant: Variant) -> StoredImage | None:
        raise KeyError("a bug")

    app = RequestIds(Starlette(routes=image_routes(broken, LocalObjectStore(tmp_path), links)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        with structlog.testing.capture_logs() as logs, pytest.raises(KeyError):
            await client.get(url)

    assert [(line["event"], line["status"]) for line in logs] == [("request", 500)]


async def test_kept_no_longer_than_the_link_lives(client: httpx.AsyncClient, url: str, clock: HandClock) -> None:
    expires = int(re.search(r"expires=(\d+)", url)[1])  # type: ignore[index]
    clock.seconds = expires - 90
    assert (await client.get(url)).headers["cache-control"] == "private, max-age=90, immutable"


@pytest.mark.parametrize("field", [ETAG, f"W/{ETAG}", f'"x", W/"y,z" ,{ETAG}', "*", f'"a"{ETAG}'])
async def test_not_modified(client: httpx.AsyncClient, url: str, field: str) -> None:
    response = await client.get(url, headers={"if-none-match": field, "range": "bytes=0-1"})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == ETAG
    assert "max-age" in response.headers["cache-control"]
    assert "content-length" not in response.headers


@pytest.mark.parametrize("field", ['"other"', ETAG.strip('"'), '"', "", 'W/"5d"', '"5d41402abc4b2a76', "**"])
async def test_modified(client: httpx.AsyncClient, url: str, field: str) -> None:
    assert (await client.get(url, headers={"if-none-match": field})).status_code == 200


async def test_several_lines_of_if_none_match(client: httpx.AsyncClient, url: str) -> None:
    response = await client.get(url, headers=[("if-none-match", '"a"'), ("if-none-match", ETAG)])
    assert response.status_code == 304


@pytest.mark.parametrize(
    ("field", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("BYTES=5-", 5, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes={SIZE - 1}-{SIZE * 9}", SIZE - 1, SIZE),
        (f"bytes=1-{CHUNK * 2}", 1, CHUNK * 2 + 1),
        ("bytes= 3-4 ", 3, 5),
        ("bytes=,3-4,", 3, 5),
        ("bytes=0-" + "9" * 60, 0, SIZE),
    ],
)
async def test_part(client: httpx.AsyncClient, url: str, field: str, start: int, end: int) -> None:
    response = await client.get(url, headers={"range": field})
    assert response.status_code == 206
    assert response.content == CONTENT[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "field",
    ["bytes=0-1,5-6", "bytes=5-4", "bytes=-", "bytes=", "bytes", "lines=0-1", "bytes=a-b", "bytes=0-1-2", "bytes=+1-2",
     "bytes=\N{ARABIC-INDIC DIGIT ONE}-", "bytes=0-" + "9" * 5000, "bytes=--1", "bytes 0-1", "bytes=0 -1"],
)  # fmt: skip
async def test_malformed_or_several_parts_give_the_whole(client: httpx.AsyncClient, url: str, field: str) -> None:
    response = await client.get(url, headers={b"range": field.encode()})
    assert response.status_code == 200
    assert len(response.content) == SIZE
    assert "content-range" not in response.headers


@pytest.mark.parametrize("field", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", "bytes=" + "9" * 60 + "-"])
async def test_unsatisfiable(client: httpx.AsyncClient, url: str, field: str) -> None:
    response = await client.get(url, headers={"range": field})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{SIZE}"
    assert response.content == b""


@pytest.mark.parametrize(
    ("if_range", "status"),
    [(ETAG, 206), (f"W/{ETAG}", 200), ('"other"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200), ("*", 200)],
)
async def test_if_range(client: httpx.AsyncClient, url: str, if_range: str, status: int) -> None:
    response = await client.get(url, headers={"range": "bytes=0-9", "if-range": if_range})
    assert response.status_code == status


positions = st.integers(0, 60).map(str) | st.just("")


@given(positions, positions, st.integers(0, 50))
@example("0", "", 0)
@example("", "0", 5)
def test_ranges_by_their_definition(first: str, last: str, size: int) -> None:
    """RFC 9110, section 14.1.2, said once more by sets of positions."""
    if not first and not last:
        assert parse_range("bytes=-", size) is None
        return
    if first and last and int(last) < int(first):
        assert parse_range(f"bytes={first}-{last}", size) is None
        return
    low = int(first) if first else size - int(last)
    high = int(last) if first and last else size
    asked = [place for place in range(size) if low <= place <= high]
    try:
        part = parse_range(f"bytes={first}-{last}", size)
    except Unsatisfiable:
        assert asked == []
    else:
        assert part == Slice(asked[0], asked[-1] + 1)


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=60), st.integers(0, 1000))
def test_no_field_breaks_it(text: str, size: int) -> None:
    for field in (text, f"bytes={text}"):
        try:
            part = parse_range(field, size)
        except Unsatisfiable:
            continue
        assert part is None or 0 <= part.start < part.end <= size
    assert isinstance(is_listed(text, ETAG), bool)
