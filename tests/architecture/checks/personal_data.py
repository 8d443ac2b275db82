"""The registry of personal data and the database have to agree, column by column."""

from collections.abc import Iterable, Mapping, Sequence

from app.core.personal_data import Category, Holder

PERSON = ("users", "id")
PERSON_COLUMN = "person_id"
"""Names a person even without a foreign key: core's tables know of no domain's."""
NOT_OURS = frozenset({"tortoise_migrations"})

Tables = Mapping[str, Sequence[str]]
ForeignKeys = Mapping[tuple[str, str], tuple[str, str]]
Registry = Mapping[str, Holder]


def faults(registry: Registry, tables: Tables, keys: ForeignKeys) -> list[str]:
    """Name every difference between the registry and a database, and every path that does not lead to a person."""
    ours = {name: columns for name, columns in tables.items() if name not in NOT_OURS}
    found = [f"{name}: the table is not registered" for name in sorted(ours.keys() - registry.keys())]
    for name, holder in registry.items():
        if holder.table != name:
            found.append(f"{name}: registered under the name of {holder.table}")
        if name not in ours:
            found.append(f"{name}: registered, but there is no such table")
            continue
        found += [f"{name}.{column}: not classified" for column in ours[name] if column not in holder.columns]
        found += [
            f"{name}.{column}: classified, but not there" for column in holder.columns if column not in ours[name]
        ]
        found += _subject_faults(holder, ours, keys)
    return found


def _subject_faults(holder: Holder, tables: Tables, keys: ForeignKeys) -> Iterable[str]:
    personal = {name for name, column in holder.columns.items() if column.category is not Category.NOT_PERSONAL}
    if holder.subject is None:
        yield from (f"{holder.table}.{column}: personal, but of nobody" for column in sorted(personal))
        for column in tables[holder.table]:
            if _names_person(holder.table, column, keys):
                yield f"{holder.table}.{column}: leads to a person, but the table has no subject"
        return
    first, *rest = holder.subject.split(" -> ")
    if first not in personal:
        yield f"{holder.table}.{first}: leads to the subject, but is not classified as personal"
    yield from _path_faults(holder.table, first, rest, tables, keys)


def _path_faults(table: str, column: str, rest: Sequence[str], tables: Tables, keys: ForeignKeys) -> Iterable[str]:
    """Follow a path: each step but the last is a foreign key to the table of the next, and the last names a person."""
    start = table
    for step in rest:
        following, _, next_column = step.partition(".")
        if keys.get((table, column), ("", ""))[0] != following:
            yield f"{start}: the subject's path takes {table}.{column} for a reference to {following}"
        table, column = following, next_column
    if column not in tables.get(table, ()):
        yield f"{start}: the subject's path ends at {table}.{column}, which does not exist"
    elif not _names_person(table, column, keys):
        yield f"{start}: the subject's path ends at {table}.{column}, which names no person"


def _names_person(table: str, column: str, keys: ForeignKeys) -> bool:
    reference = keys.get((table, column))
    if reference is None:
        return (table, column) == PERSON or column == PERSON_COLUMN
    return reference == PERSON
