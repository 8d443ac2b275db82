"""Pixels: backdrop and person together, finished in one of the styles. Runs in the compute process."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps
from resvg_py import svg_to_bytes

from app.generation.engines.illustration.backdrop import Setting, backdrop_svg, tint
from app.generation.engines.illustration.character import LAYERS, Character, person_svg

FLAT, PASTEL, NOIR = "flat", "pastel", "noir"
STYLES = (FLAT, PASTEL, NOIR)

_PREVIEW_SIDE = 192
_PREVIEW_QUALITY = 80
_SOFTNESS = 0.5
"""The backdrop is painted at this share of the size: faster, and a little out of focus behind the person."""
_PALE = [round(48 + 207 * (value / 255) ** 0.68) for value in range(256)] * 3
_MILD = [round(16 + 239 * (value / 255) ** 0.92) for value in range(256)] * 3
"""What pastel does to the backdrop, and to the person, whose skin must stay what it is."""
_VIGNETTE_BOX = (37, 37, 219, 219)
"""The part of Pillow's round gradient that fills a picture so that only its corners are in full shade."""
_SHADOW, _BACKLIGHT = "#1b1f3a", "#c9d3f5"


@dataclass(frozen=True, slots=True)
class Plan:
    """One picture, decided to the last detail: the same plan gives the same bytes."""

    character: Character
    setting: Setting
    style: str
    width: int
    height: int
    """In pixels."""


def preview(plan: Plan, layers: int) -> bytes:
    """Return WebP bytes, at most 192 pixels a side, of the first `layers` of `LAYERS`."""
    scale = _PREVIEW_SIDE / max(plan.width, plan.height)
    picture = _compose(plan, max(1, round(plan.width * scale)), max(1, round(plan.height * scale)), layers)
    buffer = BytesIO()
    picture.save(buffer, "WEBP", quality=_PREVIEW_QUALITY, method=2)
    return buffer.getvalue()


def final(plan: Plan) -> bytes:
    """Return the PNG bytes of the finished picture, `plan.width` x `plan.height` pixels."""
    buffer = BytesIO()
    _compose(plan, plan.width, plan.height, len(LAYERS)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _compose(plan: Plan, width: int, height: int, layers: int) -> Image.Image:
    size = max(1, round(width * _SOFTNESS)), max(1, round(height * _SOFTNESS))
    picture = _painted(plan.setting, plan.width, plan.height, size).resize((width, height), Image.Resampling.BICUBIC)
    if plan.style == PASTEL:
        picture = ImageEnhance.Color(picture).enhance(1.08).point(_PALE)
    if layers > 1:
        left, top, side = _box(width, height)
        person = _rasterise(person_svg(plan.character, layers), side, side)
        outline = Image.new("L", (width, height))
        outline.paste(person.getchannel("A"), (left, top))
        shade, mask = _rim(plan, outline)
        picture.paste(shade, mask=mask)
        lit = _lit(person.convert("RGB"), tint(plan.setting))
        picture.paste(lit.point(_MILD) if plan.style == PASTEL else lit, (left, top), person.getchannel("A"))
    return _noir(picture) if plan.style == NOIR else picture


def _box(width: int, height: int) -> tuple[int, int, int]:
    """Return the left, top and side of the person: as large as the frame allows, standing on its lower edge."""
    side = round(min(height * 0.9, width * 1.12))
    return (width - side) // 2, height - side, side


def _rasterise(svg: str, width: int, height: int) -> Image.Image:
    return Image.open(BytesIO(svg_to_bytes(svg_string=svg, width=width, height=height, skip_system_fonts=True)))


@lru_cache(maxsize=4)
def _painted(setting: Setting, width: int, height: int, size: tuple[int, int]) -> Image.Image:
    """Return the backdrop for `width` x `height` pixels at `size`. The previews of one picture share theirs."""
    picture = _rasterise(backdrop_svg(setting, width, height), *size).convert("RGB")
    edge = Image.radial_gradient("L").resize(size, Image.Resampling.BICUBIC, box=_VIGNETTE_BOX)
    picture.paste(_SHADOW, mask=edge.point([max(0, value - 128) * 62 // 127 for value in range(256)]))
    return picture


def _rim(plan: Plan, outline: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return a soft rim around the person, as a colour and its mask: it lifts them off the backdrop.

    By day it is a shadow; after dark and in noir it is a light from behind.
    """
    backlit = plan.style == NOIR or plan.setting.time == "night"
    colour, strength = (_BACKLIGHT, 55) if backlit else (_SHADOW, 42)
    width, height = outline.size
    small = outline.resize((max(1, width // 8), max(1, height // 8)), Image.Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(max(1.0, min(small.size) * 0.03)))
    mask = Image.new("L", outline.size)
    fading = soft.point([value * strength // 100 for value in range(256)])
    mask.paste(fading.resize(outline.size, Image.Resampling.BILINEAR), (0, round(height * 0.008)))
    return Image.new("RGB", outline.size, colour), mask


def _lit(person: Image.Image, colours: tuple[str, str]) -> Image.Image:
    fall = ImageOps.colorize(Image.linear_gradient("L"), colours[0], colours[1])
    return ImageChops.multiply(person, fall.resize(person.size, Image.Resampling.BILINEAR))


def _noir(picture: Image.Image) -> Image.Image:
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=(1, 2))
    return ImageOps.colorize(grey, "#0d1020", "#f7f3ea", mid="#7d8199", midpoint=96)
