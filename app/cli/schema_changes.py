"""Whether a change of the schema breaks what clients have built on it.

Nothing that clients use goes or changes without notice. A field, an argument or a value may be removed once it has
been `@deprecated` in a committed schema with a reason that ends in `Removed after <date>.`, and that date is past. The
date is at least six months after the change that announces it, and can only be put off.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputValueDefinitionNode,
    NameNode,
    Node,
    StringValueNode,
    VisitorAction,
    build_ast_schema,
    find_breaking_changes,
    find_dangerous_changes,
    get_named_type,
    is_abstract_type,
    parse,
    visit,
)
from graphql.language import Visitor

NOTICE = timedelta(days=183)
"""Six months, at the least."""
_PROMISE = re.compile(r"\bRemoved after (\d{4}-\d{2}-\d{2})\.$")


def breaks(before: str, after: str, changed_on: date) -> list[str]:
    """Return what breaks clients unannounced, and the promises that are missing, broken or too short."""
    old, new = parse(before), parse(after)
    promised, now = _deprecations(old), _deprecations(new)
    there = _elements(new)
    due = {
        name for name, reason in promised.items()
        if name not in there and (ends := _promise(reason)) is not None and ends < changed_on
    }  # fmt: skip
    changes = find_breaking_changes(_schema(_without(old, due)), _schema(new))
    return [*(change.description for change in changes), *_bad_promises(promised, now, changed_on)]


def dangers(before: str, after: str) -> list[str]:
    """Return what may surprise clients, and is allowed."""
    return [change.description for change in find_dangerous_changes(_schema(parse(before)), _schema(parse(after)))]


def _bad_promises(before: Mapping[str, str], after: Mapping[str, str], changed_on: date) -> Iterator[str]:
    for name, reason in after.items():
        ends, ended = _promise(reason), _promise(before.get(name, ""))
        if ends is None:
            yield f"{name} is deprecated without a date: end its reason with `Removed after <year-month-day>.`"
        elif ended is not None and ends < ended:
            yield f"{name} was promised until {ended}: that date can only be put off."
        elif ended is None and ends < changed_on + NOTICE:
            yield f"{name} is deprecated for less than six months: say {changed_on + NOTICE} or later."


def _promise(reason: str) -> date | None:
    try:
        return date.fromisoformat(found[1]) if (found := _PROMISE.search(reason)) else None
    except ValueError:
        return None


class _Naming(Visitor):
    """Knows where it is: `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `Input.field`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Node] = {}

    def enter(self, node: Node, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]) -> VisitorAction:
        if isinstance(node, FieldDefinitionNode | EnumValueDefinitionNode | InputValueDefinitionNode):
            return self.element(node, _name(node, ancestors))
        return None

    def element(self, node: Node, name: str) -> VisitorAction:
        """Look at one that has a name."""
        self.found[name] = node
        return None


class _Removing(_Naming):
    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names = names

    def element(self, node: Node, name: str) -> VisitorAction:
        return REMOVE if name in self.names else None


def _name(node: Node, ancestors: list[Any]) -> str:
    names: list[str] = [
        each.name.value for each in [*ancestors, node] if isinstance(getattr(each, "name", None), NameNode)
    ]
    inside, *rest = names
    return inside + "".join(f".{each}" for each in rest[:1]) + "".join(f"({each}:)" for each in rest[1:])


def _elements(document: DocumentNode) -> dict[str, Node]:
    naming = _Naming()
    visit(document, naming)
    return naming.found


def _deprecations(document: DocumentNode) -> dict[str, str]:
    """Return the reasons of what is deprecated, by name."""
    found = {}
    for name, node in _elements(document).items():
        for directive in getattr(node, "directives", None) or ():
            if directive.name.value == "deprecated":
                reasons = [each.value for each in directive.arguments or () if isinstance(each.value, StringValueNode)]
                found[name] = reasons[0].value if reasons else ""
    return found


def _without(document: DocumentNode, names: set[str]) -> DocumentNode:
    """Return the schema as if what may go had gone, with the types that nothing leads to then."""
    if not names:
        return document
    pruned: DocumentNode = visit(document, _Removing(names))
    schema = _schema(pruned)
    unreached = schema.type_map.keys() - _reached(schema)
    kept = [each for each in pruned.definitions if getattr(getattr(each, "name", None), "value", "") not in unreached]
    return DocumentNode(definitions=tuple(kept))


def _reached(schema: GraphQLSchema) -> set[str]:
    """Return the types that the roots lead to; what implements one of them, or is a member of it, is one too."""
    waiting: list[Any] = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    found: set[str] = set()
    while waiting:
        kind = waiting.pop()
        if kind.name in found:
            continue
        found.add(kind.name)
        for field in getattr(kind, "fields", {}).values():
            waiting += [get_named_type(each.type) for each in (field, *getattr(field, "args", {}).values())]
        if is_abstract_type(kind):
            waiting += schema.get_possible_types(kind)
    return found


def _schema(document: DocumentNode) -> GraphQLSchema:
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
