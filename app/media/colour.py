"""From whatever a file holds to plain sRGB, without transparency and without metadata."""

import io
import warnings
from typing import cast

from PIL import Image, ImageCms

SRGB = ImageCms.createProfile("sRGB")
MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def to_srgb(image: Image.Image) -> Image.Image:
    """Return `image` as 8-bit sRGB on white, with an empty `info`.

    Handles 16 bits, palettes, greyscale, CMYK, transparency and embedded ICC profiles; a profile that is broken or
    belongs to another colour space is ignored.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        profile = image.info.get("icc_profile")
        image, alpha = _without_alpha(_eight_bit(image))
        colour = _by_profile(image, profile) if isinstance(profile, bytes) and profile else None
        plain = colour or image.convert("RGB")
        if alpha is not None:
            white = Image.new("RGB", plain.size, "white")
            white.paste(plain, mask=alpha)
            plain = white
    plain.info = {}
    return plain


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scale 16-bit grey down; Pillow's own conversion would cut everything above 255 to white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")


def _without_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Split into opaque colours (as stored, not blended) and the alpha channel."""
    if not image.has_transparency_data:
        return image, None
    image = image.convert("RGBA")
    return image.convert("RGB"), image.getchannel("A")


def _by_profile(image: Image.Image, content: bytes) -> Image.Image | None:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        # Most profiles say that the picture is sRGB already; to find that out pixel by pixel takes 36 ms.
        if ImageCms.getProfileDescription(profile).startswith("sRGB"):
            return None
        mode = MODE_OF_SPACE.get(profile.profile.xcolor_space.strip())
        if mode is None or (mode == "CMYK") != (image.mode == "CMYK"):
            return None
        image = image if image.mode == mode else image.convert(mode)
        # Without `inPlace` the result is never None.
        return cast(Image.Image, ImageCms.profileToProfile(image, profile, SRGB, outputMode="RGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
