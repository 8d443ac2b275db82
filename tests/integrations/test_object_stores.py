"""What the port promises, of every store: also for odd ranges and under concurrency."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from app.core.ports import ObjectStore, StoredObject
from app.integrations.object_keys import CHUNK


async def collect(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def keys(store: ObjectStore, prefix: str = "") -> set[str]:
    return {key async for key in store.list(prefix)}


async def test_written_is_read(store: ObjectStore) -> None:
    await store.put("pictures/a/small.webp", b"first")
    await store.put("pictures/a/small.webp", b"second")
    assert await store.head("pictures/a/small.webp") == StoredObject("pictures/a/small.webp", 6)
    assert await collect(store.read("pictures/a/small.webp")) == b"second"


async def test_what_is_there_is_never_written_over(store: ObjectStore) -> None:
    tries = [f"try {number}".encode() for number in range(8)]

    written = await asyncio.gather(*(store.put_new("journal/0001", content) for content in tries))

    assert written.count(True) == 1
    [kept] = [content for content, was in zip(tries, written, strict=True) if was]
    assert await store.put_new("journal/0001", kept) is False
    assert await collect(store.read("journal/0001")) == kept
    assert await keys(store) == {"journal/0001"}
    with pytest.raises(ValueError, match="not an object key"):
        await store.put_new("../journal", b"")


async def test_list_from_a_key_on(store: ObjectStore) -> None:
    every = {"a/1", "a/10", "a/2", "a/3/x", "b/1"}
    for key in every:
        await store.put(key, b"")

    for prefix, after in (("a/", "a/1"), ("a/", "a/10"), ("a/", "a/15"), ("a/", "a/9"), ("", "a/3"), ("b/", "a/2")):
        found = {key async for key in store.list(prefix, after)}
        assert found == {key for key in every if key.startswith(prefix) and key > after}, (prefix, after)


async def test_nothing_there(store: ObjectStore) -> None:
    assert await store.head("a/b") is None
    for start, end in ((0, None), (0, 0), (3, 3), (3, None), (3, 9)):
        with pytest.raises(KeyError):
            await anext(store.read("a/b", start, end))
    await store.delete("a/b")
    assert await keys(store) == set()


async def test_a_folder_is_no_object_and_an_object_no_folder(store: ObjectStore) -> None:
    await store.put("a/b", b"x")
    for key in ("a", "a/b/c"):
        assert await store.head(key) is None
        with pytest.raises(KeyError):
            await anext(store.read(key))
        await store.delete(key)
    assert await keys(store) == {"a/b"}


async def test_deleted_is_gone_and_its_neighbours_stay(store: ObjectStore) -> None:
    for key in ("a/1", "a/10", "a/2"):
        await store.put(key, b"x")
    await store.delete("a/1")
    await store.delete("a/1")
    assert await store.head("a/1") is None
    assert await keys(store) == {"a/10", "a/2"}


async def test_empty_object(store: ObjectStore) -> None:
    await store.put("empty", b"")
    assert await store.head("empty") == StoredObject("empty", 0)
    for start, end in ((0, None), (0, 0), (0, 5), (5, None), (5, 9)):
        assert await collect(store.read("empty", start, end)) == b""


async def test_ranges_are_slices(store: ObjectStore) -> None:
    content = os.urandom(40)
    await store.put("x", content)
    edges = (0, 1, 7, 39, 40, 41, 300)
    ranges = [(start, end) for start in edges for end in (*edges, None) if end is None or end >= start]
    assert len(ranges) > 30
    for start, end in ranges:
        assert await collect(store.read("x", start, end)) == content[start:end], (start, end)


async def test_chunks_are_bounded(store: ObjectStore) -> None:
    content = os.urandom(3 * CHUNK + 17)
    await store.put("big", content)
    chunks = [chunk async for chunk in store.read("big", 5, 3 * CHUNK)]
    assert max(map(len, chunks)) <= CHUNK
    assert b"".join(chunks) == content[5 : 3 * CHUNK]


async def test_an_object_of_one_chunk_comes_in_one(store: ObjectStore) -> None:
    await store.put("x", bytes(CHUNK))
    assert [len(chunk) async for chunk in store.read("x")] == [CHUNK]


@pytest.mark.parametrize(("start", "end"), [(-1, None), (5, 4)])
async def test_bad_ranges(store: ObjectStore, start: int, end: int | None) -> None:
    with pytest.raises(ValueError, match="range"):
        await anext(store.read("x", start, end))


async def test_a_reader_sees_one_version(store: ObjectStore) -> None:
    await store.put("x", b"a" * 3 * CHUNK)
    reader = store.read("x")
    first = await anext(reader)
    await store.put("x", b"b" * 3 * CHUNK)
    assert first + await collect(reader) == b"a" * 3 * CHUNK
    reader = store.read("x")
    first = await anext(reader)
    await store.delete("x")
    assert first + await collect(reader) == b"b" * 3 * CHUNK


@pytest.mark.parametrize(
    "key",
    [
        *("", "/a", "a/", "a//b", "..", "../a", "a/../b", "a..b", ".", "./a", "a/./b", ".a", "a/.b", ".incoming/x"),
        *("A", "a b", "a\x00b", "a\n", "a\\b", "ä", "a:b", "~", "a" * 300, "/".join(["a" * 150] * 10), "%2e%2e/a"),
    ],
)
async def test_bad_keys(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        await store.put(key, b"")
    with pytest.raises(ValueError, match="not an object key"):
        await store.head(key)
    with pytest.raises(ValueError, match="not an object key"):
        await store.delete(key)
    with pytest.raises(ValueError, match="not an object key"):
        await anext(store.read(key))


async def test_list_by_prefix(store: ObjectStore) -> None:
    every = {"a/1", "a/2/x", "a/2/y", "ab/1", "b", "a-b/c"}
    for key in every:
        await store.put(key, b"")
    for prefix in ("", "a", "a/", "a/2", "a/2/", "a/2/x", "ab", "b", "c", "a/2/x/y", "b/", "a-"):
        assert await keys(store, prefix) == {key for key in every if key.startswith(prefix)}, prefix


@pytest.mark.parametrize("prefix", ["/", "../", "a/../", "A", ".incoming", "a//"])
async def test_bad_prefixes(store: ObjectStore, prefix: str) -> None:
    with pytest.raises(ValueError, match="key"):
        await anext(store.list(prefix))


async def test_put_and_delete_side_by_side_lose_nothing(store: ObjectStore) -> None:
    async def churn(name: str) -> None:
        for _ in range(10):
            await store.put(f"shared/folder/{name}", name.encode())
            assert await collect(store.read(f"shared/folder/{name}")) == name.encode()
            await store.delete(f"shared/folder/{name}")
        await store.put(f"shared/folder/{name}", name.encode())

    await asyncio.gather(*(churn(f"n{number}") for number in range(8)))
    assert await keys(store) == {f"shared/folder/n{number}" for number in range(8)}


async def test_readers_never_see_half_an_object(store: ObjectStore) -> None:
    versions = [bytes([number]) * (2 * CHUNK + number) for number in range(5)]
    await store.put("x", versions[0])

    async def write() -> None:
        for round_ in range(40):
            await store.put("x", versions[round_ % 5])

    writing = asyncio.create_task(write())
    while not writing.done():
        assert await collect(store.read("x")) in versions
    await writing
