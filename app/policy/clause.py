"""What a clause of the policy is: sentences that we publish, the code that keeps them, the tests that show it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from app.policy.activities import Source

_ID = re.compile(r"P\d\d(\.\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise. A part of a clause (`P05.2`) is a clause of its own, with checks of its own."""

    id: str
    title: str
    given: str
    """What the given text says about it, in our words."""
    interpretation: str
    """How we read it."""
    source: Source
    """A decision stands where that text has a gap, or something that the law does not allow."""
    sentences: tuple[str, ...] = ()
    """Of any shipped version of the privacy policy, word by word: each one binds whoever published it."""
    kept_by: tuple[str, ...] = ()
    """`module:name` of what keeps it; each one exists."""
    checks: tuple[str, ...] = ()
    """Tests (`file::name`) that fail where it is not kept; each one exists and asserts something."""
    planned: str | None = None
    """What is not built yet. A planned clause has no sentence: we publish nothing that we do not do."""

    def __post_init__(self) -> None:
        if not _ID.match(self.id):
            raise ValueError(f"{self.id} is no id of a clause")
        if self.planned is not None and (self.sentences or self.kept_by or self.checks):
            raise ValueError(f"{self.id}: what is planned is not published, and nothing keeps it yet")
        if self.planned is None and not (self.sentences and self.kept_by and self.checks):
            raise ValueError(f"{self.id}: a promise has sentences, code that keeps it and tests that show it")

    def said(self, by: Collection[str]) -> tuple[str, ...]:
        """Return its sentences that a version has among its own; none where that one does not promise it."""
        return tuple(sentence for sentence in self.sentences if sentence in by)


def in_order(*groups: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Return the clauses by their ids. Raises ValueError where two have the same id, or publish the same sentence."""
    clauses = sorted((clause for group in groups for clause in group), key=_place)
    ids = [clause.id for clause in clauses]
    sentences = [sentence for clause in clauses for sentence in clause.sentences]
    for kind, found in (("clause", ids), ("sentence", sentences)):
        if twice := sorted({each for each in found if found.count(each) > 1}):
            raise ValueError(f"there is more than one {kind} of this name: {twice[0]}")
    return tuple(clauses)


def _place(clause: Clause) -> tuple[int, int]:
    number, _, part = clause.id[1:].partition(".")
    return int(number), int(part or 0)
