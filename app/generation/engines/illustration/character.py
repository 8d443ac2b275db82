"""A person as layers of SVG: DiceBear's Avataaars parts, and small details that we draw ourselves.

A variant that the style does not know is dropped without a word by DiceBear, so `cast.py` names only variants that a
test has found in the style. Nothing of the prompt comes here but keys of our own tables and `#rrggbb` colours.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dicebear import Avatar, Style

from app.generation.engines.illustration.palette import luminance, mix

SIDE = 280
"""Width and height of the drawing's own canvas; the shoulders end at its lower edge."""

LAYERS = ("background", "clothes", "face", "hair", "details")
"""What is drawn one after the other; `background` is not part of the person."""

_CHILD = re.compile(r"<(?:path|use)\b[^>]*/>")
_COMPONENT = re.compile(r'href="#([A-Za-z]+)-')
_TORSO = (
    "M140.5 221.83c18.5 0 33.5-9.61 33.5-21.48q0-.52-.04-1.05A72 72 0 0 1 240 271.06V280H40v-8."
    "94a72 72 0 0 1 67.05-71.83q-.05.55-.05 1.12c0 11.87 15 21.48 33.5 21.48"
)
"""The outline of a round-necked top, for what we paint on it."""


@dataclass(frozen=True, slots=True)
class Character:
    """Everything that is drawn of one person. Names are variants of the style, colours are `#rrggbb`."""

    skin: str
    hair: str | None
    """A variant of `top`, or nothing for a shaved head."""
    hair_colour: str
    headwear: str | None
    """A second variant of `top`, drawn over the hair."""
    headwear_colour: str
    facial_hair: str | None
    facial_hair_colour: str
    eyewear: str | None
    eyewear_colour: str
    clothes: str
    clothes_colour: str
    graphic: str
    """What is printed on a `graphicShirt`."""
    pattern: str | None
    """`knit`, `stripes`, `dots` or nothing."""
    scarf: str | None
    """Its colour, or nothing."""
    mouth: str
    eyes: str
    eyebrows: str
    blush: bool
    freckles: bool
    earrings: str | None
    """Their colour, or nothing."""


@cache
def style() -> Style:
    """Return the Avataaars style. Checking it takes half a second, so a process does that once."""
    return Style(json.loads(files("dicebear_styles").joinpath("avataaars.json").read_text("utf-8")))


def load_style() -> None:
    """Have this process hold the style; what it holds cannot travel between processes."""
    style()


def _options(character: Character, top: str | None) -> dict[str, object]:
    return {
        "seed": "person",
        "skinColor": character.skin,
        "topVariant": top or "sides",
        "topProbability": 100 if top else 0,
        "hairColor": character.hair_colour,
        "hatColor": character.headwear_colour,
        "facialHairVariant": character.facial_hair or "beardLight",
        "facialHairProbability": 100 if character.facial_hair else 0,
        "facialHairColor": character.facial_hair_colour,
        "accessoriesVariant": character.eyewear or "round",
        "accessoriesProbability": 100 if character.eyewear else 0,
        "accessoriesColor": character.eyewear_colour,
        "clothesVariant": character.clothes,
        "clothesColor": character.clothes_colour,
        "clothesGraphicVariant": character.graphic,
        "mouthVariant": character.mouth,
        "eyesVariant": character.eyes,
        "eyebrowsVariant": character.eyebrows,
    }


def _parts(character: Character, top: str | None) -> tuple[str, dict[str, str]]:
    """Return the definitions and, by component (`skin` for the bare body), the elements that draw it."""
    svg = Avatar(style(), _options(character, top)).to_string()
    start, end = svg.index("<defs>") + len("<defs>"), svg.rindex("</defs>")
    parts: dict[str, str] = {}
    for child in _CHILD.findall(svg[svg.rindex("<g clip-path") :]):
        found = _COMPONENT.search(child)
        name = found.group(1) if found else "skin"
        parts[name] = parts.get(name, "") + child
    return svg[start:end], parts


def person_svg(character: Character, layers: int) -> str:
    """Return the SVG of the person with the first `layers` of `LAYERS`, on a transparent square of `SIDE`."""
    body = "".join(_layers(character)[: layers - 1])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" fill="none">{body}</svg>'


