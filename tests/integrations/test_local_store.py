"""What only the object store on a disk has: files, folders, and what a crash leaves of them."""

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ports import ObjectStore, StoredObject
from app.integrations.local_store import INCOMING, LocalObjectStore
from app.integrations.object_keys import CHUNK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(folder: Path) -> ObjectStore:
    return LocalObjectStore(folder, durable=False)


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def there(path: Path) -> bool:
    return path.exists()


async def keys(store: ObjectStore, prefix: str = "") -> set[str]:
    return {key async for key in store.list(prefix)}


@pytest.mark.parametrize("durable", [True, False])
async def test_written_is_read(folder: Path, durable: bool) -> None:
    store = LocalObjectStore(folder, durable=durable)
    await store.put("pictures/a/small.webp", b"first")
    await store.put("pictures/a/small.webp", b"second")
    assert await store.head("pictures/a/small.webp") == StoredObject("pictures/a/small.webp", 6)
    assert await collect(store.read("pictures/a/small.webp")) == b"second"
    assert list((folder / INCOMING).iterdir()) == []


async def test_a_folder_is_no_object_and_an_object_no_folder(store: ObjectStore) -> None:
    await store.put("a/b", b"x")
    for key in ("a", "a/b/c"):
        with pytest.raises(OSError, match=r".+"):
            await store.put(key, b"y")
    assert await keys(store) == {"a/b"}


@given(content=st.binary(max_size=300), start=st.integers(0, 400), length=st.none() | st.integers(0, 400))
def test_ranges_are_slices(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, start: int, length: int | None
) -> None:
    end = None if length is None else start + length

    async def read() -> bytes:
        store = LocalObjectStore(tmp_path_factory.getbasetemp() / "slices", durable=False)
        await store.put("x", content)
        return await collect(store.read("x", start, end))

    assert asyncio.run(read()) == content[start:end]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files by /proc")
async def test_leaving_early_closes_the_file(store: LocalObjectStore) -> None:
    await store.put("x", bytes(3 * CHUNK))
    before = len(os.listdir("/proc/self/fd"))
    readers = [store.read("x") for _ in range(20)]
    for reader in readers:
        await anext(reader)
        await reader.aclose()
    assert len(os.listdir("/proc/self/fd")) <= before + 2


@given(st.text(max_size=40))
def test_no_key_leaves_the_folder(key: str) -> None:
    root = Path("/nowhere/objects")
    try:
        path = LocalObjectStore(root)._path(key)
    except ValueError:
        return
    assert Path(os.path.normpath(path)).is_relative_to(root)
    assert Path(os.path.normpath(path)) == path


async def test_what_is_no_key_touches_nothing(store: ObjectStore, folder: Path) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        await store.put("../x", b"")
    assert not there(folder)
    assert list(folder.parent.iterdir()) == []


async def test_files_of_others_are_not_listed(store: ObjectStore, folder: Path) -> None:
    await store.put("a/1", b"")
    (folder / ".DS_Store").touch()
    (folder / "lost+found").mkdir()
    assert await keys(store) == {"a/1"}


async def test_delete_prunes_empty_folders_only(store: ObjectStore, folder: Path) -> None:
    await store.put("a/b/c/1", b"")
    await store.put("a/d/2", b"")
    await store.delete("a/b/c/1")
    assert not there(folder / "a/b")
    assert await keys(store) == {"a/d/2"}
    await store.delete("a/d/2")
    assert not there(folder / "a")
    assert there(folder)


async def test_put_and_delete_side_by_side_lose_nothing(store: ObjectStore) -> None:
    async def churn(name: str) -> None:
        for _ in range(60):
            await store.put(f"shared/folder/{name}", name.encode())
            assert await collect(store.read(f"shared/folder/{name}")) == name.encode()
            await store.delete(f"shared/folder/{name}")
        await store.put(f"shared/folder/{name}", name.encode())

    await asyncio.gather(*(churn(f"n{number}") for number in range(8)))
    assert await keys(store) == {f"shared/folder/n{number}" for number in range(8)}


async def test_a_folder_that_goes_while_it_is_made_is_made_again(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `mkdir` says where a `delete` takes the folder away between its attempt and its look at what is there."""
    make, gone = os.mkdir, ["folder"]

    def mkdir(path: Path, mode: int = 0o777) -> None:
        if gone and Path(path).name == gone[0]:
            gone.clear()
            raise FileExistsError(path)
        make(path, mode)

    monkeypatch.setattr(os, "mkdir", mkdir)
    await store.put("shared/folder/a", b"a")
    assert not gone
    assert await collect(store.read("shared/folder/a")) == b"a"


async def test_only_the_owner_reads(store: ObjectStore, folder: Path) -> None:
    await store.put("a/b", b"x")
    assert stat.S_IMODE((folder / "a/b").stat().st_mode) == 0o600


async def test_what_a_crash_left_is_removed(folder: Path) -> None:
    (folder / INCOMING).mkdir(parents=True)
    old, fresh = folder / INCOMING / "old", folder / INCOMING / "fresh"
    old.write_bytes(b"half a face")
    fresh.write_bytes(b"being written by another process")
    os.utime(old, (time.time() - 4000,) * 2)
    store = LocalObjectStore(folder)
    await store.put("x", b"")
    assert not there(old)
    assert there(fresh)
    assert await keys(store) == {"x"}


async def test_failed_put_leaves_nothing(folder: Path) -> None:
    store = LocalObjectStore(folder)
    await store.put("a/b", b"x")
    with pytest.raises(OSError, match=r".+"):
        await store.put("a", b"y")
    assert list((folder / INCOMING).iterdir()) == []
