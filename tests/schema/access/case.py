"""What a case of the walk is: a root field, its arguments, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.fakes.server import Json
from tests.schema.world import Who, World

NOTHING: frozenset[str] = frozenset()
AUDITED = frozenset({"audit_entries", "audit_details"})
MAILED = frozenset({"mails", "jobs"})
JOURNALED = frozenset({"journal_entries", "jobs"})


@dataclass(frozen=True, slots=True)
class Case:
    """A root field, asked for with all that is below it. The matrix says who is let in."""

    type_name: str
    field_name: str
    shown: Callable[[World, Who], object]
    """Part of what a viewer gets who is let in: of objects, the fields that are named."""
    arguments: Callable[[World, Who], Json] = lambda _world, _who: {}
    changes: frozenset[str] = NOTHING
    """The tables that it changes where it is let in."""
    owner_changes: frozenset[str] = NOTHING
    """The tables that only the owner and their apps change by it, because the thing is theirs."""
    further_changes: Mapping[Who, frozenset[str]] = field(default_factory=dict)
    """The tables that only these change by it."""
    label: str = ""
    types: tuple[str, ...] = ()
    """Where the field is of an interface, which types are asked about: of all of them it would be too many fields."""
    leaves_a_trace: bool = False
    """Whether staff who may do it change what is stored about the owner, and the owner can see that they did."""
    shows_the_owner: bool = False
    """Whether staff, or whoever has the owner's password, are shown who the owner is."""

    def changed_by(self, who: Who) -> frozenset[str]:
        """Return the tables that a viewer changes who is let in."""
        return self.changes | self.further_changes.get(who, self.owner_changes if who.owns else NOTHING)

    @property
    def name(self) -> str:
        """For the reader of a failure."""
        return f"{self.type_name}.{self.field_name} {self.label}".strip()


def refused(code: str, *path: str) -> Json:
    """Return the part of a payload that says why nothing happened."""
    return {"errors": [{"code": code, "path": list(path) or None}]}


def given(**values: object) -> Callable[[World, Who], Json]:
    """Return arguments that are the same for everybody: the fields of `input`."""
    return lambda _world, _who: {"input": values}


def theirs(own: Json, code: str = "NOT_FOUND", *path: str) -> Callable[[World, Who], Json]:
    """Return an outcome that the owner and their apps have, and that of others."""
    return lambda _world, who: {**own, "errors": []} if who.owns else refused(code, *path)
