"""The built files of the page: gzipped on disk, named by their content, kept in memory."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

FOLDER = Path(__file__).parents[1] / "static" / "graphiql"
SUFFIX = ".gz"
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
}
LICENCES = "THIRD-PARTY-LICENCES.txt"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    media_type: str
    zipped: bytes
    digest: str

    def plain(self) -> bytes:
        """Return the file's bytes, for the rare client that does not take gzip."""
        return gzip.decompress(self.zipped)


@dataclass(frozen=True, slots=True)
class Bundle:
    """All files, and which of them the page names."""

    assets: Mapping[str, Asset]
    script: str
    style: str

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Self:
        """Read what `make graphiql` built. Raises FileNotFoundError where it was not."""
        manifest = json.loads((folder / "manifest.json").read_text())
        assets = {path.name.removesuffix(SUFFIX): _asset(path.read_bytes(), path) for path in folder.glob("*.gz")}
        licences = folder / LICENCES
        assets[LICENCES] = _asset(_compressed(licences), licences)
        return cls(assets, manifest["script"], manifest["style"])


@cache  # 20 ms, for each application that a process composes
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _asset(zipped: bytes, path: Path) -> Asset:
    media_type = MEDIA_TYPES[Path(path.name.removesuffix(SUFFIX)).suffix]
    return Asset(media_type, zipped, hashlib.sha256(zipped).hexdigest()[:32])
