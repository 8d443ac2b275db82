"""What becomes of pictures: variants, metadata, placeholder, preview, and the way out of a worker."""

import io
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import blurhash as reference  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageStat
from PIL.PngImagePlugin import PngInfo

from app.media.errors import LinkInvalid, UnreadablePicture
from app.media.imaging import load_codecs, prepare, thumbnail_data_uri
from app.media.placeholder import blurhash
from app.media.variants import Variant
from tests.media.pictures import (
    BLUE,
    MAX_PIXELS,
    RED,
    near,
    original,
    painted,
    png_claiming,
    prepared,
    saved,
)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_variants(file_format: str) -> None:
    result = prepared(saved(painted(1000, 600), file_format), expected_size=(1000, 600))
    assert (result.width, result.height) == (1000, 600)
    assert [(one.name, one.width, one.height) for one in result.variants] == [
        (Variant.ORIGINAL, 1000, 600),
        (Variant.LARGE, 512, 307),
        (Variant.SMALL, 256, 154),
    ]
    for one in result.variants:
        image = Image.open(io.BytesIO(one.content))
        assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (one.width, one.height))
        assert one.byte_size == len(one.content)
        assert one.content_type == "image/webp"
        assert near(image.getpixel((2, 2)), RED)
        assert near(image.getpixel((one.width - 3, one.height - 3)), BLUE)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (200, 100), (2000, 1)])
def test_never_enlarged_and_never_without_pixels(size: tuple[int, int]) -> None:
    result = prepared(saved(Image.new("RGB", size, RED)))
    for one in result.variants:
        assert 1 <= one.width <= size[0]
        assert 1 <= one.height <= size[1]
        assert max(one.width, one.height) == min(max(size), one.name.longest_side or max(size))


def test_wrong_size() -> None:
    with pytest.raises(UnreadablePicture, match="size"):
        prepared(saved(painted(96, 64)), expected_size=(64, 96))


def with_metadata(file_format: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-maker"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 30.0, 1.0)
    gps[29] = "CANARY-gps"
    options: dict[str, object] = {
        "exif": exif,
        "xmp": b'<x:xmpmeta xmlns:x="adobe:ns:meta/">CANARY-xmp</x:xmpmeta>',
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    if file_format == "PNG":
        text = PngInfo()
        text.add_text("Author", "CANARY-text")
        text.add_itxt("XML:com.adobe.xmp", "CANARY-itxt")
        options["pnginfo"] = text
    if file_format == "JPEG":
        options["comment"] = "CANARY-comment"
    return saved(painted(600, 400), file_format, **options) + b"CANARY-trailer"


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_metadata_is_gone(file_format: str) -> None:
    content = with_metadata(file_format)
    source = Image.open(io.BytesIO(content))
    source.load()
    assert source.getexif().get_ifd(0x8825)
    assert b"CANARY" in content
    for one in prepared(content).variants:
        image = Image.open(io.BytesIO(one.content))
        image.load()
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
        # A simple lossy file is one chunk of pixels: there is no place for anything else.
        assert one.content[12:16] == b"VP8 "
        assert len(one.content) - 20 - int.from_bytes(one.content[16:20], "little") in (0, 1)
        for needle in (b"CANARY", b"EXIF", b"Exif", b"XMP ", b"ICCP", b"xmpmeta"):
            assert needle not in one.content
    assert "CANARY" not in thumbnail_data_uri(content)


def test_pictures_survive() -> None:
    source = Image.effect_mandelbrot((300, 200), (-2, -1, 1, 1), 100).convert("RGB")
    difference = ImageChops.difference(source, original(saved(source)))
    assert max(ImageStat.Stat(difference).rms) < 6


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 48), st.integers(1, 48), st.randoms(use_true_random=False))
def test_placeholder_is_that_of_the_reference(width: int, height: int, random: object) -> None:
    content = random.randbytes(width * height * 3)  # type: ignore[attr-defined]
    image = Image.frombytes("RGB", (width, height), content)
    assert len(blurhash(image)) == 28
    if max(width, height) <= 32:
        pixels = [[image.getpixel((x, y)) for x in range(width)] for y in range(height)]
        across, down = (4, 3) if width >= height else (3, 4)
        assert blurhash(image) == reference.encode(pixels, across, down)


def test_placeholder_looks_like_the_picture() -> None:
    pixels = reference.decode(prepared(saved(painted(300, 200))).placeholder, 30, 20)
    assert pixels[3][3][0] > 2 * pixels[3][3][2]
    assert pixels[16][15][2] > 2 * pixels[16][15][0]


@pytest.mark.parametrize("max_bytes", [16 * 1024, 4000, 1000, 400])
def test_preview_fits(max_bytes: int) -> None:
    noise = Image.effect_noise((800, 800), 120).convert("RGB")
    uri = thumbnail_data_uri(saved(noise, "JPEG"), max_bytes)
    assert uri.startswith("data:image/webp;base64,")
    assert len(uri) <= max_bytes


def test_preview_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="30 bytes"):
        thumbnail_data_uri(saved(painted()), 30)
    with pytest.raises(UnreadablePicture):
        thumbnail_data_uri(b"GIF89a", 16_384)
    with pytest.raises(UnreadablePicture, match="pixels"):
        thumbnail_data_uri(png_claiming(5000, 5000), 16_384)


def test_no_warning_escapes_and_no_filter_is_left_behind() -> None:
    filters = list(warnings.filters)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for content in (with_metadata("JPEG"), saved(Image.new("P", (5, 5)), transparency=b"\0\1"), b"\xff\xd8\xff"):
            try:
                prepared(content)
            except UnreadablePicture:
                continue
    assert seen == []
    assert list(warnings.filters) == filters


def test_crosses_a_real_process_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(load_codecs).result()
        content = saved(painted())
        assert pool.submit(prepare, content, max_pixels=MAX_PIXELS).result() == prepared(content)
        with pytest.raises(UnreadablePicture) as caught:
            pool.submit(prepare, png_claiming(50_000, 50_000), max_pixels=MAX_PIXELS).result()
        assert caught.value.message.startswith("The picture is 50000 x 50000 pixels")
        assert caught.value.path == ()


@pytest.mark.parametrize("error", [UnreadablePicture("what", path=("input", "picture")), LinkInvalid("why")])
def test_errors_can_be_pickled(error: UnreadablePicture | LinkInvalid) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.message, copy.path, copy.code) == (type(error), error.message, error.path, error.code)
