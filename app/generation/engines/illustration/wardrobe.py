"""Which variants of the drawing set stand for which words. A test finds every one of them in the style."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


def _tags(rows: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({variant: frozenset(tags.split()) for variant, tags in rows.items()})


HAIR = _tags(
    {
        "bigHair": "long big waves",
        "bob": "medium bob straight",
        "bun": "bun ponytail straight short",
        "curly": "curls big medium",
        "curvy": "long waves curls fringe",
        "dreads": "long dreads braids",
        "dreads01": "short curls dreads",
        "dreads02": "short messy dreads",
        "frizzle": "quiff short undercut",
        "fro": "afro big",
        "longButNotTooLong": "medium straight fringe",
        "miaWallace": "bob medium straight fringe",
        "shaggy": "short messy fringe pixie",
        "shaggyMullet": "mullet medium messy",
        "shavedSides": "undercut long straight",
        "shortCurly": "short curls",
        "shortFlat": "short straight",
        "shortRound": "short straight",
        "shortWaved": "short waves quiff pixie",
        "sides": "bald",
        "straight01": "long straight ponytail",
        "straight02": "long straight",
        "straightAndStrand": "long straight fringe",
        "theCaesar": "short buzz",
        "theCaesarAndSidePart": "short buzz",
    }
)
SHAVED = "shaved"
"""The quality of a head without hair, which is no variant."""

HAIR_FOR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "woman": (
            "bigHair",
            "bob",
            "bun",
            "curly",
            "curvy",
            "dreads",
            "fro",
            "longButNotTooLong",
            "miaWallace",
            "shavedSides",
            "straight01",
            "straight02",
            "straightAndStrand",
        ),
        "man": (
            "dreads01",
            "dreads02",
            "frizzle",
            "shaggy",
            "shaggyMullet",
            "shortCurly",
            "shortFlat",
            "shortRound",
            "shortWaved",
            "theCaesar",
            "theCaesarAndSidePart",
            "sides",
            "fro",
        ),
        "person": (
            "bigHair",
            "bob",
            "bun",
            "curly",
            "curvy",
            "dreads",
            "fro",
            "longButNotTooLong",
            "shaggy",
            "shortCurly",
            "shortFlat",
            "shortRound",
            "shortWaved",
            "straight01",
            "straight02",
            "theCaesar",
            "dreads01",
        ),
    }
)
"""What the seed picks from where the prompt does not describe the hair."""

HEADWEAR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hat": ("hat",),
        "beanie": ("winterHat02", "winterHat03"),
        "ear flaps": ("winterHat1",),
        "hijab": ("hijab",),
        "turban": ("turban",),
        "band": ("froBand",),
        "flowers": ("frida",),
    }
)
COVERING = frozenset(("hijab", "turban", "winterHat1"))
"""Headwear with no hair to be seen."""
HAIR_OF_ITS_OWN = frozenset(("froBand", "frida"))
UNDER_HAT = frozenset(
    ("bob", "straight01", "straight02", "longButNotTooLong", "miaWallace", "curvy", "straightAndStrand", "dreads")
)
"""Hair that can be drawn under a hat."""

EYEWEAR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "glasses": ("prescription01", "prescription02", "round"),
        "sunglasses": ("sunglasses", "wayfarers"),
        "round": ("round",),
        "square": ("prescription01", "prescription02"),
    }
)

FACIAL_HAIR: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "beard": ("beardMedium", "beardLight"),
        "long": ("beardMajestic",),
        "stubble": ("beardLight",),
        "moustache": ("moustacheMagnum", "moustacheFancy"),
        "fancy": ("moustacheFancy",),
    }
)


@dataclass(frozen=True, slots=True)
class Outfit:
    """A garment: the variants that can stand for it, and the patterns that it has of itself."""

    variants: tuple[str, ...]
    patterns: tuple[str | None, ...] = (None,)


PATTERNED = "shirtCrewNeck"
"""The one variant whose outline the patterns are cut to."""

OUTFITS: Mapping[str, Outfit] = MappingProxyType(
    {
        "jumper": Outfit((PATTERNED,), ("knit",)),
        "hoodie": Outfit(("hoodie",)),
        "shirt": Outfit(("collarAndSweater", "shirtVNeck")),
        "t-shirt": Outfit((PATTERNED, "shirtVNeck")),
        "blazer": Outfit(("blazerAndShirt", "blazerAndSweater")),
        "dress": Outfit(("shirtScoopNeck",)),
        "overall": Outfit(("overall",)),
        "graphic": Outfit(("graphicShirt",)),
    }
)
GRAPHICS = ("bear", "deer", "diamond", "pizza")
SEEDED_OUTFITS = ("jumper", "hoodie", "shirt", "t-shirt", "blazer", "dress", "overall", "stripes")
"""What the seed picks from; `stripes` is a striped t-shirt."""


@dataclass(frozen=True, slots=True)
class Look:
    """The parts of a face that make an expression."""

    mouth: tuple[str, ...]
    eyes: tuple[str, ...]
    eyebrows: tuple[str, ...]


_CALM_BROWS = ("default", "defaultNatural")
EXPRESSIONS: Mapping[str, Look] = MappingProxyType(
    {
        "smile": Look(
            ("smile", "twinkle", "smile"), ("default", "default", "happy"), (*_CALM_BROWS, "raisedExcitedNatural")
        ),
        "laugh": Look(("smile",), ("happy",), ("raisedExcited", "raisedExcitedNatural")),
        "serious": Look(("serious",), ("default",), ("default", "defaultNatural")),
        "sad": Look(("sad",), ("default",), ("sadConcerned", "sadConcernedNatural")),
        "cry": Look(("sad",), ("cry",), ("sadConcernedNatural",)),
        "surprised": Look(("disbelief", "screamOpen"), ("surprised",), ("raisedExcited", "raisedExcitedNatural")),
        "wink": Look(("smile", "twinkle"), ("wink",), ("upDown", "upDownNatural")),
        "angry": Look(("serious", "grimace"), ("squint",), ("angry", "angryNatural")),
        "worried": Look(("concerned",), ("default",), ("sadConcerned", "frownNatural")),
        "calm": Look(("twinkle",), ("closed",), _CALM_BROWS),
        "sceptical": Look(("serious", "twinkle"), ("side",), ("upDown", "upDownNatural")),
        "love": Look(("smile",), ("hearts",), ("raisedExcitedNatural",)),
    }
)
SEEDED_EXPRESSIONS = ("smile", "smile", "smile", "smile", "smile", "laugh", "calm", "wink")
