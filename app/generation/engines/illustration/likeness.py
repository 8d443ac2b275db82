"""Colours of a reference picture: plain statistics of pixels, in the regions that the place of the face tells apart.

Nothing of the face itself is measured but the colour of its skin. Every step is exact arithmetic on the same bytes, so
the same picture always gives the same colours.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import median_low

from PIL import Image

from app.generation.engines.base import Reference
from app.generation.engines.illustration.attributes import Attributes
from app.generation.engines.illustration.palette import COLOURS, HAIR_COLOURS, SKIN_TONES, channels, luminance
from app.generation.engines.illustration.wardrobe import SHAVED
from app.media.faces import Box

SIDE = 256
"""Longest side, in pixels, of the copy that is measured: averages out noise, and takes a few milliseconds."""
_CHEEKS = (0.25, 0.5, 0.75, 0.75)
"""Left, top, right, bottom, in widths and heights of the face."""
_HAIR = (0.2, -0.3, 0.8, -0.04)
_CLOTHES = (-0.4, 1.5, 1.4, 2.6)
_LEAST_PIXELS = 40
"""Fewer say nothing: the region lies outside of the picture."""
_PALETTE_COLOURS = 6
_ALIKE = 36
"""Distance of two colours below which what is above the face is taken for forehead, or for what is behind the head.
Black hair and the darkest skin are 55 apart."""

TAKEN = "Taken from your reference: {}."
NOT_TAKEN = "Not taken from it: the face, its features and the hairstyle; nobody in particular is drawn."
WORDS_WON = "Your words decided instead of your reference: {}."
NO_FACE = "No face was found in your reference, so only colours for clothes and background could be taken from it."

_NAMES = {
    "hair": "hair colour",
    "clothes": "colour of the clothes",
    "place": "colour of the background",
    "skin": "skin tone",
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was measured; colours are `#rrggbb`. None: it could not be seen."""

    clothes: str | None = None
    background: str | None = None
    hair: str | None = None
    skin: int | None = None
    """An index of `SKIN_TONES`."""
    has_face: bool = False


def measure(reference: Reference) -> Likeness:
    """Measure a reference picture; runs in `compute`."""
    with Image.open(io.BytesIO(reference.content)) as picture:
        image = picture.convert("RGB")
    scale = min(1.0, SIDE / max(image.size))
    copy = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BOX)
    if reference.face is None:
        return _palette(copy)
    return _person(copy, reference.face, scale)


def _palette(image: Image.Image) -> Likeness:
    """The most common colour is the background's, the most vivid one of the others the clothes'."""
    few = image.quantize(_PALETTE_COLOURS, Image.Quantize.MEDIANCUT)
    entries = few.getpalette() or []
    counted = sorted(few.getcolors() or [], key=lambda pair: (-pair[0], pair[1]))
    colours = [tuple(entries[3 * index : 3 * index + 3]) for _, index in counted if isinstance(index, int)]
    background, *others = colours
    vivid = max(others, key=lambda colour: max(colour) - min(colour), default=background)
    return Likeness(_nearest(_hex(vivid), COLOURS.values()), _hex(background))


def _person(image: Image.Image, face: Box, scale: float) -> Likeness:
    skin, background = _colour(image, face, scale, _CHEEKS), _background(image, face, scale)
    return Likeness(
        clothes=_named(_colour(image, face, scale, _CLOTHES), COLOURS),
        background=background,
        hair=_named(_colour(image, face, scale, _HAIR, unlike=(skin, background)), HAIR_COLOURS),
        skin=None if skin is None else SKIN_TONES.index(_nearest(skin, SKIN_TONES)),
        has_face=True,
    )


def _colour(
    image: Image.Image,
    face: Box,
    scale: float,
    part: tuple[float, float, float, float],
    unlike: Iterable[str | None] = (),
) -> str | None:
    """Return the median colour of a region that is given in widths and heights of the face."""
    left, top = face.left * scale, face.top * scale
    width, height = face.width * scale, face.height * scale
    box = (left + part[0] * width, top + part[1] * height, left + part[2] * width, top + part[3] * height)
    return _median(_pixels(image, box), unlike)


