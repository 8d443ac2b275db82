"""Requests and answers of the image API, as in the official client's types (`openai` 3.54: `types/image_*`)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from app.core.keys import keyed_hash
from app.generation.engines.base import BadOutput, Order
from app.generation.engines.openai.settings import OpenAISettings

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
MAX_SEED = 2**31 - 1
"""What every server takes."""
DATA_URL = "data:image/"

Picture = bytes | str
"""The picture itself, or the address that it is to be fetched from."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture: one request."""

    order: Order
    prompt: str
    """Neutralised."""
    index: int


def request(client: httpx.AsyncClient, settings: OpenAISettings, wanted: Wanted) -> httpx.Request:
    """Return `POST {base}/images/generations`, or `…/images/edits` where the order has reference pictures.

    Each picture is a request of its own (`n` is 1): a flagged one leaves the others alone, and a retry asks for the
    missing ones only. `Idempotency-Key` is the order's key and the index, the same in every attempt.
    """
    headers = {
        "accept": "text/event-stream, application/json" if settings.partial_images else "application/json",
        "idempotency-key": f"{wanted.order.key}:{wanted.index}",
    }
    if settings.api_key is not None:
        headers["authorization"] = f"Bearer {settings.api_key.get_secret_value()}"
    fields = _fields(settings, wanted)
    if not wanted.order.references:
        headers["content-type"] = "application/json"
        url = f"{settings.url}/images/generations"
        return client.build_request("POST", url, headers=headers, content=orjson.dumps(fields))
    files = [
        ("image[]", (f"reference-{number}.{EXTENSIONS[one.content_type]}", one.content, one.content_type))
        for number, one in enumerate(wanted.order.references)
    ]
    form = {name: _form_value(value) for name, value in fields.items()}
    return client.build_request("POST", f"{settings.url}/images/edits", headers=headers, data=form, files=files)


def _fields(settings: OpenAISettings, wanted: Wanted) -> dict[str, Any]:
    order = wanted.order
    fields: dict[str, Any] = {
        "prompt": wanted.prompt,
        "model": settings.model,
        "n": 1,
        "size": f"{order.width}x{order.height}",
    }
    optional: Mapping[str, Any] = {
        "quality": settings.quality,
        "output_format": settings.output_format,
        "response_format": settings.response_format,
        "moderation": settings.moderation,
        "safety_identifier": order.subject,
    }
    fields |= {name: value for name, value in optional.items() if value}
    if settings.partial_images:
        fields |= {"stream": True, "partial_images": settings.partial_images}
    if settings.seeded:
        fields["seed"] = seed_of(order.seed, wanted.index)
    return fields


def seed_of(seed: int, index: int) -> int:
    """Return the seed of one picture, 0 to 2**31 - 1: it follows from the order's seed and the index alone."""
    digest = keyed_hash(b"image seed", f"{seed}:{index}".encode())
    return int.from_bytes(digest[:4]) & MAX_SEED


def _form_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def picture(answer: bytes) -> Picture:
    """Return the one picture of an `ImagesResponse` (`{"data": [{"b64_json"} or {"url"}]}`). Raises BadOutput."""
    try:
        entry = orjson.loads(answer)["data"][0]
    except (orjson.JSONDecodeError, TypeError, LookupError):
        raise bad_output() from None
    return picture_of(entry)


def picture_of(entry: object) -> Picture:
    """Return the picture of an entry of `data`, or of a `*.completed` event. Raises BadOutput."""
    if isinstance(entry, dict):
        encoded, url = entry.get("b64_json"), entry.get("url")
        if isinstance(encoded, str) and encoded:
            return decoded(encoded)
        if isinstance(url, str) and url.startswith(DATA_URL):
            return decoded(url.partition(",")[2])
        if isinstance(url, str) and url:
            return url
    raise bad_output()


def decoded(encoded: str) -> bytes:
    """Return the bytes of a base64 text. Raises BadOutput."""
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise bad_output() from None


def bad_output() -> BadOutput:
    """Return the error for an answer that is not what was agreed; its content is never quoted."""
    return BadOutput("The image server's answer could not be read: try again.")
