"""Hostile, broken and rotated files."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from app.media.errors import UnreadablePicture
from app.media.imaging import prepare
from tests.media.pictures import (
    BLUE,
    GREEN,
    RED,
    chunk,
    near,
    painted,
    png_claiming,
    prepared,
    saved,
)


def webp_claiming(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = saved(Image.new("RGB", (2, 2)), "WEBP")[12:]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + canvas + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_claiming(width: int, height: int) -> bytes:
    content = saved(Image.new("RGB", (8, 8)), "JPEG")
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


@pytest.mark.parametrize("claiming", [png_claiming, webp_claiming, jpeg_claiming])
@pytest.mark.parametrize("size", [(50_000, 50_000), (16_384, 1), (1, 16_384), (2001, 2000)])
def test_bombs_are_refused_by_their_header(
    claiming: Callable[[int, int], bytes], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load_prepare", decoded.append)
    with pytest.raises(UnreadablePicture, match="at most 4000000 pixels"):
        prepared(claiming(*size))
    assert decoded == []


def test_limits_are_ours_and_not_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(UnreadablePicture, match="pixels"):
        prepared(webp_claiming(16_000, 16_000))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 60)
    assert prepared(saved(Image.new("RGB", (10, 10)))).width == 10
    assert prepare(saved(Image.new("RGB", (10, 10))), max_pixels=100).width == 10
    with pytest.raises(UnreadablePicture, match="at most 99 pixels"):
        prepare(saved(Image.new("RGB", (10, 10))), max_pixels=99)


def test_palette_is_missing() -> None:
    header = struct.pack(">IIBBBBB", 4, 4, 8, 3, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(20))) + chunk(b"IEND", b"")
    )
    with pytest.raises(UnreadablePicture, match="damaged"):
        prepared(content)


def test_text_bomb() -> None:
    content = saved(painted())
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9))
    with pytest.raises(UnreadablePicture):
        prepared(content[:33] + bomb + content[33:])


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "PPM", "ICO", "TGA"])
def test_other_formats(file_format: str) -> None:
    with pytest.raises(UnreadablePicture, match="not a PNG, JPEG or WebP"):
        prepared(saved(painted(), file_format))


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"<svg/>", b"RIFF\0\0\0\0WAVE", b"%PDF-1.7", b"\0" * 100])
def test_no_picture_at_all(content: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="not a PNG, JPEG or WebP"):
        prepared(content)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_animated(file_format: str) -> None:
    content = saved(painted(), file_format, save_all=True, append_images=[Image.new("RGB", (96, 64))], duration=100)
    with pytest.raises(UnreadablePicture, match="animated"):
        prepared(content)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_truncated(file_format: str) -> None:
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    content = saved(noise, file_format)
    for share in (0.02, 0.3, 0.5, 0.9):
        with pytest.raises(UnreadablePicture):
            prepared(content[: int(len(content) * share)])


@cache
def to_damage(file_format: str) -> bytes:
    """Made once: a new profile holds the time of day."""
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(painted(24, 16), file_format, exif=exif, icc_profile=profile)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_refused_or_decoded(file_format: str, data: st.DataObject) -> None:
    content = bytearray(to_damage(file_format))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        result = prepare(bytes(content), max_pixels=100_000)
    except UnreadablePicture:
        return
    assert len(result.variants) == 3


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"RIFF\x40\0\0\0WEBPVP8X"]), st.binary(max_size=200))
def test_rubbish_behind_a_signature(signature: bytes, rubbish: bytes) -> None:
    with pytest.raises(UnreadablePicture):
        prepare(signature + rubbish, max_pixels=10_000)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(file_format: str, orientation: int) -> None:
    stored_from_upright = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = painted() if stored_from_upright is None else painted().transpose(stored_from_upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    result = prepared(saved(stored, file_format, exif=exif), expected_size=(96, 64))
    image = Image.open(io.BytesIO(result.variants[0].content))
    assert near(image.getpixel((10, 10)), RED)
    assert near(image.getpixel((85, 10)), GREEN)
    assert near(image.getpixel((10, 55)), BLUE)


def test_broken_exif_is_no_reason_to_refuse() -> None:
    assert prepared(saved(painted(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).width == 96


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    content = saved(painted(), "JPEG", progressive=True)
    last_scan = content[content.rfind(b"\xff\xda") : -2]

    prepare(content[:-2] + last_scan * 50 + content[-2:], max_pixels=10_000)
    with pytest.raises(UnreadablePicture, match="more than 100 scans"):
        prepare(content[:-2] + last_scan * 100 + content[-2:], max_pixels=10_000)
