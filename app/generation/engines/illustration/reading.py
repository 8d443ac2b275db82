"""Reads a prompt into findings: things that are named, each with the colour and the qualities said of it.

English is read as a row of noun phrases. Words such as "and", "with", "a" and commas end a phrase, and what stands
before a noun describes that noun and no other: so the "red" of "red curly hair, glasses" never reaches the glasses.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.generation.engines.illustration import vocabulary as words
from app.generation.engines.illustration.palette import COLOURS, HAIR_COLOURS, SKIN_RANGES, mix
from app.generation.engines.illustration.remarks import IDIOMS, QUIET, REMARKS, listed

_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[.,;:!?()\n/|&+]")
_TYPOGRAPHY = str.maketrans({0x2019: "'", 0x2018: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-", 0x2014: ", "})
_LONGEST_PHRASE = 4
_MARKS = frozenset(".,;:!?()\n/|&+")
_NOT = listed("no not without never nor minus isn't aren't doesn't don't hasn't avoid")
_STOPS = _NOT | listed(
    "and or but with a an the in on at of behind before front against near from is are has have having who "
    "her his their she he they under over beside by to for wearing wears that while dressed as dyed"
)
"""Words that end a noun phrase. Some are also nouns (`her` says who is drawn)."""
_LINKS = frozenset((":", "is", "are", "dyed"))
"""After these, a colour or quality describes the noun before them: "her hair is red"."""
_WORN = listed("in wearing wears dressed")
"""After these, a colour alone is the colour of the clothes: "dressed in green"."""
_END_OF_NOT = (_MARKS - {"/"}) | {"but", "with", "has", "wearing"}
_DETERMINERS = listed("a an the her his their")

NOUNS: Mapping[str, Mapping[str, str]] = {
    "remark": REMARKS,
    "person": words.PERSON_NOUNS,
    "headwear": words.HEADWEAR_NOUNS,
    "hair": words.HAIR_NOUNS,
    "eyewear": words.EYEWEAR_NOUNS,
    "facial_hair": words.FACIAL_HAIR_NOUNS,
    "clothes": words.CLOTHES_NOUNS,
    "other": words.OTHER_NOUNS,
    "place": words.PLACES,
}
ALONE: Mapping[str, Mapping[str, str]] = {
    "hair": words.HAIR_ALONE,
    "expression": words.EXPRESSIONS,
    "time": words.TIMES,
    "weather": words.WEATHERS,
    "look": words.LOOKS,
}
_QUALITIES = (words.HAIR_QUALITIES, words.EYEWEAR_QUALITIES, words.FACIAL_HAIR_QUALITIES, words.PATTERNS)
_MODIFIERS = frozenset(COLOURS) | HAIR_COLOURS.keys() | SKIN_RANGES.keys() | words.SHADES.keys() | words.OLD
_MODIFIERS |= frozenset(word for table in _QUALITIES for word in table)
_KNOWN = _MODIFIERS | IDIOMS | words.CLEAN_SHAVEN | words.YOUNG_ONES | words.HAIR_COLOUR_ALONE.keys()
_KNOWN |= frozenset(word for tables in (NOUNS, ALONE) for table in tables.values() for word in table)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the prompt names."""

    slot: str
    """What it is about: a key of `NOUNS` or `ALONE`, or `old`, `clean_shaven`, `young`."""
    value: str
    """Which one of its slot; empty where only the slot is named ("hair")."""
    described: tuple[str, ...] = ()
    """The modifiers said of it, in the order of the prompt."""
    negated: bool = False


@dataclass(slots=True)
class _Reader:
    """Walks over the row; what it remembers between two phrases is in its fields."""

    negated: bool
    always_negated: bool
    found: list[Finding] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    phrase: list[str] = field(default_factory=list)
    before: str = ""
    """The stop word before the phrase."""
    linked: bool = False
    """Whether a linking word stood between the last noun and here."""
    firm_not: bool = False
    """Whether the negation is a "without", which reaches over "and"."""


def read(text: str, negated: bool = False) -> tuple[list[Finding], list[str]]:
    """Return what `text` names, and its words that nothing is known of. `negated` reads all of it as unwanted."""
    row = _phrases(text)
    reader = _Reader(negated=negated, always_negated=negated)
    for position, word in enumerate(row):
        following = row[position + 1] if position + 1 < len(row) else ""
        if word in _MARKS or word in _STOPS:
            _stop(reader, word, following)
        else:
            reader.phrase.append(word)
    _flush(reader)
    return reader.found, reader.unknown


