"""The matrix: what each kind of viewer gets of each field, as it is right, and as it was seen on the wire.

`+` is an answer, `-` is null and FORBIDDEN, `.` is out of reach: every way there is denied before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.core.viewer import Scope, Viewer
from schema.access import PUBLIC, Access
from tests.fakes.server import Json
from tests.schema.access.documents import field_of
from tests.schema.world import Who

FILE = Path(__file__).with_name("matrix.txt")
Coordinate = tuple[str, str]
Matrix = Mapping[Coordinate, str]
NOT_THEIRS = "Only the person sees this."
"""What staff are told who look at another person's account; the field is theirs to ask for, of themselves."""


def read(text: str) -> dict[Coordinate, str]:
    """Read lines of a type, a sign for each of `Who`, and the fields that this is right for."""
    found: dict[Coordinate, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        type_name, cells, *fields = line.split()
        assert len(cells) == len(Who), line
        for name in fields:
            assert (type_name, name) not in found, f"{type_name}.{name} is there twice"
            found[type_name, name] = cells
    return found


def written(matrix: Matrix) -> str:
    """Return the lines that `read` reads."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (type_name, name), cells in matrix.items():
        groups[type_name, cells].append(name)
    return "".join(f"{type_name:28} {cells} {' '.join(names)}\n" for (type_name, cells), names in groups.items())


class Seen:
    """What was seen of each field, by each viewer."""

    def __init__(self) -> None:
        self._cells: dict[Coordinate, dict[Who, str]] = defaultdict(dict)
        self._words: dict[tuple[Who, Coordinate], str] = {}
        self.faults: list[str] = []

    def add(self, who: Who, type_name: str, answer: Json, account: str) -> None:
        """Take in an answer to a document of `everything`. `account` is the id of the viewer's own."""
        errors = {tuple(error.get("path", ())): error for error in answer.get("errors", [])}
        visited: set[tuple[Any, ...]] = set()

        def visit(kind: str, value: Any, path: tuple[Any, ...]) -> None:
            if isinstance(value, list):
                for index, each in enumerate(value):
                    visited.add((*path, index))
                    visit(kind, each, (*path, index))
            elif isinstance(value, dict):
                kind = value.get("__typename", kind)
                for key, below in value.items():
                    if key != "__typename":
                        visited.add((*path, key))
                        self._note(who, (kind, field_of(key)), below, errors.get((*path, key)))
                        visit("", below, (*path, key))
                if kind == "User" and value.get("id", account) != account:
                    self._check_another(who, value)

        visit(type_name, answer.get("data"), ())
        self.faults += [f"{who}: {path} took more with it" for path in errors if path not in visited]

    def _note(self, who: Who, field: Coordinate, value: object, error: Json | None) -> None:
        if error is not None and error["message"] == NOT_THEIRS:
            return
        if error is not None and field == ("Query", "node"):  # the object is denied, and not the way to it
            self._words[who, ("Generation", "id")] = error["message"]
            return
        sign = "-" if error else "+"
        if error and (value is not None or error["extensions"]["code"] != "FORBIDDEN"):
            self.faults.append(f"{who}: {'.'.join(field)} answers {value!r} with {error}")
        if error:
            self._words[who, field] = error["message"]
        if self._cells[field].setdefault(who, sign) != sign:
            self.faults.append(f"{who}: {'.'.join(field)} is answered here and denied there")

    def _check_another(self, who: Who, user: Json) -> None:
        """Another person's account has nothing below it."""
        for name, value in user.items():
            if isinstance(value, dict | list):
                self.faults.append(f"{who}: User.{name} of another person")

    def matrix(self, fields: Iterable[Coordinate]) -> dict[Coordinate, str]:
        """Return the cells of these fields."""
        return {field: "".join(self._cells[field].get(who, ".") for who in Who) for field in fields}

    def misleading(self, right: Matrix) -> list[str]:
        """Name each denial that does not say what would open the field."""
        return [
            f"{who}: {'.'.join(field)} says {words!r}"
            for (who, field), words in self._words.items()
            if field in right and words != reason(who, right[field])
        ]


def reason(who: Who, cells: str) -> str:
    """Return the words of a denial: a person is told what they lack, an app which scope."""
    of = dict(zip(Who, cells, strict=True))
    if who is Who.NOBODY:
        return "Sign in first: send `Authorization: Bearer <token>`."
    if who.scopes is None or of[Who.ADMIN if who is Who.ADMIN_APP else Who.OWNER] != "+":
        return "Your role may not do this."
    scopes = sorted(f"`{scope}`" for scope in Scope if of[Who[scope.name]] == "+")
    if not scopes:
        return "No app may do this: it needs the person's own session."
    return f"The app lacks the scope {' or '.join(scopes)}."


def unreached(matrix: Matrix) -> list[str]:
    """Name the fields that nobody got an answer of: no case leads there."""
    return [".".join(field) for field, cells in matrix.items() if "+" not in cells]


def differences(right: Matrix, seen: Matrix) -> list[str]:
    """Name each field whose cells are not what is right, with both."""
    names = sorted({*right, *seen})
    return [
        f"{'.'.join(name)} is {seen.get(name, 'not there')}, right is {right.get(name, 'not said')}"
        for name in names
        if right.get(name) != seen.get(name)
    ]


def disagreements(right: Matrix, table: Mapping[Coordinate, Access]) -> list[str]:
    """Name each field and viewer where the table says another thing than the matrix.

    Nobody is let in who cannot get there; only what is open to everybody alike may be out of somebody's reach.
    """
    found = []
    for field, cells in right.items():
        entry = table.get(field)
        for who, cell in zip(Who, cells, strict=True):
            allowed = entry is not None and entry.allows(viewer_of(who))
            if allowed != (cell == "+") and not (cell == "." and entry == PUBLIC):
                found.append(f"{'.'.join(field)}, {who}: {cell} but {'allowed' if allowed else 'denied'}")
    return found


def viewer_of(who: Who) -> Viewer | None:
    """Return the viewer that the table is asked about."""
    if who is Who.NOBODY:
        return None
    return Viewer(uuid4(), uuid4(), who.role, who.scopes)
