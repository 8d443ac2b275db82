"""What somebody had made at one service is at another one afterwards, once; what is no such archive is refused."""

import hashlib
import zipfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest

from app.accounts.service import NewAccount, sign_up
from app.core.clock import SystemClock
from app.core.db import connected, execute, fetch, transaction
from app.core.ids import uuid7
from app.core.signing import Forged, Signer
from app.integrations.local_store import LocalObjectStore
from app.media.service import keep, upload
from app.privacy.export.office import Extent
from app.privacy.export.reading import ArchiveReader, Unreadable
from app.privacy.export.selection import Subject
from app.privacy.importing import GENERATIONS, Imported, Mover, bring_in
from tests.conftest import TEMPLATE, Servers, inline
from tests.fakes.people import POLICY_VERSION, settle_in
from tests.fakes.privacy import export_office
from tests.media.pictures import painted, prepared, saved
from tests.privacy.export.exporting import SIGNER, exported

WISHES = ("a smiling woman", "a man with a hat")
SHOWN = """SELECT g.prompt, g.engine, g.seed, g.width, g.height, g.created_at, p.width AS wide, p.height AS high,
                  i.index FROM generations g JOIN generated_images i ON i.generation_id = g.id
           JOIN pictures p ON p.id = i.picture_id AND p.state = 'STORED' ORDER BY g.id, i.index"""


@asynccontextmanager
async def service(servers: Servers) -> AsyncGenerator[UUID, None]:
    """Connect to a database of its own, in which somebody has an account."""
    name = f"test_{uuid4().hex[:16]}"
    url = servers.databases.create(name, TEMPLATE)
    try:
        async with connected(url):
            account = NewAccount("ada@example.com", "correct horse battery", "Ada", True, POLICY_VERSION)
            signed_in = await sign_up(account, SystemClock(), timedelta(days=1))
            await settle_in(account.email)
            yield signed_in.viewer.user_id
    finally:
        servers.databases.drop(name)


async def make(person: UUID, store: LocalObjectStore) -> None:
    """Give somebody two generations, one of them public, with two pictures each, and one that failed."""
    for number, prompt in enumerate(WISHES):
        generation = uuid7()
        await execute(
            """INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, status, visibility,
                                        created_at)
               VALUES ($1, $2, $3, 'slow', $4, 16, 16, 2, 'SUCCEEDED', 'PUBLIC', now())""",
            generation,
            person,
            prompt,
            2**62 + number,
        )
        for index in range(2):
            picture = await upload(person, prepared(saved(painted(16, 16))), store)
            async with transaction():
                await keep(picture)
                await execute(
                    "INSERT INTO generated_images (id, generation_id, index, picture_id) VALUES ($1, $2, $3, $4)",
                    uuid7(),
                    generation,
                    index,
                    picture,
                )
    await execute(
        """INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, status, created_at)
           VALUES ($1, $2, 'one that failed', 'slow', 1, 8, 8, 1, 'FAILED', now())""",
        uuid7(),
        person,
    )


def mover(store: LocalObjectStore) -> Mover:
    return Mover(store, inline, 10_000)


async def test_it_comes_from_one_service_to_another_once(servers: Servers, tmp_path: Path) -> None:
    here, there = (LocalObjectStore(tmp_path / name, durable=False) for name in ("here", "there"))
    async with service(servers) as ada:
        await make(ada, here)
        before = await fetch(SHOWN)
        path, _ = await exported(export_office(here, SIGNER), Subject(ada, None), tmp_path, Extent.PORTABILITY)
    async with service(servers) as ada:
        with ArchiveReader(path) as reader:
            assert reader.verify_signature(SIGNER.verifier)["right"] == "PORTABILITY"
            assert reader.verify_files() > 4
            assert await bring_in(reader, ada, mover(there)) == Imported(generations=2, pictures=4)
            assert await bring_in(reader, ada, mover(there)) == Imported(known=2)
        assert await fetch(SHOWN) == before
        assert {row["visibility"] for row in await fetch("SELECT visibility FROM generations")} == {"PRIVATE"}
        assert len({key.split("/")[1] async for key in there.list("pictures/")}) == len(before) == 4
        assert await fetch("SELECT 1 FROM consent_records") == []


def forged(path: Path, changed: str, content: bytes, *, listed: bool) -> Path:
    """Return a copy of an archive with one file changed, and its manifest too where it is `listed`."""
    copy = path.with_name("forged.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = content if name == changed else old.read(name)
            if name == "manifest.json" and listed:
                said = orjson.loads(data)
                for entry in said["entries"]:
                    if entry["path"] == changed:
                        entry |= {"byteSize": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                data = orjson.dumps(said)
            new.writestr(name, data)
    return copy


async def test_what_was_changed_is_refused_and_leaves_nothing(servers: Servers, tmp_path: Path) -> None:
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    async with service(servers) as ada:
        await make(ada, store)
        path, _ = await exported(export_office(store, SIGNER), Subject(ada, None), tmp_path, Extent.PORTABILITY)
        with zipfile.ZipFile(path) as archive:
            [image, *_] = [name for name in archive.namelist() if name.startswith("images/")]
            [line, *_] = archive.read(GENERATIONS).splitlines()
        changed = forged(path, image, b"no picture", listed=False)
        with ArchiveReader(changed) as reader, pytest.raises(Unreadable, match="is not the file"):
            reader.verify_files()
        with ArchiveReader(forged(path, image, b"no picture", listed=True)) as reader:
            assert reader.verify_files()
            with pytest.raises(Forged):
                reader.verify_signature(SIGNER.verifier)
            with pytest.raises(Unreadable, match="picture"):
                await bring_in(reader, ada, mover(store))
        with ArchiveReader(path) as reader, pytest.raises(Forged):
            reader.verify_signature(Signer(b"o" * 32).verifier)
        for said in (b"no JSON", orjson.dumps({**orjson.loads(line), "seed": -1}), line.replace(b"T", b" at ")):
            with ArchiveReader(forged(path, GENERATIONS, said, listed=True)) as reader, pytest.raises(Unreadable):
                await bring_in(reader, ada, mover(store))
        assert len(await fetch("SELECT 1 FROM generations WHERE visibility = 'PRIVATE' AND status = 'SUCCEEDED'")) <= 2
        assert await fetch("SELECT 1 FROM pictures WHERE state = 'PENDING'") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../outside.json", b"{}"),
        ("/etc/passwd.json", b"{}"),
        ("a\\b.json", b"{}"),
        ("data/bomb.json", b"0" * 50_000_000),
        ("images/large.webp", b"\0" * 70_000_000),
        ("manifest.json", b"[]"),
        ("manifest.json", b'{"format": "another"}'),
        ("stray.json", b"{}"),
    ],
)
def test_what_is_no_archive_of_ours_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "some.zip"
    manifest = orjson.dumps({"format": "anypeople-export/1", "entries": []})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if name != "manifest.json":
            archive.writestr("manifest.json", manifest)
        archive.writestr("manifest.jws", b"")
        archive.writestr(name, content)

    with pytest.raises(Unreadable):
        ArchiveReader(path)
    path.write_bytes(b"no ZIP at all")
    with pytest.raises(Unreadable):
        ArchiveReader(path)
