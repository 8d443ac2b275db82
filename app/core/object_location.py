"""Where objects are kept, as `OBJECT_STORE_URL` says it: a folder, or a bucket of an S3 server."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
BUCKET_PREFIX = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")
REGION = re.compile(r"[a-z0-9-]+")
OPTIONS = frozenset({"endpoint", "region"})
NO_CREDENTIALS = "must not hold credentials: they belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place on an S3 server: objects lie in bucket `name`, below `prefix`."""

    name: str
    prefix: str
    region: str
    endpoint: str | None = None
    """The server's address; None: Amazon's for the region."""


def parse_location(url: str) -> Path | Bucket:
    """Read `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`.

    Raises ValueError for anything else: it says what is right, and never repeats what it was given.
    """
    parts = _split(url)
    match parts.scheme:
        case "file":
            return _folder(parts)
        case "s3":
            return _bucket(parts)
    raise ValueError("must begin with file:/// or s3://")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it raises
    except ValueError:
        raise ValueError("is no address") from None
    if "@" in parts.netloc:
        raise ValueError(NO_CREDENTIALS)
    return parts


def _folder(parts: SplitResult) -> Path:
    if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/") or parts.query:
        raise ValueError("names a folder like this: file:///folder")
    return Path(unquote(parts.path))


def _bucket(parts: SplitResult) -> Bucket:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    if not options.keys() <= OPTIONS or len(options) != len(pairs):
        raise ValueError(f"takes endpoint and region after its ?, each once, and {NO_CREDENTIALS}")
    prefix = parts.path.removeprefix("/").removesuffix("/")
    if not BUCKET.fullmatch(parts.netloc) or not BUCKET_PREFIX.fullmatch(prefix):
        raise ValueError("names a bucket like this: s3://bucket/prefix")
    endpoint = options.get("endpoint") or None
    region = options.get("region", "us-east-1" if endpoint else "")
    if not REGION.fullmatch(region):
        raise ValueError("needs ?region=… for Amazon's own servers, and a region's name where it is given")
    return Bucket(parts.netloc, prefix, region, None if endpoint is None else _endpoint(endpoint))


def _endpoint(address: str) -> str:
    parts = _split(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.path.strip("/"):
        raise ValueError("takes an endpoint like this: endpoint=https://s3.example.com:9000")
    return f"{parts.scheme}://{parts.netloc}"
