"""Who is in a prompt: how many, how old, and whether somebody is named."""

import re
from dataclasses import dataclass

from app.generation.engines.illustration import remarks
from app.generation.engines.illustration.reading import is_known, plain
from app.generation.engines.illustration.vocabulary import YOUNG_ONES

_ADULT = 18
_OLD = 60
_SMALL_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_NUMBER = rf"(\d{{1,3}}|{'|'.join(_SMALL_NUMBERS)})"
_AGE = re.compile(
    rf"\b{_NUMBER}[ -]?(?:years?|yrs?)[ -](?:old|of age)\b|\b{_NUMBER} ?(?:yo|y/o)\b|\bage[ds]?:? {_NUMBER}\b"
    rf"|\b(?:girl|boy|child|kid|daughter|son) of {_NUMBER}\b"
)
_LATER_DECADES = re.compile(r"\bin (?:her|his|their) (?:\w+[ -])?(?:sixties|seventies|eighties|nineties|[6-9]0'?s)\b")
_TEENS = re.compile(r"\bin (?:her|his|their) (?:\w+[ -])?teens\b")
_SEVERAL = re.compile(
    r"\b(?:women|men|ladies|girls|boys|guys|gentlemen)\b"
    r"|\b(?:man|woman|he|she|her|him|girl|boy|person) and (?:(?:a|an|the|his|her|their|another) )?"
    r"(?:man|woman|wife|husband|friend|boyfriend|girlfriend|girl|boy|him|her|partner|person|son|daughter|mother|father)\b"
)
_YOUNG = re.compile(rf"\b(?:{'|'.join(sorted(YOUNG_ONES))})\b")
_NO_YOUNG = re.compile(r"\b(?:no|not|without) (?:a |any )?$")
_NAME = re.compile(r"(\w*)[^\w\n]*\b([A-Z][a-zà-ÿ]{2,20} [A-Z][a-zà-ÿ]{2,20})\b")

_BEFORE_PLACES = frozenset(("in", "at", "near", "from", "of", "around"))


@dataclass(frozen=True, slots=True)
class People:
    """Who the prompt speaks of."""

    rest: str
    """The prompt without its ages, whose "old" says nothing."""
    old: bool
    remarks: tuple[str, ...]
    said: bool
    """Whether an age was understood."""


def people_in(prompt: str) -> People:
    """Return what `prompt` says of the number and the age of its people."""
    text = plain(prompt)
    ages = [_years(next(group for group in match.groups() if group)) for match in _AGE.finditer(text)]
    said: list[str] = []
    if _SEVERAL.search(text):
        said.append(remarks.SEVERAL)
    if _is_young(text, ages):
        said.append(remarks.ADULTS)
    old = any(age >= _OLD for age in ages) or _LATER_DECADES.search(text) is not None
    names = [match.group(2) for match in _NAME.finditer(prompt) if _is_name(match.group(1), match.group(2))]
    if names:
        said.append(remarks.LIKENESS)
    for name in names:
        text = text.replace(plain(name), " ")
    return People(_AGE.sub(" ", text), old, tuple(said), bool(ages))


def _is_name(before: str, pair: str) -> bool:
    """Two capitalised words of which nothing else is known are somebody's name, and after "in" a place's."""
    words = plain(pair)
    return plain(before) not in _BEFORE_PLACES and not any(is_known(word) for word in (words, *words.split()))


def _years(number: str) -> int:
    return int(number) if number.isdecimal() else _SMALL_NUMBERS.index(number)


def _is_young(text: str, ages: list[int]) -> bool:
    """An age decides; without one, a word such as "teenager" or "boy" that is not ruled out by a "no"."""
    if ages:
        return any(age < _ADULT for age in ages)
    words = (match for match in _YOUNG.finditer(text) if not _NO_YOUNG.search(text[: match.start()][-16:]))
    return _TEENS.search(text) is not None or any(True for _ in words)
