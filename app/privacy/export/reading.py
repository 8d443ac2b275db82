"""Reads an archive that came from elsewhere, and trusts nothing in it: paths, sizes, ratios and hashes are checked.

A ZIP is small and may say that it is large: nothing is unpacked to a disk, and nothing is read further than it says.
"""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from app.core.signing import Forged, Verifier
from app.privacy.export.manifest import FORMAT, MANIFEST, SIGNATURE, SIGNED

PATH = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)?\.[a-z]{2,5}")
"""One folder deep at most, and no way out of it."""
MOST_ENTRIES = 1_000_000
MOST_BYTES = 64 * 1024 * 1024
"""Of a file but the data of a table, which is never read as a whole."""
MOST_DATA = 16 * 1024**3
MOST_MANIFEST = 256 * 1024 * 1024
MOST_RATIO = 200
"""How many times larger a file may be than what it is packed in: text with many equal rows has some tens."""
SMALL = 1024 * 1024
"""Bytes up to which nobody asks for the ratio."""
CHUNK = 64 * 1024


class Unreadable(Exception):
    """What was brought is no archive of ours, or not whole. The message is for whoever brought it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of a file."""

    byte_size: int
    sha256: str


class ArchiveReader:
    """An archive whose list of files was read, and nothing else so far."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises Unreadable, OSError."""
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise Unreadable("This is no ZIP file.") from error
        try:
            self._infos = _checked(self._zip.infolist())
            self._manifest = self._whole(MANIFEST, MOST_MANIFEST)
            self.head, self.entries = _parsed(self._manifest)
            if set(self._infos) != {*self.entries, MANIFEST, SIGNATURE}:
                raise Unreadable("The files are not those that the manifest lists.")
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "ArchiveReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify_signature(self, verifier: Verifier) -> Mapping[str, Any]:
        """Return what is signed. Raises Forged where the manifest is not signed by these keys."""
        kind, claims = verifier.read(self._whole(SIGNATURE, CHUNK).decode("ascii", "replace").strip())
        if kind != SIGNED or claims.get("sha256") != hashlib.sha256(self._manifest).hexdigest():
            raise Forged("The manifest is not the one that was signed.")
        return claims

    def verify_files(self) -> int:
        """Read every file to its end; return how many there are. Raises Unreadable for one that is not as listed."""
        for path in self.entries:
            for _ in self.chunks(path):
                """Until its hash is known."""
        return len(self.entries)

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a file; raises Unreadable, at its end at the latest, where it is not as listed."""
        entry = self.entries.get(path)
        if entry is None:
            raise Unreadable(f"{path[:100]} is not in the archive.")
        digest, size = hashlib.sha256(), 0
        with self._opened(path) as file:
            while chunk := _read(file, path):
                digest.update(chunk)
                size += len(chunk)
                if size > entry.byte_size:
                    break
                yield chunk
        if (size, digest.hexdigest()) != (entry.byte_size, entry.sha256):
            raise Unreadable(f"{path} is not the file that the manifest lists.")

    def content(self, path: str) -> bytes:
        """Return a file. Raises Unreadable, also for one of more than `MOST_BYTES`."""
        if path in self._infos and self._infos[path].file_size > MOST_BYTES:
            raise Unreadable(f"{path} is too large.")
        return b"".join(self.chunks(path))

    def lines(self, path: str, longest: int = SMALL) -> Iterator[bytes]:
        """Yield the lines of a file without their ends. Raises Unreadable, also for a line that is too long."""
        rest = b""
        for chunk in self.chunks(path):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > longest:
                raise Unreadable(f"A line of {path} is too long.")
        if rest:
            yield rest

    def _whole(self, path: str, most: int) -> bytes:
        if path not in self._infos or self._infos[path].file_size > most:
            raise Unreadable(f"There is no {path} in it: this is no archive of an export.")
        content = bytearray()
        with self._opened(path) as file:
            while chunk := _read(file, path):
                content += chunk
                if len(content) > most:
                    raise Unreadable(f"{path} is larger than it says.")
        return bytes(content)

    def _opened(self, path: str) -> IO[bytes]:
        try:
            return self._zip.open(self._infos[path])
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"{path} cannot be read.") from error


def _checked(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MOST_ENTRIES:
        raise Unreadable(f"It has more than {MOST_ENTRIES} files.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if not PATH.fullmatch(info.filename) or info.filename in found:
            raise Unreadable("It has a file whose name is none of ours.")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{info.filename} is packed in a way that is none of ours.")
        if info.file_size > (MOST_DATA if info.filename.endswith((".json", ".jsonl")) else MOST_BYTES):
            raise Unreadable(f"{info.filename} is too large.")
        if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
            raise Unreadable(f"{info.filename} is packed far smaller than what we pack: this may be a bomb.")
        found[info.filename] = info
    return found


def _parsed(manifest: bytes) -> tuple[Mapping[str, Any], dict[str, Entry]]:
    try:
        said = orjson.loads(manifest)
        entries = {str(each["path"]): Entry(int(each["byteSize"]), str(each["sha256"])) for each in said.pop("entries")}
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("Its manifest cannot be read.") from error
    if said.get("format") != FORMAT:
        raise Unreadable(f"Its format is not {FORMAT}.")
    return said, entries


def _read(file: IO[bytes], path: str) -> bytes:
    try:
        return file.read(CHUNK)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable(f"{path} is damaged.") from error
