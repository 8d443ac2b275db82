"""Casting: from what the prompt says, and the seed for the rest, to one character in one setting.

Each decision has its own random generator, made from the seed, the index and the decision's name. So a prompt that says
one thing more changes that thing only: the same seed "with glasses" is the same person with glasses.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from app.generation.engines.illustration import wardrobe
from app.generation.engines.illustration.attributes import Attributes
from app.generation.engines.illustration.backdrop import STUDIO, Setting, paper_for
from app.generation.engines.illustration.character import Character
from app.generation.engines.illustration.palette import (
    COLOURS,
    GREY_HAIR,
    INK,
    NATURAL_HAIR,
    SKIN_TONES,
    WARDROBE,
    luminance,
    mix,
)

T = TypeVar("T")

_DARK_SKIN = 5
_CONTRAST = 0.13
"""Least difference in brightness between hair and skin: less, and the two run into each other."""
_BEARDS = {"man": 0.35, "person": 0.12, "woman": 0.0}
_GLASSES = 0.22
_SEEDED_TIMES = {"city": ("sunset", "evening", "sunset", "evening", "day", "night"), "library": ("evening", "day")}
_ANY_TIME = ("day", "morning", "sunset", "day")
_HATS = ("#d3a136", "#a8574f", "#27375e", "#2f6645", "#e6d8c0", "#6f3d6b")
_SCARVES = ("coral", "mustard", "teal", "burgundy", "cream", "navy")


class _Dice:
    """The seeded choices for one image."""

    def __init__(self, seed: int, index: int) -> None:
        self._origin = f"{seed}:{index}"

    def of(self, decision: str) -> Random:
        return Random(f"{self._origin}:{decision}")  # noqa: S311 (a drawing, not a secret)

    def pick(self, decision: str, options: Sequence[T]) -> T:
        return self.of(decision).choice(options)

    def chance(self, decision: str, share: float) -> bool:
        return self.of(decision).random() < share


def character_of(attributes: Attributes, seed: int, index: int) -> Character:
    """Return who image `index` of the order shows."""
    dice = _Dice(seed, index)
    person = attributes.wish("person").value or "person"
    tone = dice.of("skin").randrange(*(attributes.skin or (0, len(SKIN_TONES))))
    headwear = _headwear(attributes, dice)
    hair = _under(headwear, _hair(attributes, dice, person, headwear is not None))
    hair_colour = _hair_colour(attributes, dice, tone)
    clothes, pattern = _outfit(attributes, dice)
    face = wardrobe.EXPRESSIONS[_expression(attributes, dice)]
    accent = attributes.wish("headwear").colour or dice.pick("hat colour", _HATS)
    return Character(
        skin=SKIN_TONES[tone],
        hair=hair,
        hair_colour=hair_colour,
        headwear=headwear,
        headwear_colour=accent,
        facial_hair=_facial_hair(attributes, dice, person, hair),
        facial_hair_colour=attributes.wish("facial_hair").colour or mix(hair_colour, "#1a1214", 0.14),
        eyewear=_eyewear(attributes, dice),
        eyewear_colour=attributes.wish("eyewear").colour or INK,
        clothes=clothes,
        clothes_colour=clothes_colour(attributes, seed, index),
        graphic=dice.pick("graphic", wardrobe.GRAPHICS),
        pattern=pattern,
        scarf=_worn(attributes, dice, "scarf", COLOURS[dice.pick("scarf colour", _SCARVES)], 0.0),
        mouth=dice.pick("mouth", face.mouth),
        eyes=dice.pick("eyes", face.eyes),
        eyebrows=dice.pick("eyebrows", face.eyebrows),
        blush=dice.chance("blush", 0.75),
        freckles=_worn(attributes, dice, "freckles", INK, 0.12 if tone < _DARK_SKIN else 0.0) is not None,
        earrings=_worn(attributes, dice, "earrings", "#e2b84f", 0.35 if person == "woman" else 0.0),
    )


def setting_of(attributes: Attributes, seed: int, index: int) -> Setting:
    """Return where and when image `index` of the order is set: a studio, unless the prompt names a place or a time."""
    dice = _Dice(seed, index)
    place, weather = attributes.wish("place"), attributes.wish("weather").value or None
    named = place.value if place.value else "hills" if attributes.wish("time").value or weather else STUDIO
    times = [time for time in _SEEDED_TIMES.get(named, _ANY_TIME) if attributes.allows("time", time)]
    time = attributes.wish("time").value or dice.pick("time", times or ["day"])
    paper = place.colour or paper_for(clothes_colour(attributes, seed, index), dice.of("paper"))
    return Setting(named, time, weather, paper, f"{seed}:{index}:place")


def clothes_colour(attributes: Attributes, seed: int, index: int) -> str:
    """Return the colour of the clothes, which the backdrop is matched to."""
    free = [COLOURS[name] for name in WARDROBE if attributes.allows("clothes", COLOURS[name])]
    return attributes.wish("clothes").colour or _Dice(seed, index).pick("clothes colour", free)


def _hair(attributes: Attributes, dice: _Dice, person: str, hat: bool) -> str | None:
    wish = attributes.wish("hair")
    said = (wish.qualities | {wish.value}) - {""}
    if wardrobe.SHAVED in said:
        return None
    banned = attributes.unwanted.get("hair", frozenset())
    known = wardrobe.HAIR_FOR[person]
    pool = [variant for variant in known if not wardrobe.HAIR[variant] & banned]
    if attributes.old and person == "man" and dice.chance("old", 0.5) and not said:
        return "sides"
    if said:
        every = [variant for variant in wardrobe.HAIR if not wardrobe.HAIR[variant] & banned] or list(wardrobe.HAIR)
        best = max(len(wardrobe.HAIR[variant] & said) for variant in every)
        fitting = [variant for variant in every if len(wardrobe.HAIR[variant] & said) == best]
        pool = [variant for variant in fitting if variant in known] or fitting
    under = [variant for variant in pool if hat and variant in wardrobe.UNDER_HAT]
    return dice.pick("hair", under or pool or known)


def _under(headwear: str | None, hair: str | None) -> str | None:
    """Return the hair that is drawn where `headwear` is worn."""
    if headwear is None:
        return hair
    return hair if hair in wardrobe.UNDER_HAT and headwear not in wardrobe.COVERING | wardrobe.HAIR_OF_ITS_OWN else None


def _hair_colour(attributes: Attributes, dice: _Dice, tone: int) -> str:
    if colour := attributes.wish("hair").colour:
        return colour
    if attributes.old:
        return dice.pick("grey", GREY_HAIR)
    allowed = [colour for colour in NATURAL_HAIR if attributes.allows("hair", colour)] or list(NATURAL_HAIR)
    skin = luminance(SKIN_TONES[tone])
    seen = [colour for colour in allowed if abs(luminance(colour) - skin) >= _CONTRAST]
    if tone >= _DARK_SKIN:
        seen = [colour for colour in seen if luminance(colour) < skin] or seen
    return dice.pick("hair colour", seen or allowed)


def _headwear(attributes: Attributes, dice: _Dice) -> str | None:
    kind = attributes.wish("headwear").value
    return dice.pick("headwear", wardrobe.HEADWEAR[kind]) if kind else None


def _eyewear(attributes: Attributes, dice: _Dice) -> str | None:
    wish = attributes.wish("eyewear")
    kind = wish.value
    if not kind and dice.chance("eyewear", _GLASSES) and attributes.allows("eyewear", "glasses"):
        kind = "glasses"
    if kind == "glasses" and wish.qualities:
        kind = min(wish.qualities)
    return dice.pick("frame", wardrobe.EYEWEAR[kind]) if kind else None


def _facial_hair(attributes: Attributes, dice: _Dice, person: str, hair: str | None) -> str | None:
    wish = attributes.wish("facial_hair")
    kind = wish.value
    short = hair is None or bool(wardrobe.HAIR[hair] & {"short", "bald"})
    if not kind and short and dice.chance("facial hair", _BEARDS[person]):
        kind = dice.pick(
            "facial hair kind",
            [kind for kind in ("beard", "stubble", "moustache") if attributes.allows("facial_hair", kind)] or [""],
        )
    fitting = wish.qualities & ({"long", "stubble"} if kind == "beard" else {"fancy"})
    return dice.pick("facial hair shape", wardrobe.FACIAL_HAIR[min(fitting, default=kind)]) if kind else None


def _outfit(attributes: Attributes, dice: _Dice) -> tuple[str, str | None]:
    wish = attributes.wish("clothes")
    free = [kind for kind in wardrobe.SEEDED_OUTFITS if attributes.allows("clothes", kind)]
    kind = wish.value or dice.pick("outfit", free or ["t-shirt"])
    if kind == "stripes" or (wish.qualities and kind in ("t-shirt", "jumper", "dress", "shirt")):
        return wardrobe.PATTERNED, min(wish.qualities, default="stripes")
    outfit = wardrobe.OUTFITS[kind]
    return dice.pick("garment", outfit.variants), dice.pick("pattern", outfit.patterns)


def _expression(attributes: Attributes, dice: _Dice) -> str:
    free = [name for name in wardrobe.SEEDED_EXPRESSIONS if attributes.allows("expression", name)]
    return attributes.wish("expression").value or dice.pick("expression", free or ["serious"])


def _worn(attributes: Attributes, dice: _Dice, thing: str, colour: str, share: float) -> str | None:
    """Return the colour of a small thing that is worn, or nothing where it is not."""
    wish = attributes.wish(thing)
    if wish.value or (dice.chance(thing, share) and attributes.allows(thing, thing)):
        return wish.colour or colour
    return None
