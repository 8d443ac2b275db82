"""What is different between two versions, sentence by sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.policy.texts import Document, sentences


class ChangeType(StrEnum):
    """What became of a sentence."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence, list item or table row that only one of two versions has."""

    type: ChangeType
    section: str
    """The heading that it stands under; empty above the first."""
    text: str
    """Markdown, with its placeholders."""


Line = tuple[str, str]
"""A heading, and a sentence under it."""


def changes(before: Document | None, after: Document) -> Sequence[Change]:
    """Return what `after` leaves out and what it adds, in the order of the text; nothing where nothing was before."""
    if before is None:
        return ()
    old, new = list(_lines(before)), list(_lines(after))
    found: list[Change] = []
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            found += [Change(ChangeType.REMOVED, *line) for line in old[old_from:old_to]]
            found += [Change(ChangeType.ADDED, *line) for line in new[new_from:new_to]]
    return tuple(found)


def _lines(document: Document) -> Iterator[Line]:
    section = ""
    for line in document.text.splitlines():
        if line.startswith("#"):
            section = line.lstrip("#").strip()
        else:
            yield from ((section, sentence) for sentence in sentences(line))
