"""Says, in sentences for people, what of a prompt had no effect."""

from collections.abc import Iterable

from app.generation.engines.illustration.remarks import NOTHING_READ

_MOST_WORDS = 6
_SHORTEST_WORD, _LONGEST_WORD = 3, 24


def sentences_for(remarks: Iterable[str], unknown: Iterable[str], understood: bool) -> tuple[str, ...]:
    """Return each remark once, then a sentence that names at most six of the `unknown` words."""
    sentences = list(dict.fromkeys(remarks))
    words = [word for word in dict.fromkeys(unknown) if word.isalpha() and _SHORTEST_WORD <= len(word) <= _LONGEST_WORD]
    if words and not understood and not sentences:
        sentences.append(NOTHING_READ)
    elif words:
        named = ", ".join(f"“{word}”" for word in words[:_MOST_WORDS])
        sentences.append(f"{'This word' if len(words) == 1 else 'These words'} had no effect: {named}.")
    return tuple(sentences)
