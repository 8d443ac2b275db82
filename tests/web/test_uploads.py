"""Bytes over HTTP: whose link it is, how long it works, what may be sent, and that it is sent once."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.config import Settings
from app.core.db import execute, fetch
from app.integrations.object_store import object_store
from app.media.errors import BodyTooLong, BodyTooShort, BodyTooSlow
from app.media.uploads import PART_BYTES, content_of, receive
from schema.relay import parse_global_id
from tests.fakes.server import Json, RunningServer
from tests.fakes.uploads import Sender, path_of, pieces
from tests.fakes.waiting import until

CONTENT = bytes(range(256)) * 10
MIB = 1024 * 1024


@pytest.fixture
async def sender(server: RunningServer) -> Sender:
    return Sender(server, await server.sign_up("ada"))


@pytest.fixture
async def upload(sender: Sender) -> Json:
    upload: Json = (await sender.announce(len(CONTENT)))["upload"]
    return upload


async def state() -> str:
    [row] = await fetch("SELECT state FROM uploads")
    return str(row["state"])


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "message"}
    assert answer.headers["cache-control"] == "no-store"


async def test_bytes_come_once(sender: Sender, upload: Json) -> None:
    assert (upload["method"], upload["maxBytes"]) == ("PUT", len(CONTENT))
    assert (await sender.put(upload, CONTENT)).status_code == 204
    refused(await sender.put(upload, CONTENT), 409, "CONFLICT")
    assert await state() == "RECEIVED"


async def test_two_at_the_same_moment_are_one(sender: Sender, upload: Json) -> None:
    answers = await asyncio.gather(*(sender.put(upload, CONTENT) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409, 409]


async def test_a_large_one_is_kept_in_parts(sender: Sender, settings: Settings) -> None:
    content = bytes(3 * PART_BYTES) + b"the end"
    upload = (await sender.announce(len(content)))["upload"]
    assert (await sender.put(upload, content)).status_code == 204
    [row] = await fetch("SELECT id, byte_size FROM uploads")
    assert await content_of(row, object_store(settings)) == content
    assert len([key async for key in object_store(settings).list("uploads/")]) == 4


async def test_only_the_link_lets_in(sender: Sender, upload: Json) -> None:
    other = (await sender.announce(len(CONTENT)))["upload"]
    signature = upload["url"].partition("signature=")[2]
    for url in (
        upload["url"][:-1] + ("A" if upload["url"][-1] != "A" else "B"),
        upload["url"].partition("?")[0],
        upload["url"].replace("expires=", "expires=1"),
        other["url"].partition("signature=")[0] + "signature=" + signature,
    ):
        refused(await sender.put({**upload, "url": url}, CONTENT), 403, "LINK_INVALID")
    assert {row["state"] for row in await fetch("SELECT state FROM uploads")} == {"OPEN"}


async def test_a_picture_s_signature_is_no_upload_s(sender: Sender, upload: Json) -> None:
    found = parse_global_id(upload["id"])
    assert found is not None
    answer = await sender.server.client.get(path_of(upload["url"]).replace("/uploads/", "/images/") + "")
    assert answer.status_code in {403, 404}
    assert (await sender.server.client.get(path_of(upload["url"]))).status_code == 405


async def test_an_old_link_has_expired(sender: Sender) -> None:
    upload = (await sender.announce(len(CONTENT), key="old"))["upload"]
    await execute("UPDATE uploads SET expires_at = date_trunc('second', now() - interval '1 second')")
    expired = (await sender.announce(len(CONTENT), key="old"))["upload"]
    assert expired["url"] != upload["url"]
    refused(await sender.put(expired, CONTENT), 403, "LINK_EXPIRED")


async def test_what_is_gone_is_not_found(sender: Sender, upload: Json) -> None:
    await execute("DELETE FROM uploads")
    refused(await sender.put(upload, CONTENT), 404, "NOT_FOUND")


async def test_another_type_than_announced(sender: Sender, upload: Json) -> None:
    refused(await sender.put(upload, CONTENT, content_type="image/jpeg"), 415, "WRONG_CONTENT_TYPE")
    assert (await sender.put(upload, CONTENT, content_type="Image/PNG; q=1")).status_code == 204


async def test_more_or_less_than_announced(sender: Sender, upload: Json) -> None:
    refused(await sender.put(upload, CONTENT + b"x"), 413, "BODY_TOO_LONG")
    refused(await sender.put(upload, CONTENT[:-1]), 400, "BODY_TOO_SHORT")
    refused(await sender.put(upload, b""), 400, "BODY_TOO_SHORT")
    assert await state() == "OPEN"


async def test_forty_megabytes_are_refused_before_they_are_read(sender: Sender, upload: Json) -> None:
    refused(await sender.put(upload, bytes(40 * MIB)), 413, "BODY_TOO_LONG")


async def test_who_asks_first_sends_nothing_in_vain(sender: Sender, upload: Json) -> None:
    address = httpx.URL(sender.server.address)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    head = f"PUT {path_of(upload['url'])} HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
    writer.write(head.encode() + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
    async with asyncio.timeout(30):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    writer.close()
    await writer.wait_closed()


async def test_a_length_is_needed(sender: Sender, upload: Json) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield CONTENT

    headers = {"content-type": "image/png"}
    answer = await sender.server.client.put(path_of(upload["url"]), content=body(), headers=headers)
    refused(answer, 411, "LENGTH_REQUIRED")


async def is_now(expected: str) -> bool:
    return await state() == expected


async def test_a_body_that_breaks_its_promise_is_taken_back(sender: Sender, upload: Json, settings: Settings) -> None:
    store, found = object_store(settings), parse_global_id(upload["id"])
    assert found is not None
    with pytest.raises(BodyTooLong):
        await receive(found[1], "image/png", len(CONTENT), pieces(CONTENT, b"x"), store)
    with pytest.raises(BodyTooShort):
        await receive(found[1], "image/png", len(CONTENT), pieces(CONTENT[:-1]), store)
    assert [key async for key in store.list("uploads/")] == []
    assert await state() == "OPEN"
    assert (await sender.put(upload, CONTENT)).status_code == 204


async def test_a_body_that_does_not_end_is_given_up(sender: Sender, upload: Json, settings: Settings) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield CONTENT[:-1]
        await asyncio.Event().wait()

    store, found = object_store(settings), parse_global_id(upload["id"])
    assert found is not None
    with pytest.raises(BodyTooSlow):
        await receive(found[1], "image/png", len(CONTENT), stuck(), store, timeout=0.05)
    assert await state() == "OPEN"


async def test_a_sender_who_goes_away_may_come_back(sender: Sender, upload: Json) -> None:
    address = httpx.URL(sender.server.address)
    _, writer = await asyncio.open_connection(address.host, address.port)
    head = f"PUT {path_of(upload['url'])} HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
    writer.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(CONTENT) + CONTENT[:100])
    await writer.drain()
    await until(lambda: is_now("RECEIVING"))
    refused(await sender.put(upload, CONTENT), 409, "CONFLICT")
    writer.close()
    await writer.wait_closed()
    await until(lambda: is_now("OPEN"))
    assert (await sender.put(upload, CONTENT)).status_code == 204


async def test_browsers_of_allowed_origins_may_send(sender: Sender, upload: Json) -> None:
    preflight = await sender.server.client.options(
        path_of(upload["url"]),
        headers={
            "origin": "http://localhost:3000",
            "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    answer = await sender.put(upload, CONTENT, origin="http://localhost:3000")
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"


async def test_browsers_of_other_origins_may_not(sender: Sender, upload: Json) -> None:
    preflight = await sender.server.client.options(
        path_of(upload["url"]),
        headers={"origin": "https://elsewhere.example", "access-control-request-method": "PUT"},
    )
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in preflight.headers