def _layers(character: Character) -> tuple[str, ...]:
    definitions, parts = _parts(character, character.hair)
    hat = ""
    if character.headwear:
        extra, worn = _parts(character, character.headwear)
        definitions += "".join(re.findall(r'<g id="top-.*?(?=<g id="[A-Za-z]+-|<clipPath id="clip-|$)', extra))
        hat = worn["top"]
    shirt = f'<path d="{_TORSO}" fill="#efe9dd"/>' if character.clothes == "overall" else ""
    clothes = parts["skin"] + shirt + parts["clothes"] + _pattern(character)
    face = "".join(parts[name] for name in ("mouth", "nose", "eyes", "eyebrows"))
    return (
        f"<defs>{definitions}</defs>{clothes}",
        _blush(character) + face,
        _earrings(character) + parts.get("top", "") + parts.get("facialHair", ""),
        _scarf(character) + hat + parts.get("accessories", ""),
    )


def _pattern(character: Character) -> str:
    """A knit's ribs, stripes or dots, cut to the shape of a round-necked top."""
    ink = mix(character.clothes_colour, "#000000" if luminance(character.clothes_colour) > 0.35 else "#ffffff", 0.16)
    light = mix(character.clothes_colour, "#ffffff", 0.72 if luminance(character.clothes_colour) < 0.75 else 0.0)
    if character.pattern == "knit":
        marks = "".join(f"M{x} {y}l3 3.4l3 -3.4" for y in range(226, 284, 7) for x in range(41 + (y % 2) * 3, 240, 8))
        shapes = f'<path d="{marks}" stroke="{ink}" stroke-width="1.3" stroke-opacity=".55" stroke-linecap="round"/>'
    elif character.pattern == "stripes":
        band = light if luminance(character.clothes_colour) < 0.75 else "#3a4666"
        shapes = "".join(
            f'<path d="M30 {y}Q140 {y + 9} 250 {y}" stroke="{band}" stroke-width="5"/>' for y in range(216, 290, 13)
        )
    elif character.pattern == "dots":
        spot = light if luminance(character.clothes_colour) < 0.75 else "#c9686b"
        shapes = "".join(
            f'<circle cx="{x + (y % 22) / 2}" cy="{y}" r="2.6" fill="{spot}"/>'
            for y in range(212, 284, 11)
            for x in range(40, 244, 14)
        )
    else:
        return ""
    return f'<clipPath id="torso"><path d="{_TORSO}"/></clipPath><g clip-path="url(#torso)">{shapes}</g>'


def _blush(character: Character) -> str:
    shapes = ""
    if character.blush:
        rose, strength = mix(character.skin, "#e0405a", 0.62), 0.14 + 0.24 * luminance(character.skin)
        shapes += "".join(
            f'<ellipse cx="{x}" cy="134" rx="11" ry="7" fill="{rose}" fill-opacity="{strength}"/>' for x in (102, 178)
        )
    if character.freckles:
        spot = mix(character.skin, "#7a3a1a", 0.45)
        places = (
            (100, 129),
            (107, 132),
            (97, 134),
            (104, 137),
            (112, 130),
            (168, 130),
            (176, 132),
            (183, 129),
            (172, 137),
            (180, 136),
        )
        shapes += "".join(f'<circle cx="{x}" cy="{y}" r="1.3" fill="{spot}"/>' for x, y in places)
    return shapes


def _earrings(character: Character) -> str:
    if character.earrings is None:
        return ""
    return "".join(
        f'<circle cx="{x}" cy="139" r="4.6" stroke="{character.earrings}" stroke-width="2.4"/>' for x in (79, 201)
    )


def _scarf(character: Character) -> str:
    if character.scarf is None:
        return ""
    deep = mix(character.scarf, "#1a1020", 0.2)
    tail = "M158 212q14 22 9 68h-31q8-34 0-62z"
    loop = "M96 184q44 26 88 0q16 8 13 22q-6 22-57 23q-51-1-57-23q-3-14 13-22z"
    fold = "M88 208q52 22 105-3M104 194q36 15 72 0"
    return (
        f'<path d="{tail}" fill="{deep}"/><path d="{loop}" fill="{character.scarf}"/>'
        f'<path d="{fold}" stroke="{deep}" stroke-width="3" stroke-linecap="round"/>'
    )
