"""Pictures in a terminal: two pixels for each character, drawn as half blocks."""

import base64
import io

from PIL import Image
from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment, Segments
from rich.style import Style

HALF_BLOCK = "\N{UPPER HALF BLOCK}"


def draw(content: bytes, columns: int) -> Segments:
    """Return the picture, `columns` characters wide. Raises OSError for what is no picture."""
    with Image.open(io.BytesIO(content)) as picture:
        height = max(2, round(columns * picture.height / picture.width / 2) * 2)
        small = picture.convert("RGB").resize((columns, height), Image.Resampling.BILINEAR)
    pixels = small.tobytes()
    segments: list[Segment] = []
    for top in range(0, height, 2):
        for column in range(columns):
            upper, lower = (_colour(pixels, (top + row) * columns + column) for row in (0, 1))
            segments.append(Segment(HALF_BLOCK, Style(color=upper, bgcolor=lower)))
        segments.append(Segment.line())
    return Segments(segments)


def from_data_uri(uri: str) -> bytes:
    """Return the bytes of a base64 data URI. Raises ValueError."""
    return base64.b64decode(uri.partition(",")[2], validate=True)


def _colour(pixels: bytes, position: int) -> Color:
    return Color.from_triplet(ColorTriplet(*pixels[position * 3 : position * 3 + 3]))
