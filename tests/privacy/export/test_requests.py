"""ACCESS and PORTABILITY, asked for over the API and carried out: once, whole, also by processes that die."""

import zipfile
from io import BytesIO
from pathlib import Path

import orjson

from app.core.db import execute, fetch, fetch_one
from app.integrations.local_store import LocalObjectStore
from app.privacy.archives import archive_by_id
from app.privacy.export import pieces
from tests.fakes.privacy import OFFICE
from tests.fakes.server import RunningServer
from tests.privacy.asking import own, submit


async def whole_archive(store: LocalObjectStore) -> zipfile.ZipFile:
    """Return the only archive."""
    row = await fetch_one("SELECT id FROM privacy_archives")
    assert row
    archive = await archive_by_id(row["id"], OFFICE.clock.now())
    assert archive
    assert archive.place
    content = b"".join([chunk async for chunk in pieces.read(store, archive.place, archive.byte_size)])
    assert len(content) == archive.byte_size
    return zipfile.ZipFile(BytesIO(content))


async def test_a_copy_is_asked_for_and_made(server: RunningServer, tmp_path: Path) -> None:
    ada = await server.sign_up("ada")
    await execute(
        """INSERT INTO support_threads (id, address, topic, state, subject, created_at, last_message_at)
           SELECT gen_random_uuid(), address, 'OTHER', 'OPEN', 'Before I had an account', now(), now()
           FROM unnest(ARRAY['ada@example.com', 'eve@example.com']) AS address"""
    )

    asked = await submit(server, ada, "ACCESS")
    assert asked["errors"] == []
    await server.queue.settle()

    [request] = await own(server, ada)
    assert request["status"] == "COMPLETED"
    counts = {step["holder"]: step["count"] for step in request["steps"]}
    assert counts["users"] == 1
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    with await whole_archive(store) as archive:
        assert orjson.loads(archive.read("data/users.json"))[0]["email"] == "ada@example.com"
        manifest = orjson.loads(archive.read("manifest.json"))
        assert [row["address"] for row in orjson.loads(archive.read("data/support_threads.json"))] == [
            "ada@example.com"
        ]
        assert manifest["rows"] == {holder: count for holder, count in counts.items() if holder in manifest["rows"]}
    [place] = await fetch("SELECT place FROM privacy_archives")
    assert {key.rpartition("/")[0] async for key in store.list("exports/")} == {place["place"]}, "parts are gone"
