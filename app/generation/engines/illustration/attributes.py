"""What a prompt asks for, in the terms of the drawing set, and what it asks for in vain."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.generation.engines.illustration import remarks
from app.generation.engines.illustration import vocabulary as words
from app.generation.engines.illustration.notes import sentences_for
from app.generation.engines.illustration.palette import HAIR_COLOURS, SKIN_RANGES
from app.generation.engines.illustration.people import people_in
from app.generation.engines.illustration.reading import Finding, colour_of, read
from app.generation.engines.illustration.remarks import listed

ALL = "*"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for in one slot."""

    value: str = ""
    """A value of the slot's table in `vocabulary`; empty: not said."""
    colour: str | None = None
    """`#rrggbb`, or nothing: not said."""
    qualities: frozenset[str] = frozenset()


NO_WISH = Wish()


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the prompt says. All that it does not say is for the seed to decide."""

    wishes: Mapping[str, Wish] = field(default_factory=dict)
    unwanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By slot, the values and `#rrggbb` colours that must not be drawn; `*` stands for all of them."""
    old: bool = False
    skin: tuple[int, int] | None = None
    """A slice of `palette.SKIN_TONES`."""
    sentences: tuple[str, ...] = ()
    """What could not be honoured, for `Notes`."""

    def wish(self, slot: str) -> Wish:
        """Return what is asked for in `slot`."""
        return self.wishes.get(slot, NO_WISH)

    def allows(self, slot: str, value: str) -> bool:
        """Return whether `value` may be drawn in `slot`."""
        banned = self.unwanted.get(slot, frozenset())
        return value not in banned and ALL not in banned


_SLOT_QUALITIES: Mapping[str, Mapping[str, str]] = {
    "hair": words.HAIR_QUALITIES,
    "eyewear": words.EYEWEAR_QUALITIES,
    "facial_hair": words.FACIAL_HAIR_QUALITIES,
    "clothes": words.PATTERNS,
}
_COLOUR_NAMES = {"hair": HAIR_COLOURS, "facial_hair": HAIR_COLOURS}
_PERSON_SKIN = listed("black brown white pale tanned ebony")
"""The skin words that may stand before a person; "a fair lady" and "a light man" are left alone."""
_SAME_BAN = {
    "glasses": (ALL,),
    "beard": ("beard", "stubble"),
    "hat": ("hat", "beanie", "ear flaps"),
    "smile": ("smile", "laugh"),
}
_COVERING = frozenset(("hijab", "turban", "ear flaps"))
_OTHER_REMARKS = {"eyes": remarks.EYES, "lips": remarks.MAKE_UP}
_HAIR_REMARKS = {"braids": remarks.BRAIDS, "ponytail": remarks.PONYTAIL}


