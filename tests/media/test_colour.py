"""Whatever the file holds, what is stored is sRGB on white."""

import struct
import zlib

import pytest
from PIL import Image, ImageCms

from tests.media.pictures import BLUE, GREEN, RED, WHITE, chunk, near, original, painted, prepared, saved


def test_cmyk_jpeg() -> None:
    image = original(saved(painted().convert("CMYK"), "JPEG", quality=95))
    assert image.mode == "RGB"
    assert near(image.getpixel((10, 10)), RED)
    assert near(image.getpixel((10, 55)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_greyscale(mode: str) -> None:
    image = original(saved(Image.new(mode, (20, 20), 255)))
    assert near(image.getpixel((5, 5)), WHITE, 4)


@pytest.mark.parametrize("value", [0, 0x4000, 0x8000, 0xFFFF])
def test_sixteen_bit_grey_is_scaled_and_not_cut(value: int) -> None:
    image = original(saved(Image.new("I;16", (20, 20), value)))
    assert near(image.getpixel((5, 5)), (value >> 8,) * 3, 4)


def test_sixteen_bit_colour() -> None:
    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    row = b"\0" + struct.pack(">HHH", 0xFFFF, 0x8000, 0) * 4
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 4)) + chunk(b"IEND", b"")
    )
    assert near(original(content).getpixel((1, 1)), (255, 128, 0), 12)


def test_transparency_is_white() -> None:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 20))
    image.paste((0, 0, 0, 128), (30, 0, 40, 20))
    for content in (saved(image), saved(image, "WEBP", lossless=True, exact=True)):
        result = original(content)
        assert near(result.getpixel((4, 10)), RED)
        assert near(result.getpixel((25, 10)), WHITE, 40)
        assert near(result.getpixel((36, 10)), (127, 127, 127))


def test_palettes_with_transparency() -> None:
    image = Image.new("P", (40, 20), 0)
    image.putpalette([*BLUE, *RED])
    image.paste(1, (20, 0, 40, 20))
    for transparency in (0, b"\x00\xff"):
        result = original(saved(image, transparency=transparency))
        assert near(result.getpixel((5, 10)), WHITE)
        assert near(result.getpixel((35, 10)), RED)
    assert near(original(saved(image)).getpixel((5, 10)), BLUE)


@pytest.mark.parametrize(("mode", "transparency"), [("L", 0), ("1", 0), ("RGB", (0, 0, 0))])
def test_transparent_colour(mode: str, transparency: int | tuple[int, int, int]) -> None:
    image = original(saved(Image.new(mode, (20, 20), 0), transparency=transparency))
    assert near(image.getpixel((5, 5)), WHITE, 4)


def test_grey_with_alpha() -> None:
    assert near(original(saved(Image.new("LA", (20, 20), (0, 0)))).getpixel((5, 5)), WHITE, 4)


def swapped_profile() -> bytes:
    """A valid profile in which red and green have changed places: what is converted by it can be seen."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    # The description says sRGB and would have the profile skipped.
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_icc_profile_is_applied(file_format: str) -> None:
    image = original(saved(painted(), file_format, icc_profile=swapped_profile()))
    assert near(image.getpixel((10, 10)), GREEN)
    assert near(image.getpixel((85, 10)), RED)


def test_icc_profile_with_transparency() -> None:
    content = saved(Image.new("RGBA", (20, 20), (255, 0, 0, 128)), icc_profile=swapped_profile())
    assert near(original(content).getpixel((5, 5)), (127, 255, 127))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA", "P"])
@pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 200, swapped_profile()[:300], swapped_profile()])
def test_odd_profiles_do_no_harm(mode: str, profile: bytes) -> None:
    content = saved(painted().convert(mode), "JPEG" if mode == "CMYK" else "PNG", icc_profile=profile)
    assert prepared(content).width == 96
