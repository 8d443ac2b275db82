"""What is done to unfinished pictures. At the top level of the module: it runs in a compute process."""

import io

from app.media.colour import to_srgb
from app.media.decoding import decode

LONGEST_SIDE = 256
"""Pixels."""
QUALITY = 70


def small(content: bytes, max_pixels: int) -> bytes:
    """Return a picture of at most `max_pixels` as WebP within 256 x 256 pixels. Raises UnreadablePicture."""
    image = to_srgb(decode(content, max_pixels))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    output = io.BytesIO()
    image.save(output, "WEBP", quality=QUALITY, method=2, exif=b"", xmp=b"", icc_profile=b"")
    return output.getvalue()
