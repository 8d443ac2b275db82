"""Pictures for tests, and how to look at what became of them."""

import io
import struct
import zlib

from PIL import Image

from app.media.imaging import prepare
from app.media.variants import PreparedPicture

MAX_PIXELS = 4_000_000
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def painted(width: int = 96, height: int = 64) -> Image.Image:
    """Red above left, green above right, blue below."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    return image


def saved(image: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, file_format, **options)
    return output.getvalue()


def prepared(content: bytes, expected_size: tuple[int, int] | None = None) -> PreparedPicture:
    return prepare(content, max_pixels=MAX_PIXELS, expected_size=expected_size)


def original(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(prepared(content).variants[0].content))


def near(actual: object, expected: tuple[int, ...], tolerance: int = 24) -> bool:
    assert isinstance(actual, tuple)
    return all(abs(one - other) <= tolerance for one, other in zip(actual, expected, strict=True))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
