"""Previews as data URIs: shown while a picture is being made, never stored."""

import base64

from app.core.feed import MAX_PREVIEW_BYTES
from app.generation.engines.base import Compute
from app.media import imaging

_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


async def preview_uri(content: bytes, compute: Compute) -> str:
    """Return the preview as a data URI of at most 16 KiB; one that is too large is made smaller.

    Raises UnreadablePicture for what is no picture.
    """
    kind = next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), None)
    if kind is not None:
        uri = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        if len(uri) <= MAX_PREVIEW_BYTES:
            return uri
    return await compute(imaging.thumbnail_data_uri, content, MAX_PREVIEW_BYTES)
