"""From hostile bytes to upright pixels.

The format plugins are called directly instead of `Image.open`: what is accepted and how large it may be is then decided
here for each call, and not by Pillow's process-wide `MAX_IMAGE_PIXELS`, by file names or by installed plugins.
"""

import io
import struct
import warnings
import zlib
from contextlib import suppress

from PIL import ExifTags, Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from app.media.errors import UnreadablePicture

MAX_SCANS = 100
"""Of a JPEG, whose pixels are gone over once for each. Encoders write about ten."""
START_OF_SCAN = b"\xff\xda"
"""ITU-T T.81, table B.1. What is compressed never holds these two bytes; what is embedded may, a few times."""
MAX_SIDE = 16_383
"""In pixels: what WebP, the format we store, can hold."""

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the value of the EXIF tag `Orientation`."""

# Everything that Pillow's decoders raise on bytes somebody tampered with. MemoryError is not among them on purpose:
# within the limits it means that the machine is too small, not that the picture is bad.
BROKEN = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def decode(content: bytes, max_pixels: int) -> Image.Image:
    """Decode a still PNG, JPEG or WebP of at most `max_pixels` (width x height), upright by its EXIF orientation.

    The size is read from the header before memory for pixels is taken. Raises UnreadablePicture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = _open(content, max_pixels)
            image.load()
            if image.mode == "P" and image.palette is None:
                raise SyntaxError("palette is missing")
        except BROKEN as error:
            raise UnreadablePicture("The picture is damaged or incomplete.") from error
        return _upright(image)


def _open(content: bytes, max_pixels: int) -> ImageFile.ImageFile:
    """Read the header; no pixel is decoded yet."""
    opener = _opener(content)
    if opener is WebPImageFile:
        # This plugin takes the memory for the canvas as soon as it is made, so its header is read here.
        _check_size(_webp_size(content), max_pixels)
    if opener is JpegImageFile and content.count(START_OF_SCAN) > MAX_SCANS:
        raise UnreadablePicture(f"The picture has more than {MAX_SCANS} scans: save it as a plain JPEG.")
    image = opener(io.BytesIO(content))
    _check_size(image.size, max_pixels)
    if getattr(image, "n_frames", 1) > 1:
        raise UnreadablePicture("The picture is animated; only still pictures are accepted.")
    return image


def _opener(content: bytes) -> type[PngImageFile | JpegImageFile | WebPImageFile]:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if content.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WebPImageFile
    raise UnreadablePicture("The file is not a PNG, JPEG or WebP picture.")


def _webp_size(content: bytes) -> tuple[int, int]:
    """Canvas of the first chunk (RFC 9649, section 2; RFC 6386, section 9.1 for `VP8 `)."""
    if len(content) < 30:
        raise EOFError("WebP header is incomplete")
    match content[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    raise SyntaxError("unknown first chunk of WebP")


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise UnreadablePicture("The picture has no pixels.")
    if width > MAX_SIDE or height > MAX_SIDE or width * height > max_pixels:
        raise UnreadablePicture(
            f"The picture is {width} x {height} pixels; "
            f"no side may be over {MAX_SIDE}, and all of it at most {max_pixels} pixels."
        )


def _upright(image: Image.Image) -> Image.Image:
    orientation = None
    # Broken EXIF is no reason to refuse a picture: it is shown as it lies, and the EXIF is thrown away anyhow.
    with suppress(*BROKEN):
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    method = UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if method is None else image.transpose(method)