def plain(text: str) -> str:
    """Return `text` in lower case, with one kind of apostrophe and dash."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TYPOGRAPHY)


def is_known(word: str) -> bool:
    """Return whether `word`, in lower case, means something to the engine, if only that it means nothing."""
    return word in _KNOWN or word in QUIET


def _phrases(text: str) -> list[str]:
    """Return the row of `text`; phrases of the vocabulary are one word, unknown compounds are taken apart."""
    simple: list[str] = []
    for word in _TOKEN.findall(plain(text)):
        bare = word.removesuffix("'s")
        simple.extend([bare] if bare in _KNOWN or bare in QUIET or "-" not in bare else bare.split("-"))
    row: list[str] = []
    position = 0
    while position < len(simple):
        for length in range(_LONGEST_PHRASE, 0, -1):
            phrase = " ".join(simple[position : position + length])
            if length == 1 or phrase in _KNOWN:
                row.append(phrase)
                position += min(length, len(simple) - position)
                break
    return row


def _stop(reader: _Reader, word: str, following: str) -> None:
    """End the phrase, unless it is a row of adjectives that goes on ("short, curly hair")."""
    goes_on = word in (",", "and") and following in _MODIFIERS and not reader.linked and bool(reader.phrase)
    if goes_on and all(word in _MODIFIERS for word in reader.phrase):
        return
    _flush(reader)
    if word in words.PERSON_NOUNS:
        reader.found.append(Finding("person", words.PERSON_NOUNS[word], (), reader.always_negated))
    ends = (word in _END_OF_NOT and reader.before not in _NOT) or (
        word == "and" and (not reader.firm_not or following in _DETERMINERS)
    )
    if word in _NOT:
        reader.negated, reader.firm_not = True, word == "without"
    elif ends:
        reader.negated = reader.always_negated
    if word in _LINKS:
        reader.linked = True
    elif word not in ("and", "a", "the"):
        reader.linked = False
    reader.before = word


def _noun(word: str, following: str) -> tuple[str, str] | None:
    """Return the slot and the value of a noun. A word that is also a colour is one before a thing ("sky blue")."""
    for slot, table in NOUNS.items():
        if word in table:
            coloured = word in COLOURS and (following in COLOURS or _noun(following, "") is not None)
            patterned = word in words.PATTERNS and following in words.CLOTHES_NOUNS
            return None if following and (coloured or patterned) else (slot, table[word])
    return None


def _flush(reader: _Reader) -> None:
    """Take the phrase apart: each noun gets the modifiers before it."""
    phrase, reader.phrase = reader.phrase, []
    described: list[str] = []
    last: int | None = None
    strange = False
    for position, word in enumerate(phrase):
        following = phrase[position + 1] if position + 1 < len(phrase) else ""
        noun = _noun(word, following)
        if noun is not None:
            _alone_before(reader, noun[0], described)
            reader.found.append(Finding(*noun, tuple(described), reader.negated))
            last, described = len(reader.found) - 1, []
        elif word in _MODIFIERS or word in words.HAIR_COLOUR_ALONE:
            described.append(word)
        elif not _standing_alone(reader, word, following) and word not in IDIOMS and word not in QUIET:
            strange = True
            reader.unknown.append(word)
    if described and not strange:
        _trailing(reader, described, last)


def _alone_before(reader: _Reader, slot: str, described: list[str]) -> None:
    """A "blonde woman" has blonde hair, and so has a "blonde, blue-eyed woman"; an "old woman" is old."""
    for word in described:
        if slot == "person" or (slot == "other" and word in words.HAIR_COLOUR_ALONE):
            _person_word(reader, word)


def _person_word(reader: _Reader, word: str) -> bool:
    if word in words.HAIR_COLOUR_ALONE:
        reader.found.append(Finding("hair", "", (words.HAIR_COLOUR_ALONE[word],), reader.negated))
    elif word in words.OLD:
        reader.found.append(Finding("old", "", (), reader.negated))
    else:
        return False
    return True


def _standing_alone(reader: _Reader, word: str, following: str) -> bool:
    """Record a word that needs no noun; return whether it was one. "Winter coat" says nothing of the weather."""
    for slot, table in ALONE.items():
        if word in table:
            if following not in words.CLOTHES_NOUNS and following not in words.HEADWEAR_NOUNS:
                reader.found.append(Finding(slot, table[word], (), reader.negated))
            return True
    if word in words.CLEAN_SHAVEN:
        reader.found.append(Finding("clean_shaven", "", (), reader.negated))
        return True
    return word in words.YOUNG_ONES


def _trailing(reader: _Reader, described: list[str], last: int | None) -> None:
    """Modifiers with no noun after them: they describe the noun before, the clothes, or the person."""
    if last is None and reader.linked:
        last = _last_thing(reader)
    if last is not None:
        found = reader.found[last]
        if found.slot != "person":
            reader.found[last] = Finding(found.slot, found.value, (*found.described, *described), found.negated)
            return
    rest = [word for word in described if not _person_word(reader, word)]
    if reader.before in _WORN and any(word in COLOURS for word in rest):
        reader.found.append(Finding("clothes", "", tuple(rest), reader.negated))
    elif (
        rest
        and all(word in HAIR_COLOURS or word in words.HAIR_QUALITIES for word in described)
        and len(rest) < len(described)
    ):
        reader.found.append(Finding("hair", "", tuple(rest), reader.negated))


def _last_thing(reader: _Reader) -> int | None:
    positions = [i for i, found in enumerate(reader.found) if found.slot in NOUNS]
    return positions[-1] if positions else None


def colour_of(described: tuple[str, ...], named: Mapping[str, str] = COLOURS) -> str | None:
    """Return the `#rrggbb` that the modifiers name, with its shade ("dark green"), or nothing.

    `named` is asked first, and holds the meanings that colours have for this thing ("fair" for hair).
    """
    for position, word in enumerate(described):
        colour = named.get(word) or COLOURS.get(word)
        before = described[position - 1] if position else ""
        after = described[position + 1] if position + 1 < len(described) else ""
        if colour is None or (word in words.SHADES and (after in named or after in COLOURS)):
            continue
        return mix(colour, *words.SHADES[before]) if before in words.SHADES else colour
    return None
