"""The download of an export: for its owner, who just proved that it is them; whole or in part; for seven days."""

from pathlib import Path

import httpx

from app.core.db import execute, fetch_one
from app.integrations.local_store import LocalObjectStore
from tests.fakes.browsing import ORIGIN, browsing, send_form, sign_in
from tests.fakes.server import Json, RunningServer, authorization
from tests.privacy.asking import submit

ARCHIVE = "{ viewer { privacyRequests { nodes { archive { url sha256 byteSize expiresAt } } } } }"
STALE = "UPDATE sessions SET authenticated_at = now() - interval '11 minutes'"


async def made(server: RunningServer, token: str) -> Json:
    """Ask for a copy; return the archive as the API has it."""
    await submit(server, token, "ACCESS")
    await server.queue.settle()
    [node] = (await server.data(ARCHIVE, None, token))["viewer"]["privacyRequests"]["nodes"]
    archive: Json = node["archive"]
    return archive


def path_of(archive: Json) -> str:
    assert archive["url"].startswith(f"{ORIGIN}/privacy/archives/")
    return str(archive["url"]).removeprefix(ORIGIN)


async def fetched(server: RunningServer, path: str, token: str, **headers: str) -> httpx.Response:
    return await server.client.get(path, headers={**authorization(token), **headers})


async def test_its_owner_gets_it_whole_or_in_part_and_nobody_else(server: RunningServer, tmp_path: Path) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    archive = await made(server, ada)
    path = path_of(archive)

    whole = await fetched(server, path, ada)
    assert whole.status_code == 200
    assert len(whole.content) == archive["byteSize"]
    assert whole.headers["etag"] == f'"{archive["sha256"]}"'
    assert whole.headers["cache-control"] == "no-store"
    assert whole.headers["content-disposition"].startswith("attachment; filename=")
    part = await fetched(server, path, ada, range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    rest = await fetched(server, path, ada, range="bytes=-22", **{"if-range": whole.headers["etag"]})
    assert rest.content == whole.content[-22:]
    assert (await fetched(server, path, ada, range=f"bytes={len(whole.content)}-")).status_code == 416
    assert (await fetched(server, path, ada, **{"if-none-match": whole.headers["etag"]})).status_code == 304
    head = await server.client.head(path, headers=authorization(ada))
    assert (head.status_code, int(head.headers["content-length"])) == (200, archive["byteSize"])

    assert (await fetched(server, path, eve)).status_code == 404
    assert (await fetched(server, path, "nothing")).status_code == 401
    await execute(STALE)
    refused = await fetched(server, path, ada)
    assert (refused.status_code, refused.json()["code"]) == (403, "STEP_UP_REQUIRED")
    await execute("UPDATE sessions SET authenticated_at = now()")
    await execute("UPDATE privacy_archives SET expires_at = now()")
    assert (await fetched(server, path, ada)).status_code == 404
    assert (await server.data(ARCHIVE, None, ada))["viewer"]["privacyRequests"]["nodes"] == [{"archive": None}]
    await execute("UPDATE privacy_archives SET expires_at = now() + interval '1 day'")
    row = await fetch_one("SELECT place FROM privacy_archives")
    assert row
    await LocalObjectStore(tmp_path / "objects", durable=False).delete(f"{row['place']}/0")
    assert (await fetched(server, path, ada)).status_code == 404, "what the store lost is said before anything is sent"


async def test_a_browser_is_led_to_sign_in_and_to_prove_itself_and_comes_back(server: RunningServer) -> None:
    path = path_of(await made(server, await server.sign_up("ada")))

    async with browsing(server) as browser:
        asked = await browser.get(path)
        assert asked.headers["location"].startswith("/account/sign-in?next=")
        assert (await sign_in(browser, to=path)).headers["location"] == path
        await execute(STALE)
        to_proof = (await browser.get(path)).headers["location"]
        assert to_proof.startswith("/account/prove?next=")
        proved = await send_form(browser, to_proof, {"password": "correct horse battery"})
        assert proved.headers["location"] == path
        got = await browser.get(path)
        assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
