"""Looks for words in raw bytes, whatever form they have and wherever they lie."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.privacy.forms import forms
from tests.privacy.unpacking import unpacked

_START = 3
"""Bytes that every form is first looked for by, all at once: a database is some 100 MB, of words there are hundreds."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """That a word is somewhere."""

    word: str
    form: str
    place: str


class Scanner:
    """Knows its words in all of their forms."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str, str]]] = defaultdict(list)
        for word in words:
            for form, content in forms(word).items():
                self._forms[content[:_START]].append((content, word, form))
        self._starts = np.zeros(1 << 8 * _START, bool)
        self._starts[[int.from_bytes(start, "little") for start in self._forms]] = True

    def search(self, place: str, content: bytes) -> Iterator[Hit]:
        """Yield which words are in bytes, and in what these hold."""
        for name, view in unpacked(place, content):
            yield from (Hit(word, form, name) for word, form in sorted(self._within(view)))

    def folder(self, folder: Path) -> Sequence[Hit]:
        """Return which words are in the files below a folder, and in their names."""
        hits: list[Hit] = []
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder)}"
            hits += self.search(f"name of {name}", name.encode())
            if path.is_file():
                hits += self.search(name, path.read_bytes())
        return hits

    def _within(self, content: bytes) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        content = content[: len(content.rstrip(b"\0")) + 1]  # a letter of UTF-16 ends with one
        for at in self._places(content):
            for whole, word, form in self._forms[content[at : at + _START]]:
                if content.startswith(whole, at):
                    found.add((word, form))
        return found

    def _places(self, content: bytes) -> Iterable[int]:
        """Return where anything begins as a form does."""
        if len(content) < _START:
            return ()
        every = np.frombuffer(content, np.uint8)
        starts = every[:-2] | every[1:-1].astype(np.uint32) << 8 | every[2:].astype(np.uint32) << 16
        return [int(at) for at in np.flatnonzero(self._starts[starts])]