@dataclass(slots=True)
class _Sheet:
    """Attributes while they are gathered."""

    wishes: dict[str, Wish] = field(default_factory=dict)
    unwanted: dict[str, set[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    old: bool = False
    skin: tuple[int, int] | None = None


def read_attributes(prompt: str, negative_prompt: str | None = None) -> Attributes:
    """Return what `prompt` asks for and `negative_prompt` rules out. Never fails, whatever the text is."""
    people = people_in(prompt)
    findings, unknown = read(people.rest)
    refused, _ = read(negative_prompt or "", negated=True)
    sheet = _Sheet(old=people.old, remarks=list(people.remarks))
    for finding in (*findings, *refused):
        (_refuse if finding.negated else _accept)(sheet, finding)
    if sheet.wishes.get("headwear", NO_WISH).value in _COVERING and "hair" in sheet.wishes:
        sheet.remarks.append(remarks.COVERED)
    wishes = {slot: wish for slot, wish in sheet.wishes.items() if not _is_banned(sheet, slot, wish)}
    return Attributes(
        wishes=wishes,
        unwanted={slot: frozenset(values) for slot, values in sheet.unwanted.items()},
        old=sheet.old,
        skin=sheet.skin,
        sentences=sentences_for(sheet.remarks, unknown, understood=bool(findings) or people.said),
    )


def _is_banned(sheet: _Sheet, slot: str, wish: Wish) -> bool:
    banned = sheet.unwanted.get(slot, set())
    return ALL in banned or (bool(wish.value) and wish.value in banned)


def _accept(sheet: _Sheet, finding: Finding) -> None:
    slot, value = finding.slot, finding.value
    match slot:
        case "remark":
            sheet.remarks.append(value)
            if value == remarks.PLACE_NAME:
                sheet.wishes.setdefault("place", Wish("city"))
        case "person":
            _accept_person(sheet, finding)
        case "old":
            sheet.old = True
        case "young":
            sheet.remarks.append(remarks.ADULTS)
        case "clean_shaven":
            sheet.unwanted.setdefault("facial_hair", set()).add(ALL)
        case "other":
            _accept_other(sheet, finding)
        case "place":
            _accept_place(sheet, finding)
        case "time" | "weather" | "expression" | "look":
            sheet.wishes.setdefault(slot, Wish(value))
        case _:
            _accept_thing(sheet, finding)


def _accept_person(sheet: _Sheet, finding: Finding) -> None:
    if sheet.wishes.get("person", Wish("person")).value == "person":
        sheet.wishes["person"] = Wish(finding.value)
    tones = [SKIN_RANGES[word] for word in finding.described if word in _PERSON_SKIN]
    sheet.skin = sheet.skin or next(iter(tones), None)


def _accept_other(sheet: _Sheet, finding: Finding) -> None:
    value = finding.value
    if value == "skin":
        tones = [SKIN_RANGES[word] for word in finding.described if word in SKIN_RANGES]
        sheet.skin = _narrowed(tones, finding.described) or sheet.skin
    elif value in _OTHER_REMARKS:
        if value != "eyes" or colour_of(finding.described, {"hazel": "#8a6b3d"}):
            sheet.remarks.append(_OTHER_REMARKS[value])
    else:
        sheet.wishes[value] = Wish(value, colour_of(finding.described))


def _narrowed(tones: list[tuple[int, int]], described: tuple[str, ...]) -> tuple[int, int] | None:
    """Light brown is the lighter half of brown, dark brown the darker one."""
    if not tones:
        return None
    start, end = tones[-1]
    if len(tones) > 1 and described[0] in ("light", "fair", "pale"):
        return start, start + (end - start + 1) // 2
    if len(tones) > 1 and described[0] in ("dark", "deep"):
        return (start + end) // 2, end
    return start, end


def _accept_place(sheet: _Sheet, finding: Finding) -> None:
    """The first place named wins; "background" is no place where another one is named."""
    colour = colour_of(finding.described) if finding.value == "studio" else None
    known = sheet.wishes.get("place")
    if known is None or (known.value == "studio" and (finding.value != "studio" or colour)):
        sheet.wishes["place"] = Wish(finding.value, colour)


def _accept_thing(sheet: _Sheet, finding: Finding) -> None:
    """Hair, headwear, eyewear, facial hair, clothes: what several findings say of one of them adds up."""
    slot = finding.slot
    known = sheet.wishes.get(slot, NO_WISH)
    table = _SLOT_QUALITIES.get(slot, {})
    qualities = frozenset(table[word] for word in finding.described if word in table)
    colour = colour_of(finding.described, _COLOUR_NAMES.get(slot, {}))
    if slot == "hair":
        sheet.remarks += [_HAIR_REMARKS[kind] for kind in sorted({finding.value, *qualities} & _HAIR_REMARKS.keys())]
    sheet.wishes[slot] = Wish(known.value or finding.value, known.colour or colour, known.qualities | qualities)


def _refuse(sheet: _Sheet, finding: Finding) -> None:
    slot, value = finding.slot, finding.value
    if slot == "place" and value == "studio":
        sheet.wishes.setdefault("place", Wish("studio"))
        return
    if slot in ("remark", "person", "old", "young", "clean_shaven", "look"):
        return
    table = _SLOT_QUALITIES.get(slot, {})
    said = {table[word] for word in finding.described if word in table}
    colour = colour_of(finding.described, _COLOUR_NAMES.get(slot, {}))
    banned = sheet.unwanted.setdefault(value if slot == "other" else slot, set())
    if said or colour:
        banned.update(said, (colour,) if colour else ())
    elif slot == "hair" and not value:
        sheet.wishes["hair"] = Wish("shaved")
    else:
        banned.update(_SAME_BAN.get(value, (value,)))
