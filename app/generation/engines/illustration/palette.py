"""Colours: arithmetic on `#rrggbb`, and the tables of named colours that a prompt may use."""

import colorsys
from collections.abc import Mapping
from types import MappingProxyType

INK = "#262e33"
"""The darkest colour of the drawings; frames of glasses are this unless the prompt says otherwise."""

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "red": "#d1453f", "scarlet": "#d6322f", "crimson": "#b3263a", "ruby": "#a81f3d", "cherry": "#b8243c",
        "burgundy": "#7a2439", "maroon": "#702a35", "wine": "#742c3f", "claret": "#7a2439", "brick": "#a8503f",
        "rust": "#b1592f", "copper": "#b5683c", "terracotta": "#c6714f", "orange": "#ef8a34", "tangerine": "#f08c3a",
        "apricot": "#f2b483", "peach": "#f6bf9c", "coral": "#f0766a", "salmon": "#ef9283", "amber": "#e8a33a",
        "yellow": "#f3c94b", "lemon": "#f4dc6c", "mustard": "#d3a136", "gold": "#d7aa45", "golden": "#dcb04c",
        "ochre": "#c48a35", "beige": "#dccbb0", "cream": "#f3e8d3", "ivory": "#f5eedf", "sand": "#d9c19a",
        "camel": "#bf9468", "tan": "#c79a6b", "caramel": "#b67a44", "khaki": "#a69a6c", "brown": "#7b5138",
        "chestnut": "#77422e", "chocolate": "#5b3a2c", "coffee": "#65483a", "green": "#3f9a5c", "emerald": "#1f8f66",
        "forest": "#2f6645", "olive": "#7c7f43", "sage": "#9db395", "mint": "#a5dcc1", "lime": "#a4cc48",
        "moss": "#6b7d48", "jade": "#3da282", "pistachio": "#b4ce8b", "teal": "#2a8a8c", "turquoise": "#3fbdb8",
        "aqua": "#63cdd0", "cyan": "#4bbfd6", "blue": "#3f7fcb", "navy": "#27375e", "cobalt": "#2d55ad",
        "azure": "#5aa7e4", "sky": "#8cc6ee", "denim": "#4d6f99", "indigo": "#43459a", "petrol": "#27626d",
        "purple": "#7a4fa3", "violet": "#8559bd", "plum": "#6f3d6b", "aubergine": "#4f2d50", "eggplant": "#4f2d50",
        "lilac": "#c1a4da", "lavender": "#b9a9e0", "mauve": "#b58ba8", "magenta": "#c53d8d", "fuchsia": "#cf3f95",
        "pink": "#ee8fb0", "rose": "#e08a97", "blush": "#f0bdb9", "white": "#f4f3ef", "black": "#2b2d33",
        "grey": "#8c9299", "gray": "#8c9299", "charcoal": "#454b54", "slate": "#64707f", "silver": "#c3c8ce",
    }
)  # fmt: skip

HAIR_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "black": "#2c2226", "dark": "#3b2a24", "brown": "#6b4230", "chestnut": "#7f4530", "auburn": "#97452b",
        "red": "#c4502a", "ginger": "#d1692f", "copper": "#c2622f", "orange": "#d8742f", "strawberry": "#d58d5c",
        "blonde": "#dfb96f", "blond": "#dfb96f", "golden": "#dcae58", "gold": "#dcae58", "yellow": "#e8c864",
        "fair": "#e4c384", "light": "#d9b77a", "sandy": "#cda968", "platinum": "#efe3c8", "caramel": "#a86f40",
        "grey": "#a7a9ae", "gray": "#a7a9ae", "silver": "#c6c9cf", "white": "#e9e6e1", "salt": "#8f9096",
        "brunette": "#5a3728", "raven": "#241f26", "chocolate": "#573527", "mousy": "#93745a",
    }
)  # fmt: skip

NATURAL_HAIR = (
    "#1d171b",
    "#2c2226",
    "#2c2226",
    "#3b2a24",
    "#55352a",
    "#6b4230",
    "#7f4530",
    "#97452b",
    "#c4502a",
    "#c08d52",
    "#dfb96f",
)
"""What the seed picks from; dyed colours only where the prompt says so."""

GREY_HAIR = ("#a7a9ae", "#bfc2c7", "#dcdad6")

SKIN_TONES = ("#fbe0c8", "#f6cfae", "#eab98f", "#d9a074", "#c48659", "#a66d45", "#8b573a", "#734731", "#5e3a29")
"""From light to dark."""

SKIN_RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "pale": (0, 1), "porcelain": (0, 1), "fair": (0, 2), "light": (0, 3), "white": (0, 3), "ivory": (0, 1),
        "olive": (3, 5), "tan": (3, 5), "tanned": (3, 5), "bronze": (4, 6), "golden": (3, 5), "medium": (3, 5),
        "brown": (5, 8), "dark": (6, 9), "black": (6, 9), "ebony": (7, 9), "deep": (6, 9), "caramel": (4, 6),
    }
)  # fmt: skip
"""Slices of `SKIN_TONES`."""

WARDROBE = (
    "coral", "mustard", "sage", "teal", "navy", "burgundy", "lilac", "rose", "terracotta", "forest", "denim",
    "charcoal", "cream", "turquoise", "plum", "azure", "rust", "emerald",
)  # fmt: skip
"""Clothes colours that the seed picks from."""


def channels(colour: str) -> tuple[int, int, int]:
    """Return the red, green and blue of `#rrggbb`, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(one: str, other: str, share: float) -> str:
    """Return `one` with `share` (0 to 1) of `other` in it."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Return how bright `colour` looks, 0 (black) to 1 (white)."""
    red, green, blue = channels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def companion(colour: str, turn: float, lightness: float, saturation: float) -> str:
    """Return a colour `turn` (in turns, 0.5 is opposite) away from `colour` on the wheel, as light as asked."""
    hue, _, _ = colorsys.rgb_to_hls(*(part / 255 for part in channels(colour)))
    parts = colorsys.hls_to_rgb((hue + turn) % 1.0, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
