"""Which right a letter plainly asks for. What is not plain is left to a person, who classifies it.

Each sentence is read for itself, and one that doubts, denies, or asks how, counts for nothing. Two rights in one letter
are not plain either: which of them comes first matters. English only: letters in other languages are read by people.
"""

import re
from collections.abc import Mapping

from app.core.privacy_rights import PrivacyRight

MAX_SENTENCE = 300
"""Characters: a longer one is no plain request."""
_DATA = r"(?:account|accounts|profile|data|information|personal data|personal information|user data)"
_MINE = rf"(?:all |any )?(?:of )?my (?:\w+ ){{0,3}}?{_DATA}\b"
_ABOUT_ME = r"(?:(?:data|information) (?:\w+ ){0,4}?(?:about|on) me\b)"
_GDPR = r"(?:gdpr|general data protection regulation|dsgvo)"


def _article(number: int) -> str:
    """Return the pattern of an article that is named with its law, before it or behind it."""
    article = rf"art(?:icle|\.)? ?{number}\b"
    return rf"{article}(?: \(\d\))?,?(?: of)?(?: the)? {_GDPR}|{_GDPR},? {article}"


_PATTERNS: Mapping[PrivacyRight, str] = {
    PrivacyRight.ERASURE: (
        rf"\b(?:delete|erase|remove) (?:{_MINE}|(?:all |any )?(?:the )?(?:personal )?{_ABOUT_ME})"
        r"|^(?:please )?delete (?:this )?account$"
        rf"|\b(?:deletion|erasure|removal) of {_MINE}|\bright to (?:be forgotten|erasure|deletion)\b|{_article(17)}"
    ),
    PrivacyRight.ACCESS: (
        rf"\bcopy of (?:{_MINE}|(?:all |any )?(?:the )?(?:personal )?{_ABOUT_ME})|\b(?:data )?subject access request\b"
        rf"|\bwhat (?:\w+ )?(?:data|information) (?:do )?you (?:have|hold|store|keep) (?:about|on) me\b"
        rf"|\bright of access\b|\baccess to {_MINE}|{_article(15)}"
    ),
    PrivacyRight.PORTABILITY: rf"\bdata portability\b|\bport {_MINE}|{_article(20)}",
    PrivacyRight.RECTIFICATION: rf"\bright to (?:rectification|correct)\b|\brectify {_MINE}|{_article(16)}",
    PrivacyRight.RESTRICTION: rf"\brestrict(?:ion of)? (?:the )?processing of {_MINE}|{_article(18)}",
    PrivacyRight.OBJECTION: rf"\bobject to (?:the )?(?:processing|use) of {_MINE}|{_article(21)}",
    PrivacyRight.WITHDRAW_CONSENT: r"\bwithdraw (?:all )?(?:of )?my consents?\b",
    PrivacyRight.KNOW: r"\bright to know\b|\bcategories of (?:my )?personal information\b",
    PrivacyRight.OPT_OUT_OF_SALE: (
        rf"\b(?:do not|don't|stop|never) (?:sell(?:ing)?|shar(?:e|ing)|sell(?:ing)? (?:or|and) shar(?:e|ing)) {_MINE}"
        r"|\bopt(?:ing)?[ -]out of (?:the )?(?:sale|selling|sharing)\b"
    ),
    PrivacyRight.LIMIT_SENSITIVE: r"\blimit the use (?:and disclosure )?of my sensitive\b",
}
_RIGHTS = {right: re.compile(pattern) for right, pattern in _PATTERNS.items()}
_DOUBT = re.compile(
    r"\b(?:not|never|how|why|whether|if|unless|instead|before|after|already|without|cannot|error|button|page|link"
    r"|accident(?:ally)?|mistake|someone|somebody|hacked|was|were|did|has|had|tried|trying|policy)\b|n't\b"
)
_ABBREVIATED = re.compile(r"\b(art)\.", re.IGNORECASE)
_SENTENCES = re.compile(r"[.?!;:]+(?:\s|$)|\n\s*\n")
_REASON = re.compile(r",|\b(?:because|since|as)\b")
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def right_in(subject: str, text: str) -> PrivacyRight | None:
    """Return what a letter plainly asks for; None for everything else, and for more than one thing."""
    own = _ABBREVIATED.sub(r"\1", _QUOTED.sub("", text.replace("\u2019", "'")))
    sentences = [" ".join(each.lower().split()) for each in (subject, *_SENTENCES.split(own))]
    found = {right for each in sentences if len(each) <= MAX_SENTENCE for right in _asked_in(each)}
    return found.pop() if len(found) == 1 else None


def _asked_in(sentence: str) -> set[PrivacyRight]:
    found = set()
    for right, pattern in _RIGHTS.items():
        if match := pattern.search(sentence):
            clause, *_reasons = _REASON.split(sentence[match.end() :], maxsplit=1)
            if not _DOUBT.search(f"{sentence[: match.start()]} {clause}"):
                found.add(right)
    return found
