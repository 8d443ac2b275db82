"""Which media type an answer has, from the request's Accept header: one of two of JSON, or a stream of events."""

from collections.abc import Iterable

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
EXACT = 2


def media_type_for(accept: Iterable[str]) -> str | None:
    """Return the media type that the client likes best; None where it wants neither.

    Without a wish it is JSON: clients that were written before the specification expect that.
    """
    ranges = [parsed for header in accept for part in header.split(",") if (parsed := _parse(part))]
    if not ranges:
        return JSON
    offers = [offer for offer in (_offer(JSON, ranges), _offer(GRAPHQL_RESPONSE, ranges)) if offer[0] > 0]
    return max(offers)[-1] if offers else None


def prefers_events(accept: Iterable[str]) -> bool:
    """Whether the client names the event stream, and likes no JSON better; of two named alike the first wins.

    Clients that can read everything name JSON first for what they expect one answer to.
    """
    ranges = (parsed for header in accept for part in header.split(",") if (parsed := _parse(part)))
    named = [
        (quality, -position, name)
        for position, (name, quality) in enumerate(ranges)
        if name in {EVENT_STREAM, GRAPHQL_RESPONSE, JSON}
    ]
    best = max(named, default=(0.0, 0, JSON))
    return best[0] > 0 and best[2] == EVENT_STREAM


def _offer(media_type: str, ranges: list[tuple[str, float]]) -> tuple[float, int, bool, str]:
    """Return what the type is worth to the client: the q of the range that names it most precisely, then how precisely.

    Of two that are named alike the newer one wins; of two that a wildcard covers, JSON.
    """
    names = ("*/*", "application/*", media_type)
    precision, quality = max(((names.index(name), q) for name, q in ranges if name in names), default=(0, 0.0))
    return quality, precision, (media_type == GRAPHQL_RESPONSE) == (precision == EXACT), media_type


def _parse(part: str) -> tuple[str, float] | None:
    """Return the name and the q of a media range; what cannot be read counts for nothing."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            return (name, quality) if 0 <= quality <= 1 else None
    return (name, 1.0) if name else None
