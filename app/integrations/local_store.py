"""Objects as files: the object store (`app.core.ports.ObjectStore`) of a service on one machine."""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from app.core.ports import StoredObject
from app.integrations.object_keys import CHUNK, check_range, checked_key, checked_prefix, is_key

INCOMING = ".incoming"
"""Where objects are written before they are moved into place. No key reaches it: no part of a key begins with a dot."""
INCOMING_LIFETIME = 3600.0
"""Seconds after which an unfinished object is what a crash left behind: it may hold a picture, so it is removed."""
ABSENT = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


class LocalObjectStore:
    """Objects as files below one folder, which several processes may share. For one machine.

    A file system knows no object `a` beside an object `a/b`: `put` raises OSError for the second of the two. Files are
    readable by the owner only.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Use `folder`, made when the first object is written.

        `durable`: `put` returns only when the disk has the object (fsync), so that a row never outlives its object.
        """
        self._folder = folder
        self._incoming = folder / INCOMING
        self._durable = durable
        self._swept_at = -INCOMING_LIFETIME

    async def put(self, key: str, content: bytes) -> None:
        """Write an object whole, or replace it. Raises ValueError for a key that is not allowed."""
        await asyncio.to_thread(self._put, self._path(key), content, _replace)

    async def put_new(self, key: str, content: bytes) -> bool:
        """Write an object unless it is there; return whether it was written. Raises ValueError as `put`."""
        try:
            await asyncio.to_thread(self._put, self._path(key), content, _add)
        except _Taken:
            return False
        return True

    async def head(self, key: str) -> StoredObject | None:
        """Return the size of an object, or None. Raises ValueError for a key that is not allowed."""
        size = await asyncio.to_thread(_size, self._path(key))
        return None if size is None else StoredObject(key, size)

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield bytes `start` to `end` (exclusive) in chunks of at most 64 KiB.

        All of it is one version of the object, even if it is replaced or deleted meanwhile. Raises KeyError where there
        is no such object and ValueError for a key or range that is not allowed, both before the first chunk.
        """
        check_range(start, end)
        path = self._path(key)
        left = None if end is None else end - start
        try:
            file, chunk = await asyncio.to_thread(_open, path, start, left)
        except ABSENT:
            raise KeyError(key) from None
        # A buffered file: closing it waits for a read in another thread, so no descriptor is closed under a reader.
        with file:
            while chunk:
                yield chunk
                left = None if left is None else left - len(chunk)
                chunk = await asyncio.to_thread(file.read, _next_size(left))

    async def delete(self, key: str) -> None:
        """Remove an object if it is there. Raises ValueError for a key that is not allowed."""
        await asyncio.to_thread(self._delete, self._path(key))

    async def list(self, prefix: str, after: str = "") -> AsyncIterator[str]:
        """Yield the keys that begin with `prefix` and come after `after`, in no order to rely on.

        An object that comes or goes meanwhile may be in it or not. Raises ValueError for a prefix no key can have.
        """
        folders = [checked_prefix(prefix).rpartition("/")[0]]
        while folders:
            folder = folders.pop()
            inner, keys = await asyncio.to_thread(_entries, self._folder, folder)
            folders += [key for key in inner if key.startswith(prefix)]
            for key in keys:
                if key.startswith(prefix) and key > after:
                    yield key

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)

    def _put(self, path: Path, content: bytes, place: "Place") -> None:
        self._sweep()
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = self._incoming / uuid4().hex
        try:
            with open(incoming, "xb", opener=_open_private) as file:
                file.write(content)
                if self._durable:
                    file.flush()
                    os.fsync(file.fileno())
            self._move(incoming, path, place)
        finally:
            incoming.unlink(missing_ok=True)
        if self._durable:
            _sync_folder(path.parent)

    def _move(self, incoming: Path, path: Path, place: "Place") -> None:
        for attempt in count():
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                place(incoming, path)
                return
            except (FileNotFoundError, FileExistsError):
                # A `delete` next door took the empty folder away between the two lines, or within the first of them:
                # `mkdir` then reports a folder that exists, and is gone by the time it looks.
                if attempt == 99 or path.parent.is_file() or not incoming.exists():
                    raise

    def _delete(self, path: Path) -> None:
        try:
            path.unlink()
        except ABSENT:
            return
        except PermissionError:
            # What macOS says of a folder.
            if path.is_dir():
                return
            raise
        for folder in path.parents:
            if folder == self._folder:
                return
            try:
                folder.rmdir()  # The system refuses if anything is in it, so nothing of others is ever removed.
            except OSError:
                return

    def _sweep(self) -> None:
        """Remove what writers that crashed left behind; at most once an hour."""
        if time.monotonic() - self._swept_at < INCOMING_LIFETIME:
            return
        self._swept_at = time.monotonic()
        with suppress(*ABSENT), os.scandir(self._incoming) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if time.time() - entry.stat().st_mtime > INCOMING_LIFETIME:
                        os.unlink(entry)


Place = Callable[[Path, Path], None]
"""Puts a finished file where it is to be."""


class _Taken(Exception):
    """Something is there already."""


def _replace(incoming: Path, path: Path) -> None:
    incoming.replace(path)


def _add(incoming: Path, path: Path) -> None:
    try:
        path.hardlink_to(incoming)  # unlike a rename, it never takes the place of what is there
    except FileExistsError:
        raise _Taken from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _open(path: Path, start: int, left: int | None) -> tuple[BinaryIO, bytes]:
    """Open and read the first chunk in one go: most objects are no longer than that."""
    file = path.open("rb")
    try:
        file.seek(start)
        return file, file.read(_next_size(left))
    except BaseException:
        file.close()
        raise


def _entries(root: Path, folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the objects directly in `folder`, both as keys; what is no key is not ours."""
    folders: list[str] = []
    keys: list[str] = []
    with suppress(*ABSENT), os.scandir(root / folder) as entries:
        for entry in entries:
            key = f"{folder}/{entry.name}" if folder else entry.name
            if is_key(key):
                (folders if entry.is_dir(follow_symlinks=False) else keys).append(key)
    return folders, keys


def _next_size(left: int | None) -> int:
    return CHUNK if left is None else min(CHUNK, left)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except ABSENT:
        return None


def _sync_folder(folder: Path) -> None:
    with suppress(*ABSENT):  # Deleted again already.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