def _background(image: Image.Image, face: Box, scale: float) -> str | None:
    """Return the median colour left and right of the head, down to the chin."""
    left, right = (face.left - 0.5 * face.width) * scale, (face.left + 1.5 * face.width) * scale
    bottom = (face.top + face.height) * scale
    return _median(_pixels(image, (0, 0, left, bottom)) + _pixels(image, (right, 0, image.width, bottom)))


def _pixels(image: Image.Image, box: tuple[float, float, float, float]) -> list[tuple[int, int, int]]:
    left, top = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(image.width, round(box[2])), min(image.height, round(box[3]))
    if right <= left or bottom <= top:
        return []
    content = image.crop((left, top, right, bottom)).tobytes()
    return list(zip(content[::3], content[1::3], content[2::3], strict=True))


def _median(pixels: list[tuple[int, int, int]], unlike: Iterable[str | None] = ()) -> str | None:
    """Return the median of each channel, without the pixels whose colour is near one of `unlike`."""
    others = [channels(colour) for colour in unlike if colour is not None]
    pixels = [pixel for pixel in pixels if all(_distance(pixel, other) >= _ALIKE**2 for other in others)]
    if len(pixels) < _LEAST_PIXELS:
        return None
    return _hex(tuple(median_low(values) for values in zip(*pixels, strict=True)))


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _named(colour: str | None, names: Mapping[str, str]) -> str | None:
    return None if colour is None else _nearest(colour, names.values())


def _nearest(colour: str, others: Iterable[str]) -> str:
    """Return the colour that looks most alike; brightness counts twice."""
    return min(
        dict.fromkeys(others),
        key=lambda other: (
            _distance(channels(colour), channels(other)) + (2 * 255 * (luminance(colour) - luminance(other))) ** 2
        ),
    )


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def with_likeness(attributes: Attributes, seen: Likeness) -> Attributes:
    """Return the attributes with what the words leave open taken from the reference, and sentences that say so."""
    wishes, skin = dict(attributes.wishes), attributes.skin
    taken, overruled = [], []
    for slot, colour in (("hair", seen.hair), ("clothes", seen.clothes), ("place", seen.background)):
        if colour is not None and _is_said(attributes, slot, colour):
            overruled.append(_NAMES[slot])
        elif colour is not None:
            wishes[slot] = replace(attributes.wish(slot), colour=colour)
            taken.append(_NAMES[slot])
    if seen.skin is not None:
        (taken if skin is None else overruled).append(_NAMES["skin"])
        skin = skin or (seen.skin, seen.skin + 1)
    sentences = (*attributes.sentences, *_sentences(seen, taken, overruled))
    return replace(attributes, wishes=wishes, skin=skin, sentences=sentences)


def _is_said(attributes: Attributes, slot: str, colour: str) -> bool:
    """Return whether the words say it already, or forbid it."""
    wish = attributes.wish(slot)
    if slot == "hair" and (attributes.old or SHAVED in wish.qualities | {wish.value}):
        return True
    if slot == "place" and (wish.value not in ("", "studio") or _is_outdoors(attributes)):
        return True
    return wish.colour is not None or not attributes.allows(slot, colour)


def _is_outdoors(attributes: Attributes) -> bool:
    return bool(attributes.wish("time").value or attributes.wish("weather").value)


def _sentences(seen: Likeness, taken: list[str], overruled: list[str]) -> list[str]:
    sentences = [] if seen.has_face else [NO_FACE]
    if taken:
        sentences.append(TAKEN.format(", ".join(taken)))
    if overruled:
        sentences.append(WORDS_WON.format(", ".join(overruled)))
    if seen.has_face:
        sentences.append(NOT_TAKEN)
    return sentences
