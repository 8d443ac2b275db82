"""Whether a client takes a gzipped answer (RFC 9110, section 12.5.3)."""

from collections.abc import Iterable


def accepts_gzip(accept_encoding: Iterable[str]) -> bool:
    """Return what the client says of gzip, else what it says of everything, else no."""
    wishes = dict(_parse(part) for header in accept_encoding for part in header.split(","))
    return wishes.get("gzip", wishes.get("*", 0.0)) > 0


def _parse(part: str) -> tuple[str, float]:
    """Return a coding's name and its q; one that cannot be read is refused."""
    name, _, parameter = (piece.strip().lower() for piece in part.partition(";"))
    if not parameter:
        return name, 1.0
    key, _, value = parameter.partition("=")
    try:
        quality = float(value) if key.strip() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return name, quality
